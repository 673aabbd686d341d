/// What is refused or remarked upon, with its place and words.
#include "lower_support.hpp"

using namespace axolemma;
using namespace lower_support;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Findings about a BREAKPOINT, which stands in line 4.
std::string in_breakpoint(const std::string& statements, const std::string& blocks = "")
{
    return findings(
        "NEURON { SUFFIX s NONSPECIFIC_CURRENT i RANGE gbar }\nPARAMETER { gbar = 1 }\n"
        "ASSIGNED { v i a[3] } STATE { m }\nBREAKPOINT { " +
        statements + " }\n" + blocks);
}

}  // namespace

TEST_CASE("names that are not declared are reported with their place and the nearest name")
{
    CHECK(in_breakpoint("i = gbr*v") ==
          "test.mod:4:18: error: 'gbr' is not declared\n"
          "  hint: did you mean 'gbar'? names are declared in PARAMETER, ASSIGNED, STATE, CONSTANT, UNITS or LOCAL\n");
    CHECK_THAT(in_breakpoint("i = ratse(v)", "FUNCTION rates(x) { rates = x }\n"),
               ContainsSubstring("test.mod:4:18: error: unknown function 'ratse'\n  hint: did you mean 'rates'?"));
}

TEST_CASE("functions that call each other in a circle are refused with the circle")
{
    const std::string text = in_breakpoint("i = f(v)", "FUNCTION f(x) { f = g(x) }\nFUNCTION g(x) { g = f(x) }\n");
    CHECK(text ==
          "test.mod:6:21: error: 'f' calls itself: f calls g calls f\n"
          "  hint: calls are followed when the file is read and cannot turn in a circle\n");
}

TEST_CASE("loops that would not end, or are too long, end in an error")
{
    CHECK_THAT(in_breakpoint("m = 0 WHILE (m < 1) { m = m*2 } i = m"),
               ContainsSubstring("a WHILE loop of more than 10000 turns"));
    CHECK_THAT(in_breakpoint("WHILE (v < 1) { m = m*2 } i = m"),
               ContainsSubstring("test.mod:4:14: error: WHILE with a condition that is not constant is not supported"));
    CHECK_THAT(in_breakpoint("FROM j = 0 TO 1000000000 - 1 { m = 1 } i = m"),
               ContainsSubstring("a FROM loop of more than 10000 turns"));
    CHECK_THAT(in_breakpoint("FROM j = 0 TO v { m = 1 } i = m"),
               ContainsSubstring("the last value of a FROM loop is not a constant"));
    CHECK_THAT(in_breakpoint("FROM j = 0 TO 5000 { FROM k = 0 TO 5000 { m = k } } i = m"),
               ContainsSubstring("the mechanism is too large"));
    CHECK_THAT(in_breakpoint("m = v FROM j = 0 TO 9000 { FROM k = 0 TO 99 { m = m*m + v + k } } i = m"),
               ContainsSubstring("the mechanism is too large"));
}

TEST_CASE("arrays are used inside their bounds with constant indices")
{
    CHECK_THAT(in_breakpoint("i = a[3]"), ContainsSubstring("test.mod:4:20: error: 'a[3]' is outside the array\n"
                                                            "  hint: its elements are 0 to 2"));
    CHECK_THAT(in_breakpoint("i = a[v]"), ContainsSubstring("the index of 'a' is not a constant"));
    CHECK_THAT(in_breakpoint("i = a"), ContainsSubstring("the array 'a' needs an index here"));
    CHECK_THAT(in_breakpoint("i = m[0]"), ContainsSubstring("'m' is not an array"));
}

TEST_CASE("what mechanisms cannot have here is refused by name, line and reason")
{
    const auto in_neuron = [](const std::string& neuron, const std::string& rest) {
        return findings("NEURON {\n SUFFIX s\n NONSPECIFIC_CURRENT i\n " + neuron + "\n}\nASSIGNED { v i }\n" + rest);
    };
    CHECK_THAT(
        in_neuron("POINTER vgap", "BREAKPOINT { vgap = v  i = v }"),
        ContainsSubstring("test.mod:7:14: error: 'vgap' cannot be assigned: it points to something outside the "
                          "mechanism\n  hint: mechanisms here see ions and events, not each other's variables\n"));
    CHECK_THAT(in_neuron("BBCOREPOINTER rng", "BREAKPOINT { i = rng }"),
               ContainsSubstring("'rng' is not supported: it points to something outside the mechanism"));
    CHECK_THAT(in_neuron("", "BREAKPOINT { i = v VERBATIM x = 3; ENDVERBATIM }"),
               ContainsSubstring("test.mod:7:20: error: VERBATIM with C code that does something is not supported"));
    CHECK_THAT(in_neuron("", "BREAKPOINT { i = scop_random() }"),
               ContainsSubstring("'scop_random' cannot be used: random numbers inside a mechanism are not supported"));
    CHECK_THAT(in_neuron("USEION ca READ cai WRITE eca", "BREAKPOINT { i = v }"),
               ContainsSubstring("WRITE eca: a mechanism that sets a reversal potential is not supported"));
    CHECK_THAT(in_neuron("", "BREAKPOINT { i = dt*v }"), ContainsSubstring("the current 'i' depends on dt"));
    CHECK_THAT(in_neuron("",
                         "STATE { c } BREAKPOINT { SOLVE k METHOD sparse i = c }\n"
                         "KINETIC k { LONGITUDINAL_DIFFUSION 1 { c } ~ c << (1) }"),
               ContainsSubstring("test.mod:8:13: error: LONGITUDINAL_DIFFUSION is not supported"));
    CHECK_THAT(findings("NEURON { ARTIFICIAL_CELL burst }\nNET_RECEIVE(w) { net_event(t) }"),
               ContainsSubstring("test.mod:1:26: error: ARTIFICIAL_CELL 'burst' is not supported"));
    CHECK_THAT(findings("NEURON { POINT_PROCESS p NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\nBREAKPOINT { i = v }\n"
                        "NET_RECEIVE(w) { w = w + 1 }"),
               ContainsSubstring("test.mod:4:13: error: NET_RECEIVE changes its weight 'w'"));
    CHECK_THAT(findings("PARAMETER { a = 1 }"), ContainsSubstring("describes no mechanism"));
}

