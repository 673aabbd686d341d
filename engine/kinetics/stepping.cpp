#include "kinetics/stepping.hpp"

#include <algorithm>
#include <cassert>
#include <numbers>
#include <unordered_set>
#include <utility>

#include "kinetics/linear.hpp"

namespace axolemma::kinetics {

namespace {

/// SDIRK2 (Alexander 1977): two stages of one implicit Euler step of gamma dt each; order 2 and L-stable.
constexpr double sdirk2_gamma = 1.0 - 1.0 / std::numbers::sqrt2;

Input state_input(std::size_t state)
{
    return {InputKind::state, static_cast<std::uint32_t>(state)};
}

std::vector<Input> state_inputs(const std::vector<std::size_t>& states)
{
    std::vector<Input> inputs;
    for (const std::size_t state : states) {
        inputs.push_back(state_input(state));
    }
    return inputs;
}

std::vector<Value> state_values(Graph& graph, const std::vector<std::size_t>& states)
{
    std::vector<Value> values;
    for (const std::size_t state : states) {
        values.push_back(graph.input(InputKind::state, state));
    }
    return values;
}

std::vector<Value> unknowns(Graph& graph, std::size_t n)
{
    std::vector<Value> values;
    for (std::size_t k = 0; k < n; ++k) {
        values.push_back(graph.input(InputKind::unknown, k));
    }
    return values;
}

/// The value with states[k] replaced by now[k].
Value with_states(Graph& graph, Value value, const std::vector<std::size_t>& states, const std::vector<Value>& now)
{
    return graph.substitute(value, [&](Input input) {
        if (input.kind == InputKind::state) {
            for (std::size_t k = 0; k < states.size(); ++k) {
                if (states[k] == input.index) {
                    return now[k];
                }
            }
        }
        return Value{};
    });
}

Value conserved_of(const OdeSystem& system, std::size_t k)
{
    return k < system.conserved.size() ? system.conserved[k] : Value{};
}

// ---- linear systems -------------------------------------------------------------------------------------------------

/// Linear forms of a system in its own states: derivatives, and conserved sums where there are some.
struct LinearSystem {
    std::vector<LinearForm> derivatives;
    std::vector<std::optional<LinearForm>> conserved;
};

std::optional<LinearSystem> linear_system(Graph& graph, const OdeSystem& system)
{
    LinearSystem linear;
    const auto inputs = state_inputs(system.states);
    for (std::size_t k = 0; k < system.states.size(); ++k) {
        const auto derivative = linear_form(graph, system.derivatives[k], inputs);
        const Value sum = conserved_of(system, k);
        const auto conserved = sum.is_valid() ? linear_form(graph, sum, inputs) : std::optional<LinearForm>{};
        if (!derivative || (sum.is_valid() && !conserved)) {
            return std::nullopt;
        }
        linear.derivatives.push_back(*derivative);
        linear.conserved.push_back(conserved);
    }
    return linear;
}

/// x[k] - (sum of conserved coefficients x) = rest
LinearEquation conserved_equation(Graph& graph, const LinearForm& conserved, std::size_t k)
{
    LinearEquation equation{{}, conserved.rest, true};
    for (const auto& [column, coefficient] : conserved.coefficients) {
        equation.coefficients[column] = graph.negate(coefficient);
    }
    Value& own = equation.coefficients[k];
    const Value one = graph.constant(1.0);
    own = own.is_valid() ? graph.add(own, one) : one;
    return equation;
}

/// States y with y = from + h f(y).
std::optional<std::vector<Value>> linear_euler(Graph& graph, const LinearSystem& system, const std::vector<Value>& from,
                                               Value h)
{
    std::vector<LinearEquation> equations;
    for (std::size_t k = 0; k < from.size(); ++k) {
        if (system.conserved[k]) {
            equations.push_back(conserved_equation(graph, *system.conserved[k], k));
            continue;
        }
        const LinearForm& f = system.derivatives[k];
        LinearEquation equation;
        equation.right = f.rest.is_valid() ? graph.add(from[k], graph.multiply(h, f.rest)) : from[k];
        for (const auto& [column, coefficient] : f.coefficients) {
            const Value moved = graph.multiply(h, coefficient);
            equation.coefficients[column] =
                column == k ? graph.subtract(graph.constant(1.0), moved) : graph.negate(moved);
        }
        equation.coefficients.try_emplace(k, graph.constant(1.0));
        equations.push_back(std::move(equation));
    }
    return solve(graph, std::move(equations), Pivots::diagonal);
}

/// What the second stage of SDIRK2 starts from: x + (1 - gamma) dt f(y), with dt f(y) = (y - x) / gamma.
std::vector<Value> second_start(Graph& graph, const std::vector<Value>& x, const std::vector<Value>& y)
{
    const Value factor = graph.constant((1.0 - sdirk2_gamma) / sdirk2_gamma);
    std::vector<Value> start;
    for (std::size_t k = 0; k < x.size(); ++k) {
        start.push_back(graph.add(x[k], graph.multiply(factor, graph.subtract(y[k], x[k]))));
    }
    return start;
}

// ---- Newton's method ------------------------------------------------------------------------------------------------

/// Newton's method for 0 = residuals (of unknowns), which are to become the states.
/// @param last  which equations keep their pivots for last
std::optional<NewtonSystem> newton(Graph& graph, const std::vector<Value>& residuals, const std::vector<bool>& last,
                                   Pivots pivots)
{
    std::vector<LinearEquation> equations;
    for (std::size_t k = 0; k < residuals.size(); ++k) {
        LinearEquation equation{{}, graph.negate(residuals[k]), last[k]};
        for (const Input input : graph.inputs(residuals[k])) {
            const Value slope = input.kind == InputKind::unknown ? graph.derivative(residuals[k], input) : Value{};
            if (slope.is_valid() && !graph.is_constant(slope, 0.0)) {
                equation.coefficients[input.index] = slope;
            }
        }
        equations.push_back(std::move(equation));
    }
    auto corrections = solve(graph, std::move(equations), pivots);
    if (!corrections) {
        return std::nullopt;
    }
    NewtonSystem system;
    system.corrections = std::move(*corrections);
    return system;
}

/// y with y = from + h f(y).
std::optional<NewtonSystem> newton_euler(Graph& graph, const OdeSystem& system, const std::vector<Value>& from, Value h)
{
    const auto y = unknowns(graph, system.states.size());
    std::vector<Value> residuals;
    std::vector<bool> last;
    for (std::size_t k = 0; k < y.size(); ++k) {
        const Value sum = conserved_of(system, k);
        last.push_back(sum.is_valid());
        if (sum.is_valid()) {
            residuals.push_back(graph.subtract(y[k], with_states(graph, sum, system.states, y)));
        } else {
            const Value f = with_states(graph, system.derivatives[k], system.states, y);
            residuals.push_back(graph.subtract(graph.subtract(y[k], from[k]), graph.multiply(h, f)));
        }
    }
    auto made = newton(graph, residuals, last, Pivots::diagonal);
    if (made) {
        made->start = from;
        made->then.states = system.states;
        made->then.after = y;
    }
    return made;
}

// ---- stages ---------------------------------------------------------------------------------------------------------

class StepBuilder {
public:
    StepBuilder(Graph& graph, int implicit_order) : graph_(graph), order_(implicit_order) {}

