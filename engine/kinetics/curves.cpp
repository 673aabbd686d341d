#include "kinetics/curves.hpp"

namespace axolemma::kinetics {

namespace {

/// y = a x + b as a function of the state x; slope invalid when y is not of this form.
struct Line {
    Value slope, at_zero;
};
Line line_of(Graph& graph, Value y, Input x)
{
    Line line;
    line.slope = graph.derivative(y, x);
    if (graph.depends_on(line.slope, x) || graph.is_constant(line.slope, 0.0)) {
        line.slope = {};
        return line;
    }
    line.at_zero = graph.substitute(y, [&](const Input& input) { return input == x ? graph.constant(0.0) : Value{}; });
    return line;
}

void add_odes(Graph& graph, const OdeSystem& system, std::vector<Curve>& curves)
{
    for (std::size_t k = 0; k < system.states.size(); ++k) {
        const Input x{InputKind::state, static_cast<std::uint32_t>(system.states[k])};
        if (const Line line = line_of(graph, system.derivatives[k], x); line.slope.is_valid()) {
            curves.push_back({system.states[k], graph.divide(line.at_zero, graph.negate(line.slope)),
                              graph.divide(graph.constant(-1.0), line.slope)});
        }
    }
}

void add_updates(Graph& graph, const std::vector<Update>& updates, std::vector<Curve>& curves)
{
    for (const Update& update : updates) {
        const Input x{InputKind::state, static_cast<std::uint32_t>(update.state)};
        const Line line = line_of(graph, update.after, x);
        if (line.slope.is_valid() && graph.depends_on(line.slope, {InputKind::dt, 0})) {
            const Value dt = graph.input(InputKind::dt);
            curves.push_back({update.state, graph.divide(line.at_zero, graph.subtract(graph.constant(1.0), line.slope)),
                              graph.divide(graph.negate(dt), graph.apply(Op::log, line.slope))});
        }
    }
}

}  // namespace

std::vector<Curve> gate_curves(Equations& equations)
{
    std::vector<Curve> curves;
    for (const Stage& stage : equations.stages) {
        if (const auto* system = std::get_if<OdeSystem>(&stage);
            system != nullptr && system->method != OdeMethod::implicit) {
            add_odes(equations.graph, *system, curves);
        } else if (const auto* updates = std::get_if<std::vector<Update>>(&stage)) {
            add_updates(equations.graph, *updates, curves);
        }
    }
    return curves;
}

}  // namespace axolemma::kinetics
