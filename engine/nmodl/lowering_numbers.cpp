#include <algorithm>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "nmodl/lowering.hpp"
#include "nmodl/print.hpp"
#include "nmodl/walk.hpp"

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;
using kinetics::Update;
using mechanisms::ParameterInfo;

namespace {

void collect(std::vector<Value>& from, std::vector<Value*>& list)
{
    for (Value& value : from) {
        if (value.is_valid()) {
            list.push_back(&value);
        }
    }
}

void collect(std::vector<Update>& from, std::vector<Value*>& list)
{
    for (Update& update : from) {
        list.push_back(&update.after);
    }
}

void collect(kinetics::Stage& stage, std::vector<Value*>& list)
{
    if (auto* system = std::get_if<kinetics::OdeSystem>(&stage)) {
        collect(system->derivatives, list);
        collect(system->conserved, list);
    } else if (auto* algebraic = std::get_if<kinetics::AlgebraicSystem>(&stage)) {
        collect(algebraic->residuals, list);
    } else {
        collect(std::get<std::vector<Update>>(stage), list);
    }
}

void collect(std::vector<kinetics::EventHandler::SelfEvent>& events, std::vector<Value*>& list)
{
    for (auto& event : events) {
        list.insert(list.end(), {&event.condition, &event.delay_ms, &event.flag});
    }
}

/// States that a stage names, to renumber.
std::vector<std::size_t*> states_named(kinetics::Stage& stage)
{
    std::vector<std::size_t*> list;
    const auto add = [&](std::vector<std::size_t>& states) {
        for (std::size_t& state : states) {
            list.push_back(&state);
        }
    };
    if (auto* system = std::get_if<kinetics::OdeSystem>(&stage)) {
        add(system->states);
    } else if (auto* algebraic = std::get_if<kinetics::AlgebraicSystem>(&stage)) {
        add(algebraic->states);
    } else {
        for (Update& update : std::get<std::vector<Update>>(stage)) {
            list.push_back(&update.state);
        }
    }
    return list;
}

}  // namespace

std::vector<Value*> values_of(kinetics::Equations& equations)
{
    std::vector<Value*> list;
    collect(equations.initial, list);
    for (kinetics::Stage& stage : equations.stages) {
        collect(stage, list);
    }
    collect(equations.currents, list);
    collect(equations.outputs, list);
    collect(equations.concentrations, list);
    collect(equations.initial_concentrations, list);
    collect(equations.on_event.updates, list);
    collect(equations.on_event.arguments_after, list);
    collect(equations.on_event.arguments_initial, list);
    collect(equations.on_event.self_events, list);
    collect(equations.initial_events, list);
    for (kinetics::Watch& watch : equations.watches) {
        list.insert(list.end(), {&watch.active, &watch.above, &watch.flag});
    }
    return list;
}

std::string Lowering::plain_unit(const Symbol& symbol) const
{
    return units_.plain_text(symbol.unit.text).value_or("1");
}

/// The user's parameters, in the order of the file, then what comes from the geometry.
void Lowering::add_parameters(const std::vector<std::size_t>& used)
{
    constexpr double any = std::numeric_limits<double>::max();
    const auto is_used = [&](std::size_t slot) { return std::binary_search(used.begin(), used.end(), slot); };
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        const Symbol& symbol = symbols_.symbol_of(slot);
        const bool is_set_by_user = symbol.kind == SymbolKind::parameter || (symbol.is_parameter && is_used(slot));
        if (!is_set_by_user) {
            continue;
        }
        ParameterInfo info{symbols_.slot_name(slot), plain_unit(symbol), symbol.value, -any, any, "", {}};
        const bool is_inside = symbol.low && symbol.high && *symbol.low <= symbol.value && symbol.value <= *symbol.high;
        if (is_inside) {
            info.low = *symbol.low;
            info.high = *symbol.high;
        }
        out_.info.parameters.push_back(info);
        parameter_of_[slot] = out_.info.parameters.size() - 1;
    }
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        const SymbolKind kind = symbols_.symbol_of(slot).kind;
        if (is_used(slot) && (kind == SymbolKind::diameter || kind == SymbolKind::area)) {
            const bool is_diameter = kind == SymbolKind::diameter;
            constexpr double usual_diameter_um = 500, usual_area_um2 = 100;
            out_.info.parameters.push_back(
                {is_diameter ? "diam" : "area", is_diameter ? "um" : "um2",
                 is_diameter ? usual_diameter_um : usual_area_um2, 0, any,
                 is_diameter ? "diameter of the compartment" : "membrane of the compartment",
                 is_diameter ? ParameterInfo::From::diameter_um : ParameterInfo::From::area_um2});
            parameter_of_[slot] = out_.info.parameters.size() - 1;
        }
    }
}