    void add(const OdeSystem& system)
    {
        switch (system.method) {
        case OdeMethod::automatic: add_automatic(system); return;
        case OdeMethod::implicit: add_implicit(system, {}); return;
        case OdeMethod::explicit_euler: break;
        }
        Assignments forward;
        const Value dt = graph_.input(InputKind::dt);
        for (std::size_t k = 0; k < system.states.size(); ++k) {
            const Value x = graph_.input(InputKind::state, system.states[k]);
            append(forward, system.states[k], graph_.add(x, graph_.multiply(dt, system.derivatives[k])));
        }
        add_with_conserved(system, std::move(forward));
    }

    void add(const AlgebraicSystem& system)
    {
        if (system.states.size() != system.residuals.size() || system.states.size() > most_states_together) {
            give_up(system.pos);
            return;
        }
        std::vector<LinearEquation> equations;
        const auto inputs = state_inputs(system.states);
        for (const Value residual : system.residuals) {
            auto form = linear_form(graph_, residual, inputs);
            if (!form) {
                add_nonlinear(system);
                return;
            }
            const Value right = form->rest.is_valid() ? graph_.negate(form->rest) : Value{};
            equations.push_back({std::move(form->coefficients), right});
        }
        auto solution = solve(graph_, std::move(equations), Pivots::any);
        if (!solution) {
            give_up(system.pos);
            return;
        }
        program_.steps.emplace_back(Assignments{system.states, std::move(*solution)});
    }

