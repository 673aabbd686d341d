#include "group/state.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using test::CellMaker;

namespace {

using Ints = std::vector<std::int32_t>;

CellMaker forked()
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 1.0);
    tree.add(0, 1.0, 10.0, 1.0);
    tree.add(0, 1.0, 10.0, 1.0);
    return {tree.make(), {2, 1, 1}};
}

CellMaker patch()
{
    return {morphology::make_patch(10.0, 10.0), {1}};
}

}  // namespace

TEST_CASE("cells stand one after the other, each in its own order", "[group]")
{
    const auto a = forked().make();
    const auto b = patch().make();
    const auto plan = test::plan_of({&a, &b, &a});
    CHECK(plan.parent == Ints{-1, 0, 1, 2, 2, -1, -1, 6, 7, 8, 8});
    CHECK(plan.junctions == Ints{2, 8});
    CHECK(plan.junction_children == Ints{3, 4, 9, 10});
    REQUIRE(plan.cells.size() == 3);
    CHECK(plan.cells[1].first_node == 5);
    CHECK(plan.cells[2].n_nodes == 5);
    CHECK(plan.cell_of(0).cell == 0);
    CHECK(plan.cell_of(4).cell == 0);
    CHECK(plan.cell_of(5).cell == 1);
    CHECK(plan.cell_of(10).cell == 2);
}

TEST_CASE("the diagonal of a node is the sum of its conductances", "[group]")
{
    const auto a = forked().make();
    const auto plan = test::plan_of({&a});
    const auto& g = a.cable.axial_uS;
    CHECK(plan.axial_diagonal_uS[0] == g[1]);
    CHECK(plan.axial_diagonal_uS[1] == Approx(g[1] + g[2]).epsilon(1e-15));
    CHECK(plan.axial_diagonal_uS[2] == Approx(g[2] + g[3] + g[4]).epsilon(1e-15));
    CHECK(plan.axial_diagonal_uS[4] == g[4]);
}

TEST_CASE("a mechanism's columns join over the cells that carry it, in catalogue order", "[group]")
{
    auto with_both = patch();
    with_both.mechanisms = {"hh", "pas"};
    auto with_pas = forked();
    with_pas.mechanisms = {"pas"};
    const auto a = with_both.make();
    auto b = with_pas.make();
    b.mechanisms[0].parameters[0] = {0.1, 0.2, 0.3, 0.4};
    const auto plan = test::plan_of({&b, &a});
    REQUIRE(plan.mechanisms.size() == 2);
    CHECK(plan.mechanisms[0].info->name == "hh");
    CHECK(plan.mechanisms[0].node == Ints{5});
    CHECK(plan.mechanisms[0].contiguous);
    CHECK(plan.mechanisms[1].info->name == "pas");
    CHECK(plan.mechanisms[1].node == Ints{0, 1, 3, 4, 5});
    CHECK_FALSE(plan.mechanisms[1].contiguous);
    CHECK(std::vector<double>(plan.mechanisms[1].parameters[0].begin(), plan.mechanisms[1].parameters[0].end()) ==
          std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.001});
    CHECK(plan.mechanisms[1].scale[0] ==
          Approx(0.01 * a.layout->area_um2[0] * 0.2).epsilon(1e-14));  // 20 pi of 100 pi um2
    CHECK(plan.state_column_sizes == std::vector<std::size_t>{1, 1, 1});
}

TEST_CASE("clamps move to the group's node numbers and keep their cell", "[group]")
{
    auto a = patch().make();
    a.current_clamps.push_back({7, {{0, -1}, {1.0, 0.0}, 0, 0, 0}, {}});
    auto b = forked().make();
    b.current_clamps.push_back({8, {{1, 2}, {0.5, 0.5}, 0, 0, 0}, {}});
    b.voltage_clamps.push_back({9, 3, 1.0, {}});
    const auto plan = test::plan_of({&a, &b});
    CHECK(plan.current_clamps[0].tap.node == std::array<std::int32_t, 2>{0, -1});
    CHECK(plan.current_clamps[1].tap.node == std::array<std::int32_t, 2>{2, 3});
    CHECK(plan.current_clamps[1].stimulus == 8);
    CHECK(plan.voltage_clamps[0].node == 4);
    CHECK(plan.current_clamp_cell == std::vector<std::int64_t>{0, 1});
    CHECK(plan.voltage_clamp_cell == std::vector<std::int64_t>{1});
}

TEST_CASE("the hash of a cell does not tell who shares its group", "[group]")
{
    auto maker = forked();
    maker.mechanisms = {"hh"};
    const auto a = maker.make();
    maker.v_init_mV = -60.0;
    const auto b = maker.make();
    const auto together = test::plan_of({&b, &a});
    const auto alone = test::plan_of({&a});
    group::State s_together(together), s_alone(alone);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t k = 0; k < 4; ++k) {
            s_alone.column(c)[k] = 0.1 * static_cast<double>(c) + 0.01 * static_cast<double>(k);
            s_together.column(c)[k] = 0.5;
            s_together.column(c)[k + 4] = s_alone.column(c)[k];
        }
    }
    const auto hash = s_alone.hash_cell(alone, alone.cells[0]);
    CHECK(s_together.hash_cell(together, together.cells[1]) == hash);
    CHECK(s_together.hash_cell(together, together.cells[0]) != hash);
    s_together.column(2)[7] += 1e-15;
    CHECK(s_together.hash_cell(together, together.cells[1]) != hash);
}

TEST_CASE("columns start on cache lines and the state holds the initial voltage", "[group]")
{
    auto maker = forked();
    maker.mechanisms = {"hh"};
    const auto a = maker.make();
    const auto plan = test::plan_of({&a});
    group::State state(plan);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(reinterpret_cast<std::uintptr_t>(state.column(c)) % 64 == 0);
    }
    for (const double v : state.v_mV()) {
        CHECK(v == -65.0);
    }
}
