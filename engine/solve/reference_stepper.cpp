/// The step as solve/stepper.hpp states it, node by node and mechanism by mechanism, with gates by their formulas. Slow and
/// short; what the fast path is tested against.
#include <algorithm>

#include "base/index.hpp"
#include "solve/hines.hpp"
#include "solve/stepper.hpp"

namespace axolemma::solve {

namespace {

using base::index;
using group::State;

class ReferenceStepper final : public Stepper {
public:
    ReferenceStepper(const group::Plan& plan, const StepOptions& options) : Stepper(plan, options, false)
    {
        const auto n = index(plan.n_nodes());
        axial_uS_.resize(n);
        axial_diagonal_uS_.assign(n, 0.0);
        for (std::size_t i = n; i-- > 0;) {
            const auto node = static_cast<std::int32_t>(i);
            axial_uS_[i] = plan.axial_uS_of(node);
            if (plan.parent(node) >= 0) {
                axial_diagonal_uS_[i] += axial_uS_[i];
                axial_diagonal_uS_[index(plan.parent(node))] += axial_uS_[i];
            }
        }
        diagonal_uS_.resize(n);
        rhs_nA_.resize(n);
        x_mV_.assign(index(plan.packing->empty_slot()), 0.0);
        node_at_.assign(x_mV_.size(), -1);
        for (std::int32_t i = 0; i < plan.n_nodes(); ++i) {
            node_at_[plan.slot(i)] = i;
        }
        for (std::size_t m = 0; m < plan.mechanisms.size(); ++m) {
            columns_.emplace_back(plan, m);
        }
    }

    std::size_t bytes() const override
    {
        std::size_t n = axial_uS_.size() + axial_diagonal_uS_.size() + diagonal_uS_.size() + rhs_nA_.size();
        std::size_t of_columns = 0;
        for (const auto& columns : columns_) {
            of_columns += columns.places.bytes();
            n += columns.places.n() * (2 + 2 * columns.currents.size());
        }
        return n * sizeof(double) + of_columns + ions_.bytes() + points_.bytes();
    }

private:
    /// A mechanism's compartments without the empty lanes.
    struct Columns {
        Columns(const group::Plan& plan, std::size_t m) : places(plan, m, group::all_places(plan, m))
        {
            g.resize(places.n());
            s.resize(places.n());
            for (std::size_t c = 0; c < 2 * places.mechanism().info->currents.size(); ++c) {
                currents.emplace_back(places.n());
            }
            for (std::size_t c = 0; c < currents.size() / 2; ++c) {
                current_g.push_back(currents[2 * c].data());
                current_s.push_back(currents[2 * c + 1].data());
            }
        }
        bool writes_ions() const { return places.mechanism().info->writes_concentrations(); }

        group::Gathered places;
        std::vector<double> g, s;
        std::vector<std::vector<double>> currents;  ///< g and s of each
        std::vector<double*> current_g, current_s;
    };

    void advance(State& state, bool writers)
    {
        for (auto& columns : columns_) {
            if (columns.writes_ions() == writers) {
                columns.places.load(state);
                columns.places.kernels().advance(columns.places.block(t_ms_), options_.dt_ms);
                columns.places.store_states(state);
                columns.places.store_ions(state);
            }
        }
    }

    void advance_states(State& state) override
    {
        ions_.before_advance(state);
        advance(state, true);
        ions_.follow_reversals(state);
        advance(state, false);
    }

    void solve(State& state, std::int64_t step, const Solve& how) override
    {
        if (how.advance_first) {
            advance_states(state);
        }
        assemble(state, step, how.dt_ms);
        const bool with_currents = how.keep_currents && ions_.has_sums();
        if (with_currents && !how.centred) {
            store_ion_currents(state, state.v_slots_mV().data());
        }
        solve_hines(plan_.packing->parent, axial_uS_, diagonal_uS_, rhs_nA_);
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            const double x = rhs_nA_[index(i)];
            x_mV_[plan_.slot(i)] = x;
            state.v_mV(i) = how.centred ? 2.0 * x - state.v_mV(i) : x;
        }
        if (with_currents && how.centred) {
            store_ion_currents(state, x_mV_.data());
        }
        all_finite_ = find_bad_node(state) < 0;
    }

    void assemble(const State& state, std::int64_t step, double solve_dt_ms)
    {
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            const double c_uS = plan_.capacitance_nF(i) / solve_dt_ms;
            diagonal_uS_[index(i)] = c_uS + axial_diagonal_uS_[index(i)];
            rhs_nA_[index(i)] = c_uS * state.v_mV(i);
        }
        add_membrane(state);
        for (std::int32_t i = 0; i < plan_.n_nodes() && !points_.empty(); ++i) {
            if (!plan_.is_junction(i)) {
                diagonal_uS_[index(i)] += points_.g_uS()[plan_.slot(i)];
                rhs_nA_[index(i)] += points_.i_nA()[plan_.slot(i)];
            }
        }
        for (const auto& load : electrodes_.loads(step)) {
            diagonal_uS_[index(load.node)] += load.g_uS;
            rhs_nA_[index(load.node)] += load.i_nA;
        }
    }

    void add_membrane(const State& state)
    {
        ions_.clear_sums();
        for (auto& columns : columns_) {
            auto& places = columns.places;
            std::fill(columns.g.begin(), columns.g.end(), 0.0);
            std::fill(columns.s.begin(), columns.s.end(), 0.0);
            for (auto& column : columns.currents) {
                std::fill(column.begin(), column.end(), 0.0);
            }
            places.load(state);
            places.kernels().linearise(places.block(t_ms_), columns.g.data(), columns.s.data(),
                                       columns.current_g.data(), columns.current_s.data());
            for (std::size_t k = 0; k < places.n(); ++k) {
                const double scale_uS = plan_.scale_uS[places.slot(k)];
                const auto node = index(node_at_[places.slot(k)]);
                diagonal_uS_[node] += scale_uS * columns.g[k];
                rhs_nA_[node] += scale_uS * columns.s[k];
            }
            add_ion_currents(columns);
        }
    }

    void add_ion_currents(const Columns& columns)
    {
        const auto& mechanism = columns.places.mechanism();
        for (std::size_t c = 0; c < columns.current_g.size(); ++c) {
            const int ion = mechanism.info->currents[c].ion;
            const std::size_t of_plan = ion < 0 ? 0 : mechanism.ions[static_cast<std::size_t>(ion)];
            if (ion < 0 || ions_.g(of_plan) == nullptr) {
                continue;
            }
            for (std::size_t k = 0; k < columns.places.n(); ++k) {
                ions_.g(of_plan)[columns.places.slot(k)] += columns.current_g[c][k];
                ions_.s(of_plan)[columns.places.slot(k)] += columns.current_s[c][k];
            }
        }
    }

    void use_half_step(State& state) override
    {
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            state.v_mV(i) = rhs_nA_[index(i)];
        }
    }

    std::vector<double> axial_uS_, axial_diagonal_uS_, diagonal_uS_, rhs_nA_;  ///< by node
    std::vector<double> x_mV_;                                                 ///< slots
    std::vector<std::int32_t> node_at_;                                        ///< by slot
    std::vector<Columns> columns_;
};

}  // namespace

std::unique_ptr<Stepper> make_reference_stepper(const group::Plan& plan, const StepOptions& options)
{
    return std::make_unique<ReferenceStepper>(plan, options);
}

}  // namespace axolemma::solve
