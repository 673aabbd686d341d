#include "support.hpp"

using namespace axolemma;
using test::messages;

TEST_CASE("misspelt words get a suggestion", "[nmodl]")
{
    CHECK(
        messages("NEURON {\n SUFIX k\n}") ==
        "2:2: error: unknown word 'SUFIX' in NEURON\n"
        "  hint: did you mean 'SUFFIX'? NEURON takes: SUFFIX, POINT_PROCESS, ARTIFICIAL_CELL, USEION, "
        "NONSPECIFIC_CURRENT, ELECTRODE_CURRENT, RANGE, GLOBAL, POINTER, BBCOREPOINTER, EXTERNAL, THREADSAFE, RANDOM, "
        "REPRESENTS\n");
    CHECK(messages("BREAKPIONT {\n x = 1\n}\n") ==
          "1:1: error: unknown word 'BREAKPIONT' outside a block\n"
          "  hint: did you mean 'BREAKPOINT'?\n");
    CHECK(messages("BREAKPOINT {\n SOVLE states METHOD cnexp\n}\n") ==
          "2:2: error: expected '=' or '(' behind 'SOVLE', found 'states'\n"
          "  hint: did you mean 'SOLVE'?\n");
}

TEST_CASE("a missing brace is reported with the place of the open one", "[nmodl]")
{
    CHECK(messages("PROCEDURE p() {\n if (v < 3) {\n  x = 1\n}\nPROCEDURE q() {\n y = 1\n}\n") ==
          "5:1: error: '}' is missing before 'PROCEDURE'\n"
          "  hint: the '{' of line 1, column 15 is still open\n");
    CHECK(messages("UNITS {\n (mV) = (millivolt)\nPARAMETER { a = 1 }\n") ==
          "3:1: error: '}' is missing before 'PARAMETER'\n"
          "  hint: the '{' of line 1, column 7 is still open\n");
    CHECK(messages("INITIAL {\n m = 1") ==
          "2:7: error: '}' is missing before the end of the file\n"
          "  hint: the '{' of line 1, column 9 is still open\n");
    CHECK(messages("INITIAL { m = ") ==
          "1:15: error: '}' is missing before the end of the file\n"
          "  hint: the '{' of line 1, column 9 is still open\n");
    CHECK(messages("INDEPENDENT { t FROM 0") ==
          "1:23: error: '}' is missing before the end of the file\n"
          "  hint: the '{' of line 1, column 13 is still open\n");
}

TEST_CASE("a brace too many and statements outside blocks are reported", "[nmodl]")
{
    CHECK(messages("INITIAL {\n m = 1\n}}\nBREAKPOINT { }") ==
          "3:2: error: '}' closes nothing\n"
          "  hint: the block INITIAL of line 1 has ended; is there a '}' too many?\n");
    CHECK(
        messages("PROCEDURE p() {\n}\n x = 1\n y = 2\nBREAKPOINT { }") ==
        "3:2: error: 'x' stands outside a block\n"
        "  hint: the block PROCEDURE p of line 1 has ended; statements stand inside INITIAL, BREAKPOINT, PROCEDURE and "
        "other blocks\n");
    CHECK(messages("INITIAL {\n if (a) { }}\n else { }\n}\n") ==
          "3:2: error: 'else' stands outside a block\n"
          "  hint: the block INITIAL of line 1 has ended; statements stand inside INITIAL, BREAKPOINT, PROCEDURE and "
          "other "
          "blocks\n");
}

