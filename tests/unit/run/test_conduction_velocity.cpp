#include <chrono>
#include <cmath>
#include <utility>

#include "run/conduction_velocity.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using morphology::Location;
using test::simulate;

namespace {

const std::string axon = R"yaml(
axolemma: 1
temperature: 18.5 degC
cells:
  - name: axon
    morphology: {cable: {length: 20 mm, diameter: 476 um}}
    discretisation: {max_length: 200 um}
    membrane: {Ra: 35.4 ohm*cm}
    channels: [{channel: hh}]
stimuli:
  - {name: kick, type: current_clamp, at: {section: axon, position: 0}, pulse: {delay: 0.2 ms, duration: 0.2 ms, amplitude: 40 uA}}
recordings:
  - {quantity: spikes, threshold: -20 mV, at: [{distance: 15 mm}, {distance: 5 mm}, {distance: 10 mm}]}
run: {stop: 3 ms, dt: 0.01 ms}
)yaml";

/// Collects unbranched cylinders of radius 1 um; a parent of -1 makes the root.
class Tree {
public:
    std::int32_t add(std::int32_t type, std::int32_t parent, double parent_position, double length_um)
    {
        morphology::Section section;
        section.name = morphology::section_base_name(type) + "[" + std::to_string(sections_.size()) + "]";
        section.type = type;
        section.parent = parent;
        section.parent_position = parent_position;
        section.first_point = static_cast<std::int32_t>(points_.size());
        section.n_points = 2;
        points_.push_back({0, 0, 0, 1});
        points_.push_back({length_um, 0, 0, 1});
        sections_.push_back(section);
        return static_cast<std::int32_t>(sections_.size()) - 1;
    }
    morphology::Morphology make() const { return {sections_, points_}; }

private:
    std::vector<morphology::Section> sections_;
    std::vector<morphology::Point> points_;
};

/// The pairs in words: "inner-outer distance", separated by commas. Lengths in these tests are whole um.
std::string pairs(const morphology::Morphology& morphology, const std::vector<Location>& places)
{
    std::string text;
    for (const auto& pair : run::neighbouring_sites(morphology, places)) {
        CHECK(pair.distance_um == Approx(std::round(pair.distance_um)).epsilon(1e-12));
        text += (text.empty() ? "" : ", ") + std::to_string(pair.inner) + "-" + std::to_string(pair.outer) + " " +
                std::to_string(std::lround(pair.distance_um));
    }
    return text;
}

/// Soma 0 of 20 um with dendrite 1 (100 um) at its start and axon 2 (200 um) at its end, which carries 3 and 4 (50 um).
morphology::Morphology soma_in_the_middle()
{
    Tree tree;
    tree.add(morphology::soma, -1, 0.0, 20);
    tree.add(morphology::dend, 0, 0.0, 100);
    tree.add(morphology::axon, 0, 1.0, 200);
    tree.add(morphology::axon, 2, 1.0, 50);
    tree.add(morphology::axon, 2, 1.0, 50);
    return tree.make();
}

}  // namespace

TEST_CASE("a soma site is the neighbour of sites on neurites at both ends of the soma", "[run][analysis]")
{
    const auto cell = soma_in_the_middle();
    CHECK(pairs(cell, {{0, 0.5}, {1, 0.5}, {2, 0.25}, {2, 0.75}}) == "0-1 60, 0-2 60, 2-3 100");
    CHECK(pairs(cell, {{1, 0.5}, {0, 0.1}}) == "1-0 52");
    CHECK(pairs(cell, {{2, 0.25}, {0, 0.1}, {0, 0.8}}) == "2-0 54, 1-2 14");
}

TEST_CASE("sites on neurites at opposite ends of the soma are neighbours across it", "[run][analysis]")
{
    const auto cell = soma_in_the_middle();
    CHECK(pairs(cell, {{2, 0.25}, {1, 0.5}}) == "0-1 120");
    CHECK(pairs(cell, {{0, 0.1}, {1, 0.5}, {2, 0.25}}) == "0-1 52, 0-2 68");
    // Three places around the centre: no line.
    CHECK(pairs(cell, {{1, 0.5}, {3, 0.2}, {4, 0.2}}).empty());
}

