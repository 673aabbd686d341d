#include "kinetics/linear.hpp"

#include <algorithm>
#include <cassert>
#include <unordered_map>
#include <utility>

namespace axolemma::kinetics {

namespace {

using Form = std::optional<LinearForm>;

Value sum_of(Graph& graph, Value a, Value b)
{
    return !a.is_valid() ? b : !b.is_valid() ? a : graph.add(a, b);
}
Value difference_of(Graph& graph, Value a, Value b)
{
    return !b.is_valid() ? a : !a.is_valid() ? graph.negate(b) : graph.subtract(a, b);
}

/// Linear forms of nodes out of those of their operands.
class FormReader {
public:
    FormReader(Graph& graph, std::span<const Input> inputs) : graph_(graph), inputs_(inputs) {}

    Form read(Value value)
    {
        for (const std::int32_t k : graph_.needed(value)) {
            const Node node = graph_.node({k});  // a copy: the graph grows
            forms_[k] = form_of(node, {k});
        }
        return forms_.at(value.index);
    }

private:
    const Form& of(Value operand) const { return forms_.at(operand.index); }
    static bool is_free(const Form& form) { return form && form->coefficients.empty(); }

    template <class Change>
    static LinearForm each_part(const LinearForm& form, Change change)
    {
        LinearForm changed;
        for (const auto& [k, coefficient] : form.coefficients) {
            changed.coefficients[k] = change(coefficient);
        }
        changed.rest = form.rest.is_valid() ? change(form.rest) : Value{};
        return changed;
    }
    /// @param combine  called with one or two valid values
    template <class Combine>
    static LinearForm both(const LinearForm& a, const LinearForm& b, Combine combine)
    {
        LinearForm made = a;
        for (const auto& [k, coefficient] : b.coefficients) {
            Value& mine = made.coefficients[k];
            mine = combine(mine, coefficient);
        }
        for (auto& [k, coefficient] : made.coefficients) {
            if (b.coefficients.count(k) == 0) {
                coefficient = combine(coefficient, Value{});
            }
        }
        made.rest = a.rest.is_valid() || b.rest.is_valid() ? combine(a.rest, b.rest) : Value{};
        return made;
    }

    Form form_of(const Node& node, Value self)
    {
        if (node.op == Op::input) {
            const auto at = std::find(inputs_.begin(), inputs_.end(), node.input);
            return at == inputs_.end()
                       ? LinearForm{{}, self}
                       : LinearForm{{{static_cast<std::size_t>(at - inputs_.begin()), graph_.constant(1.0)}}, {}};
        }
        const int n = operands_of(node.op);
        const bool all_free =
            (n < 1 || is_free(of(node.a))) && (n < 2 || is_free(of(node.b))) && (n < 3 || is_free(of(node.c)));
        if (all_free || node.op == Op::hold) {
            return LinearForm{{}, self};
        }
        return linear_in_operands(node);
    }

    Form linear_in_operands(const Node& node)
    {
        const Form none;
        const Form& a = of(node.a);
        const Form& b = node.b.is_valid() ? of(node.b) : none;
        switch (node.op) {
        case Op::negate: return a ? Form(each_part(*a, [&](Value x) { return graph_.negate(x); })) : none;
        case Op::add: return a && b ? Form(both(*a, *b, [&](Value x, Value y) { return sum_of(graph_, x, y); })) : none;
        case Op::subtract:
            return a && b ? Form(both(*a, *b, [&](Value x, Value y) { return difference_of(graph_, x, y); })) : none;
        case Op::multiply:
            if (a && is_free(b)) {
                return each_part(*a, [&](Value x) { return graph_.multiply(x, node.b); });
            }
            return b && is_free(a) ? Form(each_part(*b, [&](Value x) { return graph_.multiply(node.a, x); })) : none;
        case Op::divide:
            return a && is_free(b) ? Form(each_part(*a, [&](Value x) { return graph_.divide(x, node.b); })) : none;
        case Op::select: return selected(node, a, b, of(node.c));
        default: return none;
        }
    }

    Form selected(const Node& node, const Form& condition, const Form& yes, const Form& no)
    {
        if (!is_free(condition) || !yes || !no) {
            return {};
        }
        const auto or_zero = [&](Value x) { return x.is_valid() ? x : graph_.constant(0.0); };
        return both(*yes, *no, [&](Value x, Value y) { return graph_.select(node.a, or_zero(x), or_zero(y)); });
    }

