#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "kinetics/compiled.hpp"
#include "kinetics/linear.hpp"
#include "kinetics/stepping.hpp"

namespace axolemma::kinetics {

namespace {

constexpr Input voltage{InputKind::voltage, 0};

/// Exactly so where the current is written as linear in the voltage, else by its tangent.
LinearCurrent linearised(Graph& graph, Value current)
{
    if (const auto form = linear_form(graph, current, std::span(&voltage, 1))) {
        const auto g = form->coefficients.find(0);
        return {g == form->coefficients.end() ? graph.constant(0.0) : g->second,
                form->rest.is_valid() ? graph.negate(form->rest) : graph.constant(0.0)};
    }
    const Value g = graph.derivative(current, voltage);
    return {g, graph.subtract(graph.multiply(g, graph.input(voltage.kind)), current)};
}

bool can_be_tabulated(const Graph& graph, Value value)
{
    const auto inputs = graph.inputs(value);
    return std::all_of(inputs.begin(), inputs.end(), [](Input input) {
        return input.kind == InputKind::voltage || input.kind == InputKind::temperature ||
               input.kind == InputKind::dt || input.kind == InputKind::parameter;
    });
}

/// The form a x + b of an assignment that has one.
std::optional<std::pair<Value, Value>> form_of(Graph& graph, std::size_t state, Value after, Value derivative)
{
    if (derivative.is_valid()) {
        if (const auto exact = exact_step(graph, derivative, state); exact && exact->after == after) {
            return std::pair{exact->a, exact->b};
        }
    }
    const Input own{InputKind::state, static_cast<std::uint32_t>(state)};
    const auto form = linear_form(graph, after, std::span(&own, 1));
    if (!form) {
        return std::nullopt;
    }
    const auto a = form->coefficients.find(0);
    return std::pair{a == form->coefficients.end() ? graph.constant(0.0) : a->second,
                     form->rest.is_valid() ? form->rest : graph.constant(0.0)};
}

/// Derivatives of states, where differential equations give them.
std::map<std::size_t, Value> derivatives_of(const std::vector<Stage>& stages)
{
    std::map<std::size_t, Value> derivatives;
    for (const Stage& stage : stages) {
        if (const auto* system = std::get_if<OdeSystem>(&stage)) {
            for (std::size_t k = 0; k < system->states.size(); ++k) {
                derivatives[system->states[k]] = system->derivatives[k];
            }
        }
    }
    return derivatives;
}

const Assignments& assignments_of(const Step& step)
{
    const auto* newton = std::get_if<NewtonSystem>(&step);
    return newton != nullptr ? newton->then : std::get<Assignments>(step);
}

std::vector<TabulableGate> find_gates(Graph& graph, const StepProgram& program, const std::vector<Stage>& stages)
{
    const auto derivatives = derivatives_of(stages);
    std::map<std::size_t, std::size_t> n_assigned;
    for (const Step& step : program.steps) {
        for (const std::size_t state : assignments_of(step).states) {
            ++n_assigned[state];
        }
    }
    std::vector<TabulableGate> gates;
    for (std::size_t s = 0; s < program.steps.size(); ++s) {
        const auto* step = std::get_if<Assignments>(&program.steps[s]);
        for (std::size_t k = 0; step != nullptr && k < step->states.size(); ++k) {
            const std::size_t state = step->states[k];
            const auto derivative = derivatives.find(state);
            const auto form = n_assigned[state] != 1
                                  ? std::nullopt
                                  : form_of(graph, state, step->after[k],
                                            derivative == derivatives.end() ? Value{} : derivative->second);
            // With a constant a of 1 the state is a sum over time, which no table's bound holds for.
            if (form && !graph.is_constant(form->first, 1.0) && can_be_tabulated(graph, form->first) &&
                can_be_tabulated(graph, form->second)) {
                gates.push_back({state, s, k, form->first, form->second});
            }
        }
    }
    std::sort(gates.begin(), gates.end(), [](const auto& x, const auto& y) { return x.state < y.state; });
    return gates;
}

std::vector<std::size_t> parameters_of(const Graph& graph, const std::vector<TabulableGate>& gates)
{
    std::set<std::size_t> found;
    for (const TabulableGate& gate : gates) {
        for (const Value value : {gate.a, gate.b}) {
            for (const Input input : graph.inputs(value)) {
                if (input.kind == InputKind::parameter) {
                    found.insert(input.index);
                }
            }
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace

CompiledEquations compile(Equations equations)
{
    CompiledEquations compiled;
    compiled.equations = std::move(equations);
    Graph& graph = compiled.equations.graph;
    compiled.steps = build_steps(graph, compiled.equations.stages, compiled.equations.implicit_order);
    for (const Value current : compiled.equations.currents) {
        const LinearCurrent one = linearised(graph, current);
        compiled.currents.push_back(one);
        LinearCurrent& total = compiled.total;
        total = total.g.is_valid() ? LinearCurrent{graph.add(total.g, one.g), graph.add(total.s, one.s)} : one;
    }
    compiled.gates = find_gates(graph, compiled.steps, compiled.equations.stages);
    compiled.equations.info.rate_parameters = parameters_of(graph, compiled.gates);
    return compiled;
}

}  // namespace axolemma::kinetics
