#include "kinetics/lane_compiler.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace axolemma::kinetics {

using Kind = Instruction::Kind;

LaneCompiler::LaneCompiler(const Graph& graph, std::size_t n_parameters, std::size_t n_ions, std::size_t n_states)
    : graph_(graph), varies_(graph.size(), false)
{
    program_.n_parameters = n_parameters;
    program_.n_ions = n_ions;
    program_.n_states = n_states;
    program_.tables = graph.tables();
    for (std::size_t k = 0; k < graph.size(); ++k) {
        const Node& node = graph.node({static_cast<std::int32_t>(k)});
        if (node.op == Op::input) {
            varies_[k] = node.input.kind != InputKind::parameter && node.input.kind != InputKind::time;
        } else {
            for (const Value operand : {node.a, node.b, node.c}) {
                varies_[k] = varies_[k] || (operand.is_valid() && varies_[static_cast<std::size_t>(operand.index)]);
            }
        }
    }
}

LaneCompiler::Place LaneCompiler::place_of_input(Input input) const
{
    switch (input.kind) {
    case InputKind::voltage: return place(outside, LaneProgram::voltage);
    case InputKind::time: return place(outside, LaneProgram::time);
    case InputKind::parameter: return place(outside, program_.first_parameter() + input.index);
    case InputKind::ion: return place(outside, program_.first_ion() + input.index);
    case InputKind::state: return place(outside, program_.first_state() + input.index);
    case InputKind::unknown: return unknowns_.at(input.index);
    default: break;
    }
    assert(false && "temperature and dt are numbers by now, and events happen elsewhere");
    return none;
}

LaneCompiler::Place LaneCompiler::place_of_constant(double number)
{
    const auto [at, is_new] = constant_places_.try_emplace(std::bit_cast<std::uint64_t>(number),
                                                           place(constants, program_.constants.size() / base::lanes));
    if (is_new) {
        program_.constants.insert(program_.constants.end(), base::lanes, number);
    }
    return at->second;
}

LaneCompiler::Place LaneCompiler::place_of(Value value)
{
    // A stack of our own: loops that were unrolled make deep graphs.
    std::vector<Value> waiting{value};
    while (!waiting.empty()) {
        const Value top = waiting.back();
        if (known_.count(top.index) != 0) {
            waiting.pop_back();
            continue;
        }
        const Node& node = graph_.node(top);
        const std::size_t before = waiting.size();
        for (const Value operand : {node.c, node.b, node.a}) {
            if (operand.is_valid() && known_.count(operand.index) == 0) {
                waiting.push_back(operand);
            }
        }
        if (waiting.size() == before) {
            known_[top.index] = emit(node, top);
            waiting.pop_back();
        }
    }
    return known_.at(value.index);
}

LaneCompiler::Place LaneCompiler::emit(const Node& node, Value value)
{
    if (node.op == Op::constant) {
        return place_of_constant(node.number);
    }
    if (node.op == Op::input) {
        return place_of_input(node.input);
    }
    const auto of = [&](Value operand) { return operand.is_valid() ? known_.at(operand.index) : none; };
    if (node.op == Op::hold) {
        return of(node.a);
    }
    Draft draft;
    draft.op = node.op;
    draft.a = of(node.a);
    draft.b = of(node.b);
    draft.c = of(node.c);
    draft.index = node.op == Op::look_up ? static_cast<std::uint16_t>(node.input.index) : std::uint16_t{0};
    if (varies_[static_cast<std::size_t>(value.index)]) {
        draft.result = new_register();
        drafts_.push_back(draft);
    } else {
        draft.result = place(settled, settled_.size());
        settled_.push_back(draft);
    }
    return draft.result;
}

std::vector<bool> LaneCompiler::dependent_on(InputKind kind, std::span<const std::size_t> indices) const
{
    std::vector<bool> dependent(graph_.size(), false);
    for (std::size_t k = 0; k < graph_.size(); ++k) {
        const Node& node = graph_.node({static_cast<std::int32_t>(k)});
        if (node.op == Op::input) {
            dependent[k] =
                node.input.kind == kind && std::find(indices.begin(), indices.end(), node.input.index) != indices.end();
        }
        for (const Value operand : {node.a, node.b, node.c}) {
            dependent[k] = dependent[k] || (operand.is_valid() && dependent[static_cast<std::size_t>(operand.index)]);
        }
    }
    return dependent;
}

void LaneCompiler::forget(InputKind kind, std::span<const std::size_t> indices)
{
    const auto stale = dependent_on(kind, indices);
    for (auto at = known_.begin(); at != known_.end();) {
        at = stale[static_cast<std::size_t>(at->first)] ? known_.erase(at) : std::next(at);
    }
}

