/// The readable form of what a mechanism from text does: one compartment after the other, one node of the graph after the
/// other.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

#include "kinetics/compiled.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::kinetics {

class ReferenceKernels final : public mechanisms::Kernels {
public:
    explicit ReferenceKernels(CompiledEquations compiled);

    void initialise(const mechanisms::MechanismBlock& block) const override;
    void advance(const mechanisms::MechanismBlock& block, double dt_ms) const override;
    void linearise(const mechanisms::MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2,
                   double* const* current_g, double* const* current_s) const override;
    void currents_at(const mechanisms::MechanismBlock& block, double* const* i_mA_per_cm2) const override;
    void outputs_at(const mechanisms::MechanismBlock& block, double* const* outputs) const override;
    std::shared_ptr<const mechanisms::LaneKernel> lane_kernel(const mechanisms::LaneOptions& options) const override;

    const CompiledEquations& compiled() const { return compiled_; }

private:
    /// Some values, and the nodes to compute for them in this order.
    struct Formulas {
        std::vector<Value> values;
        std::vector<std::int32_t> nodes;
    };
    struct Solver {  ///< of a NewtonSystem
        Formulas start, corrections;
    };
    struct StepFormulas {
        std::optional<Solver> newton;
        std::vector<std::size_t> states;
        Formulas after;
    };
    /// One compartment, and the numbers of its nodes.
    class Place;

    Formulas formulas(std::vector<Value> values) const;
    static void store_concentrations(Place& place, const Formulas& formulas);

    CompiledEquations compiled_;
    Formulas initial_, initial_concentrations_, concentrations_, currents_, linear_, outputs_;
    std::vector<StepFormulas> steps_;

    using Key = std::tuple<double, double, double, std::optional<std::vector<double>>>;
    mutable std::mutex mutex_;
    mutable std::map<Key, std::weak_ptr<const mechanisms::LaneKernel>> lane_kernels_;
};

}  // namespace axolemma::kinetics
