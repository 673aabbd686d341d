#include <cmath>
#include <numbers>
#include <numeric>

#include "discretise/layout.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using namespace axolemma::discretise;

namespace {

using Ints = std::vector<std::int32_t>;

double total_area(const Layout& layout)
{
    return std::accumulate(layout.area_um2.begin(), layout.area_um2.end(), 0.0);
}

double total_area(const Morphology& morphology)
{
    double sum = 0.0;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        sum += morphology.area_um2(s, 0.0, 1.0);
    }
    return sum;
}

void check_invariants(const Layout& layout, const Morphology& morphology)
{
    CHECK(total_area(layout) == Approx(total_area(morphology)).epsilon(1e-12));
    CHECK(layout.parent[0] == -1);
    for (std::int32_t i = 1; i < layout.n_nodes(); ++i) {
        const auto parent = layout.parent[static_cast<std::size_t>(i)];
        REQUIRE(parent >= 0);
        REQUIRE(parent < i);
        // The stepper settles every junction from its neighbours in one pass.
        CHECK_FALSE((layout.is_junction(i) && layout.is_junction(parent)));
    }
}

}  // namespace

TEST_CASE("a cable of three compartments is a chain with its nodes at the centres", "[discretise]")
{
    const auto cable = morphology::make_cable(30.0, 2.0, 2.0);
    const auto layout = lay_out(cable, {3});
    CHECK(layout.parent == Ints{-1, 0, 1});
    CHECK(layout.n_compartments() == 3);
    CHECK(layout.from == std::vector<double>{0.0, 1.0 / 3.0, 2.0 / 3.0});
    CHECK(layout.to == std::vector<double>{1.0 / 3.0, 2.0 / 3.0, 1.0});
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(layout.area_um2[i] == Approx(20.0 * std::numbers::pi).epsilon(1e-14));
        CHECK(layout.distance_um[i] == Approx(5.0 + 10.0 * static_cast<double>(i)).epsilon(1e-14));
        CHECK(layout.diameter_um[i] == 2.0);
    }
    CHECK(layout.start_neighbour == Ints{-1});
    CHECK(layout.end_neighbour == Ints{-1});
    check_invariants(layout, cable);
}

TEST_CASE("one section that continues another is joined without a junction", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 1.0);
    tree.add(0, 1.0, 30.0, 0.5);
    const auto morphology = tree.make();
    const auto layout = lay_out(morphology, {2, 3});
    CHECK(layout.parent == Ints{-1, 0, 1, 2, 3});
    CHECK(layout.n_nodes() == layout.n_compartments());
    CHECK(layout.end_neighbour[0] == 2);
    CHECK(layout.start_neighbour[1] == 1);
    // Half of 10 um with radius 1, then half of 10 um with radius 0.5.
    CHECK(layout.parent_half_per_um[2] == Approx(5.0 / std::numbers::pi).epsilon(1e-14));
    CHECK(layout.own_half_per_um[2] == Approx(5.0 / (0.25 * std::numbers::pi)).epsilon(1e-14));
    check_invariants(layout, morphology);
}

TEST_CASE("where three sections meet there is a junction of no area", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 1.0);
    tree.add(0, 1.0, 30.0, 0.5);
    tree.add(0, 1.0, 40.0, 0.25);
    const auto morphology = tree.make();
    const auto layout = lay_out(morphology, {2, 1, 2});
    CHECK(layout.parent == Ints{-1, 0, 1, 2, 2, 4});
    CHECK(layout.is_junction(2));
    CHECK(layout.n_compartments() == 5);
    CHECK(layout.first_node == Ints{0, 3, 4});
    CHECK(layout.end_neighbour == Ints{2, -1, -1});
    CHECK(layout.start_neighbour == Ints{-1, 2, 2});
    CHECK(layout.own_half_per_um[2] == 0.0);
    CHECK(layout.parent_half_per_um[3] == 0.0);
    CHECK(layout.parent_half_per_um[2] == Approx(5.0 / std::numbers::pi).epsilon(1e-14));
    CHECK(layout.centre(2) == Location{0, 1.0});
    check_invariants(layout, morphology);
}

