/// What an NMODL file says, as its grammar has it (docs/nmodl_grammar.md): blocks, statements and expressions with their
/// places in the text. Nothing is looked up or checked yet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::nmodl {

using base::SourcePos;

/// A unit as written between parentheses, "mA/cm2" of (mA/cm2); empty when there is none.
struct UnitText {
    std::string text;
    SourcePos pos;
};

struct Name {
    std::string text;
    SourcePos pos;
};

// ---- expressions ---------------------------------------------------------------------------------------------------

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class Operator : std::uint8_t {
    add,
    subtract,
    multiply,
    divide,
    power,
    less,
    greater,
    less_equal,
    greater_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
    negate,
    logical_not  ///< of one operand
};
struct Number {
    double value = 0;
    std::string text;  ///< as typed; the number that a DEFINEd name stands for
    UnitText unit;     ///< "0.1 (mM)"
};
/// A variable, or an element of an array: a, a[3], also m' on the left of an equation (see Derivative).
struct Variable {
    std::string name;
    ExpressionPtr index;  ///< null: no index
};
struct Unary {
    Operator op;
    ExpressionPtr operand;
};
struct Binary {
    Operator op;
    ExpressionPtr left, right;
};
struct Call {
    std::string function;
    std::vector<ExpressionPtr> arguments;
};
/// A text in quotes, as an argument of a function.
struct Text {
    std::string text;
};
/// Parentheses leave no trace but the shape of the tree. Units stand behind numbers only.
struct Expression {
    std::variant<Number, Variable, Unary, Binary, Call, Text> what;
    SourcePos pos;
};

// ---- statements ----------------------------------------------------------------------------------------------------

struct Statement;
using Statements = std::vector<Statement>;

struct Assignment {
    Variable target;
    ExpressionPtr value;
};
/// m' = value
struct Derivative {
    Variable state;
    std::int32_t order = 1;
    ExpressionPtr value;
};
struct Local {
    struct Item {
        Name name;
        std::optional<std::int64_t> size;  ///< of an array
    };
    std::vector<Item> items;
};
/// Braces without anything before them, which have LOCALs of their own, are kept as `if (1) { }`.
struct If {
    struct Branch {
        ExpressionPtr condition;
        Statements body;
    };
    std::vector<Branch> branches;  ///< if, else if, ...
    Statements otherwise;
    bool has_else = false;
};
/// FROM i = first TO last BY step
struct From {
    Name variable;
    ExpressionPtr first, last, step;  ///< step: null is 1
    Statements body;
};
struct While {
    ExpressionPtr condition;
    Statements body;
};
/// A procedure called as a statement (net_send, net_event, state_discontinuity and the like too).
struct CallStatement {
    ExpressionPtr call;
};
struct Solve {
    Name block;
    std::optional<Name> method;        ///< after METHOD
    std::optional<Name> steady_state;  ///< SOLVE x STEADYSTATE method
    Statements if_error;
};
struct TableStatement {
    std::vector<Name> names;  ///< empty: of a function
    std::vector<Name> depends;
    ExpressionPtr from, to;
    ExpressionPtr with;
};
/// ~ a + 2 b <-> c (forward, backward); `->`: backward is null; `<<`: flux into `left`'s only reactant
struct Reaction {
    enum class Kind : std::uint8_t { both, one_way, flux };
    struct Reactant {
        ExpressionPtr count;  ///< null: 1
        Variable state;
        SourcePos pos;
    };
    Kind kind = Kind::both;
    std::vector<Reactant> left, right;
    ExpressionPtr forward, backward;
};
/// CONSERVE m + h = 1
struct Conserve {
    std::vector<Reaction::Reactant> left;
    ExpressionPtr total;
};
/// COMPARTMENT i, volume { states }
struct Compartment {
    std::optional<Name> index;
    ExpressionPtr volume;
    std::vector<Variable> states;
};
/// LONGITUDINAL_DIFFUSION i, D { states }
struct Diffusion {
    std::optional<Name> index;
    ExpressionPtr rate;
    std::vector<Variable> states;
};
/// ~ left = right, in LINEAR and NONLINEAR blocks
struct Equation {
    ExpressionPtr left, right;
};
/// WATCH (condition) flag; one for each condition of a list
struct WatchStatement {
    ExpressionPtr condition, flag;
};
/// VERBATIM ... ENDVERBATIM: C text.
struct Verbatim {
    std::string text;
    bool does_nothing = false;  ///< comments, `return 0;`, #include, empty: nothing that the model needs
};
/// INITIAL { } inside NET_RECEIVE
struct InnerInitial {
    Statements body;
};
/// UNITSOFF / UNITSON inside a block
struct UnitsSwitch {
    bool on = true;
};
/// CONDUCTANCE g USEION k: a hint for code generators; checked by name only
struct ConductanceHint {
    Name conductance;
    std::optional<Name> ion;
};
/// FOR_NETCONS(a, b) { }
struct ForNetcons {
    std::vector<Name> arguments;
    Statements body;
};
/// PROTECT, MUTEXLOCK and MUTEXUNLOCK, which order threads, are left out; the assignment behind PROTECT stays.
struct Statement {
    std::variant<Assignment, Derivative, Local, If, From, While, CallStatement, Solve, TableStatement, Reaction,
                 Conserve, Compartment, Diffusion, Equation, WatchStatement, Verbatim, InnerInitial, UnitsSwitch,
                 ConductanceHint, ForNetcons>
        what;
    SourcePos pos;
};

