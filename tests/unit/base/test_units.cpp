#include "base/units.hpp"
#include "support/catch.hpp"

#include <numbers>

using namespace axolemma::base;

namespace {

double in(std::string_view text, std::string_view unit)
{
    return parse_quantity_in(text, parse_unit(unit), "'dt'");
}

std::string failure(std::string_view text, std::string_view unit)
{
    try {
        parse_quantity_in(text, parse_unit(unit), "'dt'");
    } catch (const UnitError& error) {
        return std::to_string(error.offset) + ": " + error.message + (error.hint.empty() ? "" : " | " + error.hint);
    }
    return "accepted";
}

}  // namespace

TEST_CASE("decimal prefixes convert to the double nearest to what was typed", "[base][units]")
{
    CHECK(in("120 mS/cm2", "S/cm2") == 0.12);
    CHECK(in("0.1 nA", "mA") == 1e-7);
    CHECK(in("0.3 mS/cm2", "S/cm2") == 0.0003);
    CHECK(in("35.4 ohm*cm", "ohm cm") == 35.4);
    CHECK(in("0.354 ohm m", "ohm*cm") == 35.4);
    CHECK(in("60 mm", "um") == 60000.0);
    CHECK(in("1 uF/cm2", "uF/cm2") == 1.0);
    CHECK(in("0.01 F/m2", "uF/cm2") == 1.0);
    CHECK(in("-65 mV", "mV") == -65.0);
    CHECK(in("-0.065V", "mV") == -65.0);
    CHECK(in("50 %", "1") == 0.5);
    CHECK(in("1e3", "1") == 1000.0);
    CHECK(in("100 Hz", "kHz") == 0.1);
    CHECK(in("2/ms", "1/s") == 2000.0);
    CHECK(in("10 min", "s") == 600.0);
    CHECK(in("1.5 h", "min") == 90.0);
    CHECK(in("3/min", "Hz") == 0.05);
}

TEST_CASE("a unit may be written in several ways", "[base][units]")
{
    for (const char* text : {"1 uF/cm2", "1 uF/cm^2", "1 uF cm^-2", "1 uF*cm^-2", "1 \u00b5F/cm\u00b2",
                             "1 \u03bcF cm\u207b\u00b2", "1uF / cm2", "1 uF\u00b7cm^-2"}) {
        INFO(text);
        CHECK(in(text, "uF/cm2") == 1.0);
    }
    CHECK(in("3 M\u03a9", "Mohm") == 3.0);
    CHECK(in("3 M\u2126", "Mohm") == 3.0);
    CHECK(in("3 mM", "mol/m^3") == 3.0);
    CHECK(in("180 deg", "rad") == Approx(std::numbers::pi).epsilon(1e-15));
    CHECK(in("1 pA", "C/s") == 1e-12);
}

TEST_CASE("degrees Celsius have an offset and stand alone", "[base][units]")
{
    CHECK(in("6.3 degC", "degC") == 6.3);
    CHECK(in("6.3 \u00b0"
             "C",
             "degC") == 6.3);
    CHECK(in("279.45 K", "degC") == Approx(6.3).epsilon(1e-13));
    CHECK(in("6.3 degC", "K") == Approx(279.45).epsilon(1e-15));
    CHECK(failure("1 mV/degC", "mV/K") ==
          "5: degC cannot be combined with other units | use K for differences of temperature");
    CHECK(failure("1 degC/s", "K/s") ==
          "7: degC cannot be combined with other units | use K for differences of temperature");
    CHECK(failure("6.3 C", "degC") ==
          "0: '6.3 C' is a charge; 'dt' needs a temperature | C is the coulomb; degrees Celsius are written degC");
}

TEST_CASE("a value without a unit, or with a wrong one, says what is needed", "[base][units]")
{
    CHECK(failure("5", "ms") == "0: '5' has no unit; 'dt' needs a time | give the unit, for example '5 ms'");
    CHECK(failure("5 mV", "ms") == "0: '5 mV' is a voltage; 'dt' needs a time | use a unit such as ms");
    CHECK(failure("5 mV", "1") == "0: '5 mV' is a voltage; 'dt' needs a plain number | leave the unit out");
    CHECK(failure("5 S", "S/cm2") ==
          "0: '5 S' is a conductance; 'dt' needs a conductance per area | use a unit such as S/cm2");
    CHECK(failure("5 mV3", "ms") ==
          "0: '5 mV3' is a quantity in m^6 kg^3 s^-9 A^-3; 'dt' needs a time | use a unit such as ms");
}

TEST_CASE("a text that is no value says where it goes wrong", "[base][units]")
{
    CHECK(failure("5 mv", "mV") == "2: unknown unit 'mv' | did you mean 'mV'?");
    CHECK(failure("5 msec", "ms") == "2: unknown unit 'msec' | write 'ms'");
    CHECK(failure("5 furlongs", "um") ==
          "2: unknown unit 'furlongs' | units are V A S F ohm m s min h Hz C M mol K degC rad deg %, with prefixes "
          "f p n u m k M G T, as in mV, nA, S/cm2, uF/cm2, ohm*cm");
    CHECK(failure("", "ms") == "0: a value is missing");
    CHECK(failure("   ", "ms") == "0: a value is missing");
    CHECK(failure("ms", "ms") == "0: 'ms' does not start with a number");
    CHECK(failure("1,5 ms", "ms") == "1: ',5 ms' is not part of a value with a unit | the decimal sign is '.'");
    CHECK(failure("1 2 ms", "ms") == "2: '2 ms' is not part of a value with a unit");
    CHECK(failure("nan ms", "ms") == "0: 'nan ms' does not start with a number");
    CHECK(failure("0x10 ms", "ms") ==
          "1: unknown unit 'x10' | units are V A S F ohm m s min h Hz C M mol K degC rad deg %, with "
          "prefixes f p n u m k M G T, as in mV, nA, S/cm2, uF/cm2, ohm*cm");
    CHECK(failure("1e999 ms", "ms") == "0: the number '1e999' is out of range");
    CHECK(failure("1e308 s", "ms") == "0: '1e308 s' is out of range");
    CHECK(failure("1 cm^x", "cm") == "4: the power of a unit must be a whole number | as in cm^2, cm2 or cm^-2");
    CHECK(failure("1 cm0", "cm") == "4: a unit cannot have the power 0 | powers go from -9 to 9, without 0");
    CHECK(failure("1 cm99999999999", "cm") ==
          "4: a unit cannot have the power 1000 | powers go from -9 to 9, without 0");
    CHECK(failure("1 m9 m9 m9 m9 m9 m9 m9", "cm") == "20: this unit has too many factors");
}

TEST_CASE("dimensions have names", "[base][units]")
{
    CHECK(parse_unit("S/cm2").dimension.name() == "conductance per area");
    CHECK(parse_unit("ohm*cm").dimension.name() == "resistivity");
    CHECK(parse_unit("um2").dimension.phrase() == "an area");
    CHECK(parse_unit("kg m").dimension.name() == "m kg");
    CHECK((parse_unit("V").dimension / parse_unit("A").dimension).name() == "resistance");
    CHECK(conversion_factor(parse_unit("mS/cm2"), parse_unit("S/cm2")) == 0.001);
    CHECK(parse_unit(" mS/cm2 ").text == "mS/cm2 ");
}