TEST_CASE("equations that do not fix their states, or are too many, are errors")
{
    const std::string unsolvable = "error: the equations of this block cannot be solved together";
    const auto in_file = [](const std::string& rest) {
        return findings("NEURON { SUFFIX s NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\n" + rest);
    };
    CHECK_THAT(in_file("STATE { x y }\nBREAKPOINT { SOLVE l i = x*v }\nLINEAR l {\n~ x + y = 1\n~ x + y = 2\n}"),
               ContainsSubstring("test.mod:5:1: " + unsolvable));
    CHECK_THAT(in_file("STATE { x y }\nBREAKPOINT { SOLVE k METHOD sparse i = x*v }\nKINETIC k {\n~ x <-> y (1, 2)\n"
                       "CONSERVE x + y = 1\nCONSERVE x + y = 1\n}"),
               ContainsSubstring("test.mod:5:1: " + unsolvable));
    CHECK_THAT(in_file("STATE { x[2000] }\nBREAKPOINT { SOLVE k METHOD sparse i = x[0]*v }\n"
                       "KINETIC k { FROM j = 0 TO 1998 { ~ x[j] <-> x[j+1] (v, 1) } }"),
               ContainsSubstring("test.mod:5:1: " + unsolvable));
    CHECK_THAT(in_file("INITIAL { net_send(-1, 1) }\nBREAKPOINT { i = v }"),
               ContainsSubstring("error: net_send with a negative delay"));
}

TEST_CASE("what a script would point at or fill is a parameter, and said so")
{
    const auto in_neuron = [](const std::string& neuron, const std::string& rest) {
        return findings("NEURON {\n SUFFIX s\n NONSPECIFIC_CURRENT i\n " + neuron + "\n}\nASSIGNED { v i }\n" + rest);
    };
    CHECK(in_neuron("POINTER vgap", "BREAKPOINT { i = v - vgap }") ==
          "test.mod:4:10: warning: POINTER 'vgap' is a parameter here, constant in time\n"
          "  hint: give it the value of what it would point to; it is 0 otherwise\n");
    CHECK(in_neuron("", "FUNCTION_TABLE tau(v (mV)) (ms)\nBREAKPOINT { i = tau(v) }") ==
          "test.mod:7:16: warning: FUNCTION_TABLE 'tau' is a parameter here, the same for all arguments\n"
          "  hint: its table would come from a script; it is 1 unless you set it\n");
}

TEST_CASE("SOLVE under a condition and SOLVE of nothing are errors")
{
    CHECK_THAT(in_breakpoint("SOLVE nothing METHOD cnexp i = v"),
               ContainsSubstring("test.mod:4:20: error: SOLVE names 'nothing', which is no block that can be solved"));
    CHECK_THAT(in_breakpoint("if (v > 0) { SOLVE d METHOD cnexp } i = m", "DERIVATIVE d { m' = -m }\n"),
               ContainsSubstring("SOLVE under a condition, in a loop or in a procedure is not supported"));
}

TEST_CASE("a procedure that integrates by hand with an error of its own is kept, and said so")
{
    const auto with = [](const std::string& assignment) {
        return in_breakpoint("SOLVE p i = m", "PROCEDURE p() { m = " + assignment + " }\n");
    };
    CHECK_THAT(with("m + dt*(1/(1 + exp(-v)) - m)/5"),
               ContainsSubstring("test.mod:5:1: warning: 'p' integrates 'm' by hand with an error that depends on dt"));
    CHECK_THAT(with("m + 0.1*(1/(1 + exp(-v)) - m)"),
               ContainsSubstring("'p' changes 'm' by the same amount per step whatever dt is"));
    CHECK(with("m + (1 - exp(-dt/5))*(1/(1 + exp(-v)) - m)").empty());
}

TEST_CASE("units of another scale keep NEURON's numeric meaning, with a warning")
{
    const Lowered lowered = lower_text(R"(NEURON { SUFFIX s NONSPECIFIC_CURRENT i }
UNITS { (uA) = (microamp) }
ASSIGNED { v (mV) i (uA/cm2) }
BREAKPOINT { i = 2 }
)");
    REQUIRE(lowered.equations.has_value());
    CHECK(At{*lowered.equations}.of(lowered.equations->currents[0]) == 2);
    CHECK(lowered.diagnostics.text() ==
          "test.mod:3:21: warning: 'i' is declared in (uA/cm2) but taken as a number in mA/cm2\n"
          "  hint: NEURON does the same: it does not convert units\n");
}