TEST_CASE("sites on sibling branches are not neighbours but share the one before the fork", "[run][analysis]")
{
    const auto cell = soma_in_the_middle();
    CHECK(pairs(cell, {{3, 0.2}, {4, 0.2}}).empty());
    CHECK(pairs(cell, {{3, 0.2}, {4, 0.2}, {2, 0.5}}) == "2-0 110, 2-1 110");
    // The start of a branch is the fork itself.
    CHECK(pairs(cell, {{3, 0.2}, {4, 0.0}}) == "1-0 10");
    CHECK(pairs(cell, {{2, 1.0}, {3, 0.0}, {4, 0.2}}) == "0-2 10");
}

TEST_CASE("wires on the middle of a single-point soma are siblings that share the soma's site", "[run][analysis]")
{
    Tree tree;
    tree.add(morphology::soma, -1, 0.0, 20);
    tree.add(morphology::dend, 0, 0.5, 100);
    tree.add(morphology::axon, 0, 0.5, 200);
    const auto cell = tree.make();
    CHECK(pairs(cell, {{1, 0.5}, {2, 0.5}}).empty());
    CHECK(pairs(cell, {{1, 0.5}, {2, 0.5}, {0, 0.5}}) == "2-0 50, 2-1 100");
    // The ends of the soma are beside the way.
    CHECK(pairs(cell, {{1, 0.5}, {0, 1.0}}).empty());
}

TEST_CASE("without a soma paths lead to the root's start", "[run][analysis]")
{
    Tree tree;
    tree.add(morphology::axon, -1, 0.0, 100);
    tree.add(morphology::axon, 0, 1.0, 100);
    tree.add(morphology::axon, 0, 0.3, 100);
    const auto cell = tree.make();
    CHECK(pairs(cell, {{1, 0.5}, {0, 0.0}, {0, 0.5}, {2, 0.1}}) == "2-0 100, 1-2 50, 1-3 40");
    CHECK(pairs(cell, {{0, 0.2}, {0, 0.9}}) == "0-1 70");
    CHECK(pairs(cell, {{0, 0.5}}).empty());
    CHECK(pairs(cell, {}).empty());
}

TEST_CASE("along a cable of type soma every site is the neighbour of the next", "[run][analysis]")
{
    Tree tree;
    tree.add(morphology::soma, -1, 0.0, 20000);
    const auto cable = tree.make();
    CHECK(pairs(cable, {{0, 0.1}, {0, 0.3}, {0, 0.7}, {0, 0.9}}) == "1-0 4000, 2-3 4000, 1-2 8000");
    CHECK(pairs(cable, {{0, 0.1}, {0, 0.5}, {0, 0.9}}) == "1-0 8000, 1-2 8000");
    CHECK(pairs(cable, {{0, 0.3}, {0, 0.9}}) == "0-1 12000");
}

TEST_CASE("paths to a soma below the root run towards it from the root", "[run][analysis]")
{
    Tree tree;
    tree.add(morphology::dend, -1, 0.0, 100);
    tree.add(morphology::soma, 0, 0.8, 20);
    tree.add(morphology::axon, 1, 1.0, 100);
    tree.add(morphology::dend, 0, 1.0, 100);
    const auto cell = tree.make();
    CHECK(cell.soma_centre() == Location{1, 0.5});
    CHECK(pairs(cell, {{0, 0.2}, {0, 0.5}, {2, 0.1}}) == "1-0 30, 1-2 60");
    CHECK(pairs(cell, {{3, 0.5}, {0, 0.9}, {1, 0.0}, {0, 0.7}}) == "1-0 60, 2-1 10, 2-3 10");
}

TEST_CASE("neighbours among thousands of sites are found in no time", "[run][analysis]")
{
    // A comb: a spine of 20000 sections with a tooth on each; sites only on the teeth's tips and the spine's start.
    Tree tree;
    std::vector<Location> places{{0, 0.0}};
    std::int32_t spine = tree.add(morphology::axon, -1, 0.0, 1);
    for (int k = 0; k < 20000; ++k) {
        const std::int32_t tooth = tree.add(morphology::dend, spine, 1.0, 1);
        places.push_back({tooth, 1.0});
        spine = tree.add(morphology::axon, spine, 1.0, 1);
    }
    const auto comb = tree.make();
    const auto start = std::chrono::steady_clock::now();
    const auto found = run::neighbouring_sites(comb, places);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    REQUIRE(found.size() == 20000);
    for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(found[k].inner == 0);
        CHECK(found[k].distance_um == static_cast<double>(k + 2));
    }
    // Measured: 5 ms. The limit is wide so that only work that grows with the square of the sites can reach it.
    CHECK(elapsed.count() < 2.0);
}

