#include "nmodl/executor.hpp"

#include <cmath>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "kinetics/linear.hpp"

namespace axolemma::nmodl {

using kinetics::Op;

Executor::Executor(const File& file, const Symbols& symbols, kinetics::Graph& graph, base::Diagnostics& diagnostics)
    : file_(file), symbols_(symbols), graph_(graph), diagnostics_(diagnostics)
{}

void Executor::error(const SourcePos& pos, const std::string& message, const std::string& hint)
{
    if (reported_.insert(pos.text() + message).second) {
        diagnostics_.error(pos, message, hint);
    }
}

void Executor::warning(const SourcePos& pos, const std::string& message, const std::string& hint)
{
    if (reported_.insert(pos.text() + message).second) {
        diagnostics_.warning(pos, message, hint);
    }
}

void Executor::too_much(const SourcePos& pos, const std::string& message, const std::string& hint)
{
    error(pos, message, hint);
    stopped_ = true;
    throw TooMuch{};
}

void Executor::work(std::int64_t amount, const SourcePos& pos)
{
    work_ += amount;
    if (work_ > max_work) {
        too_much(pos, fmt::format("the mechanism is too large: more than {} statements to follow", max_work),
                 "loops and calls inside each other multiply");
    }
    if (graph_.size() > max_nodes) {
        too_much(pos, fmt::format("the mechanism is too large: its formulas have more than {} operations", max_nodes),
                 "loops and calls inside each other multiply");
    }
}

Executor::Result Executor::run(const Block& block, const std::vector<const Statements*>& bodies, Phase phase,
                               std::vector<Value> start, const std::vector<Value>& arguments)
{
    phase_ = phase;
    env_ = {};
    env_.values = std::move(start);
    env_.derivatives.resize(symbols_.n_slots());
    env_.marks.resize(symbols_.n_slots());
    path_ = graph_.constant(1);
    result_ = {};
    volumes_.clear();
    conserves_.clear();
    forward_flux_ = backward_flux_ = {};
    frames_.assign(1, {&block, std::vector<Scope>(1)});
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        const std::size_t first = declare(block.arguments[k].name.text, 0, block.arguments[k].name.pos).first;
        env_.values[first] = arguments[k];
    }
    try {
        if (!stopped_) {
            for (const Statements* body : bodies) {
                follow(*body);
            }
            finish_kinetics();
        }
    } catch (const TooMuch&) {
        env_.values.resize(symbols_.n_slots() + arguments.size(), graph_.constant(0));
    }
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        result_.arguments.push_back(env_.values[symbols_.n_slots() + k]);
    }
    env_.values.resize(symbols_.n_slots());
    result_.end = std::move(env_);
    return std::move(result_);
}

void Executor::follow(const Statements& statements)
{
    for (const Statement& statement : statements) {
        work(1, statement.pos);
        follow(statement);
    }
}

/// Statements between braces: names that are LOCAL there end there.
void Executor::follow_inside(const Statements& statements)
{
    const std::size_t n_values = env_.values.size();
    frames_.back().scopes.emplace_back();
    follow(statements);
    frames_.back().scopes.pop_back();
    env_.values.resize(n_values);
}

