/// Density channels and ion pools: what a text means, against the same formulas written here.
#include <cmath>

#include "lower_support.hpp"

using namespace axolemma;
using namespace lower_support;

namespace {

constexpr std::string_view squid = R"(
TITLE squid axon
NEURON {
    SUFFIX squid
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el, gna
    GLOBAL minf, mtau
}
UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}
PARAMETER {
    gnabar = 0.12 (S/cm2) <0, 1e9>
    gkbar = 0.036 (mho/cm2)
    gl = 0.0003 (S/cm2)
    el = -54.3 (mV)
    ena = 50 (mV)
    celsius (degC)
}
ASSIGNED { v (mV) ek (mV) ina (mA/cm2) ik (mA/cm2) il (mA/cm2) gna (S/cm2) minf mtau (ms) hinf htau (ms) ninf ntau (ms) }
STATE { m h n }
BREAKPOINT {
    SOLVE states METHOD cnexp
    gna = gnabar*m*m*m*h
    ina = gna*(v - ena)
    ik = gkbar*n^4*(v - ek)
    il = gl*(v - el)
}
INITIAL { rates(v) m = minf h = hinf n = ninf }
DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
    n' = (ninf - n)/ntau
}
PROCEDURE rates(v (mV)) {
    LOCAL a, b, q10
    TABLE minf, mtau, hinf, htau, ninf, ntau DEPEND celsius FROM -100 TO 100 WITH 200
UNITSOFF
    q10 = 3^((celsius - 6.3)/10)
    a = 0.1*vtrap(-(v + 40), 10)
    b = 4*exp(-(v + 65)/18)
    minf = a/(a + b)
    mtau = 1/(q10*(a + b))
    a = 0.07*exp(-(v + 65)/20)
    b = 1/(exp(-(v + 35)/10) + 1)
    hinf = a/(a + b)
    htau = 1/(q10*(a + b))
    a = 0.01*vtrap(-(v + 55), 10)
    b = 0.125*exp(-(v + 65)/80)
    ninf = a/(a + b)
    ntau = 1/(q10*(a + b))
UNITSON
}
UNITSOFF
FUNCTION vtrap(x, y) {
    if (fabs(x/y) < 1e-6) { vtrap = y*(1 - x/y/2) } else { vtrap = x/(exp(x/y) - 1) }
}
)";

}  // namespace

TEST_CASE("a squid channel has the currents and slopes of its formulas")
{
    const Equations e = clean(squid);
    CHECK(e.info.name == "squid");
    CHECK(e.info.states.size() == 3);
    CHECK_FALSE(e.is_point);
    REQUIRE(e.stages.size() == 1);
    CHECK(std::get<kinetics::OdeSystem>(e.stages[0]).method == kinetics::OdeMethod::automatic);
    At at{e};
    at.v_mV = -31.7;
    at.celsius = 16.3;
    at.ions = {50, -77};
    at.states = {{"m", 0.3}, {"h", 0.4}, {"n", 0.5}};
    const double a = 0.1 * 8.3 / (1 - std::exp(-0.83)), b = 4 * std::exp(-33.3 / 18);
    CHECK(at.slope("m") == Approx(3 * (a * 0.7 - b * 0.3)).epsilon(1e-12));
    CHECK(at.initial("m") == Approx(a / (a + b)).epsilon(1e-12));
    CHECK(at.output("minf") == Approx(a / (a + b)).epsilon(1e-12));
    CHECK(at.output("mtau") == Approx(1 / (3 * (a + b))).epsilon(1e-12));
    const double gna = 0.12 * 0.027 * 0.4;
    CHECK(at.output("gna") == Approx(gna).epsilon(1e-12));
    REQUIRE(e.info.currents.size() == 3);
    CHECK(e.info.currents[0].name == "ina");
    CHECK(at.of(e.currents[0]) == Approx(gna * (-31.7 - 50)).epsilon(1e-12));
    CHECK(at.of(e.currents[1]) == Approx(0.036 * 0.0625 * (-31.7 + 77)).epsilon(1e-12));
    CHECK(at.of(e.currents[2]) == Approx(0.0003 * (-31.7 + 54.3)).epsilon(1e-12));
    at.v_mV = -40;  // where x/(exp(x) - 1) is 0/0
    const double b_at_40 = 4 * std::exp(-25.0 / 18);
    CHECK(at.output("minf") == Approx(1 / (1 + b_at_40)).epsilon(1e-12));
}

