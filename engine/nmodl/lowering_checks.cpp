#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "nmodl/lowering.hpp"

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;
using kinetics::Update;

/// What cannot be had where it is asked for: the length of a step in a current, say.
void Lowering::check_inputs()
{
    const auto uses = [&](Value value, InputKind kind) {
        const std::vector<Input> inputs = out_.graph.inputs(value);
        return std::any_of(inputs.begin(), inputs.end(), [&](const Input& input) { return input.kind == kind; });
    };
    const auto breakpoint_pos = sections_[breakpoint_].block->pos;
    for (std::size_t k = 0; k < out_.currents.size(); ++k) {
        if (uses(out_.currents[k], InputKind::dt)) {
            executor_.error(breakpoint_pos, fmt::format("the current '{}' depends on dt", out_.info.currents[k].name),
                            "a current is a function of the voltage and the states, not of the length of a step");
        }
    }
    for (const Value value : out_.concentrations) {
        if (uses(value, InputKind::dt)) {
            executor_.error(breakpoint_pos, "a concentration depends on dt where it is written in BREAKPOINT",
                            "write its equation in a DERIVATIVE block");
        }
    }
    for (std::size_t k = 0; k < out_.initial.size(); ++k) {
        if (uses(out_.initial[k], InputKind::dt)) {
            constexpr double usual_dt_ms = 0.025;
            executor_.warning(
                sections_[0].block->pos,
                fmt::format("the initial value of '{}' depends on dt; it is computed for NEURON's usual {} ms",
                            symbols_.slot_name(state_slots_[k]), usual_dt_ms),
                "INITIAL seems to take a step of time; give initial values by assignments");
            out_.initial[k] = out_.graph.substitute(out_.initial[k], [&](const Input& input) {
                return input.kind == InputKind::dt ? out_.graph.constant(usual_dt_ms) : Value{};
            });
        }
    }
}

namespace {

/// Values of these nodes and of those they need (ascending), by number of the node.
std::vector<double> evaluate_all(const kinetics::Graph& graph, const std::vector<std::int32_t>& nodes,
                                 const std::function<double(Input)>& of)
{
    std::vector<double> numbers(graph.size());
    const auto number = [&](Value value) {
        return value.is_valid() ? numbers[static_cast<std::size_t>(value.index)] : 0;
    };
    for (const std::int32_t k : nodes) {
        const kinetics::Node& node = graph.node({k});
        numbers[static_cast<std::size_t>(k)] =
            node.op == kinetics::Op::input
                ? of(node.input)
                : kinetics::evaluate_op(graph, node, number(node.a), number(node.b), number(node.c));
    }
    return numbers;
}

/// The nodes that the updates need, ascending.
std::vector<std::int32_t> nodes_of(const kinetics::Graph& graph, const std::vector<Update>& updates)
{
    std::vector<kinetics::Value> values;
    for (const Update& update : updates) {
        values.push_back(update.after);
    }
    return graph.needed(values);
}

}  // namespace

/// Do two steps of a procedure that integrates by hand give what one step of twice the length gives? Then it is exact for
/// any dt (m = m + (1 - exp(-dt/tau)) (minf - m)). Otherwise its author's dt is part of the model, and is said so.
void Lowering::check_hand_integration()
{
    constexpr double step_ms = 0.025, relative = 1e-9, absolute = 1e-12;
    constexpr std::array voltages_mV{-83.7, -61.3, -22.9, 14.1};
    for (const auto& [section_index, stage_index] : hand_stages_) {
        const Section& section = sections_[section_index];
        const auto* updates = &std::get<std::vector<Update>>(out_.stages[stage_index]);
        {
            std::set<std::string> inexact;
            bool uses_dt = false;
            for (const Update& update : *updates) {
                uses_dt = uses_dt || out_.graph.depends_on(update.after, {InputKind::dt, 0});
            }
            for (const double v_mV : voltages_mV) {
                std::vector<double> states(out_.info.states.size());
                for (std::size_t k = 0; k < states.size(); ++k) {
                    states[k] = 0.2 + 0.07 * static_cast<double>(k % 9);
                }
                const auto advance = [&](std::vector<double> before, double dt_ms) {
                    const auto numbers = evaluate_all(out_.graph, nodes_of(out_.graph, *updates), [&](Input input) {
                        switch (input.kind) {
                        case InputKind::voltage: return v_mV;
                        case InputKind::temperature: return 23.0;
                        case InputKind::dt: return dt_ms;
                        case InputKind::time: return 1.0;
                        case InputKind::parameter: return out_.info.parameters[input.index].default_value;
                        case InputKind::state: return before[input.index];
                        case InputKind::ion: return 0.7;
                        default: return 0.0;
                        }
                    });
                    std::vector<double> after = before;
                    for (const Update& update : *updates) {
                        after[update.state] = numbers[static_cast<std::size_t>(update.after.index)];
                    }
                    return after;
                };
                const auto twice = advance(advance(states, step_ms), step_ms);
                const auto once = advance(states, 2 * step_ms);
                for (const Update& update : *updates) {
                    const mechanisms::StateInfo& info = out_.info.states[update.state];
                    const double a = twice[update.state], b = once[update.state];
                    if (!info.hidden && std::fabs(a - b) > relative * std::fabs(b) + absolute) {
                        inexact.insert(info.name);
                    }
                }
            }
            for (const std::string& name : inexact) {
                const SourcePos& pos = section.block->pos;
                const std::string block = section.block->kind == Block::Kind::before  ? "BEFORE STEP"
                                          : section.block->kind == Block::Kind::after ? "AFTER SOLVE"
                                                                                      : section.block->name.text;
                if (uses_dt) {
                    executor_.warning(
                        pos, fmt::format("'{}' integrates '{}' by hand with an error that depends on dt", block, name),
                        "kept as written (first order); a DERIVATIVE block with METHOD cnexp is exact");
                } else {
                    executor_.warning(
                        pos, fmt::format("'{}' changes '{}' by the same amount per step whatever dt is", block, name),
                        "kept as written, for the dt of its author; a DERIVATIVE block would be right for any dt");
                }
            }
        }
    }
}

/// NEURON takes currents and concentrations as numbers in its own units, whatever unit the file declares for them.
void Lowering::check_scales()
{
    const auto check = [&](const Symbol& symbol, const std::string& expected) {
        const auto declared = units_.read(symbol.unit.text);
        const auto wanted = units_.read(expected);
        if (symbol.unit.text.empty() || !declared || !wanted || declared->dimension != wanted->dimension) {
            return;
        }
        if (std::fabs(declared->factor - wanted->factor) > 1e-9 * wanted->factor) {
            executor_.warning(symbol.unit.pos,
                              fmt::format("'{}' is declared in ({}) but taken as a number in {}", symbol.name,
                                          symbol.unit.text, expected),
                              "NEURON does the same: it does not convert units");
        }
    };
    for (const Symbol& symbol : symbols_.all()) {
        if (symbol.is_current) {
            check(symbol, out_.is_point ? "nA" : "mA/cm2");
        } else if (symbol.ion) {
            const bool is_reversal = symbol.ion->what == mechanisms::IonQuantity::reversal_mV;
            check(symbol, is_reversal ? "mV" : "mM");
        }
    }
}

}  // namespace axolemma::nmodl