void Executor::follow(const Statement& statement)
{
    const SourcePos& pos = statement.pos;
    struct Visitor {
        Executor& self;
        const SourcePos& pos;
        void operator()(const Assignment& s) const { self.assign(s.target, self.value(s.value), pos); }
        void operator()(const Derivative& s) const { self.do_derivative(s, pos); }
        void operator()(const Local& s) const { self.do_local(s); }
        void operator()(const If& s) const { self.do_if(s, 0); }
        void operator()(const From& s) const { self.do_from(s, pos); }
        void operator()(const While& s) const { self.do_while(s, pos); }
        void operator()(const CallStatement& s) const
        {
            if (const auto* call = s.call ? std::get_if<Call>(&s.call->what) : nullptr) {
                self.call(*call, s.call->pos, true);
            } else {
                self.value(s.call);
            }
        }
        void operator()(const Solve& s) const { self.do_solve(s, pos); }
        void operator()(const TableStatement&) const {}
        void operator()(const Reaction& s) const { self.do_reaction(s, pos); }
        void operator()(const Conserve& s) const { self.do_conserve(s, pos); }
        void operator()(const Compartment& s) const { self.do_compartment(s, pos); }
        void operator()(const Diffusion&) const
        {
            self.error(pos, "LONGITUDINAL_DIFFUSION is not supported",
                       "mechanisms see one compartment; without diffusion along the cable leave the statement out");
        }
        void operator()(const Equation& s) const
        {
            const Value left = self.value(s.left);
            self.result_.residuals.push_back(self.graph_.subtract(left, self.value(s.right)));
        }
        void operator()(const WatchStatement& s) const
        {
            if (self.phase_ != Phase::net_receive) {
                self.error(pos, "WATCH stands in NET_RECEIVE only");
                return;
            }
            const Value above = self.value(s.condition);
            const Value flag = s.flag ? self.value(s.flag) : self.graph_.constant(1);
            self.result_.watches.push_back({self.path_, above, flag, pos});
        }
        void operator()(const Verbatim& s) const { self.do_verbatim(s, pos); }
        void operator()(const InnerInitial& s) const { self.result_.inner_initial = &s; }
        void operator()(const UnitsSwitch&) const {}
        void operator()(const ConductanceHint&) const {}
        void operator()(const ForNetcons&) const
        {
            self.error(pos, "FOR_NETCONS is not supported", "a synapse does not see the other connections onto it");
        }
    };
    std::visit(Visitor{*this, pos}, statement.what);
}

/// C text is refused, but for statements "cai = _ion_cai;", which give a variable an ion's number.
void Executor::do_verbatim(const Verbatim& verbatim, const SourcePos& pos)
{
    if (verbatim.does_nothing) {
        return;
    }
    std::string text;
    for (const char c : verbatim.text) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            text += c;
        }
    }
    constexpr std::string_view ion_mark = "=_ion_";
    while (!text.empty()) {
        const std::size_t mark = text.find(ion_mark);
        const std::size_t end = text.find(';');
        if (mark == std::string::npos || end == std::string::npos || mark > end) {
            break;
        }
        const std::string target = text.substr(0, mark);
        const std::string source = text.substr(mark + ion_mark.size(), end - mark - ion_mark.size());
        const Symbol* symbol = symbols_.find(source);
        if (symbol == nullptr || !symbol->ion || symbols_.find(target) == nullptr) {
            break;
        }
        if (target != source) {  // the variable of the ion's name holds it here anyway
            assign(Variable{target, nullptr}, variable(Variable{source, nullptr}, pos), pos);
        }
        text.erase(0, end + 1);
    }
    if (!text.empty()) {
        error(pos, "VERBATIM with C code that does something is not supported",
              "write the same in NMODL; nothing is compiled here");
    }
}

void Executor::do_if(const If& choice, std::size_t branch)
{
    if (branch == choice.branches.size()) {
        follow_inside(choice.otherwise);
        return;
    }
    constexpr std::size_t most_branches = 300;
    if (branch == most_branches) {
        too_much(choice.branches[branch].condition->pos, fmt::format("more than {} branches of one if", most_branches),
                 "");
    }
    const ExpressionPtr& condition_text = choice.branches[branch].condition;
    const Value condition = truth(value(condition_text));
    if (graph_.is_constant(condition)) {
        if (graph_.is_constant(condition, 0)) {
            do_if(choice, branch + 1);
        } else {
            follow_inside(choice.branches[branch].body);
        }
        return;
    }
    work(static_cast<std::int64_t>(env_.values.size() / 8), condition_text->pos);
    const Environment before = env_;
    const Value outer = path_;
    path_ = graph_.apply(Op::logical_and, outer, condition);
    path_ = graph_.is_constant(outer) ? condition : path_;
    follow_inside(choice.branches[branch].body);
    Environment yes = std::move(env_);
    env_ = before;
    const Value otherwise = graph_.apply(Op::logical_not, condition);
    path_ = graph_.is_constant(outer) ? otherwise : graph_.apply(Op::logical_and, outer, otherwise);
    do_if(choice, branch + 1);
    path_ = outer;
    join(condition, std::move(yes));
}