TEST_CASE("parameters, ions and units of a channel are those that the file names")
{
    const Equations e = clean(squid);
    REQUIRE(e.info.parameters.size() == 4);  // ena belongs to its ion, celsius to the model
    CHECK(e.info.parameters[0].name == "gnabar");
    CHECK(e.info.parameters[0].unit == "S/cm2");
    CHECK(e.info.parameters[0].default_value == 0.12);
    CHECK(e.info.parameters[0].low == 0);
    CHECK(e.info.parameters[0].high == 1e9);
    CHECK(e.info.parameters[1].unit == "S/cm2");  // mho
    CHECK(e.info.ions.size() == 2);
    REQUIRE(e.info.ion_reads.size() == 2);
    CHECK(e.info.ion_reads[0] == mechanisms::IonColumn{0, mechanisms::IonQuantity::reversal_mV});
    CHECK(e.info.currents[1].ion == 1);
    CHECK(e.info.currents[2].ion == -1);
    CHECK(e.equations_as_written[0] == "m' = (minf - m)/mtau");
}

TEST_CASE("a calcium pool writes its concentration and reads the current of its ion")
{
    const Equations e = clean(R"(
NEURON { SUFFIX pool USEION ca READ ica, cai WRITE cai RANGE depth, tau }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulombs) }
PARAMETER { depth = 0.1 (um) tau = 80 (ms) cainf = 1e-4 (mM) }
ASSIGNED { ica (mA/cm2) drive (mM/ms) }
STATE { cai (mM) }
BREAKPOINT { SOLVE state METHOD cnexp }
DERIVATIVE state {
UNITSOFF
    drive = -10000*ica/(2*FARADAY*depth)
    if (drive <= 0) { drive = 0 }
    cai' = drive + (cainf - cai)/tau
UNITSON
}
)");
    CHECK(e.info.ion_writes == std::vector{mechanisms::IonColumn{0, mechanisms::IonQuantity::inside_mM}});
    At at{e};
    at.states = {{"cai", 3e-4}};
    at.ions.assign(e.info.ion_reads.size(), 0);
    for (std::size_t k = 0; k < e.info.ion_reads.size(); ++k) {
        at.ions[k] = e.info.ion_reads[k].what == mechanisms::IonQuantity::inside_mM ? 7e-5 : -0.02;
    }
    const double drive = 10000 * 0.02 / (2 * 96485.33212331001 * 0.1);
    CHECK(at.slope("cai") == Approx(drive + (1e-4 - 3e-4) / 80).epsilon(1e-14));
    CHECK(at.of(e.concentrations.at(0)) == 3e-4);
    CHECK(at.initial("cai") == 7e-5);  // not set in INITIAL: what the ion has
    CHECK(at.of(e.initial_concentrations.at(0)) == 7e-5);
    at.ions.assign(e.info.ion_reads.size(), 0.5);  // inward only
    CHECK(at.slope("cai") == Approx((1e-4 - 3e-4) / 80).epsilon(1e-14));
}

