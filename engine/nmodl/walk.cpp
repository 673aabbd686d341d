#include "nmodl/walk.hpp"

namespace axolemma::nmodl {

void for_each_statement(const Statements& statements, const std::function<void(const Statement&)>& visit)
{
    for (const Statement& statement : statements) {
        visit(statement);
        if (const auto* choice = std::get_if<If>(&statement.what)) {
            for (const If::Branch& branch : choice->branches) {
                for_each_statement(branch.body, visit);
            }
            for_each_statement(choice->otherwise, visit);
        } else if (const auto* from = std::get_if<From>(&statement.what)) {
            for_each_statement(from->body, visit);
        } else if (const auto* loop = std::get_if<While>(&statement.what)) {
            for_each_statement(loop->body, visit);
        } else if (const auto* solve = std::get_if<Solve>(&statement.what)) {
            for_each_statement(solve->if_error, visit);
        } else if (const auto* inner = std::get_if<InnerInitial>(&statement.what)) {
            for_each_statement(inner->body, visit);
        } else if (const auto* netcons = std::get_if<ForNetcons>(&statement.what)) {
            for_each_statement(netcons->body, visit);
        }
    }
}

void for_each_expression(const ExpressionPtr& expression, const std::function<void(const Expression&)>& visit)
{
    if (!expression) {
        return;
    }
    visit(*expression);
    if (const auto* variable = std::get_if<Variable>(&expression->what)) {
        for_each_expression(variable->index, visit);
    } else if (const auto* unary = std::get_if<Unary>(&expression->what)) {
        for_each_expression(unary->operand, visit);
    } else if (const auto* binary = std::get_if<Binary>(&expression->what)) {
        for_each_expression(binary->left, visit);
        for_each_expression(binary->right, visit);
    } else if (const auto* call = std::get_if<Call>(&expression->what)) {
        for (const ExpressionPtr& argument : call->arguments) {
            for_each_expression(argument, visit);
        }
    }
}

namespace {

struct ExpressionsOf {
    const std::function<void(const Expression&)>& visit;

    void see(const ExpressionPtr& expression) const { for_each_expression(expression, visit); }
    void see(const std::vector<Reaction::Reactant>& list) const
    {
        for (const Reaction::Reactant& reactant : list) {
            see(reactant.count);
            see(reactant.state.index);
        }
    }
    void see(const std::vector<Variable>& list) const
    {
        for (const Variable& variable : list) {
            see(variable.index);
        }
    }

    void operator()(const Assignment& s) const
    {
        see(s.target.index);
        see(s.value);
    }
    void operator()(const Derivative& s) const
    {
        see(s.state.index);
        see(s.value);
    }
    void operator()(const If& s) const
    {
        for (const If::Branch& branch : s.branches) {
            see(branch.condition);
        }
    }
    void operator()(const From& s) const
    {
        see(s.first);
        see(s.last);
        see(s.step);
    }
    void operator()(const While& s) const { see(s.condition); }
    void operator()(const CallStatement& s) const { see(s.call); }
    void operator()(const Reaction& s) const
    {
        see(s.left);
        see(s.right);
        see(s.forward);
        see(s.backward);
    }
    void operator()(const Conserve& s) const
    {
        see(s.left);
        see(s.total);
    }
    void operator()(const Compartment& s) const
    {
        see(s.volume);
        see(s.states);
    }
    void operator()(const Diffusion& s) const
    {
        see(s.rate);
        see(s.states);
    }
    void operator()(const Equation& s) const
    {
        see(s.left);
        see(s.right);
    }
    void operator()(const WatchStatement& s) const
    {
        see(s.condition);
        see(s.flag);
    }
    void operator()(const TableStatement& s) const
    {
        see(s.from);
        see(s.to);
        see(s.with);
    }
    template <class Other>
    void operator()(const Other&) const
    {}
};

}  // namespace

void for_each_expression_in(const Statement& statement, const std::function<void(const Expression&)>& visit)
{
    std::visit(ExpressionsOf{visit}, statement.what);
}

}  // namespace axolemma::nmodl