/// The outcome of the branch that `condition` chooses, or what env_ holds.
void Executor::join(Value condition, Environment yes)
{
    for (std::size_t k = 0; k < env_.values.size(); ++k) {
        if (env_.values[k] != yes.values[k]) {
            env_.values[k] = graph_.select(condition, yes.values[k], env_.values[k]);
        }
    }
    for (std::size_t k = 0; k < env_.marks.size(); ++k) {
        env_.marks[k] = static_cast<std::uint8_t>(env_.marks[k] | yes.marks[k]);
        const Value no_derivative = env_.derivatives[k], yes_derivative = yes.derivatives[k];
        if (no_derivative != yes_derivative) {
            const Value zero = graph_.constant(0);
            env_.derivatives[k] = graph_.select(condition, yes_derivative.is_valid() ? yes_derivative : zero,
                                                no_derivative.is_valid() ? no_derivative : zero);
        }
    }
    env_.equations_seen = env_.equations_seen || yes.equations_seen;
}

std::optional<std::int64_t> Executor::whole_number(const ExpressionPtr& expression, const std::string& what)
{
    const Value number = value(expression);
    const SourcePos& pos = expression->pos;
    if (!graph_.is_constant(number)) {
        error(
            pos, what + " is not a constant",
            "numbers, names of DEFINE and of CONSTANT, and loop variables are constant; parameters and states are not");
        return std::nullopt;
    }
    const double n = graph_.node(number).number;
    if (!(std::fabs(n) < 1e9)) {
        error(pos, fmt::format("{} is {}, which is no usable whole number", what, n));
        return std::nullopt;
    }
    return static_cast<std::int64_t>(n);
}

void Executor::do_from(const From& loop, const SourcePos& pos)
{
    const auto first = whole_number(loop.first, "the first value of a FROM loop");
    const auto last = whole_number(loop.last, "the last value of a FROM loop");
    const auto step = loop.step ? whole_number(loop.step, "the step of a FROM loop") : std::optional<std::int64_t>(1);
    if (!first || !last || !step) {
        return;
    }
    if (*step <= 0) {
        error(pos, fmt::format("the step of a FROM loop is {}", *step), "it must be positive");
        return;
    }
    if ((*last - *first) / *step >= max_turns) {
        too_much(pos, fmt::format("a FROM loop of more than {} turns", max_turns), "");
    }
    const std::size_t n_values = env_.values.size();
    frames_.back().scopes.emplace_back();
    const std::size_t counter = declare(loop.variable.text, 0, loop.variable.pos).first;
    for (std::int64_t i = *first; i <= *last; i += *step) {
        env_.values[counter] = graph_.constant(static_cast<double>(i));
        work(1, pos);
        follow_inside(loop.body);
    }
    frames_.back().scopes.pop_back();
    env_.values.resize(n_values);
}

void Executor::do_while(const While& loop, const SourcePos& pos)
{
    for (std::int64_t turn = 0;; ++turn) {
        const Value condition = truth(value(loop.condition));
        if (!graph_.is_constant(condition)) {
            error(pos, "WHILE with a condition that is not constant is not supported",
                  "how often it turns must not depend on voltages, states or parameters");
            return;
        }
        if (graph_.is_constant(condition, 0)) {
            return;
        }
        if (turn >= max_turns) {
            too_much(pos, fmt::format("a WHILE loop of more than {} turns", max_turns),
                     "does its condition ever become 0?");
        }
        work(1, pos);
        follow_inside(loop.body);
    }
}

void Executor::do_local(const Local& local)
{
    for (const Local::Item& item : local.items) {
        declare(item.name.text, item.size.value_or(0), item.name.pos);
    }
}

Executor::LocalVariable& Executor::declare(const std::string& name, std::int64_t size, const SourcePos& pos)
{
    if (size < 0 || static_cast<std::size_t>(size) > Symbols::max_slots ||
        env_.values.size() > 2 * Symbols::max_slots) {
        too_much(pos, fmt::format("the array '{}' is too large", name),
                 fmt::format("arrays may have {} elements", Symbols::max_slots));
    }
    const LocalVariable made{env_.values.size(), size};
    env_.values.resize(env_.values.size() + std::max<std::size_t>(1, static_cast<std::size_t>(size)),
                       graph_.constant(0));
    return frames_.back().scopes.back()[name] = made;
}

const Executor::LocalVariable* Executor::find_local(const std::string& name) const
{
    const std::vector<Scope>& scopes = frames_.back().scopes;
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
        if (const auto found = scope->find(name); found != scope->end()) {
            return &found->second;
        }
    }
    return nullptr;
}