TEST_CASE("units and parentheses that do not close are reported where they open", "[nmodl]")
{
    CHECK(messages("PARAMETER {\n a = 3 (mV\n b = 4 (mV)\n}") ==
          "2:8: error: the unit that begins here has no ')' on this line\n"
          "  hint: write units like (mV) or (mA/cm2)\n");
    CHECK(messages("PARAMETER {\n a = 3 (mV : ) in a comment\n}") ==
          "2:8: error: the unit that begins here has no ')' on this line\n"
          "  hint: write units like (mV) or (mA/cm2)\n");
    CHECK(messages("INITIAL {\n a = (b + c*(d - e)\n f = 1\n}") ==
          "3:2: error: expected ')', found 'f'\n"
          "  hint: the '(' of line 2, column 6 is still open\n");
    CHECK(messages("INITIAL { x = 2(v/(a)) }") ==
          "1:16: error: 'v/(a' is not a unit\n"
          "  hint: units look like (mV) or (mA/cm2); a product needs its '*': 2*(a + b)\n");
    CHECK(messages("INITIAL { x = (v) (mV) }") ==
          "1:19: error: expected an operator behind ')', found '('\n"
          "  hint: a unit stands behind a plain number only: 2 (mV)\n");
}

TEST_CASE("habits of other languages get a hint", "[nmodl]")
{
    CHECK(messages("INITIAL {\n x = 1;\n}") ==
          "2:7: error: expected a statement, found ';'\n"
          "  hint: a statement ends with its line; delete the ';'\n");
    CHECK(messages("INITIAL {\n x += 1\n}") ==
          "2:2: error: expected '=' or '(' behind 'x', found '+'\n"
          "  hint: write x = x + ...\n");
    CHECK(messages("INITIAL {\n x == 1\n}") ==
          "2:2: error: expected '=' or '(' behind 'x', found '=='\n"
          "  hint: a value is assigned with one '='\n");
    CHECK(messages("INITIAL {\n if (x = 1) { }\n}") ==
          "2:8: error: expected ')' behind the condition, found '='\n"
          "  hint: values are compared with '=='\n");
    CHECK(messages("INITIAL {\n x = 2 \xE2\x88\x92 3\n}") ==
          "2:8: error: expected a statement, found a character that NMODL does not know (byte 0xE2)\n"
          "  hint: is something missing before it, or is the line above not complete?\n");
    CHECK(messages("INITIAL {\n x = +3\n}") ==
          "2:6: error: expected a value, found '+'\n"
          "  hint: NMODL has no sign '+' before a value; leave it out\n");
    CHECK(messages("PARAMETER { a = 2*3 }") ==
          "1:18: error: the value of 'a' is not a plain number\n"
          "  hint: compute it, or declare the variable in ASSIGNED and set it in INITIAL\n");
    CHECK(messages("ASSIGNED { a = 2 }") ==
          "1:14: error: a variable in ASSIGNED is declared without a value\n"
          "  hint: set it in INITIAL, or declare it in PARAMETER\n");
}

TEST_CASE("words that are not supported are refused by name", "[nmodl]")
{
    CHECK(messages("INITIAL {\n LAG x BY y\n}") ==
          "2:2: error: 'LAG' is not supported\n"
          "  hint: values of earlier times are not kept; write a state with an equation of its own\n");
    CHECK_THAT(messages("PLOT x VS t\nINITIAL { }"),
               Catch::Matchers::ContainsSubstring("1:1: error: 'PLOT' is not supported"));
    CHECK_THAT(messages("INITIAL { FORALL s { } }"),
               Catch::Matchers::ContainsSubstring("error: 'FORALL' is not supported\n  hint: write a loop"));
}