TEST_CASE("a section attached inside another hangs on the compartment there", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 30.0, 1.0);
    tree.add(0, 0.5, 10.0, 0.5);
    tree.add(0, 0.9, 10.0, 0.5);
    const auto morphology = tree.make();
    const auto layout = lay_out(morphology, {3, 1, 1});
    CHECK(layout.parent == Ints{-1, 0, 1, 1, 2});
    CHECK(layout.parent_half_per_um[3] == 0.0);
    CHECK(layout.own_half_per_um[3] == Approx(5.0 / (0.25 * std::numbers::pi)).epsilon(1e-14));
    CHECK(layout.end_neighbour == Ints{-1, -1, -1});
    check_invariants(layout, morphology);
}

TEST_CASE("sections attached to the root's start meet it there", "[discretise]")
{
    test::TreeMaker one;
    one.add(-1, 1.0, 20.0, 1.0);
    one.add(0, 0.0, 30.0, 0.5);
    const auto merged = lay_out(one.make(), {2, 1});
    CHECK(merged.parent == Ints{-1, 0, 0});
    CHECK(merged.start_neighbour == Ints{2, 0});
    CHECK(merged.parent_half_per_um[2] == Approx(5.0 / std::numbers::pi).epsilon(1e-14));
    check_invariants(merged, one.make());

    test::TreeMaker two = one;
    two.add(0, 0.0, 40.0, 0.5);
    const auto joined = lay_out(two.make(), {2, 1, 1});
    CHECK(joined.parent == Ints{-1, 0, 0, 2, 2});
    CHECK(joined.is_junction(2));
    CHECK(joined.start_neighbour == Ints{2, 2, 2});
    CHECK(joined.centre(2) == Location{0, 0.0});
    check_invariants(joined, two.make());
}

TEST_CASE("position 0 of a child is the place on the parent it hangs on", "[discretise]")
{
    // c hangs on b's start, which is a's end: three sections meet at a's end.
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 1.0);
    tree.add(0, 1.0, 20.0, 1.0);
    tree.add(1, 0.0, 20.0, 1.0);
    const auto layout = lay_out(tree.make(), {1, 1, 1});
    CHECK(layout.parent == Ints{-1, 0, 1, 1});
    CHECK(layout.is_junction(1));
    check_invariants(layout, tree.make());
}

TEST_CASE("a place belongs to the compartment around it, on a border to the lower one", "[discretise]")
{
    const auto layout = lay_out(morphology::make_cable(40.0, 2.0, 2.0), {4});
    CHECK(layout.compartment_at({0, 0.0}) == 0);
    CHECK(layout.compartment_at({0, 0.25}) == 0);
    CHECK(layout.compartment_at({0, 0.2501}) == 1);
    CHECK(layout.compartment_at({0, 0.75}) == 2);
    CHECK(layout.compartment_at({0, 1.0}) == 3);
}

TEST_CASE("cones keep their area and a binary tree its counts", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 3.0, 1.0);
    tree.add(0, 1.0, 33.0, 1.0, 0.1);
    tree.add(0, 1.0, 17.0, 0.2, 2.0);
    check_invariants(lay_out(tree.make(), {7, 5, 3}), tree.make());

    const auto binary = morphology::make_binary_tree(6, 20.0, 2.0, 0.8, 0.63);
    const auto layout = lay_out(binary, Ints(63, 3));
    CHECK(layout.n_compartments() == 189);
    CHECK(layout.n_nodes() == 189 + 31);
    check_invariants(layout, binary);
}

TEST_CASE("a section of a million compartments is laid out in order and keeps its area", "[discretise]")
{
    const auto cable = morphology::make_cable(1e5, 2.0, 1.0);
    const auto layout = lay_out(cable, {1'000'000});
    CHECK(layout.n_nodes() == 1'000'000);
    CHECK(total_area(layout) == Approx(total_area(cable)).epsilon(1e-9));
    CHECK(layout.to.back() == 1.0);
    CHECK(layout.compartment_at({0, 0.5}) == 499'999);
}

TEST_CASE("a chain of a hundred thousand sections is laid out without recursion", "[discretise]")
{
    test::TreeMaker tree;
    for (int s = 0; s < 100'000; ++s) {
        tree.add(s - 1, s % 3 == 0 ? 0.0 : 1.0, 1.0, 1.0);
    }
    CHECK(lay_out(tree.make(), Ints(100'000, 1)).n_compartments() == 100'000);
}
