#include "kinetics/hh_form.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace axolemma::kinetics {

namespace {

using Column = mechanisms::LaneKernel::HhShape::Column;

/// A product of inputs: how often each is a factor.
using Product = std::map<Input, int>;

/// Multiplies the product by the value; false if that is anything else than a product of inputs.
bool multiply_in(const Graph& graph, Value value, Product& product)
{
    const Node& node = graph.node(value);
    if (node.op == Op::input) {
        ++product[node.input];
        return true;
    }
    return node.op == Op::multiply && multiply_in(graph, node.a, product) && multiply_in(graph, node.b, product);
}

/// The value, or its negative, as a sum of such products, however the minus signs are spread over it.
bool add_terms(const Graph& graph, Value value, bool negative, std::vector<Product>& terms)
{
    const Node& node = graph.node(value);
    if (node.op == Op::add || node.op == Op::subtract) {
        return add_terms(graph, node.a, negative, terms) &&
               add_terms(graph, node.b, negative != (node.op == Op::subtract), terms);
    }
    if (node.op == Op::negate) {
        return add_terms(graph, node.a, !negative, terms);
    }
    terms.emplace_back();
    return !negative && terms.size() <= 3 && multiply_in(graph, value, terms.back());
}

/// A conductance gbar x^3 y, gbar x^4 or gbar alone.
struct Conductance {
    Column gbar;
    std::size_t cubed = 0, once = 0, fourth = 0;  ///< states
    enum class Kind { sodium, potassium, leak, other } kind = Kind::other;
};

Conductance conductance(const Product& product)
{
    Conductance found;
    std::size_t n_gbar = 0, n_cubed = 0, n_once = 0, n_fourth = 0, n_others = 0;
    for (const auto& [input, power] : product) {
        if (input.kind == InputKind::parameter && power == 1) {
            found.gbar = {false, input.index};
            ++n_gbar;
        } else if (input.kind == InputKind::state && power == 3) {
            found.cubed = input.index;
            ++n_cubed;
        } else if (input.kind == InputKind::state && power == 1) {
            found.once = input.index;
            ++n_once;
        } else if (input.kind == InputKind::state && power == 4) {
            found.fourth = input.index;
            ++n_fourth;
        } else {
            ++n_others;
        }
    }
    if (n_gbar == 1 && n_others == 0) {
        const bool is_sodium = n_cubed == 1 && n_once == 1 && n_fourth == 0;
        const bool is_potassium = n_cubed == 0 && n_once == 0 && n_fourth == 1;
        const bool is_leak = n_cubed == 0 && n_once == 0 && n_fourth == 0;
        found.kind = is_sodium      ? Conductance::Kind::sodium
                     : is_potassium ? Conductance::Kind::potassium
                     : is_leak      ? Conductance::Kind::leak
                                    : Conductance::Kind::other;
    }
    return found;
}

/// What the source is the conductance times.
std::optional<Column> reversal(Product source, const Product& of_conductance)
{
    for (const auto& [input, power] : of_conductance) {
        const auto at = source.find(input);
        if (at == source.end() || at->second < power) {
            return std::nullopt;
        }
        at->second -= power;
        if (at->second == 0) {
            source.erase(at);
        }
    }
    if (source.size() != 1 || source.begin()->second != 1) {
        return std::nullopt;
    }
    const Input left = source.begin()->first;
    if (left.kind != InputKind::parameter && left.kind != InputKind::ion) {
        return std::nullopt;
    }
    return Column{left.kind == InputKind::ion, left.index};
}

/// Are these three states, as gates that tables can hold, all that a step changes?
bool only_gates(const CompiledEquations& compiled, const std::array<std::size_t, 3>& states)
{
    std::set<std::size_t> gates, assigned;
    for (const TabulableGate& gate : compiled.gates) {
        gates.insert(gate.state);
    }
    for (const Step& step : compiled.steps.steps) {
        const auto* assignments = std::get_if<Assignments>(&step);
        if (assignments == nullptr) {
            return false;
        }
        assigned.insert(assignments->states.begin(), assignments->states.end());
    }
    const std::set<std::size_t> wanted(states.begin(), states.end());
    const auto& written = compiled.equations.concentrations;
    return wanted.size() == 3 && gates == wanted && assigned == wanted &&
           std::none_of(written.begin(), written.end(), [](Value value) { return value.is_valid(); });
}

}  // namespace

std::optional<HhForm> find_hh_form(const CompiledEquations& compiled)
{
    const Graph& graph = compiled.equations.graph;
    std::vector<Product> g_terms, s_terms;
    if (!compiled.total.g.is_valid() || !add_terms(graph, compiled.total.g, false, g_terms) ||
        !add_terms(graph, compiled.total.s, false, s_terms) || g_terms.size() != 3 || s_terms.size() != 3) {
        return std::nullopt;
    }
    HhForm form;
    std::set<Conductance::Kind> kinds;
    for (const Product& g : g_terms) {
        const Conductance found = conductance(g);
        std::optional<Column> e;
        for (std::size_t k = 0; k < s_terms.size() && !e; ++k) {
            e = reversal(s_terms[k], g);
        }
        if (found.kind == Conductance::Kind::other || !e || !kinds.insert(found.kind).second) {
            return std::nullopt;
        }
        const auto part = static_cast<std::size_t>(found.kind);
        form.parameters[part] = found.gbar;
        form.parameters[part + 3] = *e;
        if (found.kind == Conductance::Kind::sodium) {
            form.states[0] = found.cubed;
            form.states[1] = found.once;
        } else if (found.kind == Conductance::Kind::potassium) {
            form.states[2] = found.fourth;
        }
    }
    return only_gates(compiled, form.states) ? std::optional(form) : std::nullopt;
}

}  // namespace axolemma::kinetics
