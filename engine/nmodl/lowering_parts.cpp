#include <algorithm>

#include <fmt/format.h>

#include "nmodl/lowering.hpp"

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;
using kinetics::OdeMethod;
using kinetics::Update;

/// Reads everything off the sections' ends, anew in each round.
void Lowering::read_off()
{
    kinetics::Graph graph = std::move(out_.graph);
    out_ = {};
    out_.graph = std::move(graph);
    out_.is_point = file_.neuron.kind == NeuronBlock::Kind::point_process;
    state_slots_.clear();
    hand_stages_.clear();
    add_currents();
    add_concentrations();
    // BREAKPOINT's own memory acts at the beginning of the next step: its currents are computed from the numbers before.
    if (std::vector<Update> list = updates(breakpoint_, std::nullopt); !list.empty()) {
        out_.stages.emplace_back(std::move(list));
    }
    for (std::size_t k = 1; k < breakpoint_; ++k) {
        add_stages(k);
    }
    if (event_) {
        add_events();
    }
    for (auto& event : sections_[0].result.sends) {
        if (out_.graph.is_constant(event.delay_ms) && out_.graph.node(event.delay_ms).number < 0.0) {
            executor_.error(sections_[0].block->pos, "net_send with a negative delay",
                            "events cannot arrive before they are sent");
        }
        out_.initial_events.push_back(
            {memory_.finish(0, event.condition), memory_.finish(0, event.delay_ms), memory_.finish(0, event.flag)});
    }
    add_initial_values();
    add_outputs();
}

/// Assignments to states in a section.
/// @param after_equations  only those behind, or only those before the equations; nothing: all
std::vector<Update> Lowering::updates(std::size_t section, std::optional<bool> after_equations)
{
    std::vector<Update> list;
    const Environment& end = sections_[section].result.end;
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        if (!end.is_written(slot) || !memory_.is_state(slot)) {
            continue;
        }
        const bool after =
            sections_[section].sees_states_after || (end.marks[slot] & Environment::written_after_equations) != 0;
        if (after_equations && *after_equations != after) {
            continue;
        }
        const Value value = memory_.finish(section, end.values[slot]);
        if (value != out_.graph.input(InputKind::state, slot)) {
            list.push_back({slot, value});
        }
    }
    return list;
}

bool is_stepwise(Block::Kind kind)
{
    return kind == Block::Kind::procedure || kind == Block::Kind::discrete || kind == Block::Kind::before ||
           kind == Block::Kind::after;
}

void Lowering::add_stages(std::size_t section)
{
    const Block::Kind kind = sections_[section].block->kind;
    if (is_stepwise(kind)) {
        if (std::vector<Update> list = updates(section, std::nullopt); !list.empty()) {
            hand_stages_[section] = out_.stages.size();
            out_.stages.emplace_back(std::move(list));
        }
        return;
    }
    if (std::vector<Update> list = updates(section, false); !list.empty()) {
        out_.stages.emplace_back(std::move(list));
    }
    add_system(section);
    if (std::vector<Update> list = updates(section, true); !list.empty()) {
        out_.stages.emplace_back(std::move(list));
    }
}

namespace {

OdeMethod method_of(const Block& block, const Solve& solve)
{
    const std::string method = solve.method ? solve.method->text : "";
    if (method == "euler") {
        return OdeMethod::explicit_euler;
    }
    const bool is_implicit = block.kind == Block::Kind::kinetic || method == "derivimplicit" || method == "sparse";
    return is_implicit ? OdeMethod::implicit : OdeMethod::automatic;
}

}  // namespace

void Lowering::add_system(std::size_t section)
{
    const Section& from = sections_[section];
    const Executor::Result& result = from.result;
    if (from.block->kind == Block::Kind::linear || from.block->kind == Block::Kind::nonlinear) {
        kinetics::AlgebraicSystem system;
        system.linear = from.block->kind == Block::Kind::linear;
        system.pos = from.block->pos;
        for (const Value residual : result.residuals) {
            system.residuals.push_back(memory_.finish(section, residual));
        }
        std::vector<bool> found(symbols_.n_slots());
        for (const Value residual : system.residuals) {
            for (const Input& input : out_.graph.inputs(residual)) {
                if (input.kind == InputKind::state && symbols_.symbol_of(input.index).kind == SymbolKind::state) {
                    found[input.index] = true;
                }
            }
        }
        for (std::size_t slot = 0; slot < found.size(); ++slot) {
            if (found[slot]) {
                system.states.push_back(slot);
            }
        }
        if (system.states.size() != system.residuals.size()) {
            executor_.error(from.block->pos, fmt::format("'{}' has {} equations for {} states", from.block->name.text,
                                                         system.residuals.size(), system.states.size()));
        }
        out_.stages.emplace_back(std::move(system));
        return;
    }
    kinetics::OdeSystem system;
    system.method = method_of(*from.block, *from.solve);
    system.pos = from.block->pos;
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        const Value slope = result.end.derivatives[slot];
        if (!slope.is_valid()) {
            continue;
        }
        system.states.push_back(slot);
        system.derivatives.push_back(memory_.finish(section, slope));
        const auto conserved = std::find_if(result.conserved.begin(), result.conserved.end(),
                                            [&](const Executor::Conserved& c) { return c.slot == slot; });
        system.conserved.push_back(conserved == result.conserved.end() ? Value{}
                                                                       : memory_.finish(section, conserved->value));
    }
    if (!system.states.empty()) {
        out_.stages.emplace_back(std::move(system));
    }
}

