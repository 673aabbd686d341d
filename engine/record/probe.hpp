/// What is read from a group at a sampling time, and into which columns of the row it goes.
///
/// Every recorded number belongs to the same instant (record/membrane_copy.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "record/membrane_copy.hpp"
#include "solve/voltage_reader.hpp"

namespace axolemma::record {

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
    /// MechanismInfo::outputs of mechanism `m`, in its own unit.
    void add_output(std::size_t column, std::size_t m, int output, std::int32_t node);
    /// An ion of the plan: its reversal potential [mV], a concentration [mM], or the sum of all currents that it carries
    /// [mA/cm2].
    void add_ion(std::size_t column, std::size_t ion, mechanisms::IonQuantity what, std::int32_t node);
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
    struct Part {
        std::size_t m = 0;
        enum class Kind : std::uint8_t { state, current, sum_of_currents, output };
        struct Wanted {
            std::size_t column;
            std::size_t place;  ///< in the mechanism's columns
            Kind kind;
            int what = 0;  ///< index of a state, current or output; of a sum: of the ion in the plan, or all_currents
        };
        std::vector<Wanted> wanted;
        std::optional<group::Gathered> places;  ///< of `wanted`
        std::vector<std::vector<double>> currents, outputs;
        std::vector<double*> current_columns, output_columns;
    };
    static constexpr int all_currents = -1;
    struct IonValue {
        std::size_t column, ion, slot;
        mechanisms::IonQuantity what;
    };
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

    void want(std::size_t m, std::int32_t node, std::size_t column, Part::Kind kind, int what);
    void add_currents_of(std::size_t column, std::int32_t node, int ion);
    void prepare_part(Part& part) const;
    void sample_part(Part& part, const group::State& state, const SampleTime& time, double* row) const;
    static double value_of(Part& part, std::size_t k);
    static void add_currents(const Part& part, std::size_t k, double& sum);
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
    std::vector<Part> parts_;                                         ///< by mechanism, as in the plan
    std::vector<IonValue> ions_;
    std::optional<MembraneCopy> membrane_;
    std::vector<std::size_t> zeroed_columns_;  ///< sums start from 0
    std::vector<std::pair<std::size_t, std::size_t>> current_clamps_;
    struct SynapseColumn {
        std::size_t column;
        std::int32_t instance;
        mechanisms::PointQuantity what;
    };
    std::vector<SynapseColumn> synapses_;
    /// Reads synapses of text of one kind.
    struct Reader {
        std::unique_ptr<mechanisms::PointRunner> runner;
        std::vector<double> ion_reads;
    };
    std::vector<Reader> readers_;  ///< per kind; without a runner for those that nobody asks for
    std::vector<ClampColumn> voltage_clamps_;
    std::vector<GroupProbe> clamp_probes_;  ///< ionic current density at each voltage clamp
};

}  // namespace axolemma::record