TEST_CASE("what stands in the wrong block is refused", "[nmodl]")
{
    CHECK_THAT(messages("INITIAL { ~ a <-> b (1, 2) }"),
               Catch::Matchers::ContainsSubstring("'~' stands in KINETIC, LINEAR and NONLINEAR blocks only"));
    CHECK_THAT(messages("PROCEDURE p() {\n x = 1\n INITIAL { }\n}"),
               Catch::Matchers::ContainsSubstring("'INITIAL' stands outside other blocks, or inside NET_RECEIVE"));
    CHECK_THAT(messages("INITIAL { else { } }"), Catch::Matchers::ContainsSubstring("'else' without an 'if'"));
    CHECK_THAT(messages("STATE { FROM }"), Catch::Matchers::ContainsSubstring("'FROM' is a word of the language"));
    CHECK_THAT(messages("NEURON { USEION k }"), Catch::Matchers::ContainsSubstring("expected READ or WRITE"));
    CHECK_THAT(messages("KINETIC k { ~ a + b << (1) }"),
               Catch::Matchers::ContainsSubstring("'<<' takes one state on its left"));
    CHECK_THAT(messages("STATE { s[0] }"), Catch::Matchers::ContainsSubstring("an array of 0 elements is refused"));
    CHECK_THAT(messages("INITIAL { x = 1e999 }"), Catch::Matchers::ContainsSubstring("'1e999' is too large"));
}

TEST_CASE("all errors of a file are reported in one go, and what is right is read", "[nmodl]")
{
    base::Diagnostics diagnostics;
    const nmodl::File file = test::parse(
        "NEURON {\n SUFFIX k\n RNAGE a\n RANGE b\n}\n"
        "PARAMETER {\n a = x\n b = 2\n}\n"
        "INITIAL {\n a = \n}\n"
        "BREAKPOINT {\n if (a b) {\n x = 1\n }\n y = 1\n ik = g*\n}\n"
        "PROCEDURE p( { }\n"
        "FUNCTION f(x) { f = x }\n",
        diagnostics);
    std::string lines;
    for (const base::Diagnostic& diagnostic : diagnostics.list()) {
        lines += std::to_string(diagnostic.pos.line) + " ";
    }
    CHECK(lines == "3 7 12 14 19 20 ");
    CHECK(test::texts(file.neuron.ranges) == "b");
    CHECK(file.parameters.size() == 1);
    REQUIRE(file.blocks.size() == 3);
    CHECK(file.blocks[1].body.size() == 1);
    CHECK(file.blocks[2].name.text == "f");
}

TEST_CASE("after twenty errors the rest is not read", "[nmodl]")
{
    std::string text = "INITIAL {\n";
    for (int k = 0; k < 100; ++k) {
        text += "x = *\n";
    }
    base::Diagnostics diagnostics;
    test::parse(text + "}", diagnostics);
    CHECK(diagnostics.n_errors() == 21);
    CHECK(diagnostics.list().back().message == "too many errors; the rest of the file is not read");
}

TEST_CASE("INCLUDE fails for files that are missing, include themselves or go too deep", "[nmodl]")
{
    CHECK(messages("INCLUDE \"a.inc\"") ==
          "1:9: error: the file to include, 'a.inc', cannot be read\n"
          "  hint: looked for 'mods/a.inc'\n");
    CHECK_THAT(messages("INCLUDE \"a.inc\"", {{"mods/a.inc", "INCLUDE \"test.mod\""}}),
               Catch::Matchers::ContainsSubstring("a.inc:1:9: error: 'mods/test.mod' includes itself"));
    test::Includes files;
    for (int k = 0; k < 30; ++k) {
        const std::string next = std::to_string(k + 1);
        files["mods/" + std::to_string(k)] = "INCLUDE \"" + next + "\"\nINCLUDE \"" + next + "\"";
    }
    CHECK_THAT(messages("INCLUDE \"0\"", files), Catch::Matchers::ContainsSubstring("too many files are included"));
    base::Diagnostics diagnostics;
    nmodl::parse("INCLUDE \"x\"", "t.mod", nullptr, diagnostics);
    CHECK(diagnostics.n_errors() == 1);
}

TEST_CASE("a file of more than two million words is refused", "[nmodl]")
{
    std::string text = "INITIAL {\n";
    for (int k = 0; k < 700'000; ++k) {
        text += "x=1 ";
    }
    CHECK_THAT(messages(text + "}"), Catch::Matchers::ContainsSubstring("the file is too long"));
}
