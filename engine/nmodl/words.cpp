#include "nmodl/words.hpp"

#include <algorithm>
#include <unordered_set>

namespace axolemma::nmodl {

namespace {

struct Refused {
    std::string_view word, why;
};

constexpr std::string_view old_plot = "it drew pictures in SCoP; delete the statement";
constexpr std::string_view old_fit = "it belonged to SCoP's fitting of data; delete it";
constexpr std::string_view old_scop = "no simulator of today has this statement of SCoP's";

constexpr Refused refused[] = {
    {"LAG", "values of earlier times are not kept; write a state with an equation of its own"},
    {"FORALL", "write a loop: FROM i = 0 TO n-1 { }"},
    {"PARABOLIC", "diffusion in space is written LONGITUDINAL_DIFFUSION in a KINETIC block"},
    {"PARTIAL", "partial differential equations are written as KINETIC blocks with LONGITUDINAL_DIFFUSION"},
    {"DEL", "partial differential equations are written as KINETIC blocks with LONGITUDINAL_DIFFUSION"},
    {"DEL2", "partial differential equations are written as KINETIC blocks with LONGITUDINAL_DIFFUSION"},
    {"PLOT", old_plot},
    {"VS", old_plot},
    {"SENS", old_fit},
    {"MATCH", old_fit},
    {"STEPPED", "a parameter that takes several values is a sweep of the run, not of the mechanism"},
    {"SWEEP", "a parameter that takes several values is a sweep of the run, not of the mechanism"},
    {"TERMINAL", old_scop},
    {"PUTQ", old_scop},
    {"GETQ", old_scop},
    {"RESET", old_scop},
    {"MODEL_LEVEL", old_scop},
};

using WordSet = std::unordered_set<std::string_view>;

WordSet set_of(const std::vector<std::string>& words)
{
    return {words.begin(), words.end()};
}

}  // namespace

const std::vector<std::string>& block_words()
{
    static const std::vector<std::string> words = {
        "NEURON",    "UNITS",          "PARAMETER",   "ASSIGNED", "STATE",     "CONSTANT",  "INDEPENDENT",
        "INITIAL",   "BREAKPOINT",     "DERIVATIVE",  "KINETIC",  "LINEAR",    "NONLINEAR", "DISCRETE",
        "PROCEDURE", "FUNCTION",       "NET_RECEIVE", "BEFORE",   "AFTER",     "DEFINE",    "INCLUDE",
        "DEPENDENT", "FUNCTION_TABLE", "CONSTRUCTOR", "EQUATION", "DESTRUCTOR"};
    return words;
}

const std::vector<std::string>& statement_words()
{
    static const std::vector<std::string> words = {
        "LOCAL",    "SOLVE",       "TABLE",   "CONSERVE",  "COMPARTMENT", "LONGITUDINAL_DIFFUSION",
        "WATCH",    "CONDUCTANCE", "PROTECT", "MUTEXLOCK", "MUTEXUNLOCK", "FOR_NETCONS",
        "UNITSOFF", "UNITSON",     "FROM",    "if",        "while",       "else"};
    return words;
}

const std::vector<std::string>& neuron_words()
{
    static const std::vector<std::string> words = {"SUFFIX",
                                                   "POINT_PROCESS",
                                                   "ARTIFICIAL_CELL",
                                                   "USEION",
                                                   "NONSPECIFIC_CURRENT",
                                                   "ELECTRODE_CURRENT",
                                                   "RANGE",
                                                   "GLOBAL",
                                                   "POINTER",
                                                   "BBCOREPOINTER",
                                                   "EXTERNAL",
                                                   "THREADSAFE",
                                                   "RANDOM",
                                                   "REPRESENTS"};
    return words;
}

bool is_block_word(std::string_view word)
{
    static const WordSet words = set_of(block_words());
    return words.contains(word);
}

bool is_statement_word(std::string_view word)
{
    static const WordSet words = set_of(statement_words());
    return words.contains(word);
}

bool is_reserved(std::string_view word)
{
    static const WordSet words = [] {
        WordSet all = {"READ",   "WRITE", "VALENCE",     "CHARGE",   "METHOD", "USING",   "TO", "BY",   "WITH",
                       "DEPEND", "START", "STEADYSTATE", "SOLVEFOR", "STEP",   "IFERROR", "IF", "ELSE", "WHILE"};
        for (const auto* more : {&block_words(), &statement_words(), &neuron_words()}) {
            all.insert(more->begin(), more->end());
        }
        return all;
    }();
    return words.contains(word);
}

std::optional<std::string_view> refusal_of(std::string_view word)
{
    const auto found =
        std::find_if(std::begin(refused), std::end(refused), [&](const Refused& r) { return r.word == word; });
    return found == std::end(refused) ? std::nullopt : std::optional(found->why);
}

}  // namespace axolemma::nmodl