LaneCompiler::Place LaneCompiler::copy_of(Place from)
{
    Draft copy;
    copy.kind = Kind::copy;
    copy.a = from;
    copy.result = new_register();
    drafts_.push_back(copy);
    return copy.result;
}

void LaneCompiler::assign(const Assignments& assignments, std::span<const LaneProgram::GateSet> by_table)
{
    std::vector<Place> after;
    for (const Value value : assignments.after) {
        const Place from = place_of(value);
        // A state that becomes what another one is must see it before that one changes.
        after.push_back(space_of(from) == outside ? copy_of(from) : from);
    }
    std::vector<std::size_t> changed = assignments.states;
    for (const auto& set : by_table) {
        Draft draft;
        draft.kind = Kind::advance_gates;
        draft.index = static_cast<std::uint16_t>(program_.gate_sets.size());
        program_.gate_sets.push_back(set);
        drafts_.push_back(draft);
        changed.insert(changed.end(), set.states.begin(), set.states.begin() + static_cast<std::ptrdiff_t>(set.n));
    }
    for (std::size_t k = 0; k < after.size(); ++k) {
        Draft draft;
        draft.kind = Kind::store_state;
        draft.a = after[k];
        draft.index = static_cast<std::uint16_t>(assignments.states[k]);
        drafts_.push_back(draft);
    }
    forget(InputKind::state, changed);
}

void LaneCompiler::emit_what_does_not_vary(std::span<const Value> values, const std::vector<bool>& varies)
{
    for (const std::int32_t k : graph_.needed(values)) {
        const Node& node = graph_.node({k});
        for (const Value operand : {node.a, node.b, node.c}) {
            if (varies[static_cast<std::size_t>(k)] && operand.is_valid() &&
                !varies[static_cast<std::size_t>(operand.index)]) {
                place_of(operand);
            }
        }
    }
    for (const Value value : values) {
        if (!varies[static_cast<std::size_t>(value.index)]) {
            place_of(value);
        }
    }
}

void LaneCompiler::solve(const NewtonSystem& system)
{
    std::vector<std::size_t> all(system.start.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
        all[k] = k;
    }
    forget(InputKind::unknown, all);  // of a system before this one
    DraftSystem draft_system;
    for (const Value start : system.start) {
        draft_system.unknowns.push_back(copy_of(place_of(start)));
    }
    for (const std::size_t k : all) {
        unknowns_[k] = draft_system.unknowns[k];
    }
    emit_what_does_not_vary(system.corrections, dependent_on(InputKind::unknown, all));

    const std::size_t head = drafts_.size();
    Draft draft;
    draft.kind = Kind::solve;
    draft.index = static_cast<std::uint16_t>(systems_.size());
    drafts_.push_back(draft);
    for (const Value correction : system.corrections) {
        const Place from = place_of(correction);
        const auto& unknowns = draft_system.unknowns;
        const bool moves = std::find(unknowns.begin(), unknowns.end(), from) != unknowns.end();
        draft_system.corrections.push_back(moves ? copy_of(from) : from);
    }
    program_.systems.push_back({drafts_.size() - head - 1, {}, {}});
    systems_.push_back(std::move(draft_system));

    forget(InputKind::unknown, all);  // they have moved since
    assign(system.then);
}

void LaneCompiler::store_ions(std::span<const Value> concentrations)
{
    std::vector<Draft> stores;
    for (std::size_t k = 0; k < concentrations.size(); ++k) {
        if (concentrations[k].is_valid()) {
            Draft draft;
            draft.kind = Kind::store_ion;
            // What it reads may be what another of the stores writes.
            const Place from = place_of(concentrations[k]);
            draft.a = space_of(from) == outside ? copy_of(from) : from;
            draft.index = static_cast<std::uint16_t>(k);
            stores.push_back(draft);
        }
    }
    drafts_.insert(drafts_.end(), stores.begin(), stores.end());
}

void LaneCompiler::load_ion(std::size_t index)
{
    Draft draft;
    draft.kind = Kind::load_ion;
    draft.index = static_cast<std::uint16_t>(index);
    drafts_.push_back(draft);
    forget(InputKind::ion, std::span(&index, 1));
}

void LaneCompiler::add_current(std::uint16_t index, const LinearCurrent& current)
{
    Draft draft;
    draft.kind = Kind::add_current;
    draft.a = place_of(current.g);
    draft.b = place_of(current.s);
    draft.index = index;
    drafts_.push_back(draft);
}

}  // namespace axolemma::kinetics
