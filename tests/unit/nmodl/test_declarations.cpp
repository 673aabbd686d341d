#include "support.hpp"

using namespace axolemma;
using test::parse;
using test::texts;

TEST_CASE("NEURON says what the mechanism is and what it shares", "[nmodl]")
{
    const nmodl::NeuronBlock block = parse(
                                         "NEURON {\n"
                                         " THREADSAFE SUFFIX kd REPRESENTS NCIT:C17145\n"
                                         " USEION k READ ek, ko WRITE ik VALENCE 1\n"
                                         " USEION ca WRITE ica CHARGE -2 REPRESENTS [CHEBI:29108]\n"
                                         " NONSPECIFIC_CURRENT il, im ELECTRODE_CURRENT ie\n"
                                         " RANGE a,\n  b\n RANGE c GLOBAL d POINTER p BBCOREPOINTER q\n"
                                         " EXTERNAL e RANDOM r, s\n}")
                                         .neuron;
    CHECK(block.kind == nmodl::NeuronBlock::Kind::suffix);
    CHECK(block.name.text == "kd");
    CHECK(block.name.pos == base::SourcePos{"mods/test.mod", 2, 20});
    CHECK(block.pos == base::SourcePos{"mods/test.mod", 1, 1});
    REQUIRE(block.ions.size() == 2);
    CHECK(block.ions[0].ion.text == "k");
    CHECK(texts(block.ions[0].reads) == "ek ko");
    CHECK(texts(block.ions[0].writes) == "ik");
    CHECK(block.ions[0].valence == 1);
    CHECK(block.ions[1].valence == -2);
    CHECK(block.ions[1].reads.empty());
    CHECK(texts(block.nonspecific_currents) == "il im");
    CHECK(texts(block.electrode_currents) == "ie");
    CHECK(texts(block.ranges) == "a b c");
    CHECK(texts(block.globals) == "d");
    CHECK(texts(block.pointers) == "p");
    CHECK(texts(block.bbcore_pointers) == "q");
    CHECK(texts(block.externals) == "e");
    CHECK(texts(block.randoms) == "r s");
    CHECK(block.thread_safe);
    CHECK(parse("NEURON { POINT_PROCESS a }").neuron.kind == nmodl::NeuronBlock::Kind::point_process);
    CHECK(parse("NEURON { ARTIFICIAL_CELL a }").neuron.kind == nmodl::NeuronBlock::Kind::artificial_cell);
    CHECK_FALSE(parse("NEURON { ARTIFICIAL_CELL a }").neuron.thread_safe);
}

TEST_CASE("UNITS defines units and constants", "[nmodl]")
{
    const auto units = parse(
                           "UNITS { (mV) = (millivolt) FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC)\n"
                           "PI = (pi) (1) F = 96485.3 (coul) Z = -2 (1) k = (mV) -> (V) }")
                           .units;
    REQUIRE(units.size() == 7);
    CHECK(units[0].name == "mV");
    CHECK(units[0].definition == "millivolt");
    CHECK_FALSE(units[0].is_constant);
    CHECK(units[1].is_constant);
    CHECK(units[1].definition == "faraday");
    CHECK(units[1].unit.text == "coulomb");
    CHECK(units[2].definition == "k-mole");
    CHECK(units[2].unit.text == "joule/degC");
    CHECK(units[3].unit.text == "1");
    CHECK(units[4].definition == "96485.3");
    CHECK(units[5].definition == "-2");
    CHECK(units[6].definition == "mV");
    CHECK(units[6].unit.text == "V");
}

