#include "support.hpp"

using namespace axolemma;
using test::printed;
using test::shape;

TEST_CASE("operators bind as strongly as NEURON's translator has them", "[nmodl]")
{
    CHECK(shape("-2^2") == shape("-(2^2)"));
    CHECK(shape("2^3^2") == shape("2^(3^2)"));
    CHECK(shape("2^-1*3") == shape("(2^(-1))*3"));
    CHECK(shape("2^-3^2") == shape("2^(-(3^2))"));
    CHECK(shape("-a*b") == shape("(-a)*b"));
    CHECK(shape("-a - b - c") == shape("((-a) - b) - c"));
    CHECK(shape("a/b*c/d") == shape("((a/b)*c)/d"));
    CHECK(shape("a + b*c < d - e") == shape("(a + (b*c)) < (d - e)"));
    CHECK(shape("a < b == c") == shape("(a < b) == c"));
    CHECK(shape("!a && b || c && d") == shape("((!a) && b) || (c && d)"));
    CHECK(shape("!a^b") == shape("!(a^b)"));
    CHECK(shape("!a < b") == shape("(!a) < b"));
    CHECK(shape("a - -b") == shape("a - (-b)"));
    CHECK(shape("--a") == shape("-(-a)"));
    CHECK(shape("-2^2") != shape("(-2)^2"));
    CHECK(shape("a - (b - c)") != shape("a - b - c"));
    CHECK(shape("a || b && c") != shape("(a || b) && c"));
}

TEST_CASE("an expression is printed with the parentheses that it needs and no more", "[nmodl]")
{
    CHECK(printed("((a)+(b*c))") == "a + b*c");
    CHECK(printed("(a+b)*c") == "(a + b)*c");
    CHECK(printed("a-(b-c)") == "a - (b - c)");
    CHECK(printed("(a-b)-c") == "a - b - c");
    CHECK(printed("a/(b*c)") == "a/(b*c)");
    CHECK(printed("(-2)^2") == "(-2)^2");
    CHECK(printed("-(2^2)") == "-2^2");
    CHECK(printed("(2^3)^2") == "(2^3)^2");
    CHECK(printed("2^(3^2)") == "2^3^2");
    CHECK(printed("-(a+b)") == "-(a + b)");
    CHECK(printed("!(a&&b)||c") == "!(a && b) || c");
    CHECK(printed("exp((v+35(mV))/k[i+1],\"x y\")") == "exp((v + 35 (mV))/k[i + 1], \"x y\")");
    CHECK(printed("f()") == "f()");
}

TEST_CASE("what is printed is read as the same tree", "[nmodl]")
{
    for (const char* text : {"a - (b + c*-d)^-e^f/g", "((a < b) == (c != !d)) && (e || f) && -g >= h",
                             "f(a, -b, g(c[2*i]))^(2 (1/ms)) - (-1e-3)"}) {
        CAPTURE(text);
        CHECK(shape(printed(text)) == shape(text));
    }
}

TEST_CASE("numbers are read in all their forms, with a unit behind them", "[nmodl]")
{
    const auto number = [](const char* text) {
        return std::get<nmodl::Number>(
            std::move(test::statement<nmodl::Assignment>(std::string("x = ") + text).value->what));
    };
    CHECK(number("1e-3").value == 1e-3);
    CHECK(number(".5").value == 0.5);
    CHECK(number("5.").value == 5);
    CHECK(number("5.e2").value == 500);
    CHECK(number("1E+2").value == 100);
    CHECK(number("1e-999").value == 0);
    CHECK(number("96485.3 (coulomb)").unit.text == "coulomb");
    CHECK(number("0.5 (/mM-ms)").unit.text == "/mM-ms");
    CHECK(number("3 ( mA / cm2 )").unit.text == "mA / cm2");
    CHECK(number(".50").text == ".50");
    CHECK(number("3").unit.text.empty());
}

TEST_CASE("names that DEFINE gave a number are that number", "[nmodl]")
{
    const nmodl::File file = test::parse("DEFINE N 4\nSTATE { c[N] }\nINITIAL { x = N + 1 }");
    CHECK(file.states.at(0).size == 4);
    CHECK(nmodl::to_text(*std::get<nmodl::Assignment>(file.blocks.at(0).body.at(0).what).value) == "4 + 1");
}

TEST_CASE("an expression knows its place", "[nmodl]")
{
    const auto read = test::statement<nmodl::Assignment>("x = abc*\n   foo(7)");
    CHECK(read.value->pos == base::SourcePos{"mods/test.mod", 2, 8});
    CHECK(std::get<nmodl::Binary>(read.value->what).right->pos == base::SourcePos{"mods/test.mod", 3, 4});
}

TEST_CASE("expressions too deep to be worked with are refused", "[nmodl]")
{
    const auto repeated = [](std::string_view text, int n) {
        std::string out;
        for (int k = 0; k < n; ++k) {
            out += text;
        }
        return out;
    };
    CHECK(test::messages("INITIAL { x = " + repeated("(", 150) + "1" + repeated(")", 150) + "}").empty());
    CHECK(test::messages("INITIAL { x = " + repeated("a + ", 900) + "1 }").empty());
    for (const std::string& text : {repeated("(", 100000), repeated("-", 100000), repeated("!", 100000),
                                    repeated("a^", 100000), repeated("f(", 100000), repeated("a[", 100000)}) {
        CHECK_THAT(test::messages("INITIAL { x = " + text + "1 }"),
                   Catch::Matchers::ContainsSubstring("nested more than 200 deep"));
    }
    CHECK_THAT(test::messages("INITIAL { x = " + repeated("a + ", 100000) + "1 }"),
               Catch::Matchers::ContainsSubstring("more than 1000 operations"));
    CHECK_THAT(test::messages("INITIAL " + repeated("{ if (1) ", 100000)),
               Catch::Matchers::ContainsSubstring("nested more than 200 deep"));
}
