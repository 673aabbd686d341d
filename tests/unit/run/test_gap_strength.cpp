// Gap junctions that are too strong for Crank-Nicolson are told, and those that are not told hold.
#include <fmt/format.h>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

/// Patches of 1 pF in a ring: C/dt is 0.04 uS. Two cells have one junction each, more cells two each.
std::string ring(int n, double conductance_uS, const std::string& run)
{
    return fmt::format(R"(axolemma: 1
cells:
  - name: ring
    count: {}
    morphology: {{patch: {{area: 100 um2}}}}
    membrane: {{cm: 1 uF/cm2, v_init: "-70 mV + 5 mV * cell"}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: -70 mV}}}}]
gap_junctions:
  - {{at: soma, {}, conductance: {} uS}}
run: {{stop: 40 ms, {}}}
)",
                       n, n == 2 ? "rule: all_to_all" : "offset: 1", conductance_uS, run);
}

struct Tried {
    std::string warnings;
    bool complete;
};

Tried tried(const std::string& text)
{
    auto simulation = test::build(text);
    run::NullSink sink;
    const auto outcome = simulation.run({}, sink);
    return {simulation.warnings().text(), outcome.complete};
}

}  // namespace

TEST_CASE("gap junctions beyond C/dt are told and let voltages grow, below they hold", "[run][gap]")
{
    // The limit is sharp where all cells are equal: at 5 % beyond it an alternating voltage grows by 5 % with every step.
    const auto beyond = tried(ring(2, 0.042, "method: crank_nicolson"));
    CHECK_FALSE(beyond.complete);
    CHECK(beyond.warnings ==
          "test.yaml:9:5: warning: the gap junctions of soma[0](0.5) of 'ring' sum up to 0.042 uS, more than C/dt = "
          "0.04 uS of this compartment: crank_nicolson may let the voltage grow without bound\n"
          "  hint: use dt: 0.023 ms or less, longer compartments, or method: backward_euler\n");
    const auto within = tried(ring(2, 0.039, "method: crank_nicolson"));
    CHECK(within.complete);
    CHECK(within.warnings.empty());
    const auto shorter = tried(ring(2, 0.042, "method: crank_nicolson, dt: 0.02 ms"));
    CHECK(shorter.complete);
    CHECK(shorter.warnings.empty());
}

TEST_CASE("the gap junctions of a compartment count together", "[run][gap]")
{
    const auto beyond = tried(ring(4, 0.021, "method: crank_nicolson"));
    CHECK_FALSE(beyond.complete);
    CHECK_THAT(beyond.warnings, Catch::Matchers::ContainsSubstring("sum up to 0.042 uS"));
    const auto within = tried(ring(4, 0.0195, "method: crank_nicolson"));
    CHECK(within.complete);
    CHECK(within.warnings.empty());
}

TEST_CASE("backward Euler holds gap junctions of any strength", "[run][gap]")
{
    const auto strong = tried(ring(4, 100.0, "method: backward_euler"));
    CHECK(strong.complete);
    CHECK(strong.warnings.empty());
}
