#include "nmodl/symbols.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "nmodl/unit_table.hpp"
#include "nmodl/walk.hpp"

namespace axolemma::nmodl {

namespace {

using mechanisms::IonQuantity;

struct Builtin {
    std::string_view name;
    SymbolKind kind;
    std::string_view unit;
};
/// Names that mean the same in every file, declared or not.
constexpr std::array builtins{
    Builtin{"v", SymbolKind::voltage, "mV"},     Builtin{"t", SymbolKind::time, "ms"},
    Builtin{"dt", SymbolKind::dt, "ms"},         Builtin{"celsius", SymbolKind::temperature, "degC"},
    Builtin{"diam", SymbolKind::diameter, "um"}, Builtin{"area", SymbolKind::area, "um2"}};

bool is_builtin(std::string_view name)
{
    return std::any_of(builtins.begin(), builtins.end(), [&](const Builtin& b) { return b.name == name; });
}

int usual_valence(std::string_view ion)
{
    if (ion == "na" || ion == "k") {
        return 1;
    }
    return ion == "ca" ? 2 : 0;
}

struct IonName {
    IonQuantity what;
    std::string_view unit;
};
/// Which of an ion's numbers a name is: ena, nai, nao, ina of na.
std::optional<IonName> ion_name(std::string_view name, std::string_view ion)
{
    if (name == "e" + std::string(ion)) {
        return IonName{IonQuantity::reversal_mV, "mV"};
    }
    if (name == "i" + std::string(ion)) {
        return IonName{IonQuantity::current_mA_per_cm2, "mA/cm2"};
    }
    if (name == std::string(ion) + "i") {
        return IonName{IonQuantity::inside_mM, "mM"};
    }
    if (name == std::string(ion) + "o") {
        return IonName{IonQuantity::outside_mM, "mM"};
    }
    return std::nullopt;
}

}  // namespace

Symbol& Symbols::at(const std::string& name)
{
    const auto [at, is_new] = by_name_.try_emplace(name, symbols_.size());
    if (is_new) {
        symbols_.emplace_back().name = name;
    }
    return symbols_[at->second];
}

/// What NEURON takes from elsewhere in a simulation, or from a script, is a number that the user gives.
void Symbols::add_pointers(const File& file, base::Diagnostics& diagnostics)
{
    for (const Name& name : file.neuron.pointers) {
        Symbol& symbol = at(name.text);
        symbol.kind = SymbolKind::parameter;
        symbol.is_parameter = symbol.is_pointer = symbol.is_visible = true;
        symbol.pos = name.pos;
        diagnostics.warning(name.pos, fmt::format("POINTER '{}' is a parameter here, constant in time", name.text),
                            "give it the value of what it would point to; it is 0 otherwise");
    }
    for (const FunctionTable& table : file.function_tables) {
        Symbol& symbol = at(table.name.text);
        symbol.kind = SymbolKind::parameter;
        symbol.is_parameter = symbol.is_pointer = symbol.is_visible = true;
        symbol.unit = table.unit;
        symbol.value = 1;
        symbol.pos = table.name.pos;
        diagnostics.warning(
            table.name.pos,
            fmt::format("FUNCTION_TABLE '{}' is a parameter here, the same for all arguments", table.name.text),
            "its table would come from a script; it is 1 unless you set it");
    }
}

Symbols::Symbols(const File& file, base::Diagnostics& diagnostics)
{
    for (const Builtin& builtin : builtins) {
        Symbol& symbol = at(std::string(builtin.name));
        symbol.kind = builtin.kind;
        symbol.unit.text = builtin.unit;
    }
    add_pointers(file, diagnostics);
    for (const auto* list : {&file.neuron.bbcore_pointers, &file.neuron.externals, &file.neuron.randoms}) {
        for (const Name& name : *list) {
            at(name.text).kind = SymbolKind::foreign;
        }
    }
    add_ions(file, diagnostics);
    add_currents(file);
    for (const Declaration& declaration : file.states) {
        declare(declaration, SymbolKind::state, diagnostics);
    }
    for (const Declaration& declaration : file.constants) {
        declare(declaration, SymbolKind::constant, diagnostics);
    }
    for (const Declaration& declaration : file.parameters) {
        declare(declaration, SymbolKind::parameter, diagnostics);
    }
    for (const Declaration& declaration : file.assigned) {
        declare(declaration, SymbolKind::variable, diagnostics);
    }
    for (const Local::Item& item : file.file_locals) {
        Declaration declaration;
        declaration.name = item.name;
        declaration.size = item.size;
        declare(declaration, SymbolKind::variable, diagnostics);
    }
    const UnitTable units(file.units);
    for (const UnitDefinition& definition : file.units) {
        if (!definition.is_constant) {
            continue;
        }
        const auto number = units.constant(definition);
        if (!number) {
            diagnostics.error(definition.pos,
                              fmt::format("the number '{} = ({}) ({})' cannot be worked out", definition.name,
                                          definition.definition, definition.unit.text),
                              "known are faraday, k-mole, avogadro, boltzmann, e, pi and units of SI");
        }
        Symbol& symbol = at(definition.name);
        symbol.kind = SymbolKind::constant;
        symbol.value = number.value_or(0);
        symbol.unit = definition.unit;
        symbol.pos = definition.pos;
    }
    for (const Block& block : file.blocks) {
        if (!block.name.text.empty() && block.kind != Block::Kind::before && block.kind != Block::Kind::after &&
            !blocks_.emplace(block.name.text, &block).second) {
            diagnostics.error(block.pos, fmt::format("a second block named '{}'", block.name.text),
                              fmt::format("the first is at {}", blocks_.at(block.name.text)->pos.text()));
        }
    }
    mark_visible(file, diagnostics);
    mark_assigned(file, diagnostics);
    number_slots(diagnostics);
}

void Symbols::add_ions(const File& file, base::Diagnostics& diagnostics)
{
    for (const UseIon& use : file.neuron.ions) {
        auto ion =
            std::find_if(ions_.begin(), ions_.end(), [&](const auto& known) { return known.name == use.ion.text; });
        if (ion == ions_.end()) {
            mechanisms::IonUse made;
            made.name = use.ion.text;
            ion = ions_.insert(ions_.end(), made);
        }
        if (use.valence) {
            ion->valence = static_cast<int>(*use.valence);
        } else if (ion->valence == 0) {
            ion->valence = usual_valence(use.ion.text);
        }
        const auto index = static_cast<std::size_t>(ion - ions_.begin());
        for (const Name& name : use.reads) {
            add_ion_name(name, index, false, diagnostics);
        }
        for (const Name& name : use.writes) {
            add_ion_name(name, index, true, diagnostics);
        }
    }
}

void Symbols::add_ion_name(const Name& name, std::size_t ion, bool is_write, base::Diagnostics& diagnostics)
{
    const std::string& of = ions_[ion].name;
    const auto found = ion_name(name.text, of);
    if (!found) {
        diagnostics.error(name.pos, fmt::format("'{}' is no number of the ion '{}'", name.text, of),
                          fmt::format("an ion has e{0}, i{0}, {0}i and {0}o", of));
        return;
    }
    Symbol& symbol = at(name.text);
    symbol.pos = name.pos;
    symbol.unit = {std::string(found->unit), name.pos};
    symbol.ion = mechanisms::IonColumn{ion, found->what};
    if (!is_write) {
        symbol.reads_ion = true;
        symbol.kind = symbol.writes_ion || symbol.is_current ? symbol.kind : SymbolKind::ion;
        return;
    }
    symbol.kind = SymbolKind::variable;
    if (found->what == IonQuantity::current_mA_per_cm2) {
        symbol.is_current = true;
        currents_.push_back({name.text, static_cast<int>(ion), false, name.pos});
    } else if (found->what == IonQuantity::reversal_mV) {
        diagnostics.error(
            name.pos, fmt::format("WRITE {}: a mechanism that sets a reversal potential is not supported", name.text),
            fmt::format("let the mechanism write the concentrations {0}i and {0}o; the reversal potential "
                        "follows from them by Nernst's equation",
                        of));
    } else {
        symbol.writes_ion = true;
    }
}

void Symbols::add_currents(const File& file)
{
    const auto add = [&](const std::vector<Name>& names, bool is_electrode) {
        for (const Name& name : names) {
            Symbol& symbol = at(name.text);
            symbol.kind = SymbolKind::variable;
            symbol.is_current = true;
            symbol.pos = name.pos;
            symbol.unit.text = file.neuron.kind == NeuronBlock::Kind::point_process ? "nA" : "mA/cm2";
            currents_.push_back({name.text, -1, is_electrode, name.pos});
        }
    };
    add(file.neuron.nonspecific_currents, false);
    add(file.neuron.electrode_currents, true);
}

void Symbols::declare(const Declaration& declaration, SymbolKind kind, base::Diagnostics& diagnostics)
{
    const std::string& name = declaration.name.text;
    const bool is_known = by_name_.contains(name);
    if (is_builtin(name) || (is_known && at(name).kind == SymbolKind::foreign)) {
        return;
    }
    Symbol& symbol = at(name);
    if (!declaration.unit.text.empty()) {
        symbol.unit = declaration.unit;
    }
    if (kind == SymbolKind::state) {
        if (symbol.kind == SymbolKind::ion && is_known) {
            diagnostics.error(declaration.name.pos,
                              fmt::format("STATE '{}' is a number of the ion '{}' that is only read", name,
                                          ions_[symbol.ion->ion].name),
                              fmt::format("add WRITE {} to its USEION", name));
        }
        symbol.is_declared_state = true;
        symbol.value = declaration.start.value_or(0);
        symbol.size = declaration.size.value_or(0);
        symbol.pos = declaration.name.pos;
        symbol.kind = SymbolKind::variable;  // until an equation for it is found
        return;
    }
    if (symbol.ion || symbol.is_declared_state) {
        return;  // PARAMETER ena, ASSIGNED ina: what they are was said by USEION
    }
    symbol.is_parameter = symbol.is_parameter || kind == SymbolKind::parameter;
    if (kind == SymbolKind::parameter) {
        symbol.low = declaration.from;
        symbol.high = declaration.to;
    }
    if (declaration.value) {
        symbol.value = *declaration.value;
    }
    if (!is_known || kind == SymbolKind::constant) {
        symbol.kind = kind;
        symbol.size = declaration.size.value_or(0);
        symbol.pos = declaration.name.pos;
    }
}

/// Loops are followed turn by turn, so a parameter that bounds one is the number that the file gives.
void Symbols::fix_loop_bounds(const File& file, base::Diagnostics& diagnostics)
{
    for (const Block& block : file.blocks) {
        for_each_statement(block.body, [&](const Statement& statement) {
            const auto* loop = std::get_if<From>(&statement.what);
            if (loop == nullptr) {
                return;
            }
            for (const ExpressionPtr* bound : {&loop->first, &loop->last, &loop->step}) {
                for_each_expression(*bound, [&](const Expression& expression) {
                    const auto* variable = std::get_if<Variable>(&expression.what);
                    const auto found = variable == nullptr ? by_name_.end() : by_name_.find(variable->name);
                    if (found == by_name_.end() || symbols_[found->second].kind != SymbolKind::parameter) {
                        return;
                    }
                    Symbol& symbol = symbols_[found->second];
                    symbol.kind = SymbolKind::constant;
                    symbol.is_parameter = false;
                    diagnostics.warning(expression.pos, fmt::format("'{}' bounds a loop and so keeps its value {}",
                                                                    symbol.name, symbol.value));
                });
            }
        });
    }
}

void Symbols::mark_assigned(const File& file, base::Diagnostics& diagnostics)
{
    std::set<std::string> assigned_names;
    const auto assigned = [&](const Variable& variable) {
        assigned_names.insert(variable.name);
        const auto found = by_name_.find(variable.name);
        if (found == by_name_.end()) {
            return;
        }
        Symbol& symbol = symbols_[found->second];
        if (symbol.kind == SymbolKind::parameter || symbol.kind == SymbolKind::constant) {
            symbol.kind = SymbolKind::variable;
        }
    };
    const auto unknown = [&](const std::string& name) {
        const auto found = by_name_.find(name);
        if (found != by_name_.end() && symbols_[found->second].is_declared_state) {
            symbols_[found->second].kind = SymbolKind::state;
        }
    };
    for (const Block& block : file.blocks) {
        for_each_statement(block.body, [&](const Statement& statement) {
            if (const auto* assignment = std::get_if<Assignment>(&statement.what)) {
                assigned(assignment->target);
            } else if (const auto* derivative = std::get_if<Derivative>(&statement.what)) {
                unknown(derivative->state.name);
            } else if (const auto* reaction = std::get_if<Reaction>(&statement.what)) {
                for (const auto* side : {&reaction->left, &reaction->right}) {
                    for (const Reaction::Reactant& reactant : *side) {
                        unknown(reactant.state.name);
                    }
                }
            } else if (std::holds_alternative<Equation>(statement.what)) {
                for_each_expression_in(statement, [&](const Expression& expression) {
                    if (const auto* variable = std::get_if<Variable>(&expression.what)) {
                        unknown(variable->name);
                    }
                });
            } else if (const auto* call = std::get_if<CallStatement>(&statement.what)) {
                const auto* what = call->call ? std::get_if<Call>(&call->call->what) : nullptr;
                if (what != nullptr && what->function == "state_discontinuity" && !what->arguments.empty()) {
                    if (const auto* target = std::get_if<Variable>(&what->arguments[0]->what)) {
                        assigned(*target);
                    }
                }
            }
        });
    }
    fix_loop_bounds(file, diagnostics);
    for (Symbol& symbol : symbols_) {  // what only a user can set is a parameter
        if (symbol.kind == SymbolKind::variable && symbol.is_visible && !symbol.is_declared_state &&
            !symbol.is_current && !symbol.ion && !assigned_names.contains(symbol.name)) {
            symbol.kind = SymbolKind::parameter;
            symbol.is_parameter = true;
        }
    }
}

void Symbols::mark_visible(const File& file, base::Diagnostics& diagnostics)
{
    for (const auto* list : {&file.neuron.ranges, &file.neuron.globals}) {
        for (const Name& name : *list) {
            const auto found = by_name_.find(name.text);
            if (found == by_name_.end()) {
                diagnostics.warning(name.pos,
                                    fmt::format("'{}' is listed as RANGE or GLOBAL but never declared", name.text));
                continue;
            }
            symbols_[found->second].is_visible = true;
        }
    }
}

void Symbols::number_slots(base::Diagnostics& diagnostics)
{
    for (std::size_t k = 0; k < symbols_.size(); ++k) {
        Symbol& symbol = symbols_[k];
        symbol.first_slot = slots_.size();
        if (symbol.size < 0 || static_cast<std::size_t>(symbol.size) > max_slots - std::min(max_slots, slots_.size())) {
            diagnostics.error(symbol.pos, fmt::format("the array '{}' is too large", symbol.name),
                              fmt::format("all arrays together may have {} elements", max_slots));
            symbol.size = 1;
        }
        slots_.insert(slots_.end(), symbol.n_slots(), k);
    }
}

const Symbol* Symbols::find(std::string_view name) const
{
    const auto found = by_name_.find(std::string(name));
    return found == by_name_.end() ? nullptr : &symbols_[found->second];
}

std::string Symbols::slot_name(std::size_t slot) const
{
    const Symbol& symbol = symbol_of(slot);
    return symbol.size == 0 ? symbol.name : fmt::format("{}[{}]", symbol.name, slot - symbol.first_slot);
}

const Block* Symbols::block(std::string_view name) const
{
    const auto found = blocks_.find(std::string(name));
    return found == blocks_.end() ? nullptr : found->second;
}

std::vector<std::string> Symbols::names() const
{
    std::vector<std::string> list;
    for (const Symbol& symbol : symbols_) {
        list.push_back(symbol.name);
    }
    return list;
}

std::vector<std::string> Symbols::callable_names() const
{
    std::vector<std::string> list;
    for (const auto& [name, block] : blocks_) {
        if (block->kind == Block::Kind::procedure || block->kind == Block::Kind::function) {
            list.push_back(name);
        }
    }
    std::sort(list.begin(), list.end());
    return list;
}

}  // namespace axolemma::nmodl