    void add(const std::vector<Update>& updates)
    {
        Assignments assignments;
        for (const Update& update : updates) {
            append(assignments, update.state, update.after);
        }
        program_.steps.emplace_back(std::move(assignments));
    }

    StepProgram take() { return std::move(program_); }
    /// Place of the first system that cannot be solved, if there is one.
    const std::optional<base::SourcePos>& failed_at() const { return failed_at_; }

private:
    void give_up(const base::SourcePos& pos)
    {
        if (!failed_at_) {
            failed_at_ = pos;
        }
    }

    static void append(Assignments& assignments, std::size_t state, Value after)
    {
        assignments.states.push_back(state);
        assignments.after.push_back(after);
    }

    void add_nonlinear(const AlgebraicSystem& system)
    {
        const auto y = unknowns(graph_, system.states.size());
        std::vector<Value> residuals;
        for (const Value residual : system.residuals) {
            residuals.push_back(with_states(graph_, residual, system.states, y));
        }
        auto made = newton(graph_, residuals, std::vector<bool>(y.size(), false), Pivots::any);
        if (!made) {
            give_up(system.pos);
            return;
        }
        made->start = state_values(graph_, system.states);
        made->then = {system.states, y};
        program_.steps.emplace_back(std::move(*made));
    }

    /// Each equation that is linear in its own state exactly, the others together implicitly.
    void add_automatic(const OdeSystem& system)
    {
        Assignments exact;
        OdeSystem others;
        for (std::size_t k = 0; k < system.states.size(); ++k) {
            const std::size_t state = system.states[k];
            if (const auto step = exact_step(graph_, system.derivatives[k], state)) {
                append(exact, state, step->after);
            } else {
                others.states.push_back(state);
                others.derivatives.push_back(system.derivatives[k]);
                others.conserved.push_back(conserved_of(system, k));
                others.pos = system.pos;
            }
        }
        if (others.states.empty()) {
            add_with_conserved(system, std::move(exact));
        } else {
            add_implicit(others, exact);
        }
    }

    /// States that are given by a conserved sum take it from the others after the step.
    void add_with_conserved(const OdeSystem& system, Assignments assignments)
    {
        const Assignments plain = assignments;
        for (std::size_t k = 0; k < system.states.size(); ++k) {
            if (const Value sum = conserved_of(system, k); sum.is_valid()) {
                assignments.after[k] = with_states(graph_, sum, plain.states, plain.after);
            }
        }
        program_.steps.emplace_back(std::move(assignments));
    }

    /// @param also  assignments of other states, from the same states before
    void add_implicit(const OdeSystem& system, const Assignments& also)
    {
        if (system.states.size() > most_states_together) {
            give_up(system.pos);
            return;
        }
        const Value dt = graph_.input(InputKind::dt);
        const bool second_order = order_ == 2;
        const Value h = second_order ? graph_.multiply(graph_.constant(sdirk2_gamma), dt) : dt;
        const auto x = state_values(graph_, system.states);
        const auto with_also = [&](Assignments own) {
            own.states.insert(own.states.end(), also.states.begin(), also.states.end());
            own.after.insert(own.after.end(), also.after.begin(), also.after.end());
            return own;
        };
        if (const auto linear = linear_system(graph_, system)) {
            auto y = linear_euler(graph_, *linear, x, h);
            if (second_order && y) {
                y = linear_euler(graph_, *linear, second_start(graph_, x, *y), h);
            }
            if (!y) {
                give_up(system.pos);
                return;
            }
            program_.steps.emplace_back(with_also({system.states, std::move(*y)}));
            return;
        }
        auto stage = newton_euler(graph_, system, x, h);
        if (!stage) {
            give_up(system.pos);
            return;
        }
        if (second_order) {
            NewtonSystem first = *stage;
            first.then.after = second_start(graph_, x, first.then.after);
            program_.steps.emplace_back(std::move(first));
        }
        stage->then = with_also(std::move(stage->then));
        program_.steps.emplace_back(std::move(*stage));
    }