TEST_CASE("variables are declared with value, size, unit and limits", "[nmodl]")
{
    const nmodl::File file = parse(
        "DEFINE N 3\n"
        "PARAMETER { a = -3.5 (mV) <-1e9, 2> b (S/cm2) c[2] (1) d = N FROM 0 TO 4 }\n"
        "ASSIGNED { v (mV) w[N] FROM 0 TO 1 }\n"
        "STATE { m START 0.5 (1) <1e-4> n[2] }\n"
        "CONSTANT { k = 8.3 (J) }\nLOCAL p, q[N]\n");
    REQUIRE(file.parameters.size() == 4);
    CHECK(file.parameters[0].value == -3.5);
    CHECK(file.parameters[0].unit.text == "mV");
    CHECK(file.parameters[0].from == -1e9);
    CHECK(file.parameters[0].to == 2);
    CHECK_FALSE(file.parameters[1].value.has_value());
    CHECK(file.parameters[2].size == 2);
    CHECK(file.parameters[3].value == 3);
    CHECK(file.parameters[3].to == 4);
    CHECK(file.assigned.at(1).size == 3);
    CHECK(file.assigned.at(1).to == 1);
    CHECK(file.states.at(0).start == 0.5);
    CHECK(file.states.at(0).unit.text == "1");
    CHECK_FALSE(file.states.at(0).from.has_value());
    CHECK(file.constants.at(0).value == 8.3);
    REQUIRE(file.file_locals.size() == 2);
    CHECK(file.file_locals[1].size == 3);
}

TEST_CASE("blocks carry their names, arguments and units", "[nmodl]")
{
    const nmodl::File file = parse(
        "FUNCTION f(v (mV), x) (/ms) { f = v }\nPROCEDURE p() { }\n"
        "KINETIC k SOLVEFOR a, b { }\nBEFORE STEP { }\nAFTER SOLVE { }\n"
        "NET_RECEIVE(w (uS)) { }\nEQUATION { }\nFUNCTION_TABLE tab(v (mV), y) (/ms)\n"
        "INDEPENDENT { t FROM 0 TO 1 WITH 100 (ms) }");
    REQUIRE(file.blocks.size() == 7);
    using Kind = nmodl::Block::Kind;
    CHECK(file.blocks[0].kind == Kind::function);
    CHECK(file.blocks[0].name.text == "f");
    REQUIRE(file.blocks[0].arguments.size() == 2);
    CHECK(file.blocks[0].arguments[0].unit.text == "mV");
    CHECK(file.blocks[0].unit.text == "/ms");
    CHECK(file.blocks[1].arguments.empty());
    CHECK(texts(file.blocks[2].solve_for) == "a b");
    CHECK(file.blocks[3].kind == Kind::before);
    CHECK(file.blocks[3].name.text == "STEP");
    CHECK(file.blocks[4].kind == Kind::after);
    CHECK(file.blocks[5].kind == Kind::net_receive);
    CHECK(file.blocks[5].arguments.at(0).name.text == "w");
    CHECK(file.blocks[6].kind == Kind::breakpoint);
    CHECK(file.function_tables.at(0).arguments.size() == 2);
    CHECK(file.function_tables.at(0).unit.text == "/ms");
}

TEST_CASE("UNITSOFF holds until UNITSON, also from inside a block", "[nmodl]")
{
    const nmodl::File file = parse(
        "INITIAL { }\nUNITSOFF\nBREAKPOINT { }\nPROCEDURE p() { UNITSON }\n"
        "PROCEDURE q() { UNITSOFF }\nPROCEDURE r() { }");
    std::string seen;
    for (const nmodl::Block& block : file.blocks) {
        seen += block.units_on ? '1' : '0';
    }
    CHECK(seen == "10010");
}

TEST_CASE("INCLUDE reads a file beside the one that names it", "[nmodl]")
{
    const test::Includes files = {{"mods/sub/a.inc", "DEFINE N 7\nINCLUDE \"b.inc\"\n"},
                                  {"mods/sub/b.inc", "PROCEDURE p() { x = N }"}};
    const nmodl::File file = parse("INCLUDE \"sub/a.inc\"\nSTATE { s[N] }", files);
    CHECK(file.included == std::vector<std::string>{"mods/sub/a.inc", "mods/sub/b.inc"});
    REQUIRE(file.blocks.size() == 1);
    CHECK(file.blocks[0].pos == base::SourcePos{"mods/sub/b.inc", 1, 1});
    CHECK(file.states.at(0).size == 7);
}

TEST_CASE("VERBATIM outside blocks is kept only if it does something", "[nmodl]")
{
    const nmodl::File file = parse("VERBATIM\n#include <math.h>\nENDVERBATIM\nVERBATIM\nint x;\nENDVERBATIM\n");
    REQUIRE(file.verbatim.size() == 1);
    CHECK(std::get<nmodl::Verbatim>(file.verbatim[0].what).text == "\nint x;\n");
    CHECK(file.verbatim[0].pos.line == 4);
}
