#include <utility>

#include "kinetics/mechanism.hpp"
#include "kinetics/point_runner.hpp"

namespace axolemma::kinetics {

namespace {

void add_values(const std::vector<EventHandler::SelfEvent>& events, std::vector<Value>& values)
{
    for (const auto& event : events) {
        values.insert(values.end(), {event.condition, event.delay_ms, event.flag});
    }
}

std::size_t n_kept(const EventHandler& handler)
{
    return handler.arguments.empty() ? 0 : handler.arguments.size() - 1;
}

/// One value for each argument that is kept: all but the first of `values`, or invalid ones.
std::vector<Value> of_kept(const EventHandler& handler, std::vector<Value> values)
{
    if (!values.empty()) {
        values.erase(values.begin());
    }
    values.resize(n_kept(handler));
    return values;
}

std::vector<Value> values_of_event(Graph& graph, const EventHandler& handler)
{
    std::vector<Value> values;
    for (const auto& update : handler.updates) {
        values.push_back(update.after);
    }
    const auto after = of_kept(handler, handler.arguments_after);
    for (std::size_t k = 0; k < after.size(); ++k) {
        values.push_back(after[k].is_valid() ? after[k] : graph.input(InputKind::weight, k + 1));
    }
    add_values(handler.self_events, values);
    return values;
}

std::vector<Value> values_of_initial_events(const Equations& equations)
{
    std::vector<Value> values;
    add_values(equations.initial_events, values);
    return values;
}

std::vector<Value> values_of_watches(const Equations& equations)
{
    std::vector<Value> values;
    for (const auto& watch : equations.watches) {
        values.insert(values.end(), {watch.active, watch.above, watch.flag});
    }
    return values;
}

PointMemoryLayout layout_of(const Equations& equations)
{
    return {equations.watches.size(), n_kept(equations.on_event),
            !equations.on_event.self_events.empty() || !equations.initial_events.empty()};
}

/// What is left when nothing ever arrives.
Equations without_events(Equations equations)
{
    equations.on_event = {};
    equations.initial_events.clear();
    equations.watches.clear();
    return equations;
}

}  // namespace

PointProgram::PointProgram(Equations made_of)
    : equations(std::move(made_of)),
      between_events(make_mechanism(without_events(equations))),
      layout(layout_of(equations)),
      receives_events(!equations.on_event.arguments.empty()),
      on_event(equations.graph, values_of_event(equations.graph, equations.on_event)),
      arguments_initial(equations.graph, of_kept(equations.on_event, equations.on_event.arguments_initial)),
      initial_events(equations.graph, values_of_initial_events(equations)),
      watches(equations.graph, values_of_watches(equations))
{}

}  // namespace axolemma::kinetics
