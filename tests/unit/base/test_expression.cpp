#include "base/expression.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <numbers>

using namespace axolemma::base;

namespace {

const std::vector<Variable>& variables()
{
    static const std::vector<Variable> list = {{"distance", parse_unit("um"), ""}, {"position", parse_unit("1"), ""}};
    return list;
}

Expression parse(std::string_view text, std::string_view unit)
{
    return Expression::parse(text, parse_unit(unit), variables(), "'gl'");
}

double at(std::string_view text, std::string_view unit, double distance_um = 0.0, double position = 0.0)
{
    const std::vector<double> values = {distance_um, position};
    return parse(text, unit).evaluate(values, nullptr);
}

std::string failure(std::string_view text, std::string_view unit)
{
    try {
        parse(text, unit);
    } catch (const UnitError& error) {
        return std::to_string(error.offset) + ": " + error.message + (error.hint.empty() ? "" : " | " + error.hint);
    }
    return "accepted";
}

struct Halves : RandomStream {
    double uniform(std::uint32_t k) const override { return k == 0 ? 0.25 : 0.5; }
};

}  // namespace

TEST_CASE("a number with a unit keeps its exact value", "[base][expression]")
{
    CHECK(at("120 mS/cm2", "S/cm2") == 0.12);
    CHECK(at("-65 mV", "mV") == -65.0);
    CHECK(at("6.3 degC", "degC") == 6.3);
    CHECK(at("(120 mS/cm2)", "S/cm2") == 0.12);
    CHECK(at("2 * 60 mS/cm2", "S/cm2") == 0.12);
    CHECK(parse("120 mS/cm2", "S/cm2").is_constant());
    CHECK(parse("120 mS/cm2", "S/cm2").text() == "120 mS/cm2");
    CHECK(Expression::constant(2.5).value() == 2.5);
}

TEST_CASE("an expression of path distance evaluates in the result's unit", "[base][expression]")
{
    CHECK(at("0.01 mS/cm2 * exp(distance/300 um)", "S/cm2", 300.0) == 0.01 * std::exp(1.0) / 1000.0);
    CHECK(at("1 mV + distance * 2 mV/mm", "mV", 500.0) == Approx(2.0).epsilon(1e-15));
    CHECK(at("distance", "mm", 1500.0) == 1.5);
    CHECK(at("1 mm - distance", "um", 300.0) == Approx(700.0).epsilon(1e-15));
    CHECK(at("if(distance < 0.1 mm, 1 nA, 20 pA)", "nA", 99.0) == 1.0);
    CHECK(at("if(distance < 0.1 mm, 1 nA, 20 pA)", "nA", 100.0) == 0.02);
    CHECK(at("if(distance >= 0.1 mm, 1 nA, 20 pA)", "nA", 100.0) == 1.0);
    CHECK(at("step(distance - 50 um)", "1", 49.0) == 0.0);
    CHECK(at("step(distance - 50 um)", "1", 50.0) == 1.0);
    CHECK_FALSE(parse("distance", "um").is_constant());
    CHECK(parse("distance + 1 um", "um").uses("distance"));
    CHECK_FALSE(parse("distance + 1 um", "um").uses("position"));
}

TEST_CASE("arithmetic follows the usual precedence", "[base][expression]")
{
    CHECK(at("2 + 3 * 4", "1") == 14.0);
    CHECK(at("(2 + 3) * 4", "1") == 20.0);
    CHECK(at("-2^2", "1") == -4.0);
    CHECK(at("2^3^2", "1") == 512.0);
    CHECK(at("2^-1", "1") == 0.5);
    CHECK(at("2^(-1/3)", "1") == std::pow(2.0, -1.0 / 3.0));
    CHECK(at("8 / 4 / 2", "1") == 1.0);
    CHECK(at("1 - - 1", "1") == 2.0);
    CHECK(at("2*pi", "1") == 2.0 * std::numbers::pi);
    CHECK(at("min(3, 1, 2) + max(3, 1, 2)", "1") == 4.0);
    CHECK(at("log10(1000) + log(1) + abs(-3)", "1") == 6.0);
    CHECK(at("min(1 nA, 500 pA)", "pA") == 500.0);
    CHECK(at("min(2 * 10 min, 1 h)", "s") == 1200.0);
    CHECK(at("50% * 2", "1") == 1.0);
    CHECK(at("(50%)^2", "1") == 0.25);
    CHECK(at("exp(1 um / 1 mm)", "1") == Approx(std::exp(0.001)).epsilon(1e-15));
}