TEST_CASE("a spike along a cable of type soma has the velocity of an axon, also across the middle", "[run][analysis]")
{
    const auto soma = [](const std::string& position) {
        return simulate(axon, {"cells.axon.morphology.cable.type=soma", "stimuli.kick.at.section=soma",
                               "stimuli.kick.at.position=" + position,
                               "recordings=[{quantity: spikes, threshold: -20 mV, at: [{section: soma, position: 0.3}, "
                               "{section: soma, position: 0.7}]}]"})
            .outcome.conduction_velocities;
    };
    const auto forwards = soma("0");
    REQUIRE(forwards.size() == 1);
    CHECK(std::pair(forwards[0].from_site, forwards[0].to_site) == std::pair(0, 1));
    CHECK(forwards[0].distance_um == Approx(8000.0).epsilon(1e-12));
    CHECK(forwards[0].velocity_m_per_s == Approx(18.73).epsilon(0.05));
    const auto backwards = soma("1");
    REQUIRE(backwards.size() == 1);
    CHECK(std::pair(backwards[0].from_site, backwards[0].to_site) == std::pair(1, 0));
    CHECK(backwards[0].velocity_m_per_s == Approx(18.73).epsilon(0.05));
}

TEST_CASE("velocities are between neighbouring places on the path, in the direction of travel", "[run][analysis]")
{
    const auto outward = simulate(axon).outcome.conduction_velocities;
    REQUIRE(outward.size() == 2);
    // Sites are numbered as written: 0 at 15 mm, 1 at 5 mm, 2 at 10 mm.
    for (const auto& row : outward) {
        CHECK(row.distance_um == Approx(5000.0).epsilon(1e-12));
        CHECK(row.velocity_m_per_s == Approx(18.73).epsilon(0.05));
    }
    CHECK(((outward[0].from_site == 2 && outward[0].to_site == 0) ||
           (outward[1].from_site == 2 && outward[1].to_site == 0)));
    const auto inward = simulate(axon, {"stimuli.kick.at.position=1"}).outcome.conduction_velocities;
    REQUIRE(inward.size() == 2);
    for (const auto& row : inward) {
        CHECK(((row.from_site == 0 && row.to_site == 2) || (row.from_site == 2 && row.to_site == 1)));
        CHECK(row.velocity_m_per_s == Approx(outward[0].velocity_m_per_s).epsilon(0.05));
    }
}

TEST_CASE("without a spike at a place there is no velocity to it", "[run][analysis]")
{
    CHECK(simulate(axon, {"stimuli.kick.pulse.amplitude=0 nA"}).outcome.conduction_velocities.empty());
    CHECK(simulate(axon, {"run.stop=0.8 ms"}).outcome.conduction_velocities.size() < 2);
}

TEST_CASE("siblings are not on one path", "[run][analysis]")
{
    const std::string fork = R"yaml(
axolemma: 1
cells:
  - name: fork
    morphology: {binary_tree: {levels: 2, length: 200 um, diameter: 2 um}}
    discretisation: {max_length: 20 um}
    channels: [{channel: hh}]
stimuli:
  - {type: current_clamp, at: {section: "dend[0]", position: 0}, pulse: {duration: 1 ms, amplitude: 2 nA}}
recordings:
  - {quantity: spikes, at: [{section: "dend[1]", position: 0.2}, {section: "dend[2]", position: 0.8}]}
run: {stop: 10 ms}
)yaml";
    const auto result = simulate(fork);
    REQUIRE(result.outcome.sources.size() == 2);
    CHECK(result.outcome.sources[0].n == 1);
    CHECK(result.outcome.sources[1].n == 1);
    CHECK(result.outcome.conduction_velocities.empty());
}
