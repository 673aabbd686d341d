#include "group/gathered.hpp"

#include <utility>

namespace axolemma::group {

namespace {

template <class Number>
void point_at(std::vector<std::vector<double>>& columns, std::vector<Number*>& pointers)
{
    for (auto& column : columns) {
        pointers.push_back(column.data());
    }
}

}  // namespace

Gathered::Gathered(const Plan& plan, std::size_t m, std::vector<std::size_t> places)
    : plan_(&plan), m_(m), places_(std::move(places)), v_mV_(places_.size())
{
    const auto& of = mechanism();
    const std::vector<double> zeros(places_.size(), 0.0);
    for (const std::size_t place : places_) {
        slots_.push_back(static_cast<std::size_t>(of.rows[place / base::lanes]) * base::lanes + place % base::lanes);
    }
    for (const auto& column : of.parameters) {
        parameters_.emplace_back();
        for (const std::size_t place : places_) {
            parameters_.back().push_back(column[place]);
        }
    }
    states_.assign(of.info->states.size(), zeros);
    ion_reads_.assign(of.info->ion_reads.size(), zeros);
    ion_writes_.assign(of.info->ion_writes.size(), zeros);
    point_at(parameters_, parameter_pointers_);
    point_at(states_, state_pointers_);
    point_at(ion_reads_, ion_read_pointers_);
    point_at(ion_writes_, ion_write_pointers_);
}

void Gathered::load_voltages(const State& state)
{
    for (std::size_t k = 0; k < n(); ++k) {
        v_mV_[k] = state.v_slots_mV()[slots_[k]];
    }
}

void Gathered::load_states(const State& state)
{
    for (std::size_t s = 0; s < states_.size(); ++s) {
        const double* column = state.column(mechanism().first_state_column + s);
        for (std::size_t k = 0; k < n(); ++k) {
            states_[s][k] = column[places_[k]];
        }
    }
}

void Gathered::load_ions(const State& state)
{
    const auto load = [&](const std::vector<mechanisms::IonColumn>& list, std::vector<std::vector<double>>& columns) {
        for (std::size_t c = 0; c < list.size(); ++c) {
            const auto& ion = plan_->ions[mechanism().ions[list[c].ion]];
            for (std::size_t k = 0; k < n(); ++k) {
                columns[c][k] = state.ion(ion, list[c].what, slots_[k]);
            }
        }
    };
    load(mechanism().info->ion_reads, ion_reads_);
    load(mechanism().info->ion_writes, ion_writes_);
}

void Gathered::store_states(State& state) const
{
    for (std::size_t s = 0; s < states_.size(); ++s) {
        double* column = state.column(mechanism().first_state_column + s);
        for (std::size_t k = 0; k < n(); ++k) {
            column[places_[k]] = states_[s][k];
        }
    }
}

void Gathered::store_ions(State& state) const
{
    const auto& list = mechanism().info->ion_writes;
    for (std::size_t c = 0; c < list.size(); ++c) {
        const auto& quantity = plan_->ions[mechanism().ions[list[c].ion]].of(list[c].what);
        double* column = state.column(quantity.state_column);
        for (std::size_t k = 0; k < n(); ++k) {
            column[slots_[k]] = ion_writes_[c][k];
        }
    }
}

mechanisms::MechanismBlock Gathered::block(double t_ms) const
{
    return {.n = n(),
            .v_mV = v_mV_.data(),
            .temperature_degC = plan_->temperature_degC,
            .parameters = parameter_pointers_.data(),
            .states = state_pointers_.data(),
            .ion_reads = ion_read_pointers_.data(),
            .ion_writes = ion_write_pointers_.data(),
            .t_ms = t_ms};
}

std::size_t Gathered::bytes() const
{
    return n() * (1 + parameters_.size() + states_.size() + ion_reads_.size() + ion_writes_.size()) * sizeof(double);
}

std::vector<std::size_t> all_places(const Plan& plan, std::size_t m)
{
    const auto& mechanism = plan.mechanisms[m];
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < mechanism.n_places(); ++place) {
        if ((mechanism.present[place / base::lanes] >> place % base::lanes & 1) != 0) {
            places.push_back(place);
        }
    }
    return places;
}

}  // namespace axolemma::group
