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

Ints parents_of(const group::Plan& plan)
{
    Ints parents;
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        parents.push_back(plan.parent(node));
    }
    return parents;
}

std::ptrdiff_t place_of(const group::Plan& plan, std::size_t m, std::int32_t node)
{
    return plan.mechanisms[m].place(static_cast<std::int32_t>(plan.slot(node)));
}

/// Nodes that carry mechanism m.
Ints carriers_of(const group::Plan& plan, std::size_t m)
{
    Ints nodes;
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        if (place_of(plan, m, node) >= 0) {
            nodes.push_back(node);
        }
    }
    return nodes;
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
    CHECK(parents_of(plan) == Ints{-1, 0, 1, 2, 2, -1, -1, 6, 7, 8, 8});
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        CHECK(plan.is_junction(node) == (node == 2 || node == 8));
    }
    CHECK(plan.children(2) == Ints{3, 4});
    CHECK(plan.children(8) == Ints{9, 10});
    CHECK(plan.children(5).empty());
    REQUIRE(plan.cells.size() == 3);
    CHECK(plan.cells[1].first_node == 5);
    CHECK(plan.cells[2].n_nodes == 5);
    CHECK(plan.cell_of(0).cell == 0);
    CHECK(plan.cell_of(4).cell == 0);
    CHECK(plan.cell_of(5).cell == 1);
    CHECK(plan.cell_of(10).cell == 2);
}

TEST_CASE("a compartment's capacitance is cm times its area, and a junction has none", "[group]")
{
    auto maker = forked();
    maker.cm_uF_per_cm2 = 2.0;
    const auto a = maker.make();
    const auto plan = test::plan_of({&a});
    // 2 uF/cm2 um2 = 2e-5 nF.
    CHECK(plan.capacitance_nF(0) == Approx(2e-5 * a.layout->area_um2[0]).epsilon(1e-14));
    CHECK(plan.capacitance_nF(2) == 0.0);
}

TEST_CASE("the diagonal of a node is the sum of its conductances", "[group]")
{
    const auto a = forked().make();
    const auto plan = test::plan_of({&a});
    const auto& g = a.cable.axial_uS;
    CHECK(plan.axial_diagonal_uS(0) == g[1]);
    CHECK(plan.axial_diagonal_uS(1) == Approx(g[1] + g[2]).epsilon(1e-15));
    CHECK(plan.axial_diagonal_uS(2) == Approx(g[2] + g[3] + g[4]).epsilon(1e-15));
    CHECK(plan.axial_diagonal_uS(4) == g[4]);
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
    CHECK(carriers_of(plan, 0) == Ints{5});
    CHECK(plan.mechanisms[1].info->name == "pas");
    CHECK(carriers_of(plan, 1) == Ints{0, 1, 3, 4, 5});
    std::vector<double> g_S_per_cm2;
    for (const auto node : carriers_of(plan, 1)) {
        g_S_per_cm2.push_back(plan.mechanisms[1].parameters[0][static_cast<std::size_t>(place_of(plan, 1, node))]);
    }
    CHECK(g_S_per_cm2 == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.001});
    CHECK(plan.scale_uS[plan.slot(0)] ==
          Approx(0.01 * a.layout->area_um2[0] * 0.2).epsilon(1e-14));  // 20 pi of 100 pi um2
    // Three gates of hh, in the places of all rows that have it.
    CHECK(plan.state_column_sizes == std::vector<std::size_t>(3, plan.mechanisms[0].n_places()));
}

TEST_CASE("a mechanism knows the lanes that carry it, and a parameter that is the same in all of them is one number",
          "[group]")
{
    auto with_pas = forked();
    with_pas.mechanisms = {"pas"};
    auto without = forked();
    const auto a = with_pas.make();
    const auto b = without.make();
    const auto plan = test::plan_of({&a, &b, &a});
    const auto& pas = plan.mechanisms.at(0);
    CHECK(pas.parameters[0].uniform());
    CHECK(pas.parameters[0].value == 0.001);
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        const bool carries = &plan.cell_of(node) != &plan.cells[1] && !plan.is_junction(node);
        CHECK((pas.place(static_cast<std::int32_t>(plan.slot(node))) >= 0) == carries);
    }
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
    const Ints compartments{0, 1, 3, 4};  // 2 is the junction
    const auto gate = [](group::State& state, const group::Plan& plan, std::size_t c, std::int32_t node) -> double& {
        return state.column(c)[place_of(plan, 0, node)];
    };
    const auto first = together.cells[1].first_node;
    for (std::size_t c = 0; c < 3; ++c) {
        for (const auto node : compartments) {
            gate(s_alone, alone, c, node) = 0.1 * static_cast<double>(c) + 0.01 * node;
            gate(s_together, together, c, node) = 0.5;
            gate(s_together, together, c, first + node) = gate(s_alone, alone, c, node);
        }
    }
    const auto hash = s_alone.hash_cell(alone, alone.cells[0]);
    CHECK(s_together.hash_cell(together, together.cells[1]) == hash);
    CHECK(s_together.hash_cell(together, together.cells[0]) != hash);
    gate(s_together, together, 2, first + 4) += 1e-15;
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
    CHECK(reinterpret_cast<std::uintptr_t>(state.v_slots_mV().data()) % 64 == 0);
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        CHECK(state.v_mV(node) == -65.0);
    }
}