TEST_CASE("a kinetic scheme becomes the slopes of mass action, with volumes and conserved sums")
{
    const Equations e = clean(R"(
NEURON { SUFFIX scheme NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 1 k = 3 vol = 4 }
ASSIGNED { v i }
STATE { c o p[2] }
INITIAL { c = 1 }
BREAKPOINT { SOLVE kin METHOD sparse i = g*o*v }
KINETIC kin {
    ~ c <-> o (k, 1.5)
    COMPARTMENT j, vol + j { p }
    ~ 2 p[0] + o -> p[1] (0.5)
    ~ p[1] << (f_flux*0.25)
    CONSERVE c + o = 1
}
)");
    At at{e};
    at.states = {{"c", 0.7}, {"o", 0.3}, {"p[0]", 2}, {"p[1]", 5}};
    const double through = 0.5 * 4 * 0.3;
    CHECK(at.slope("c") == Approx(-(3 * 0.7 - 1.5 * 0.3)).epsilon(1e-14));
    CHECK(at.slope("o") == Approx(3 * 0.7 - 1.5 * 0.3 - through).epsilon(1e-14));
    CHECK(at.slope("p[0]") == Approx(-2 * through / 4).epsilon(1e-14));
    CHECK(at.slope("p[1]") == Approx((through + 0.25 * through) / 5).epsilon(1e-14));
    const auto& system = std::get<kinetics::OdeSystem>(e.stages.at(0));
    CHECK(system.method == kinetics::OdeMethod::implicit);
    REQUIRE(system.conserved.size() == 4);
    CHECK_FALSE(system.conserved[0].is_valid());
    CHECK(at.of(system.conserved[1]) == Approx(0.3).epsilon(1e-14));
}

TEST_CASE("STEADYSTATE in INITIAL solves a linear scheme")
{
    const Equations e = clean(R"(
NEURON { SUFFIX scheme NONSPECIFIC_CURRENT i }
PARAMETER { a = 3 b = 1.5 d = 0.2 }
ASSIGNED { v i }
STATE { c o x }
INITIAL { SOLVE kin STEADYSTATE sparse }
BREAKPOINT { SOLVE kin METHOD sparse i = o*v }
KINETIC kin { ~ c <-> o (a, b) ~ o <-> x (d, 1) CONSERVE c + o + x = 1 }
)");
    const double o = 1 / (1 + 1.5 / 3 + 0.2);
    At at{e};
    CHECK(at.initial("o") == Approx(o).epsilon(1e-8));  // NEURON's step of 10^9 ms, not for ever
    CHECK(at.initial("c") == Approx(o / 2).epsilon(1e-8));
    CHECK(at.initial("x") == Approx(0.2 * o).epsilon(1e-8));
}

TEST_CASE("a procedure that integrates by hand becomes updates that are right for any dt")
{
    const Equations e = clean(R"(
NEURON { SUFFIX hand NONSPECIFIC_CURRENT i RANGE minf, mexp }
PARAMETER { tau = 5 (ms) dt (ms) }
ASSIGNED { v (mV) i minf mexp }
STATE { m }
INITIAL { rates() m = minf }
BREAKPOINT { SOLVE states i = m*(v + 70) }
PROCEDURE states() { rates() m = m + mexp*(minf - m) VERBATIM return 0; ENDVERBATIM }
PROCEDURE rates() {
    TABLE minf, mexp DEPEND dt FROM -100 TO 100 WITH 200
    minf = 1/(1 + exp(-(v + 30)/9))
    mexp = 1 - exp(-dt/tau)
}
)");
    REQUIRE(e.stages.size() == 1);
    const auto& updates = std::get<std::vector<kinetics::Update>>(e.stages[0]);
    REQUIRE(updates.size() == 1);
    At at{e};
    at.v_mV = -20;
    at.dt_ms = 0.5;
    at.states = {{"m", 0.2}};
    const double minf = 1 / (1 + std::exp(-10.0 / 9));
    CHECK(at.of(updates[0].after) == Approx(minf + (0.2 - minf) * std::exp(-0.1)).epsilon(1e-14));
    CHECK(at.of(e.currents[0]) == Approx(0.2 * 50).epsilon(1e-14));
    CHECK(e.info.output_index("mexp") < 0);  // depends on dt: nothing to show
    CHECK(e.info.output_index("minf") >= 0);
}