/// Text of the equations in which a state stands on the left.
std::string Lowering::equation_text(std::size_t slot) const
{
    if (slot >= symbols_.n_slots()) {
        return "whether a WATCH of NET_RECEIVE is on";
    }
    const Symbol& symbol = symbols_.symbol_of(slot);
    std::string text;
    const auto add = [&](const std::string& more) {
        constexpr std::size_t longest = 400;
        if (text.size() + more.size() < longest && text.find(more) == std::string::npos) {
            text += (text.empty() ? "" : "; ") + more;
        }
    };
    const auto side = [](const std::vector<Reaction::Reactant>& reactants) {
        std::string list;
        for (const Reaction::Reactant& reactant : reactants) {
            list += (list.empty() ? "" : " + ") + (reactant.count ? to_text(*reactant.count) + " " : std::string()) +
                    to_text(reactant.state);
        }
        return list;
    };
    const auto is_in = [&](const std::vector<Reaction::Reactant>& reactants) {
        return std::any_of(reactants.begin(), reactants.end(),
                           [&](const Reaction::Reactant& r) { return r.state.name == symbol.name; });
    };
    for (const Section& section : sections_) {
        if (section.kind != Section::Kind::solve && section.kind != Section::Kind::event) {
            continue;
        }
        for_each_statement(section.block->body, [&](const Statement& statement) {
            if (const auto* derivative = std::get_if<Derivative>(&statement.what)) {
                if (derivative->state.name == symbol.name) {
                    add(to_text(derivative->state) + "' = " + to_text(*derivative->value));
                }
            } else if (const auto* reaction = std::get_if<Reaction>(&statement.what)) {
                if (is_in(reaction->left) || is_in(reaction->right)) {
                    const bool both = reaction->kind == Reaction::Kind::both;
                    const bool flux = reaction->kind == Reaction::Kind::flux;
                    add(side(reaction->left) +
                        (flux   ? " << "
                         : both ? " <-> "
                                : " -> ") +
                        side(reaction->right) + (flux ? "(" : " (") + to_text(*reaction->forward) +
                        (both && reaction->backward ? ", " + to_text(*reaction->backward) : "") + ")");
                }
            } else if (const auto* assignment = std::get_if<Assignment>(&statement.what)) {
                if (assignment->target.name == symbol.name) {
                    add(to_text(assignment->target) + " = " + to_text(*assignment->value));
                }
            } else if (const auto* equation = std::get_if<Equation>(&statement.what)) {
                for_each_expression_in(statement, [&](const Expression& expression) {
                    const auto* variable = std::get_if<Variable>(&expression.what);
                    if (variable != nullptr && variable->name == symbol.name) {
                        add(to_text(*equation->left) + " = " + to_text(*equation->right));
                    }
                });
            }
        });
    }
    return text.empty() ? "kept from block to block" : text;
}

void Lowering::add_states()
{
    for (const std::size_t slot : state_slots_) {
        mechanisms::StateInfo info;
        if (slot < symbols_.n_slots()) {
            const Symbol& symbol = symbols_.symbol_of(slot);
            info.name = symbols_.slot_name(slot);
            info.unit = plain_unit(symbol);
            info.hidden = !symbol.is_declared_state && !symbol.is_visible;
        } else {
            info.name = fmt::format("watch_{}", slot - symbols_.n_slots() + 1);
            info.hidden = true;
        }
        out_.info.states.push_back(info);
        out_.equations_as_written.push_back(equation_text(slot));
    }
}

void Lowering::number_all()
{
    const std::vector<Value*> values = values_of(out_);
    std::vector<Value> roots;
    for (const Value* value : values) {
        roots.push_back(*value);
    }
    std::vector<std::size_t> used;
    for (const std::int32_t k : out_.graph.needed(roots)) {
        const kinetics::Node& node = out_.graph.node({k});
        if (node.op == kinetics::Op::input && node.input.kind == InputKind::parameter) {
            used.push_back(node.input.index);
        } else if (node.op == kinetics::Op::input && node.input.kind == InputKind::ion) {
            ion_read_of_.emplace(node.input.index, 0);
        }
    }
    std::sort(used.begin(), used.end());
    add_parameters(used);
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {  // in the order of USEION
        if (ion_read_of_.contains(slot)) {
            ion_read_of_[slot] = out_.info.ion_reads.size();
            out_.info.ion_reads.push_back(*symbols_.symbol_of(slot).ion);
        }
    }
    std::unordered_map<std::size_t, std::size_t> state_of;
    for (std::size_t k = 0; k < state_slots_.size(); ++k) {
        state_of[state_slots_[k]] = k;
    }
    Rewriter rewriter(out_.graph);
    for (Value* value : values) {
        *value = rewriter.rewrite(*value, [&](const Input& input) {
            switch (input.kind) {
            case InputKind::state: return out_.graph.input(InputKind::state, state_of.at(input.index));
            case InputKind::parameter: return out_.graph.input(InputKind::parameter, parameter_of_.at(input.index));
            case InputKind::ion: return out_.graph.input(InputKind::ion, ion_read_of_.at(input.index));
            default: return Value{};
            }
        });
    }
    for (kinetics::Stage& stage : out_.stages) {
        for (std::size_t* state : states_named(stage)) {
            *state = state_of.at(*state);
        }
    }
    for (Update& update : out_.on_event.updates) {
        update.state = state_of.at(update.state);
    }
    add_states();
    out_.info.name = file_.neuron.name.text;
    out_.info.meaning = file_.title;
    out_.info.pos = file_.neuron.name.pos;
}

}  // namespace axolemma::nmodl