// ---- declarations --------------------------------------------------------------------------------------------------

struct UseIon {
    Name ion;
    std::vector<Name> reads, writes;
    std::optional<double> valence;
    SourcePos pos;
};
struct NeuronBlock {
    enum class Kind : std::uint8_t { none, suffix, point_process, artificial_cell };
    Kind kind = Kind::none;
    Name name;  ///< behind SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL
    std::vector<UseIon> ions;
    std::vector<Name> nonspecific_currents, electrode_currents, ranges, globals, pointers, bbcore_pointers, externals,
        randoms;
    bool thread_safe = false;
    SourcePos pos;
};
/// (mV) = (millivolt), or FARADAY = (faraday) (coulomb), or PI = (pi) (1)
struct UnitDefinition {
    std::string name;
    bool is_constant = false;  ///< the second form: `name` is a number in `unit`
    std::string definition;    ///< "millivolt", "faraday"; "96485.3" of FARADAY = 96485.3 (coulomb)
    UnitText unit;
    SourcePos pos;
};
struct Declaration {  ///< in PARAMETER, ASSIGNED, STATE, CONSTANT
    Name name;
    std::optional<std::int64_t> size;  ///< of an array
    std::optional<double> value;
    UnitText unit;
    std::optional<double> from, to;  ///< <low, high> or FROM low TO high
    std::optional<double> start;     ///< START value of a state
};
struct Argument {
    Name name;
    UnitText unit;
};
/// A block of statements: INITIAL, BREAKPOINT, DERIVATIVE x, KINETIC x, LINEAR x, NONLINEAR x, DISCRETE x, PROCEDURE x,
/// FUNCTION x, NET_RECEIVE, BEFORE/AFTER x, CONSTRUCTOR, DESTRUCTOR.
struct Block {
    enum class Kind : std::uint8_t {
        initial,
        breakpoint,
        derivative,
        kinetic,
        linear,
        nonlinear,
        discrete,
        procedure,
        function,
        net_receive,
        before,
        after,
        constructor,
        destructor
    };
    Kind kind = Kind::procedure;
    Name name;  ///< empty where the kind has none; of BEFORE and AFTER what follows ("STEP")
    std::vector<Argument> arguments;
    UnitText unit;                ///< of a FUNCTION's value
    std::vector<Name> solve_for;  ///< SOLVEFOR
    Statements body;
    bool units_on = true;  ///< UNITSOFF before the block
    SourcePos pos;
};
struct FunctionTable {
    Name name;
    std::vector<Argument> arguments;
    UnitText unit;
};
/// Of statements that stand outside blocks and change nothing (INDEPENDENT, VERBATIM that does nothing, DEFINE used up),
/// nothing is kept; others are kept for the reader to refuse.
struct File {
    std::string path;
    std::string title;
    NeuronBlock neuron;
    std::vector<UnitDefinition> units;
    std::vector<Declaration> parameters, assigned, states, constants;
    std::vector<Local::Item> file_locals;  ///< LOCAL outside blocks
    std::vector<Block> blocks;
    std::vector<FunctionTable> function_tables;
    std::vector<Statement> verbatim;    ///< outside blocks
    std::vector<std::string> included;  ///< files named by INCLUDE, resolved
    std::string comments;               ///< text of the comments at the head of the file, for `axolemma channels FILE`
};

}  // namespace axolemma::nmodl
