#include "morphology/axon_stub.hpp"
#include "swc_support.hpp"

using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

TEST_CASE("the axon of a file gives way to cylinders at the centre of the soma", "[morphology]")
{
    const Morphology whole = build(small_cell).morphology;
    const Morphology cut = replace_axon(whole, {2, 30.0, 1.0});
    REQUIRE(whole.find_section("axon[0]") >= 0);
    const auto first = cut.find_section("axon[0]");
    const auto second = cut.find_section("axon[1]");
    REQUIRE(first == cut.n_sections() - 2);
    REQUIRE(second == first + 1);
    CHECK(cut.n_sections() == whole.n_sections() + 1);
    CHECK(cut.section(first).parent == cut.soma_centre().section);
    CHECK(cut.section(first).parent_position == cut.soma_centre().position);
    CHECK(cut.section(second).parent == first);
    CHECK(cut.section(second).length_um == 30.0);
    CHECK(cut.diameter_um({second, 0.3}) == 1.0);
    CHECK(cut.distance_um({second, 1.0}) == Catch::Approx(60.0).epsilon(1e-14));
}

TEST_CASE("what is no axon stays as it was when the axon is replaced", "[morphology]")
{
    const Morphology whole = build(small_cell).morphology;
    const Morphology cut = replace_axon(whole, {1, 10.0, 2.0});
    for (const Section& section : whole.sections()) {
        if (section.type == axon) {
            continue;
        }
        const auto old_index = whole.find_section(section.name);
        const auto new_index = cut.find_section(section.name);
        REQUIRE(new_index >= 0);
        CHECK(cut.area_um2(new_index, 0.0, 1.0) == whole.area_um2(old_index, 0.0, 1.0));
        CHECK(cut.section(new_index).distance_um == whole.section(old_index).distance_um);
    }
    CHECK(cut.sample_locations.at(5) == whole.sample_locations.at(5));
    CHECK(cut.sample_locations.count(7) == 0);
}

TEST_CASE("what hangs on an axon goes with it", "[morphology]")
{
    const Morphology whole = build(small_cell + "8 3 -30 5 0 0.5 7\n9 3 -30 20 0 0.5 8\n").morphology;
    const Morphology cut = replace_axon(whole, {1, 10.0, 2.0});
    CHECK(cut.sample_locations.count(9) == 0);
    CHECK(total_length_um(cut) < total_length_um(whole));
}
