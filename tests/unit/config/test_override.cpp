#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::messages;
using test::minimal;
using test::parse;

TEST_CASE("an override replaces a value, by key, index or name", "[config][override]")
{
    CHECK(parse(minimal(), {"run.dt=0.01 ms"}).run.dt_ms == 0.01);
    CHECK(parse(minimal(), {"cells.0.count=7"}).cells[0].count == 7);
    CHECK(parse(minimal(), {"cells.cell.count=8"}).cells[0].count == 8);
    CHECK(parse(minimal(), {"output.file=x.h5"}).output.file == "x.h5");
    CHECK(parse(minimal(), {"temperature=20 degC"}).temperature_degC == 20.0);
    CHECK(parse(minimal(), {"run={stop: 5 ms}"}).run.stop_ms == 5.0);
    CHECK(parse(minimal(), {"run.dt=0.1 ms", "run.dt=0.2 ms"}).run.dt_ms == 0.2);
    const auto m = parse(minimal(), {"cells.cell.channels.hh.parameters.gl=0.6 mS/cm2"});
    CHECK(m.cells[0].channels[0].parameters.at(0).value.expression.value() == 0.0006);
    CHECK(m.overrides == std::vector<std::string>{"cells.cell.channels.hh.parameters.gl=0.6 mS/cm2"});
}

TEST_CASE("an override does not leak through an alias", "[config][override]")
{
    const std::string text =
        "axolemma: 1\ncells:\n"
        "  - {name: a, morphology: &m {patch: {area: 1 um2}}}\n"
        "  - {name: b, morphology: *m}\n"
        "run: {stop: 1 ms}\n";
    const auto m = parse(text, {"cells.a.morphology.patch.area=4 um2"});
    CHECK(std::get<model::PatchShape>(m.cells[0].morphology.shape).diameter_um ==
          Approx(2.0 * std::get<model::PatchShape>(m.cells[1].morphology.shape).diameter_um));
}

TEST_CASE("errors in an override name the argument", "[config][override]")
{
    CHECK(messages(minimal(), {"run.dt=5 mV"}) ==
          "--set run.dt=5 mV: error: '5 mV' is a voltage; 'dt' needs a time\n  hint: use a unit such as ms\n");
    CHECK(messages(minimal(), {"run.dtt=5 ms"}) ==
          "--set run.dtt=5 ms: error: unknown key 'dtt' in 'run'\n"
          "  hint: did you mean 'dt'? its keys are: stop, dt, method, seed, group_cells, "
          "gate_evaluation, gate_table_error, kernel, split_cables\n");
    CHECK(messages(minimal(), {"cells.soma.count=5"}) ==
          "--set cells.soma.count=5: error: 'cells' has no entry called 'soma'\n  hint: it has 1 entries: cell\n");
    CHECK(messages(minimal(), {"cells.3.count=5"}) ==
          "--set cells.3.count=5: error: 'cells' has 1 entries, so there is no entry 3\n"
          "  hint: entries are counted from 0\n");
    CHECK(messages(minimal(), {"axolemma.version=5"}) ==
          "--set axolemma.version=5: error: 'axolemma' is a value, so it has no 'version'\n");
    CHECK(messages(minimal(), {"run..dt=5 ms"}) ==
          "--set run..dt=5 ms: error: the path is not a list of names joined by dots\n"
          "  hint: as in run.dt=0.01 ms or cells.axon.count=10\n");
    CHECK(messages(minimal(), {"run.dt="}) ==
          "--set run.dt=: error: the value is missing\n  hint: as in --set run.dt=\"0.01 ms\"\n");
    CHECK(messages(minimal(), {"run.dt={"}) ==
          "--set run.dt={: error: this is not valid YAML: end of map flow not found\n"
          "  hint: is a closing } or ] or a comma missing?\n");
    CHECK_THROWS_WITH(config::Override::parse("run.dt"),
                      "--set run.dt: error: this is not of the form path=value\n"
                      "  hint: as in --set run.dt=\"0.01 ms\" or --set cells.axon.count=10\n");
}
