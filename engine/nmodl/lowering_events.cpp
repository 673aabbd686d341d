#include <fmt/format.h>

#include "nmodl/lowering.hpp"

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;

void Lowering::add_events()
{
    const std::size_t section = *event_;
    const Block& block = *sections_[section].block;
    const Executor::Result& result = sections_[section].result;
    kinetics::EventHandler& handler = out_.on_event;
    handler.updates = updates(section, std::nullopt);
    for (std::size_t k = 0; k < block.arguments.size(); ++k) {
        handler.arguments.push_back(k == 0 ? "weight" : block.arguments[k].name.text);
        const Value before = out_.graph.input(InputKind::weight, k);
        const Value after = memory_.finish(section, result.arguments[k]);
        if (k == 0 && after != before) {
            executor_.error(block.arguments[0].name.pos,
                            fmt::format("NET_RECEIVE changes its weight '{}'", block.arguments[0].name.text),
                            "weights are constant; keep what changes in a further argument of NET_RECEIVE");
        }
        handler.arguments_after.push_back(k == 0 ? Value{} : after);
    }
    handler.arguments_initial.resize(handler.arguments.size());
    if (result.inner_initial != nullptr) {
        std::vector<Value> start, arguments;
        for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
            start.push_back(memory_.at_start(section, slot));
        }
        for (std::size_t k = 0; k < block.arguments.size(); ++k) {
            arguments.push_back(k == 0 ? out_.graph.input(InputKind::weight, 0) : out_.graph.constant(0));
        }
        const Executor::Result initial = executor_.run(block, {&result.inner_initial->body},
                                                       Executor::Phase::net_initial, std::move(start), arguments);
        for (std::size_t k = 1; k < initial.arguments.size(); ++k) {
            handler.arguments_initial[k] = memory_.finish(section, initial.arguments[k]);
        }
    }
    for (const auto& event : result.sends) {
        handler.self_events.push_back({memory_.finish(section, event.condition),
                                       memory_.finish(section, event.delay_ms), memory_.finish(section, event.flag)});
    }
    add_watches(result);
}

/// Each WATCH is remembered by a state of its own. An event that reaches one or more of them ends all that were watched
/// before, as in NEURON.
void Lowering::add_watches(const Executor::Result& result)
{
    kinetics::Graph& graph = out_.graph;
    std::vector<Value> reached;
    Value any;
    for (const Executor::Watched& watched : result.watches) {
        reached.push_back(memory_.finish(*event_, watched.condition));
        any = any.is_valid() ? graph.apply(kinetics::Op::logical_or, any, reached.back()) : reached.back();
    }
    for (std::size_t k = 0; k < reached.size(); ++k) {
        const Executor::Watched& watched = result.watches[k];
        const std::size_t slot = symbols_.n_slots() + k;
        const Value active = graph.input(InputKind::state, slot);
        const Value above = memory_.finish(*event_, watched.above);
        const Value flag = memory_.finish(*event_, watched.flag);
        for (const Value value : {above, flag}) {
            for (const Input& input : graph.inputs(value)) {
                if (input.kind == InputKind::weight || input.kind == InputKind::flag) {
                    executor_.error(watched.pos, "WATCH depends on the event that began it",
                                    "keep what it compares with in an ASSIGNED variable");
                }
            }
        }
        out_.on_event.updates.push_back({slot, graph.select(any, reached[k], active)});
        out_.watches.push_back({active, above, flag});
    }
}

}  // namespace axolemma::nmodl
