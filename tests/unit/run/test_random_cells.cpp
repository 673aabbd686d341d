#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::simulate;

namespace {

const std::string cells = R"yaml(
axolemma: 1
cells:
  - {name: cell, count: 5, morphology: {patch: {area: 1000 um2}}, membrane: {v_init: "uniform(-80 mV, -40 mV)"}, channels: [{channel: pas}]}
recordings:
  - {quantity: v, at: soma}
run: {stop: 0.025 ms}
)yaml";

std::vector<double> initial_voltages(const std::vector<std::string>& sets, std::size_t n)
{
    const auto result = simulate(cells, sets);
    const auto& samples = result.sink.samples(0);
    return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(n)};
}

}  // namespace

TEST_CASE("a cell's random values do not depend on how many cells there are", "[run][random]")
{
    const auto five = initial_voltages({}, 5);
    const auto nine = initial_voltages({"cells.cell.count=9"}, 5);
    CHECK(five == nine);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(five[i] > -80.0);
        CHECK(five[i] < -40.0);
        for (std::size_t j = 0; j < i; ++j) {
            CHECK(five[i] != five[j]);
        }
    }
}

TEST_CASE("a random value stays when other values of the cell become random", "[run][random]")
{
    CHECK(initial_voltages({}, 5) ==
          initial_voltages({"cells.cell.channels=[{channel: pas, parameters: {g: 'uniform(1, 2) * 1 mS/cm2'}}]"}, 5));
}

TEST_CASE("another seed gives other values, the same seed the same", "[run][random]")
{
    CHECK(initial_voltages({"run.seed=2"}, 5) != initial_voltages({}, 5));
    CHECK(initial_voltages({"run.seed=2"}, 5) == initial_voltages({"run.seed=2"}, 5));
}
