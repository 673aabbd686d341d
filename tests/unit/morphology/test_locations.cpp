#include "morphology/regions.hpp"
#include "morphology/shapes.hpp"
#include "swc_support.hpp"

using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

using Kind = LocationRule::Kind;

LocationRule rule(Kind kind)
{
    LocationRule r;
    r.kind = kind;
    return r;
}

LocationRule on_section(const std::string& name, double position)
{
    LocationRule r = rule(Kind::section_position);
    r.section = name;
    r.position = position;
    return r;
}

LocationRule of_sample(std::int64_t id)
{
    LocationRule r = rule(Kind::sample);
    r.sample = id;
    return r;
}

LocationRule at_distance(double distance_um)
{
    LocationRule r = rule(Kind::distance);
    r.distance_um = distance_um;
    return r;
}

}  // namespace

TEST_CASE("locations are found on a section, at the soma and at samples", "[morphology]")
{
    const Morphology cell = build(small_cell).morphology;
    CHECK(resolve(rule(Kind::soma_centre), cell).locations == std::vector<Location>{{0, 0.5}});
    const std::int32_t second = cell.find_section("dend[1]");
    CHECK(resolve(on_section("dend[1]", 0.25), cell).locations == std::vector<Location>{{second, 0.25}});
    CHECK(resolve(on_section("soma", 0.5), cell).locations == std::vector<Location>{{0, 0.5}});
    CHECK(resolve(of_sample(1), cell).locations == std::vector<Location>{{0, 0.5}});
    CHECK(resolve(of_sample(4), cell).locations == std::vector<Location>{{second, 1.0}});
    CHECK(resolve(of_sample(3), cell).locations == std::vector<Location>{{cell.find_section("dend[0]"), 1.0}});
    CHECK(resolve(of_sample(2), cell).locations == std::vector<Location>{{cell.find_section("dend[0]"), 0.0}});
}

TEST_CASE("tips are the free ends outside the soma, within a region if one is given", "[morphology]")
{
    const Morphology cell = build(small_cell).morphology;
    const std::vector<Location> all{
        {cell.find_section("dend[1]"), 1.0}, {cell.find_section("dend[2]"), 1.0}, {cell.find_section("axon[0]"), 1.0}};
    CHECK(resolve(rule(Kind::tips), cell).locations == all);
    LocationRule of_axon = rule(Kind::tips);
    of_axon.within = region_of_name("axon");
    CHECK(resolve(of_axon, cell).locations == std::vector<Location>{all[2]});
}

TEST_CASE("a path distance names every place there, a branch point once", "[morphology]")
{
    const Morphology cell = make_binary_tree(3, 10.0, 1.0, 1.0, 1.0);
    CHECK(resolve(at_distance(5.0), cell).locations == std::vector<Location>{{0, 0.5}});
    CHECK(resolve(at_distance(25.0), cell).locations.size() == 4);
    const auto at_fork = resolve(at_distance(10.0), cell).locations;
    REQUIRE(at_fork.size() == 1);
    CHECK(at_fork[0].section == 0);
    CHECK(at_fork[0].position == Catch::Approx(1.0));
    CHECK(resolve(at_distance(0.0), cell).locations == std::vector<Location>{{0, 0.0}});
}

TEST_CASE("a path distance is met on both sides of the soma's middle", "[morphology]")
{
    const Morphology cell = make_ball_and_stick(20.0, 100.0, 1.0);
    CHECK(resolve(at_distance(4.0), cell).locations == std::vector<Location>{{0, 0.3}, {0, 0.7}});
    CHECK(resolve(at_distance(60.0), cell).locations == std::vector<Location>{{1, 0.5}});
    CHECK(resolve(at_distance(0.0), cell).locations == std::vector<Location>{{0, 0.5}});
}

TEST_CASE("the nearest place is the foot on the centre line", "[morphology]")
{
    const Morphology cell = build(small_cell).morphology;
    LocationRule near = rule(Kind::nearest);
    near.x_um = 27.5;
    near.y_um = -3.0;
    const Location found = resolve(near, cell).locations.at(0);
    CHECK(cell.section(found.section).name == "dend[1]");
    CHECK(found.position == Catch::Approx(0.5));
}

TEST_CASE("a location that is nowhere is answered with the reason", "[morphology]")
{
    const Morphology cell = build(small_cell).morphology;
    const auto check = [&](const LocationRule& r, const std::string& message, const std::string& hint) {
        const ResolvedLocations found = resolve(r, cell);
        CHECK(found.locations.empty());
        CHECK(found.message == message);
        CHECK(found.hint == hint);
    };
    check(on_section("dend[7]", 0.5), "there is no section 'dend[7]' in this cell",
          axolemma::base::name_hint("dend[7]", {"soma[0]", "dend[0]", "dend[1]", "dend[2]", "axon[0]"}, "sections"));
    check(on_section("dend[1]", 1.5), "position 1.5 on section 'dend[1]' is not between 0 and 1",
          "0 is the start of a section (towards the root), 1 its end");
    check(at_distance(500.0), "no place is at path distance 500 um from the soma",
          "path distances in this cell run from 0 to 30 um");
    check(of_sample(99), "there is no sample 99 in the SWC file", "its 7 sample ids lie between 1 and 7");
    LocationRule apical_tips = rule(Kind::tips);
    apical_tips.within = region_of_name("apic");
    check(apical_tips, "none of the 3 tips of this cell is in the region", "");

    const ResolvedLocations no_file = resolve(of_sample(1), make_patch(10.0, 10.0));
    CHECK(no_file.message == "this cell was not read from an SWC file, so it has no samples");
    CHECK(resolve(rule(Kind::tips), make_patch(10.0, 10.0)).message ==
          "this cell has no tips: it is a soma without neurites");
}
