#include "kinetics/gates.hpp"

namespace axolemma::kinetics {

Value rate_form(Graph& graph, RateForm form, Value rate, Value midpoint_mV, Value scale_mV)
{
    const Value v = graph.input(InputKind::voltage);
    const Value x = graph.divide(graph.subtract(v, midpoint_mV), scale_mV);
    switch (form) {
    case RateForm::exponential: return graph.multiply(rate, graph.exp(x));
    case RateForm::sigmoid: return graph.divide(rate, graph.add(graph.constant(1.0), graph.exp(graph.negate(x))));
    case RateForm::exp_linear: return graph.multiply(rate, graph.apply(Op::exprelr, graph.negate(x)));
    }
    return rate;
}

Value steady_state(Graph& graph, const Gate& gate)
{
    return gate.inf.is_valid() ? gate.inf
                               : graph.divide(gate.alpha_per_ms, graph.add(gate.alpha_per_ms, gate.beta_per_ms));
}

Value gate_derivative(Graph& graph, const Gate& gate, Value x)
{
    Value slope;
    if (!gate.inf.is_valid() && !gate.tau_ms.is_valid()) {
        slope = graph.subtract(graph.multiply(gate.alpha_per_ms, graph.subtract(graph.constant(1.0), x)),
                               graph.multiply(gate.beta_per_ms, x));
    } else {
        const Value to_go = graph.subtract(steady_state(graph, gate), x);
        slope = gate.tau_ms.is_valid() ? graph.divide(to_go, gate.tau_ms)
                                       : graph.multiply(to_go, graph.add(gate.alpha_per_ms, gate.beta_per_ms));
    }
    return gate.speed.is_valid() ? graph.multiply(gate.speed, slope) : slope;
}

Value add_state(Equations& equations, mechanisms::StateInfo info, Value initial, std::string as_written)
{
    const std::size_t index = equations.info.states.size();
    equations.info.states.push_back(std::move(info));
    equations.initial.push_back(initial);
    equations.equations_as_written.push_back(std::move(as_written));
    return equations.graph.input(InputKind::state, index);
}

void add_derivative(Equations& equations, std::size_t state, Value derivative_per_ms, base::SourcePos pos)
{
    for (Stage& stage : equations.stages) {
        OdeSystem* const system = std::get_if<OdeSystem>(&stage);
        if (system != nullptr && system->method == OdeMethod::automatic) {
            system->states.push_back(state);
            system->derivatives.push_back(derivative_per_ms);
            return;
        }
    }
    equations.stages.emplace_back(OdeSystem{OdeMethod::automatic, {state}, {derivative_per_ms}, {}, std::move(pos)});
}

}  // namespace axolemma::kinetics
