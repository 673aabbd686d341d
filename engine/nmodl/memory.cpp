#include "nmodl/memory.hpp"

#include <algorithm>
#include <utility>

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;
using kinetics::Op;

Memory::Memory(const Symbols& symbols, kinetics::Graph& graph, const std::vector<Section>& sections)
    : symbols_(symbols), graph_(graph), sections_(sections)
{}

Value Memory::at_start(std::size_t section, std::size_t slot) const
{
    const Symbol& symbol = symbols_.symbol_of(slot);
    switch (symbol.kind) {
    case SymbolKind::voltage: return graph_.input(InputKind::voltage);
    case SymbolKind::temperature: return graph_.input(InputKind::temperature);
    case SymbolKind::dt: return graph_.input(InputKind::dt);
    case SymbolKind::time: return graph_.input(InputKind::time);
    case SymbolKind::diameter:
    case SymbolKind::area:
    case SymbolKind::parameter: return graph_.input(InputKind::parameter, slot);
    case SymbolKind::ion: return graph_.input(InputKind::ion, slot);
    case SymbolKind::constant:
    case SymbolKind::foreign: return graph_.constant(symbol.value);
    case SymbolKind::state:
    case SymbolKind::variable: break;
    }
    if (symbol.is_current && symbol.reads_ion) {
        return graph_.input(InputKind::ion, slot);
    }
    if (sections_[section].kind == Section::Kind::initial) {
        if (symbol.writes_ion) {
            return graph_.input(InputKind::ion, slot);
        }
        return symbol.is_parameter ? graph_.input(InputKind::parameter, slot) : graph_.constant(symbol.value);
    }
    if (symbol.kind == SymbolKind::state) {
        return graph_.input(InputKind::state, slot);
    }
    return graph_.input(InputKind::unknown, section * symbols_.n_slots() + slot);
}

bool Memory::is_state(std::size_t slot) const
{
    return symbols_.symbol_of(slot).kind == SymbolKind::state || remembered_.contains(slot);
}

void Memory::begin_round()
{
    known_.clear();
    known_to_show_.clear();
    rewriters_.assign(sections_.size(), Rewriter(graph_));
    in_work_.clear();
    found_states_ = false;
}

Value Memory::need_state(std::size_t slot)
{
    if (shows_) {
        cannot_show_ = true;
    } else if (remembered_.insert(slot).second) {
        found_states_ = true;
    }
    return graph_.input(InputKind::state, slot);
}

Value Memory::finish(std::size_t section, Value raw)
{
    const auto replacement = [&](const Input& input) {
        return input.kind == InputKind::unknown ? resolve(section, input.index % symbols_.n_slots()) : Value{};
    };
    return shows_ ? graph_.substitute(raw, replacement) : rewriters_[section].rewrite(raw, replacement);
}

std::vector<std::size_t> Memory::before(std::size_t section) const
{
    // Around the circle of a step: events, the SOLVEd blocks, BREAKPOINT, and then what INITIAL set.
    std::vector<std::size_t> circle;
    for (std::size_t k = 1; k < sections_.size(); ++k) {
        if (sections_[k].kind == Section::Kind::event) {
            circle.insert(circle.begin(), k);
        } else {
            circle.push_back(k);
        }
    }
    const auto here = std::find(circle.begin(), circle.end(), section);
    std::vector<std::size_t> list;
    if (here != circle.end()) {
        list.assign(here, circle.end());
        list.insert(list.end(), circle.begin(), here);
        std::reverse(list.begin(), list.end());  // ends with the section itself, a step ago
    }
    list.push_back(0);
    return list;
}

Value Memory::resolve(std::size_t section, std::size_t slot)
{
    if (is_state(slot)) {
        return graph_.input(InputKind::state, slot);
    }
    const std::pair<std::size_t, std::size_t> key{section, slot};
    Places& all_known = shows_ ? known_to_show_ : known_;
    if (const auto known = all_known.find(key); known != all_known.end()) {
        cannot_show_ = cannot_show_ || known->second.cannot_be_shown;
        return known->second.value;
    }
    constexpr std::size_t deepest = 300;
    if (in_work_.size() > deepest) {
        too_deep_ = true;
        return at_start(0, slot);
    }
    if (!in_work_.insert(key).second) {
        return need_state(slot);  // its value depends on its own value of before
    }
    const bool could_not_show = std::exchange(cannot_show_, false);
    Value value = at_start(0, slot);
    for (const std::size_t writer : before(section)) {
        if (!writes(writer, slot)) {
            continue;
        }
        const Section::Kind kind = sections_[writer].kind;
        if (kind == Section::Kind::event) {
            value = need_state(slot);
        } else if (kind == Section::Kind::solve) {
            value = from_solve(writer, slot);
        } else {
            value = finish(writer, sections_[writer].result.end.values[slot]);
        }
        if (kind == Section::Kind::initial) {
            const std::vector<Input> inputs = graph_.inputs(value);
            const bool is_fixed = std::all_of(inputs.begin(), inputs.end(), [](const Input& input) {
                return input.kind == InputKind::parameter || input.kind == InputKind::temperature;
            });
            value = is_fixed ? value : need_state(slot);
        }
        break;
    }
    in_work_.erase(key);
    all_known[key] = {value, cannot_show_};
    cannot_show_ = cannot_show_ || could_not_show;
    return value;
}

bool Memory::changes_in_step(std::size_t slot) const
{
    if (symbols_.symbol_of(slot).kind == SymbolKind::state) {
        return true;
    }
    for (std::size_t k = 0; k < sections_.size(); ++k) {
        const Section::Kind kind = sections_[k].kind;
        if ((kind == Section::Kind::solve || kind == Section::Kind::breakpoint) && writes(k, slot)) {
            return true;
        }
    }
    return false;
}

/// What a SOLVEd block left in a variable, for the blocks after it.
Value Memory::from_solve(std::size_t writer, std::size_t slot)
{
    const Environment& end = sections_[writer].result.end;
    const Value value = finish(writer, end.values[slot]);
    const bool sees_states_after =
        sections_[writer].sees_states_after || (end.marks[slot] & Environment::written_after_equations) != 0;
    for (const Input& input : graph_.inputs(value)) {
        const bool is_older = input.kind == InputKind::state && !sees_states_after && changes_in_step(input.index);
        if ((is_older && !shows_) || input.kind == InputKind::dt) {
            return need_state(slot);
        }
    }
    return graph_.apply(Op::hold, value);
}

Value Memory::at_end(std::size_t section, std::size_t slot)
{
    if (writes(section, slot)) {
        return finish(section, sections_[section].result.end.values[slot]);
    }
    return resolve(section, slot);
}

std::optional<Value> Memory::shown_at_end(std::size_t section, std::size_t slot)
{
    shows_ = true;
    cannot_show_ = false;
    const Value value = at_end(section, slot);
    shows_ = false;
    return cannot_show_ ? std::nullopt : std::optional(value);
}

}  // namespace axolemma::nmodl
