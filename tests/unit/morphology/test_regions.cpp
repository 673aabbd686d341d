#include "morphology/regions.hpp"
#include "swc_support.hpp"

using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

/// soma[0], dend[0] (wired), dend[1], dend[2], axon[0] of the small cell.
Morphology cell()
{
    return build(small_cell + "8 7 0 -5 0 0.3 1\n9 7 0 -9 0 0.3 8\n").morphology;
}

std::vector<std::string> sections_in(const Region& region, const Morphology& morphology)
{
    std::vector<std::string> names;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        if (contains(region, morphology, {s, 0.5})) {
            names.push_back(morphology.section(s).name);
        }
    }
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("type names are regions, and all is the whole cell", "[morphology]")
{
    const Morphology c = cell();
    CHECK(sections_in(*region_of_name("soma"), c) == Names{"soma[0]"});
    CHECK(sections_in(*region_of_name("dend"), c) == Names{"dend[0]", "dend[1]", "dend[2]"});
    CHECK(sections_in(*region_of_name("axon"), c) == Names{"axon[0]"});
    CHECK(sections_in(*region_of_name("apic"), c).empty());
    CHECK(sections_in(*region_of_name("all"), c).size() == 6);
    CHECK_FALSE(region_of_name("basal").has_value());
    CHECK_FALSE(region_of_name("").has_value());
    CHECK(region_of_name("custom")->type == 5);
    CHECK(region_of_name("undefined")->type == 0);
    for (const std::string& name : region_names()) {
        CHECK(region_of_name(name).has_value());
    }
}

TEST_CASE("a region may be any type number", "[morphology]")
{
    Region region;
    region.type = 7;
    CHECK(sections_in(region, cell()) == Names{"dend_7[0]"});
}

TEST_CASE("a region may be one section, or all that share its name", "[morphology]")
{
    const Morphology c = cell();
    Region region;
    region.section = "dend[1]";
    CHECK(sections_in(region, c) == Names{"dend[1]"});
    region.section = "dend";
    CHECK(sections_in(region, c) == Names{"dend[0]", "dend[1]", "dend[2]"});
    region.section = "dend_7";
    CHECK(sections_in(region, c) == Names{"dend_7[0]"});
    region.section = "den";
    CHECK(sections_in(region, c).empty());
}

TEST_CASE("conditions on distance, diameter and branch order hold place by place and include their bounds",
          "[morphology]")
{
    const Morphology c = cell();
    const std::int32_t stem = c.find_section("dend[0]");
    Region region;
    region.distance_um = {5.0, 10.0};
    CHECK_FALSE(contains(region, c, {stem, 0.2}));
    CHECK(contains(region, c, {stem, 1.0 / 3.0}));
    CHECK(contains(region, c, {stem, 0.6}));
    CHECK_FALSE(contains(region, c, {stem, 1.0}));
    Region thin;
    thin.diameter_um = {.high = 1.0};
    CHECK(sections_in(thin, c) == Names{"axon[0]", "dend_7[0]"});
    Region far;
    far.branch_order = {.low = 2.0};
    CHECK(sections_in(far, c) == Names{"dend[1]", "dend[2]"});
}

TEST_CASE("regions combine by all of, any of and none of", "[morphology]")
{
    const Morphology c = cell();
    Region either;
    either.any_of = {*region_of_name("axon"), *region_of_name("soma")};
    CHECK(sections_in(either, c) == Names{"soma[0]", "axon[0]"});
    Region neurites;
    neurites.none_of = {*region_of_name("soma")};
    CHECK(sections_in(neurites, c).size() == 5);
    Region thick_neurites;
    Region thick;
    thick.diameter_um = {.low = 1.5};
    thick_neurites.all_of = {neurites, thick};
    CHECK(sections_in(thick_neurites, c) == Names{"dend[0]", "dend[1]", "dend[2]"});
    thick_neurites.none_of = {*region_of_name("dend")};
    CHECK(sections_in(thick_neurites, c).empty());
}