    Graph& graph_;
    int order_;
    StepProgram program_;
    std::optional<base::SourcePos> failed_at_;
};

/// The equation (target - x) rate, read as such: the target, and -dt rate.
struct Relaxation {
    Value target, exponent;
};

std::optional<Relaxation> relaxation(Graph& graph, Value value, Input x)
{
    std::unordered_set<std::int32_t> of_x;  // nodes that depend on it
    for (const std::int32_t k : graph.needed(value)) {
        const Node& node = graph.node({k});
        if ((node.op == Op::input && node.input == x) || of_x.count(node.a.index) != 0 ||
            of_x.count(node.b.index) != 0 || of_x.count(node.c.index) != 0) {
            of_x.insert(k);
        }
    }
    const auto depends = [&](Value operand) { return of_x.count(operand.index) != 0; };
    // From the outside in to the difference, past the factors and divisors around it.
    std::vector<std::pair<Op, Value>> around;
    bool is_negated = false;
    for (Op op = graph.node(value).op; op != Op::subtract; op = graph.node(value).op) {
        const Node& node = graph.node(value);
        if (op == Op::negate) {
            is_negated = !is_negated;
            value = node.a;
        } else if (op == Op::multiply && depends(node.a) != depends(node.b)) {
            value = depends(node.a) ? node.a : node.b;
            around.emplace_back(op, depends(node.a) ? node.b : node.a);
        } else if (op == Op::divide && !depends(node.b)) {
            value = node.a;
            around.emplace_back(op, node.b);
        } else {
            return std::nullopt;
        }
    }
    const Node difference = graph.node(value);
    const Value target = is_negated ? difference.b : difference.a;
    const Node own = graph.node(is_negated ? difference.a : difference.b);
    if (own.op != Op::input || own.input != x || depends(target)) {
        return std::nullopt;
    }
    Value exponent = graph.negate(graph.input(InputKind::dt));
    std::for_each(around.rbegin(), around.rend(),
                  [&](const auto& factor) { exponent = graph.apply(factor.first, exponent, factor.second); });
    return Relaxation{target, exponent};
}

}  // namespace

std::optional<ExactStep> exact_step(Graph& graph, Value derivative, std::size_t state)
{
    const Input input = state_input(state);
    const Value x = graph.input(InputKind::state, state);
    const Value dt = graph.input(InputKind::dt);
    if (const auto found = relaxation(graph, derivative, input)) {
        const Value decay = graph.exp(found->exponent);
        const Value way = graph.multiply(graph.subtract(x, found->target), decay);
        const Value missing = graph.negate(graph.apply(Op::expm1, found->exponent));
        return ExactStep{graph.add(found->target, way), decay, graph.multiply(missing, found->target)};
    }
    const auto form = linear_form(graph, derivative, std::span(&input, 1));
    if (!form) {
        return std::nullopt;
    }
    const auto rate = form->coefficients.find(0);
    const bool has_rate = rate != form->coefficients.end();
    const Value exponent = has_rate ? graph.multiply(dt, rate->second) : Value{};
    const Value a = has_rate ? graph.exp(exponent) : graph.constant(1.0);
    const Value kept = graph.multiply(a, x);
    if (!form->rest.is_valid()) {
        return ExactStep{kept, a, graph.constant(0.0)};
    }
    // (e^y - 1)/y is 1/exprelr(y), which knows y = 0
    const Value gain = graph.multiply(dt, form->rest);
    const Value b = has_rate ? graph.divide(gain, graph.apply(Op::exprelr, exponent)) : gain;
    return ExactStep{graph.add(kept, b), a, b};
}

namespace {

StepBuilder built(Graph& graph, const std::vector<Stage>& stages, int implicit_order)
{
    assert((implicit_order == 1 || implicit_order == 2) && "orders there are");
    StepBuilder builder(graph, implicit_order);
    for (const Stage& stage : stages) {
        std::visit([&](const auto& what) { builder.add(what); }, stage);
    }
    return builder;
}

}  // namespace

StepProgram build_steps(Graph& graph, const std::vector<Stage>& stages, int implicit_order)
{
    StepBuilder builder = built(graph, stages, implicit_order);
    assert(!builder.failed_at() && "readers ask find_unsolvable() first");
    return builder.take();
}

std::optional<base::SourcePos> find_unsolvable(Graph graph, const std::vector<Stage>& stages, int implicit_order)
{
    return built(graph, stages, implicit_order).failed_at();
}

std::optional<std::vector<Value>> steady_state(Graph& graph, const OdeSystem& system, const std::vector<Value>& from)
{
    constexpr double for_ever_ms = 1e9;
    const auto linear = linear_system(graph, system);
    return linear ? linear_euler(graph, *linear, from, graph.constant(for_ever_ms)) : std::nullopt;
}

}  // namespace axolemma::kinetics