void Lowering::add_currents()
{
    out_.info.ions = symbols_.ions();
    for (const CurrentUse& use : symbols_.currents()) {
        const Symbol& symbol = *symbols_.find(use.name);
        if (!sections_[breakpoint_].result.end.is_written(symbol.first_slot)) {
            const bool is_somewhere = std::any_of(sections_.begin(), sections_.end(), [&](const Section& section) {
                return section.result.end.is_written(symbol.first_slot);
            });
            if (!is_somewhere) {
                executor_.warning(use.pos, fmt::format("the current '{}' is never assigned and stays 0", use.name));
                out_.currents.push_back(out_.graph.constant(0));
                out_.info.currents.push_back({use.name, "", use.ion});
                continue;
            }
        }
        const Value outward = memory_.at_end(breakpoint_, symbol.first_slot);
        out_.currents.push_back(use.is_electrode ? out_.graph.negate(outward) : outward);
        out_.info.currents.push_back(
            {use.name, use.is_electrode ? "inward current of an electrode, negated" : "", use.ion});
    }
}

void Lowering::add_concentrations()
{
    for (const Symbol& symbol : symbols_.all()) {
        if (symbol.writes_ion) {
            out_.info.ion_writes.push_back(*symbol.ion);
            out_.concentrations.push_back(memory_.at_end(breakpoint_, symbol.first_slot));
        }
    }
}

Value Lowering::initial_value(std::size_t slot)
{
    return memory_.finish(0, sections_[0].result.end.values[slot]);
}

void Lowering::add_initial_values()
{
    for (const bool declared : {true, false}) {
        for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
            if (memory_.is_state(slot) && symbols_.symbol_of(slot).is_declared_state == declared) {
                state_slots_.push_back(slot);
            }
        }
    }
    for (std::size_t k = 0; k < out_.watches.size(); ++k) {
        state_slots_.push_back(symbols_.n_slots() + k);
    }
    for (const std::size_t slot : state_slots_) {
        out_.initial.push_back(slot < symbols_.n_slots() ? initial_value(slot) : out_.graph.constant(0));
    }
    for (const Symbol& symbol : symbols_.all()) {
        if (!symbol.writes_ion) {
            continue;
        }
        const std::size_t slot = symbol.first_slot;
        Value value = initial_value(slot);
        if (!memory_.is_state(slot) && !sections_[0].result.end.is_written(slot)) {
            const Value later = memory_.at_end(breakpoint_, slot);
            value = out_.graph.substitute(later, [&](const Input& input) {
                return input.kind == InputKind::state && input.index < symbols_.n_slots() ? initial_value(input.index)
                                                                                          : Value{};
            });
        }
        out_.initial_concentrations.push_back(value);
    }
}

/// Variables that a person may want to see: RANGE and GLOBAL ones, and STATEs that turned out to be formulas.
void Lowering::add_outputs()
{
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        const Symbol& symbol = symbols_.symbol_of(slot);
        if (symbol.kind != SymbolKind::variable || symbol.is_current || symbol.writes_ion || memory_.is_state(slot) ||
            !(symbol.is_visible || symbol.is_declared_state)) {
            continue;
        }
        const auto value = memory_.shown_at_end(breakpoint_, slot);
        if (!value) {
            continue;
        }
        const std::vector<Input> inputs = out_.graph.inputs(*value);
        const bool is_of_now = std::all_of(inputs.begin(), inputs.end(), [](const Input& input) {
            return input.kind == InputKind::voltage || input.kind == InputKind::temperature ||
                   input.kind == InputKind::parameter || input.kind == InputKind::state ||
                   input.kind == InputKind::ion || input.kind == InputKind::time;
        });
        if (is_of_now) {
            out_.outputs.push_back(*value);
            out_.info.outputs.push_back({symbols_.slot_name(slot), plain_unit(symbol), ""});
        }
    }
}

}  // namespace axolemma::nmodl
