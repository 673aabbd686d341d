#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "kinetics/evaluate.hpp"
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

/// The states after a step of dt by the updates, at a voltage and with some temperature and ions.
std::vector<double> advanced(const kinetics::Equations& equations, const std::vector<Update>& updates,
                             const std::vector<double>& before, double v_mV, double dt_ms)
{
    std::vector<Value> values;
    for (const Update& update : updates) {
        values.push_back(update.after);
    }
    const auto numbers = kinetics::evaluate(equations.graph, values, [&](Input input) {
        switch (input.kind) {
        case InputKind::voltage: return v_mV;
        case InputKind::temperature: return 23.0;
        case InputKind::dt: return dt_ms;
        case InputKind::time: return 1.0;
        case InputKind::parameter: return equations.info.parameters[input.index].default_value;
        case InputKind::state: return before[input.index];
        case InputKind::ion: return 0.7;
        default: return 0.0;
        }
    });
    std::vector<double> after = before;
    for (std::size_t k = 0; k < updates.size(); ++k) {
        after[updates[k].state] = numbers[k];
    }
    return after;
}

/// Names of the states to which two steps give something else than one of twice the length.
std::set<std::string> inexact_states(const kinetics::Equations& equations, const std::vector<Update>& updates)
{
    constexpr double step_ms = 0.025, relative = 1e-9, absolute = 1e-12;
    std::vector<double> states(equations.info.states.size());
    for (std::size_t k = 0; k < states.size(); ++k) {
        states[k] = 0.2 + 0.07 * static_cast<double>(k % 9);
    }
    std::set<std::string> inexact;
    for (const double v_mV : {-83.7, -61.3, -22.9, 14.1}) {
        const auto once = advanced(equations, updates, states, v_mV, 2 * step_ms);
        const auto twice =
            advanced(equations, updates, advanced(equations, updates, states, v_mV, step_ms), v_mV, step_ms);
        for (const Update& update : updates) {
            const mechanisms::StateInfo& info = equations.info.states[update.state];
            const double a = twice[update.state], b = once[update.state];
            if (!info.hidden && std::fabs(a - b) > relative * std::fabs(b) + absolute) {
                inexact.insert(info.name);
            }
        }
    }
    return inexact;
}

std::string name_of(const Block& block)
{
    switch (block.kind) {
    case Block::Kind::before: return "BEFORE STEP";
    case Block::Kind::after: return "AFTER SOLVE";
    default: return block.name.text;
    }
}

}  // namespace

/// Do two steps of a procedure that integrates by hand give what one step of twice the length gives? Then it is exact for
/// any dt (m = m + (1 - exp(-dt/tau)) (minf - m)). Otherwise its author's dt is part of the model, and is said so.
void Lowering::check_hand_integration()
{
    for (const auto& [section_index, stage_index] : hand_stages_) {
        const auto& updates = std::get<std::vector<Update>>(out_.stages[stage_index]);
        const bool uses_dt = std::any_of(updates.begin(), updates.end(), [&](const Update& update) {
            return out_.graph.depends_on(update.after, {InputKind::dt, 0});
        });
        const Block& of = *sections_[section_index].block;
        const std::string block = name_of(of);
        for (const std::string& name : inexact_states(out_, updates)) {
            if (uses_dt) {
                executor_.warning(
                    of.pos, fmt::format("'{}' integrates '{}' by hand with an error that depends on dt", block, name),
                    "kept as written (first order); a DERIVATIVE block with METHOD cnexp is exact");
            } else {
                executor_.warning(
                    of.pos, fmt::format("'{}' changes '{}' by the same amount per step whatever dt is", block, name),
                    "kept as written, for the dt of its author; a DERIVATIVE block would be right for any dt");
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
