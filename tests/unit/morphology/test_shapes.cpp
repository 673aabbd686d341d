#include <cmath>
#include <numbers>

#include "morphology/shapes.hpp"
#include "swc_support.hpp"

using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;
using std::numbers::pi;

TEST_CASE("a patch is one soma cylinder", "[morphology]")
{
    const Morphology cell = make_patch(10.0, 20.0);
    REQUIRE(cell.n_sections() == 1);
    CHECK(cell.section(0).name == "soma[0]");
    CHECK(cell.section(0).type == soma);
    CHECK(cell.area_um2(0, 0.0, 1.0) == Catch::Approx(pi * 20.0 * 10.0).epsilon(1e-15));
}

TEST_CASE("a cable may be a cone and of any type", "[morphology]")
{
    const Morphology cable = make_cable(1000.0, 2.0, 1.0);
    CHECK(cable.section(0).name == "axon[0]");
    CHECK(cable.section(0).length_um == 1000.0);
    CHECK(cable.diameter_um({0, 0.5}) == Catch::Approx(1.5));
    CHECK(cable.distance_um({0, 1.0}) == 1000.0);
    CHECK(make_cable(10.0, 1.0, 1.0, apic).section(0).name == "apic[0]");
    CHECK(make_cable(10.0, 1.0, 1.0, soma).section(0).type == soma);
}

TEST_CASE("ball and stick is a soma with one dendrite on its end", "[morphology]")
{
    const Morphology cell = make_ball_and_stick(20.0, 200.0, 2.0);
    REQUIRE(cell.n_sections() == 2);
    CHECK(cell.area_um2(0, 0.0, 1.0) == Catch::Approx(4.0 * pi * 100.0).epsilon(1e-14));
    CHECK(cell.section(1).name == "dend[0]");
    CHECK(cell.section(1).parent == 0);
    CHECK(cell.section(1).parent_position == 1.0);
    CHECK(cell.area_um2(1, 0.0, 1.0) == Catch::Approx(pi * 2.0 * 200.0).epsilon(1e-14));
    CHECK(cell.distance_um({1, 1.0}) == Catch::Approx(210.0).epsilon(1e-15));
}

TEST_CASE("a binary tree has 2^k sections at level k, with ratios from parent to child", "[morphology]")
{
    const double length_ratio = std::pow(2.0, -1.0 / 3.0);
    const double diameter_ratio = std::pow(2.0, -2.0 / 3.0);
    const Morphology tree = make_binary_tree(10, 32.0, 16.0, length_ratio, diameter_ratio);
    REQUIRE(tree.n_sections() == 1023);
    std::vector<int> at_level(10, 0);
    for (std::int32_t s = 0; s < tree.n_sections(); ++s) {
        const Section& section = tree.section(s);
        const auto level = static_cast<std::size_t>(section.branch_order);
        REQUIRE(level < 10);
        ++at_level[level];
        CHECK(section.length_um == Catch::Approx(32.0 * std::pow(length_ratio, level)).epsilon(1e-12));
        CHECK(tree.diameter_um({s, 0.5}) == Catch::Approx(16.0 * std::pow(diameter_ratio, level)).epsilon(1e-12));
        if (s > 0) {
            CHECK(section.parent == (s - 1) / 2);
            CHECK(section.parent_position == 1.0);
        }
    }
    for (std::size_t level = 0; level < 10; ++level) {
        CHECK(at_level[level] == 1 << level);
    }
    CHECK(make_binary_tree(1, 10.0, 1.0, 0.5, 0.5).n_sections() == 1);
}

TEST_CASE("a tree after Rall's 3/2 power keeps the electrotonic taper of one cylinder", "[morphology]")
{
    // Sum of d^(3/2) over a level is constant (Rall 1962).
    const Morphology tree = make_binary_tree(6, 100.0, 8.0, 0.8, std::pow(2.0, -2.0 / 3.0));
    std::vector<double> sum(6, 0.0);
    for (std::int32_t s = 0; s < tree.n_sections(); ++s) {
        sum[static_cast<std::size_t>(tree.section(s).branch_order)] += std::pow(tree.diameter_um({s, 0.0}), 1.5);
    }
    for (const double of_level : sum) {
        CHECK(of_level == Catch::Approx(std::pow(8.0, 1.5)).epsilon(1e-13));
    }
}
