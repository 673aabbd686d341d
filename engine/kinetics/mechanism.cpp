#include "kinetics/mechanism.hpp"

#include <cassert>
#include <utility>

#include "kinetics/lane_kernel.hpp"
#include "kinetics/reference_kernels.hpp"

namespace axolemma::kinetics {

using mechanisms::MechanismInfo;

namespace {

/// Has everything that goes by position the right length?
[[maybe_unused]] bool fits(const Equations& equations)
{
    const MechanismInfo& info = equations.info;
    const auto none_or = [](std::size_t n, std::size_t expected) { return n == 0 || n == expected; };
    return equations.initial.size() == info.states.size() && equations.currents.size() == info.currents.size() &&
           equations.outputs.size() == info.outputs.size() &&
           none_or(equations.concentrations.size(), info.ion_writes.size()) &&
           none_or(equations.initial_concentrations.size(), info.ion_writes.size());
}

const CompiledEquations* compiled_of(const MechanismInfo& info)
{
    const auto* kernels = dynamic_cast<const ReferenceKernels*>(info.kernels.get());
    return kernels == nullptr ? nullptr : &kernels->compiled();
}

}  // namespace

std::shared_ptr<const MechanismInfo> make_mechanism(Equations equations)
{
    assert(fits(equations) && "one value for each state, current, output and concentration");
    auto kernels = std::make_shared<const ReferenceKernels>(compile(std::move(equations)));
    auto info = std::make_shared<MechanismInfo>(kernels->compiled().equations.info);
    info->kernels = std::move(kernels);
    return info;
}

const Equations* equations_of(const MechanismInfo& info)
{
    const CompiledEquations* compiled = compiled_of(info);
    return compiled == nullptr ? nullptr : &compiled->equations;
}

std::optional<double> table_error(const MechanismInfo& info, std::size_t state, double temperature_degC, double dt_ms,
                                  double bound)
{
    const CompiledEquations* compiled = compiled_of(info);
    if (compiled == nullptr) {
        return std::nullopt;
    }
    mechanisms::LaneOptions options{temperature_degC, dt_ms, bound, std::vector<double>{}};
    for (const std::size_t parameter : info.rate_parameters) {
        options.rate_values->push_back(info.parameters[parameter].default_value);
    }
    return table_error(*compiled, state, options);
}

std::vector<SpeedClass> speed_classes(const MechanismInfo& info)
{
    std::vector<SpeedClass> classes(info.states.size(), SpeedClass::program);
    const CompiledEquations* compiled = compiled_of(info);
    if (compiled == nullptr) {
        return classes;
    }
    const auto together = [&](const std::vector<std::size_t>& states, std::size_t n) {
        for (std::size_t k = 0; n > 1 && k < n; ++k) {
            classes[states[k]] = SpeedClass::system;
        }
    };
    for (const Stage& stage : compiled->equations.stages) {
        if (const auto* ode = std::get_if<OdeSystem>(&stage); ode != nullptr && ode->method == OdeMethod::implicit) {
            together(ode->states, ode->states.size());
        } else if (const auto* algebraic = std::get_if<AlgebraicSystem>(&stage)) {
            together(algebraic->states, algebraic->states.size());
        }
    }
    for (const Step& step : compiled->steps.steps) {
        if (const auto* newton = std::get_if<NewtonSystem>(&step)) {
            together(newton->then.states, newton->corrections.size());  // the unknowns' states come first
        }
    }
    for (const TabulableGate& gate : compiled->gates) {
        classes[gate.state] = SpeedClass::table;
    }
    return classes;
}

}  // namespace axolemma::kinetics