std::optional<Executor::Place> Executor::place(const Variable& variable, const SourcePos& pos)
{
    const LocalVariable* local = find_local(variable.name);
    const Symbol* symbol = local == nullptr ? symbols_.find(variable.name) : nullptr;
    if (local == nullptr && symbol == nullptr) {
        std::vector<std::string> known = symbols_.names();
        for (const Scope& scope : frames_.back().scopes) {
            for (const auto& [name, unused] : scope) {
                known.push_back(name);
            }
        }
        const std::string near = base::nearest_name(variable.name, known);
        error(pos, fmt::format("'{}' is not declared", variable.name),
              (near.empty() ? "" : fmt::format("did you mean '{}'? ", near)) +
                  "names are declared in PARAMETER, ASSIGNED, STATE, CONSTANT, UNITS or LOCAL");
        return std::nullopt;
    }
    if (symbol != nullptr && symbol->kind == SymbolKind::foreign) {
        error(pos, fmt::format("'{}' is not supported: it points to something outside the mechanism", variable.name),
              "mechanisms here see ions and events, not each other's variables");
        return std::nullopt;
    }
    const std::size_t first = local != nullptr ? local->first : symbol->first_slot;
    const std::int64_t size = local != nullptr ? local->size : symbol->size;
    if (!variable.index) {
        if (size != 0) {
            error(pos, fmt::format("the array '{}' needs an index here", variable.name));
            return std::nullopt;
        }
        return Place{first, symbol};
    }
    if (size == 0) {
        error(pos, fmt::format("'{}' is not an array", variable.name));
        return std::nullopt;
    }
    const auto index = whole_number(variable.index, fmt::format("the index of '{}'", variable.name));
    if (!index) {
        return std::nullopt;
    }
    if (*index < 0 || *index >= size) {
        error(variable.index->pos, fmt::format("'{}[{}]' is outside the array", variable.name, *index),
              fmt::format("its elements are 0 to {}", size - 1));
        return std::nullopt;
    }
    return Place{first + static_cast<std::size_t>(*index), symbol};
}

void Executor::assign(const Variable& target, Value value, const SourcePos& pos)
{
    const auto at = place(target, pos);
    if (!at) {
        return;
    }
    if (at->symbol != nullptr) {
        if (at->symbol->is_pointer) {
            error(pos,
                  fmt::format("'{}' cannot be assigned: it points to something outside the mechanism", target.name),
                  "mechanisms here see ions and events, not each other's variables");
            return;
        }
        const SymbolKind kind = at->symbol->kind;
        if (kind == SymbolKind::temperature || kind == SymbolKind::dt || kind == SymbolKind::time ||
            kind == SymbolKind::diameter || kind == SymbolKind::area) {
            error(pos, fmt::format("'{}' cannot be assigned", target.name), "a mechanism reads it only");
            return;
        }
        env_.marks[at->at] = static_cast<std::uint8_t>(
            Environment::written | (env_.equations_seen ? Environment::written_after_equations : 0));
    }
    env_.values[at->at] = value;
}

namespace {

bool is_linear_in(kinetics::Graph& graph, Value value, std::size_t state)
{
    const kinetics::Input own{kinetics::InputKind::state, static_cast<std::uint32_t>(state)};
    return kinetics::linear_form(graph, value, std::span(&own, 1)).has_value();
}

}  // namespace

Value Executor::slope_of_held_variables(const Derivative& derivative)
{
    holding_ = true;
    const Value slope = value(derivative.value);
    holding_ = false;
    return slope;
}

void Executor::do_derivative(const Derivative& derivative, const SourcePos& pos)
{
    if (derivative.order != 1) {
        error(pos, fmt::format("a derivative of order {} is not supported", derivative.order),
              "write it as equations of first order, with a state for each derivative");
        return;
    }
    const auto at = place(derivative.state, pos);
    Value slope = value(derivative.value);
    if (!at) {
        return;
    }
    if (at->symbol == nullptr || at->symbol->kind != SymbolKind::state) {
        error(pos, fmt::format("{}' is given, but '{}' is no STATE", derivative.state.name, derivative.state.name));
        return;
    }
    if (by_cnexp_ && !is_linear_in(graph_, slope, at->at)) {
        const Value held = slope_of_held_variables(derivative);
        slope = is_linear_in(graph_, held, at->at) ? held : slope;
    }
    if (env_.derivatives[at->at].is_valid()) {
        warning(pos, fmt::format("a second equation for {}'", derivative.state.name), "the last one holds");
    }
    env_.derivatives[at->at] = slope;
    env_.equations_seen = true;
}

}  // namespace axolemma::nmodl
