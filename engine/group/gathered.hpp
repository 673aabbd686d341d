/// Some places of a mechanism with all that its reference kernels work on, in columns of their own.
#pragma once

#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"

namespace axolemma::group {

class Gathered {
public:
    /// @param m       index in Plan::mechanisms
    /// @param places  in the columns of the mechanism; one may come more than once
    Gathered(const Plan& plan, std::size_t m, std::vector<std::size_t> places);
    Gathered(Gathered&&) = default;
    Gathered& operator=(Gathered&&) = default;

    const MechanismPlan& mechanism() const { return plan_->mechanisms[m_]; }
    const mechanisms::Kernels& kernels() const { return *mechanism().info->kernels; }
    std::size_t index() const { return m_; }
    std::size_t n() const { return places_.size(); }
    /// Slot of the membrane that place k of these is.
    std::size_t slot(std::size_t k) const { return slots_[k]; }
    double* v_mV() { return v_mV_.data(); }
    double* state(std::size_t s) { return states_[s].data(); }
    double* ion_read(std::size_t r) { return ion_reads_[r].data(); }
    const double* ion_write(std::size_t w) const { return ion_writes_[w].data(); }

    void load(const State& state)
    {
        load_voltages(state);
        load_states(state);
        load_ions(state);
    }
    void load_voltages(const State& state);
    void load_states(const State& state);
    void load_ions(const State& state);
    void store_states(State& state) const;
    /// What the mechanism writes of ions.
    void store_ions(State& state) const;

    /// @param t_ms  time at the voltages
    mechanisms::MechanismBlock block(double t_ms) const;
    std::size_t bytes() const;

private:
    const Plan* plan_;
    std::size_t m_;
    std::vector<std::size_t> places_, slots_;
    std::vector<double> v_mV_;
    std::vector<std::vector<double>> parameters_, states_, ion_reads_, ion_writes_;
    std::vector<const double*> parameter_pointers_, ion_read_pointers_;
    std::vector<double*> state_pointers_, ion_write_pointers_;
};

/// Places of all compartments that carry mechanism m.
std::vector<std::size_t> all_places(const Plan& plan, std::size_t m);

}  // namespace axolemma::group