TEST_CASE("derivimplicit, euler and cnexp choose how a system is advanced")
{
    const auto method = [](const std::string& after_solve) {
        const Equations e = clean(
            "NEURON { SUFFIX s NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\nSTATE { m }\n"
            "BREAKPOINT { SOLVE d " +
            after_solve + " i = m }\nDERIVATIVE d { m' = -m*m }\n");
        return std::get<kinetics::OdeSystem>(e.stages.at(0)).method;
    };
    CHECK(method("METHOD cnexp") == kinetics::OdeMethod::automatic);
    CHECK(method("METHOD runge") == kinetics::OdeMethod::automatic);
    CHECK(method("") == kinetics::OdeMethod::automatic);
    CHECK(method("METHOD derivimplicit") == kinetics::OdeMethod::implicit);
    CHECK(method("METHOD euler") == kinetics::OdeMethod::explicit_euler);
}

TEST_CASE("nernst and ghk are those of NEURON 9")
{
    const Equations e = clean(R"(
NEURON { SUFFIX builtin NONSPECIFIC_CURRENT i RANGE en, zero, flux, small }
PARAMETER { celsius (degC) }
ASSIGNED { v (mV) i en zero flux small }
BREAKPOINT {
    en = nernst(5e-5, 2, 2)
    zero = nernst(0, 2, 2)
    flux = ghk(v, 5e-5, 2, 2)
    small = ghk(v*1e-9, 5e-5, 2, 2)
    i = flux
}
)");
    At at{e};
    at.celsius = 35;
    at.v_mV = -20;
    const double kt = 1000 * 8.31446261815324 * 308.15 / 96485.33212331001;
    CHECK(at.output("en") == Approx(kt / 2 * std::log(2 / 5e-5)).epsilon(1e-14));
    CHECK(at.output("zero") == 1e6);
    const double x = 2 * -20 / kt;
    const double expected =
        0.001 * 2 * 96485.33212331001 * (5e-5 * -x / (std::exp(-x) - 1) - 2 * x / (std::exp(x) - 1));
    CHECK(at.output("flux") == Approx(expected).epsilon(1e-12));
    CHECK(at.output("small") == Approx(0.001 * 2 * 96485.33212331001 * (5e-5 - 2)).epsilon(1e-7));
}

TEST_CASE("LINEAR equations become an algebraic system")
{
    const Equations e = clean(R"(
NEURON { SUFFIX lin NONSPECIFIC_CURRENT i }
PARAMETER { a = 2 }
ASSIGNED { v i }
STATE { x y }
INITIAL { SOLVE eq }
BREAKPOINT { SOLVE eq i = x }
LINEAR eq { ~ a*x + y = 5 ~ x - y = 1 }
)");
    const auto& system = std::get<kinetics::AlgebraicSystem>(e.stages.at(0));
    CHECK(system.linear);
    REQUIRE(system.residuals.size() == 2);
    At at{e};
    CHECK(at.initial("x") == Approx(2).epsilon(1e-14));
    CHECK(at.initial("y") == Approx(1).epsilon(1e-14));
    at.states = {{"x", 2}, {"y", 1}};
    CHECK(at.of(system.residuals[0]) == 0);
    CHECK(at.of(system.residuals[1]) == 0);
}

TEST_CASE("loops, arrays, WHILE, local names and changes of v inside a procedure are followed")
{
    const Equations e = clean(R"(
DEFINE N 3
NEURON { SUFFIX follow NONSPECIFIC_CURRENT i RANGE sum, twice }
ASSIGNED { v (mV) i a[N] sum twice k }
BREAKPOINT {
    FROM j = 0 TO N-1 { a[j] = j*10 + v }
    sum = 0
    FROM j = 0 TO N-1 { LOCAL v  v = 1  sum = sum + a[j] + v }
    k = 0
    WHILE (k < 4) { k = k + 1 }
    twice = shifted() + k
    i = v
}
FUNCTION shifted() { v = v + 10  shifted = 2*v  v = v - 10 }
)");
    At at{e};
    at.v_mV = -50;
    CHECK(at.output("sum") == 30 - 150 + 3);
    CHECK(at.output("twice") == 2 * -40 + 4);
    CHECK(at.of(e.currents[0]) == -50);
}
