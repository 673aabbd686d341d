/// Follows the statements of a block with formulas in place of numbers.
///
/// Every variable holds a kinetics::Value. Calls are followed into the procedures and functions that they name, both
/// branches of an `if` are followed and their outcomes joined by selections, FROM loops are followed turn by turn. What that
/// cannot express is reported with its place, and how much may be followed is limited, so that any file comes to an end.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "kinetics/equations.hpp"
#include "nmodl/ast.hpp"
#include "nmodl/symbols.hpp"

namespace axolemma::nmodl {

using kinetics::Value;

/// What variables hold at one point of the execution.
struct Environment {
    static constexpr std::uint8_t written = 1;
    static constexpr std::uint8_t written_after_equations = 2;  ///< behind the x' = ... of its block

    std::vector<Value> values;        ///< of the slots of Symbols, then of local variables
    std::vector<Value> derivatives;   ///< of the slots; invalid: none given
    std::vector<std::uint8_t> marks;  ///< of the slots
    bool equations_seen = false;

    bool is_written(std::size_t slot) const { return (marks[slot] & written) != 0; }
};

class Executor {
public:
    static constexpr std::size_t max_nodes = 200'000;
    static constexpr std::int64_t max_turns = 10'000;    ///< of one loop
    static constexpr std::int64_t max_work = 3'000'000;  ///< statements, and slots joined after an `if`
    static constexpr std::size_t max_calls_inside_calls = 64;

    enum class Phase : std::uint8_t { initial, solve, breakpoint, net_receive, net_initial };
    struct Conserved {
        std::size_t slot;
        Value value;  ///< of the other states
        SourcePos pos;
    };
    struct Watched {
        Value condition;  ///< under which the statement is reached
        Value above, flag;
        SourcePos pos;
    };
    struct Result {
        Environment end;
        std::vector<kinetics::EventHandler::SelfEvent> sends;
        std::vector<Conserved> conserved;
        std::vector<Value> residuals;
        std::vector<Watched> watches;
        std::vector<Value> arguments;  ///< of the block, at its end
        const InnerInitial* inner_initial = nullptr;
    };

    Executor(const File& file, const Symbols& symbols, kinetics::Graph& graph, base::Diagnostics& diagnostics);

    /// Blocks that run() follows from now on are SOLVEd with METHOD cnexp, which takes the coefficients of an equation as
    /// they are before the step.
    void solve_by_cnexp(bool on) { by_cnexp_ = on; }
    /// Follows `bodies` (of `block`) one after the other from `start`, whose values are those of the slots.
    Result run(const Block& block, const std::vector<const Statements*>& bodies, Phase phase, std::vector<Value> start,
               const std::vector<Value>& arguments = {});
    /// Was a limit met? Nothing more is followed then.
    bool is_stopped() const { return stopped_; }
    /// Reports a finding once per place.
    void error(const SourcePos& pos, const std::string& message, const std::string& hint = {});
    void warning(const SourcePos& pos, const std::string& message, const std::string& hint = {});

private:
    struct LocalVariable {
        std::size_t first;
        std::int64_t size;  ///< 0: not an array
    };
    using Scope = std::unordered_map<std::string, LocalVariable>;
    struct Frame {
        const Block* block;
        std::vector<Scope> scopes;
    };
    /// Where a variable is kept.
    struct Place {
        std::size_t at;
        const Symbol* symbol;  ///< null: a local one
    };
    struct TooMuch {};

    // executor.cpp
    void follow(const Statements& statements);
    void follow_inside(const Statements& statements);
    void follow(const Statement& statement);
    void do_if(const If& choice, std::size_t branch);
    void do_from(const From& loop, const SourcePos& pos);
    void do_while(const While& loop, const SourcePos& pos);
    void do_local(const Local& local);
    void do_verbatim(const Verbatim& verbatim, const SourcePos& pos);
    void assign(const Variable& target, Value value, const SourcePos& pos);
    void do_derivative(const Derivative& derivative, const SourcePos& pos);
    Value slope_of_held_variables(const Derivative& derivative);
    void join(Value condition, Environment yes);
    LocalVariable& declare(const std::string& name, std::int64_t size, const SourcePos& pos);
    const LocalVariable* find_local(const std::string& name) const;
    std::optional<Place> place(const Variable& variable, const SourcePos& pos);
    std::optional<std::int64_t> whole_number(const ExpressionPtr& expression, const std::string& what);
    void work(std::int64_t amount, const SourcePos& pos);
    [[noreturn]] void too_much(const SourcePos& pos, const std::string& message, const std::string& hint);

    // expressions.cpp
    Value value(const ExpressionPtr& expression);
    Value variable(const Variable& variable, const SourcePos& pos);
    Value binary(const Binary& binary);
    Value truth(Value value);

    // executor_calls.cpp
    Value call(const Call& call, const SourcePos& pos, bool is_statement);
    Value call_user(const Block& block, const Call& call, const SourcePos& pos);
    std::optional<Value> call_builtin(const Call& call, const SourcePos& pos);
    bool call_event_function(const Call& call, const SourcePos& pos);
    Value atan2(Value y, Value x);
    Value nernst(Value inside, Value outside, Value valence);
    Value ghk(Value v, Value inside, Value outside, Value valence);
    bool has_arguments(const Call& call, std::size_t n, const SourcePos& pos);

    // executor_kinetics.cpp
    void do_reaction(const Reaction& reaction, const SourcePos& pos);
    void do_conserve(const Conserve& conserve, const SourcePos& pos);
    void do_compartment(const Compartment& compartment, const SourcePos& pos);
    Value concentrations(const std::vector<Reaction::Reactant>& reactants);
    void add_flux(const Reaction::Reactant& reactant, Value flux, bool gains);
    void finish_kinetics();

    // executor_steady.cpp
    void do_solve(const Solve& solve, const SourcePos& pos);
    void solve_now(const Block& block, bool is_steady, const SourcePos& pos);
    std::vector<std::size_t> equation_slots(const Block& block) const;
    std::optional<std::vector<Value>> solve_linear(const std::vector<Value>& residuals,
                                                   const std::vector<kinetics::Input>& unknowns,
                                                   const std::set<std::size_t>& last, bool is_algebraic);

    const File& file_;
    const Symbols& symbols_;
    kinetics::Graph& graph_;
    base::Diagnostics& diagnostics_;
    std::set<std::string> reported_;
    bool stopped_ = false;

    Phase phase_ = Phase::initial;
    bool by_cnexp_ = false;  ///< is the block SOLVEd with METHOD cnexp?
    bool holding_ = false;   ///< do variables that are no states count as numbers?
    Environment env_;
    Value path_;  ///< condition under which the statement being followed is reached
    std::vector<Frame> frames_;
    Result result_;
    std::int64_t work_ = 0;
    Value forward_flux_, backward_flux_;
    std::unordered_map<std::size_t, Value> volumes_;
    struct PendingConserve {
        std::vector<std::pair<std::size_t, Value>> terms;  ///< slot, count
        Value total;
        SourcePos pos;
    };
    std::vector<PendingConserve> conserves_;
};

}  // namespace axolemma::nmodl
