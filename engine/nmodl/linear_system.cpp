#include "nmodl/linear_system.hpp"

#include <algorithm>

namespace axolemma::nmodl {

using kinetics::Graph;
using kinetics::Input;
using kinetics::Value;

namespace {

bool depends_on_any(const Graph& graph, Value value, const std::vector<Input>& unknowns)
{
    const std::vector<Input> inputs = graph.inputs(value);
    return std::any_of(unknowns.begin(), unknowns.end(),
                       [&](const Input& unknown) { return std::binary_search(inputs.begin(), inputs.end(), unknown); });
}

/// a - b, or what it simplifies to when one is 0.
Value less(Graph& graph, Value a, Value b)
{
    if (graph.is_constant(b, 0)) {
        return a;
    }
    return graph.is_constant(a, 0) ? graph.negate(b) : graph.subtract(a, b);
}

Value times(Graph& graph, Value a, Value b)
{
    return graph.is_constant(a, 0) || graph.is_constant(b, 0) ? graph.constant(0) : graph.multiply(a, b);
}

using Matrix = std::vector<std::vector<Value>>;

/// Row to use at `column`: one with a constant other than 0 if there is any, else any that is not 0.
std::size_t pivot_row(const Graph& graph, const Matrix& rows, std::size_t column)
{
    if (!graph.is_constant(rows[column][column], 0)) {
        return column;
    }
    for (const bool constant : {true, false}) {
        for (std::size_t row = column + 1; row < rows.size(); ++row) {
            const Value value = rows[row][column];
            if (!graph.is_constant(value, 0) && (!constant || graph.is_constant(value))) {
                return row;
            }
        }
    }
    return rows.size();
}

}  // namespace

std::optional<std::vector<Value>> solve_linear(Graph& graph, const std::vector<Value>& residuals,
                                               const std::vector<Input>& unknowns)
{
    const std::size_t n = unknowns.size();
    if (residuals.size() != n) {
        return std::nullopt;
    }
    const Value zero = graph.constant(0);
    Matrix rows;
    for (std::size_t i = 0; i < n; ++i) {
        rows.emplace_back(n + 1);
        for (std::size_t j = 0; j < n; ++j) {
            rows[i][j] = graph.derivative(residuals[i], unknowns[j]);
            if (depends_on_any(graph, rows[i][j], unknowns)) {
                return std::nullopt;
            }
        }
        const Value at_zero = graph.substitute(residuals[i], [&](const Input& input) {
            return std::find(unknowns.begin(), unknowns.end(), input) == unknowns.end() ? Value{} : zero;
        });
        rows[i][n] = less(graph, zero, at_zero);
    }
    for (std::size_t column = 0; column < n; ++column) {
        const std::size_t row = pivot_row(graph, rows, column);
        if (row == n) {
            return std::nullopt;
        }
        std::swap(rows[row], rows[column]);
        for (std::size_t below = column + 1; below < n; ++below) {
            if (graph.is_constant(rows[below][column], 0)) {
                continue;
            }
            const Value factor = graph.divide(rows[below][column], rows[column][column]);
            for (std::size_t k = column + 1; k <= n; ++k) {
                rows[below][k] = less(graph, rows[below][k], times(graph, factor, rows[column][k]));
            }
        }
    }
    std::vector<Value> solution(n);
    for (std::size_t i = n; i-- > 0;) {
        Value right = rows[i][n];
        for (std::size_t k = i + 1; k < n; ++k) {
            right = less(graph, right, times(graph, rows[i][k], solution[k]));
        }
        solution[i] = graph.is_constant(right, 0) ? zero : graph.divide(right, rows[i][i]);
    }
    return solution;
}

}  // namespace axolemma::nmodl