TEST_CASE("units multiply, divide, and have powers and roots", "[base][expression]")
{
    CHECK(at("1 mV / 1 Mohm", "nA") == 1.0);
    CHECK(at("(3 um)^2", "um2") == 9.0);
    CHECK(at("20 um2", "um2") == 20.0);
    CHECK(at("sqrt(9 um2)", "um") == 3.0);
    CHECK(at("sqrt(0.09 cm2)", "mm") == Approx(3.0).epsilon(1e-15));
    CHECK(at("(1 mm)^-1", "1/um") == 0.001);
}

TEST_CASE("random draws depend on the stream and the place in the text alone", "[base][expression]")
{
    const Halves stream;
    const Expression uniform = parse("uniform(0 nA, 1000 pA) + uniform(0 nA, 2 nA)", "nA");
    CHECK(uniform.uses_random());
    CHECK_FALSE(uniform.is_constant());
    CHECK(uniform.evaluate({}, &stream) == 0.25 + 1.0);
    const double expected = 1.0 + 2.0 * std::sqrt(-2.0 * std::log(0.25)) * std::cos(std::numbers::pi);
    CHECK(parse("normal(1, 2)", "1").evaluate({}, &stream) == Approx(expected).epsilon(1e-15));
}

TEST_CASE("wrong dimensions are found when the expression is read", "[base][expression]")
{
    CHECK(failure("5", "S/cm2") ==
          "0: '5' has no unit; 'gl' needs a conductance per area | give the unit, for example '5 S/cm2'");
    CHECK(failure("5 mV", "S/cm2") ==
          "0: '5 mV' is a voltage; 'gl' needs a conductance per area | use a unit such as S/cm2");
    CHECK(failure("2 * 5 mV", "S/cm2") == "0: '2 * 5 mV' is a voltage; 'gl' needs a conductance per area");
    CHECK(failure("1 mV + 1 ms", "mV") == "5: cannot add a voltage and a time");
    CHECK(failure("1 mV - 1", "mV") == "5: cannot subtract a voltage and a plain number");
    CHECK(failure("exp(distance)", "1") ==
          "0: exp() needs a plain number, but its argument is a length | divide it by a value "
          "with the same unit, as in exp(distance/300 um)");
    CHECK(failure("distance^position", "um") == "8: a length can only have a whole number from -9 to 9 as exponent");
    CHECK(failure("2^distance", "1") == "1: an exponent must be a plain number, but this one is a length");
    CHECK(failure("sqrt(distance)", "1") == "0: sqrt() of a length has no unit");
    CHECK(failure("if(distance < 1, 1, 2)", "1") == "12: cannot compare a length and a plain number");
    CHECK(failure("2 * 6.3 degC", "degC") ==
          "4: degC cannot be used in arithmetic | use K for differences of temperature");
    CHECK(failure("max(1 mV, 1 ms)", "mV") == "0: cannot use max() on a voltage and a time");
}

TEST_CASE("syntax errors say where and what", "[base][expression]")
{
    CHECK(failure("", "1") == "0: a value is missing");
    CHECK(failure("1 +", "1") == "3: the expression ends where a value is expected");
    CHECK(failure("(1", "1") == "2: the expression ends where ')' is expected");
    CHECK(failure("1)", "1") == "1: unexpected ')'");
    CHECK(failure("2 distance", "um") == "2: unexpected 'distance' | an operator such as * is missing before it");
    CHECK(failure("dist * 2", "um") ==
          "0: unknown name 'dist' | an expression may use: distance, position, pi, exp, log, "
          "log10, sqrt, abs, min, max, step, if, uniform, normal");
    CHECK(
        failure("distnce * 2", "um") ==
        "0: unknown name 'distnce' | did you mean 'distance'? an expression may use: distance, position, pi, exp, log, "
        "log10, sqrt, abs, min, max, step, if, uniform, normal");
    CHECK(failure("exp(1, 2)", "1") == "0: exp() takes one value, not 2");
    CHECK(failure("min(1)", "1") == "0: min() takes two or more values, not 1");
    CHECK(failure("uniform(1)", "1") == "0: uniform() takes two values, not 1");
    CHECK(failure("exp 1", "1") == "0: 'exp' is a function; its arguments stand in parentheses");
    CHECK(failure("if(1, 2, 3)", "1") ==
          "4: if() needs a comparison with <, <=, > or >= | as in if(distance < 100 um, 1, 2)");
    CHECK(failure("log(0)", "1") == "0: the value of 'log(0)' is not a finite number");
    CHECK(failure("1/0", "1") == "0: the value of '1/0' is not a finite number");
    CHECK(failure("3 $ 4", "1") == "2: unexpected '$'");
    CHECK(failure(std::string(100'000, '('), "1") == "0: an expression can have at most 4096 characters");
    CHECK(failure(std::string(4000, '('), "1") == "50: the expression is nested too deeply");
    CHECK(failure("1" + std::string(2000, '+'), "1") == "2001: the expression ends where a value is expected");
}