    Graph& graph_;
    std::span<const Input> inputs_;
    std::unordered_map<std::int32_t, Form> forms_;
};

class Elimination {
public:
    Elimination(Graph& graph, std::vector<LinearEquation> rows) : graph_(graph), rows_(std::move(rows))
    {
        is_used_.assign(rows_.size(), false);
    }

    std::optional<std::vector<Value>> solve(Pivots pivots)
    {
        std::vector<Pivot> order;
        while (order.size() < rows_.size()) {
            if (graph_.size() > most_nodes) {
                return std::nullopt;
            }
            auto pivot = choose(pivots);
            if (!pivot) {
                return std::nullopt;
            }
            eliminate(*pivot);
            order.push_back(*pivot);
        }
        std::reverse(order.begin(), order.end());
        std::vector<Value> x(rows_.size());
        for (const Pivot& pivot : order) {
            x[pivot.column] = back_substituted(pivot, x);
        }
        return x;
    }

private:
    struct Pivot {
        std::size_t row, column;
        Value reciprocal;
    };

    /// Fill-ins of dense systems of many states, whatever the author meant, would fill the memory.
    static constexpr std::size_t most_nodes = 400'000;

    /// In how many of the rows that are left each column stands.
    std::map<std::size_t, std::size_t> rows_of_columns() const
    {
        std::map<std::size_t, std::size_t> n;
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            for (const auto& [column, coefficient] : rows_[r].coefficients) {
                n[column] += is_used_[r] ? 0U : 1U;
            }
        }
        return n;
    }

    std::optional<Pivot> choose(Pivots pivots) const
    {
        std::optional<Pivot> best;
        std::pair<bool, std::size_t> least;
        const auto rows_with = rows_of_columns();
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            if (is_used_[r]) {
                continue;
            }
            for (const auto& [column, coefficient] : rows_[r].coefficients) {
                if ((pivots == Pivots::diagonal && column != r) || graph_.is_constant(coefficient, 0.0)) {
                    continue;
                }
                const std::pair<bool, std::size_t> cost{
                    rows_[r].last, (rows_[r].coefficients.size() - 1) * (rows_with.at(column) - 1)};
                if (!best || cost < least) {
                    best = Pivot{r, column, {}};
                    least = cost;
                }
            }
        }
        return best;
    }

    void eliminate(Pivot& pivot)
    {
        is_used_[pivot.row] = true;
        const LinearEquation& from = rows_[pivot.row];
        pivot.reciprocal = graph_.divide(graph_.constant(1.0), from.coefficients.at(pivot.column));
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            LinearEquation& row = rows_[r];
            const auto at = row.coefficients.find(pivot.column);
            if (is_used_[r] || at == row.coefficients.end()) {
                continue;
            }
            const Value factor = graph_.multiply(at->second, pivot.reciprocal);
            row.coefficients.erase(at);
            for (const auto& [column, coefficient] : from.coefficients) {
                if (column != pivot.column) {
                    Value& mine = row.coefficients[column];
                    mine = difference_of(graph_, mine, graph_.multiply(factor, coefficient));
                }
            }
            if (from.right.is_valid()) {
                row.right = difference_of(graph_, row.right, graph_.multiply(factor, from.right));
            }
        }
    }

    Value back_substituted(const Pivot& pivot, const std::vector<Value>& x)
    {
        Value sum = rows_[pivot.row].right;
        for (const auto& [column, coefficient] : rows_[pivot.row].coefficients) {
            if (column != pivot.column && x[column].is_valid()) {
                sum = difference_of(graph_, sum, graph_.multiply(coefficient, x[column]));
            }
        }
        return sum.is_valid() ? graph_.multiply(sum, pivot.reciprocal) : graph_.constant(0.0);
    }

    Graph& graph_;
    std::vector<LinearEquation> rows_;
    std::vector<bool> is_used_;
};

}  // namespace

std::optional<LinearForm> linear_form(Graph& graph, Value value, std::span<const Input> inputs)
{
    return FormReader(graph, inputs).read(value);
}

std::optional<std::vector<Value>> solve(Graph& graph, std::vector<LinearEquation> equations, Pivots pivots)
{
    return Elimination(graph, std::move(equations)).solve(pivots);
}

}  // namespace axolemma::kinetics
