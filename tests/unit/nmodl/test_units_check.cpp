/// Units that do not fit together.
#include "lower_support.hpp"
#include "nmodl/unit_table.hpp"

using namespace axolemma;
using namespace lower_support;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Findings about statements in BREAKPOINT, which stands in line 5.
std::string about(const std::string& statements, const std::string& blocks = "")
{
    return findings(
        "NEURON { SUFFIX s NONSPECIFIC_CURRENT i }\n"
        "UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) FARADAY = (faraday) (coulomb) }\n"
        "PARAMETER { g = 1 (S/cm2) tau = 2 (ms) celsius (degC) depth = 1 (um) cai (mM) e = -70 (mV) }\n"
        "ASSIGNED { v (mV) i (mA/cm2) x n (1) } STATE { m }\n"
        "BREAKPOINT { " +
            statements + " }\n" + blocks,
        Units::on);
}

}  // namespace

TEST_CASE("units that agree are not remarked upon")
{
    CHECK(about("i = g*m^3*(v - e)").empty());
    CHECK(about("i = (1e-3)*1000*g*(v - e)").empty());
    CHECK(about("n = exp(-(v + 35)/10) i = g*v").empty());
    CHECK(about("n = exp((v + 35 (mV))/(10 (mV)))*3^((celsius - 6.3 (degC))/10 (degC)) i = g*v").empty());
    CHECK(about("x = g + v*0 i = g*v").find("x = ") == std::string::npos);
    CHECK(about("UNITSOFF x = v + g UNITSON i = g*v").empty());
    CHECK(about("i = g*v*fabs(m) x = cai*FARADAY*depth/tau").empty());
}

TEST_CASE("sums, comparisons and assignments of different units are warnings with both units")
{
    CHECK(about("x = v + g i = g*v") ==
          "test.mod:5:20: warning: units do not agree in 'v + g': a voltage and a conductance per area\n");
    CHECK(about("i = g*v if (v > tau) { x = 1 }") ==
          "test.mod:5:28: warning: units do not agree in 'v > tau': a voltage and a time\n");
    CHECK(about("i = g*m*tau") ==
          "test.mod:5:14: warning: units do not agree in 'i = g*m*tau': a current per area and a capacitance "
          "per area\n");
    CHECK(about("i = g*v*m SOLVE d METHOD cnexp", "DERIVATIVE d { m' = -m*v }\n") ==
          "test.mod:6:16: warning: units do not agree in 'm' = -m*v': a frequency and a voltage\n");
}

TEST_CASE("arguments with units of exp and powers, and of functions with declared units, are warnings")
{
    CHECK(about("n = exp(v) i = g*v") == "test.mod:5:22: warning: 'v' is a voltage, where a plain number is needed\n");
    CHECK(about("n = 3^(celsius/10(ms)) i = g*v") ==
          "test.mod:5:28: warning: 'celsius/10 (ms)' is a quantity in s^-1 K, where a plain number is needed\n");
    CHECK(about("x = f(g) i = g*v", "FUNCTION f(u (mV)) (ms) { f = 1 (ms) }\n") ==
          "test.mod:5:18: warning: 'u' of f() is a voltage, but 'g' is a conductance per area\n");
    CHECK_THAT(about("x = f(v) i = g*v", "FUNCTION f(u (mV)) (ms) { f = u }\n"),
               ContainsSubstring("test.mod:6:27: warning: units do not agree in 'f = u': a time and a voltage"));
    CHECK(findings("NEURON { SUFFIX s NONSPECIFIC_CURRENT i }\nPARAMETER { q = 1 (blorp) }\nASSIGNED { v i }\n"
                   "BREAKPOINT { i = q*v }\n",
                   Units::on) ==
          "test.mod:2:19: warning: unknown unit '(blorp)'\n  hint: UNITS { (name) = (definition) } makes it known\n");
}

TEST_CASE("many findings are counted, and are errors where units are strict")
{
    std::string statements = "i = g*v ";
    for (int k = 0; k < 14; ++k) {
        statements += "x = v + g ";
    }
    CHECK_THAT(about(statements), ContainsSubstring("test.mod: warning: 4 more places where units do not agree"));
    const Lowered strict = lower_text(
        "NEURON { SUFFIX s NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (mA/cm2) }\n"
        "UNITS { (mV) = (millivolt) (mA) = (milliamp) }\nBREAKPOINT { i = v }\n",
        Units::strict);
    CHECK_FALSE(strict.equations.has_value());
    CHECK_THAT(strict.diagnostics.text(), ContainsSubstring("test.mod:4:14: error: units do not agree in 'i = v'"));
}

TEST_CASE("units are read as NEURON reads them")
{
    const nmodl::UnitTable table({});
    const auto factor = [&](const char* text) { return table.read(text).value().factor; };
    CHECK(factor("mA/cm2") == Approx(10).epsilon(1e-14));
    CHECK(factor("pS/um2") == Approx(1).epsilon(1e-14));
    CHECK(factor("/mM3-ms") == Approx(1e3).epsilon(1e-14));  // all behind the / is below
    CHECK(factor("micron") == Approx(1e-6).epsilon(1e-14));
    CHECK(factor("mho/cm2") == Approx(1e4).epsilon(1e-14));
    CHECK(factor("milli/liter") == Approx(1).epsilon(1e-14));
    CHECK(table.read("mM").value().dimension == table.read("milli/liter").value().dimension);
    CHECK_FALSE(table.read("blorp/ms").has_value());
    CHECK(table.plain_text("mho/cm2") == "S/cm2");
    CHECK(table.plain_text("/ms") == "1/ms");
    CHECK(table.plain_text("mA-ms") == "mA*ms");
    CHECK(table.plain_text("") == "1");
    CHECK(table.plain_text("coulombs") == "C");
    CHECK_FALSE(table.plain_text("blorp").has_value());
}

TEST_CASE("numbers of UNITS are those of NEURON 9")
{
    const nmodl::UnitTable table({});
    const auto number = [&](const char* definition, const char* unit) {
        nmodl::UnitDefinition made;
        made.name = "X";
        made.is_constant = true;
        made.definition = definition;
        made.unit.text = unit;
        return table.constant(made).value();
    };
    // nrnunits.lib of NEURON 9.0: CODATA 2018
    CHECK(number("faraday", "coulomb") == 96485.33212331001);
    CHECK(number("faraday", "kilocoulombs") == Approx(96.48533212331001).epsilon(1e-15));
    CHECK(number("k-mole", "joule/degC") == Approx(8.314462618153241).epsilon(1e-15));
    CHECK(number("pi", "1") == 3.14159265358979323846);
    CHECK(number("96480", "coulomb") == 96480);
}
