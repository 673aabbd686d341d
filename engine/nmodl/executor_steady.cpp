#include <algorithm>

#include <fmt/format.h>

#include "kinetics/linear.hpp"
#include "nmodl/executor.hpp"
#include "nmodl/rewriter.hpp"
#include "nmodl/walk.hpp"

namespace axolemma::nmodl {

using kinetics::Input;
using kinetics::InputKind;

/// SOLVE in BREAKPOINT is taken from the list of its statements (lower.cpp); elsewhere it acts at once.
void Executor::do_solve(const Solve& solve, const SourcePos& pos)
{
    if (phase_ == Phase::breakpoint) {
        if (frames_.size() > 1 || frames_.back().scopes.size() > 1) {
            error(pos, "SOLVE under a condition, in a loop or in a procedure is not supported",
                  "put SOLVE first in BREAKPOINT");
        }
        return;
    }
    if (phase_ != Phase::initial) {
        error(pos, "SOLVE stands in BREAKPOINT and INITIAL only");
        return;
    }
    const Block* block = symbols_.block(solve.block.text);
    if (block == nullptr) {
        error(solve.block.pos, fmt::format("SOLVE names '{}', which is no block", solve.block.text));
        return;
    }
    if (block->kind == Block::Kind::procedure) {
        follow(block->body);
        return;
    }
    const bool is_steady = solve.steady_state || (solve.method && solve.method->text == "steadystate");
    solve_now(*block, is_steady, pos);
}

/// Slots of the states that the block's equations are for, in the order of their numbers.
std::vector<std::size_t> Executor::equation_slots(const Block& block) const
{
    std::set<std::size_t> slots;
    for_each_statement(block.body, [&](const Statement& statement) {
        for_each_expression_in(statement, [&](const Expression& expression) {
            const auto* variable = std::get_if<Variable>(&expression.what);
            const Symbol* symbol = variable == nullptr ? nullptr : symbols_.find(variable->name);
            if (std::holds_alternative<Equation>(statement.what) && symbol != nullptr &&
                symbol->kind == SymbolKind::state) {
                for (std::size_t k = 0; k < symbol->n_slots(); ++k) {
                    slots.insert(symbol->first_slot + k);
                }
            }
        });
    });
    return {slots.begin(), slots.end()};
}

/// The unknowns that make all residuals 0; nothing if a residual is not linear in them or they are not fixed.
/// @param last  residuals of conserved sums, which are to be used last
std::optional<std::vector<Value>> Executor::solve_linear(const std::vector<Value>& residuals,
                                                         const std::vector<Input>& unknowns,
                                                         const std::set<std::size_t>& last, bool is_algebraic)
{
    if (residuals.size() != unknowns.size()) {
        return std::nullopt;
    }
    std::vector<kinetics::LinearEquation> equations;
    for (std::size_t k = 0; k < residuals.size(); ++k) {
        auto form = kinetics::linear_form(graph_, residuals[k], unknowns);
        if (!form) {
            return std::nullopt;
        }
        kinetics::LinearEquation& equation = equations.emplace_back();
        equation.coefficients = std::move(form->coefficients);
        equation.right = form->rest.is_valid() ? graph_.negate(form->rest) : Value{};
        equation.last = last.contains(k);
    }
    return kinetics::solve(graph_, std::move(equations),
                           is_algebraic ? kinetics::Pivots::any : kinetics::Pivots::diagonal);
}

/// The states become what the block says they are at rest: NEURON takes one implicit step of 10^9 ms, and so is done here.
void Executor::solve_now(const Block& block, bool is_steady, const SourcePos& pos)
{
    constexpr double long_step_ms = 1e9;
    const bool is_algebraic = block.kind == Block::Kind::linear || block.kind == Block::Kind::nonlinear;
    if (!is_algebraic && !is_steady) {
        error(pos, fmt::format("SOLVE {} in INITIAL without STEADYSTATE is not supported", block.name.text));
        return;
    }
    const std::vector<Value> before = env_.values;
    for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
        if (symbols_.symbol_of(slot).kind == SymbolKind::state) {
            env_.values[slot] = graph_.input(InputKind::state, slot);
        }
    }
    env_.derivatives.assign(symbols_.n_slots(), {});
    result_.residuals.clear();
    result_.conserved.clear();
    volumes_.clear();
    conserves_.clear();
    const std::size_t n_values = env_.values.size();
    frames_.push_back({&block, std::vector<Scope>(1)});
    follow(block.body);
    frames_.pop_back();
    env_.values.resize(n_values);
    finish_kinetics();

    std::vector<std::size_t> slots;
    std::set<std::size_t> last;
    std::vector<Value> residuals = std::move(result_.residuals);
    if (is_algebraic) {
        slots = equation_slots(block);
    } else {
        residuals.clear();
        for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
            const Value slope = env_.derivatives[slot];
            if (!slope.is_valid()) {
                continue;
            }
            const Value now = graph_.input(InputKind::state, slot);
            const auto conserved = std::find_if(result_.conserved.begin(), result_.conserved.end(),
                                                [&](const Conserved& c) { return c.slot == slot; });
            slots.push_back(slot);
            if (conserved != result_.conserved.end()) {
                last.insert(residuals.size());
                residuals.push_back(graph_.subtract(now, conserved->value));
                continue;
            }
            const Value change = graph_.multiply(graph_.constant(long_step_ms), slope);
            residuals.push_back(graph_.subtract(graph_.subtract(now, before[slot]), change));
        }
    }
    std::vector<Input> unknowns;
    for (const std::size_t slot : slots) {
        unknowns.push_back({InputKind::state, static_cast<std::uint32_t>(slot)});
    }
    constexpr std::size_t most_unknowns = 100;
    if (unknowns.size() > most_unknowns) {
        too_much(pos, fmt::format("more than {} states to be solved for in INITIAL", most_unknowns),
                 "give their initial values by assignments");
    }
    constexpr std::size_t nodes_per_work = 400;
    const std::size_t n_values_to_find = unknowns.size() * unknowns.size() + env_.values.size();
    work(static_cast<std::int64_t>(n_values_to_find * graph_.size() / nodes_per_work), pos);
    const auto solution = solve_linear(residuals, unknowns, last, is_algebraic);
    result_.residuals.clear();
    result_.conserved.clear();
    volumes_.clear();
    conserves_.clear();
    env_.derivatives.assign(symbols_.n_slots(), {});
    env_.equations_seen = false;
    if (!solution) {
        error(pos,
              fmt::format("the equations of '{}' cannot be solved in INITIAL: they are not linear in the states, or do "
                          "not fix them",
                          block.name.text),
              "give the initial values of the states by assignments");
        env_.values = before;
        return;
    }
    Rewriter rewriter(graph_);
    for (Value& value : env_.values) {
        value = rewriter.rewrite(value, [&](const Input& input) {
            const auto at = std::find(unknowns.begin(), unknowns.end(), input);
            if (at != unknowns.end()) {
                return (*solution)[static_cast<std::size_t>(at - unknowns.begin())];
            }
            return input.kind == InputKind::state ? before[input.index] : Value{};
        });
    }
    for (const std::size_t slot : slots) {
        env_.marks[slot] = Environment::written;
    }
}

}  // namespace axolemma::nmodl
