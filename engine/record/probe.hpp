/// What is read from a group at a sampling time, and into which columns of the row it goes.
///
/// Sampling happens between the two halves of a step, when the gates still lag behind the voltage; gates and currents are
/// brought to the time of the voltage on a copy (MechanismInfo::advance over the lag), so every recorded number belongs to the
/// same instant and the state itself is not touched.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "solve/voltage_reader.hpp"

namespace axolemma::record {

/// The instant of a sample.
struct SampleTime {
    double t_ms = 0;
    double dt_ms = 0;
    double gate_lag_ms = 0;  ///< how far the states are behind t
};

/// Columns of one recording that come from one group.
class GroupProbe {
public:
    explicit GroupProbe(const group::Plan& plan) : plan_(&plan) {}

    void add_voltage(std::size_t column, solve::VoltageReader reader);
    void add_node_voltage(std::size_t column, std::int32_t node);
    /// A state of mechanism `m` of the plan at `node`, which must carry it.
    void add_state(std::size_t column, std::size_t m, int state, std::int32_t node);
    /// A current density of mechanism `m` [mA/cm2].
    void add_current(std::size_t column, std::size_t m, int current, std::int32_t node);
    /// Sum of the current densities of all mechanisms at `node` [mA/cm2].
    void add_ionic_current(std::size_t column, std::int32_t node);
    /// A number of a synapse: conductance [uS], current [nA], outward positive, or what else its kind has; instances as in
    /// the plan.
    void add_synapse(std::size_t column, std::int32_t instance, const mechanisms::PointQuantity& what);
    /// Current delivered by a clamp of the plan [nA].
    void add_current_clamp(std::size_t column, std::size_t clamp);
    void add_voltage_clamp(std::size_t column, std::size_t clamp);

    /// Allocates the scratch space; call once after the last add.
    void prepare();
    /// Writes this group's columns of one row.
    void sample(const group::State& state, const SampleTime& time, double* row);

    bool empty() const;

private:
    /// Compartments of one mechanism that are read, gathered into columns of their own.
    struct Gathered {
        std::size_t m = 0;
        struct Wanted {
            std::size_t column;
            std::size_t k;  ///< place in the mechanism's columns
            int what;       ///< index of a state, or of a current, or sum_of_currents
        };
        std::vector<Wanted> states, currents;
        std::vector<std::size_t> places;  ///< in the mechanism's columns: states first, then currents
        base::AlignedArray<double> v_mV, values, current_values;
        std::vector<double*> state_columns, current_columns;
        std::vector<base::AlignedArray<double>> parameters;
        std::vector<const double*> parameter_columns;
    };
    static constexpr int sum_of_currents = -1;
    /// A voltage clamp and what an ideal one has to balance at its node.
    struct ClampColumn {
        std::size_t column, clamp, ionic_column;
        double axial_diagonal_uS;            ///< of the node
        std::vector<std::int32_t> children;  ///< of the node
        std::vector<std::pair<std::size_t, double>>
            injected;                                 ///< current clamps of the plan and their weight at the node
        std::vector<std::size_t> through_resistance;  ///< other voltage clamps of the plan at the node
        std::vector<std::int32_t> synapses;           ///< instances at the node
    };

    Gathered& gathered(std::size_t m);
    std::size_t place_of(std::size_t m, std::int32_t node) const;
    void sample_mechanism(Gathered& part, const group::State& state, const SampleTime& time, double* row);
    void find_neighbours(ClampColumn& column);
    double clamp_current_nA(const ClampColumn& column, double ionic_mA_per_cm2, const group::State& state,
                            const SampleTime& time);
    /// Makes ready for reading an instance, if it is one of text.
    void add_reader(std::int32_t instance);
    double synapse_value(std::int32_t instance, const mechanisms::PointQuantity& what, const group::State& state,
                         const SampleTime& time);
    /// Of a clamp with series resistance.
    static double resistive_current_nA(const discretise::VoltageClamp& clamp, const group::State& state,
                                       const SampleTime& time);

    const group::Plan* plan_;
    std::vector<std::pair<std::size_t, solve::VoltageReader>> voltages_;
    std::vector<std::pair<std::size_t, std::size_t>> node_voltages_;  ///< column and slot
    std::vector<Gathered> mechanisms_;
    std::vector<std::size_t> zeroed_columns_;  ///< sums start from 0
    std::vector<std::pair<std::size_t, std::size_t>> current_clamps_;
    struct SynapseColumn {
        std::size_t column;
        std::int32_t instance;
        mechanisms::PointQuantity what;
    };
    std::vector<SynapseColumn> synapses_;
    std::vector<std::unique_ptr<mechanisms::PointRunner>> readers_;  ///< per kind; null for those that nobody asks for
    std::vector<ClampColumn> voltage_clamps_;
    std::vector<GroupProbe> clamp_probes_;  ///< ionic current density at each voltage clamp
};

}  // namespace axolemma::record
