#include "morphology/shapes.hpp"
#include "solve/stepper.hpp"
#include "solve/voltage_reader.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"

using namespace axolemma;
using test::CellMaker;

TEST_CASE("the voltage where a current is injected includes the drop to the nodes, and only there", "[solve]")
{
    // r = 1 um, L = 20 um in two compartments: 5 um from the end to the first centre = 5/pi MOhm.
    CellMaker maker{morphology::make_cable(20.0, 2.0, 2.0), {2}};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.0}), test::pulse(1.0, 2.0, 0.5)});
    const auto other = maker.make();
    const auto plan = test::plan_of({&cell, &other});
    const group::State state(plan);
    const double drop = 0.5 * 5.0 / 3.14159265358979323846;
    const solve::VoltageReader end(plan, 0, maker.tap(cell, {0, 0.0}));
    CHECK(end.read_mV(state, 0.5) == -65.0);
    CHECK(end.read_mV(state, 1.0) == -65.0);  // the limit from the left, as every voltage at a jump
    CHECK(end.read_mV(state, 1.5) == Approx(-65.0 + drop).epsilon(1e-14));
    CHECK(end.read_mV(state, 2.0) == Approx(-65.0 + drop).epsilon(1e-14));
    CHECK(end.read_mV(state, 2.5) == -65.0);
    const solve::VoltageReader half_way(plan, 0, maker.tap(cell, {0, 0.125}));
    CHECK(half_way.read_mV(state, 1.5) == Approx(-65.0 + 0.5 * drop).epsilon(1e-14));
    CHECK(solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.25})).read_mV(state, 1.5) == -65.0);
    CHECK(solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.6})).read_mV(state, 1.5) == -65.0);
    const auto elsewhere = solve::shifted(maker.tap(other, {0, 0.0}), plan.cells[1].first_node);
    CHECK(solve::VoltageReader(plan, 1, elsewhere).read_mV(state, 1.5) == -65.0);
}

TEST_CASE("at a jump on the time grid the drop is that before it, however the time is rounded", "[solve]")
{
    // 35 * 0.01 is greater than 0.35 and 3 * 0.05 greater than 0.15.
    struct Grid {
        double dt_ms;
        int per_ms;
    };
    const Grid grids[] = {{0.025, 40}, {0.01, 100}, {0.005, 200}, {0.05, 20}};
    CellMaker maker{morphology::make_cable(20.0, 2.0, 2.0), {2}};
    const double drop = 0.5 * 5.0 / 3.14159265358979323846;
    for (const auto& grid : grids) {
        for (int k = 1; k < 1000; ++k) {
            auto cell = maker.make();
            const double edge_ms = static_cast<double>(k) / grid.per_ms;
            cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.0}), test::pulse(edge_ms, edge_ms + 100.0, 0.5)});
            const auto plan = test::plan_of({&cell});
            const group::State state(plan);
            const solve::VoltageReader end(plan, 0, maker.tap(cell, {0, 0.0}));
            INFO("step " << k << " of " << grid.dt_ms << " ms");
            REQUIRE(end.read_mV(state, k * grid.dt_ms, grid.dt_ms) == -65.0);
            REQUIRE(end.read_mV(state, (k + 1) * grid.dt_ms, grid.dt_ms) == Approx(-65.0 + drop).epsilon(1e-14));
        }
    }
}

TEST_CASE("between two centres the voltage is interpolated along the resistor", "[solve]")
{
    CellMaker maker{morphology::make_cable(20.0, 2.0, 2.0), {2}};
    auto cell = maker.make();
    cell.v_init_mV = {-60.0, -80.0};
    const auto plan = test::plan_of({&cell});
    const group::State state(plan);
    for (const double x : {0.25, 0.4, 0.5, 0.7, 0.75}) {
        CHECK(solve::VoltageReader(plan, 0, maker.tap(cell, {0, x})).read_mV(state, 0.0) ==
              Approx(-60.0 - 40.0 * (x - 0.25)).epsilon(1e-14));
    }
    CHECK(solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.0})).read_mV(state, 0.0) == -60.0);
    CHECK(solve::VoltageReader(plan, 0, maker.tap(cell, {0, 1.0})).read_mV(state, 0.0) == -80.0);
}
