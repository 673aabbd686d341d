#include <cmath>

#include "config/config.hpp"
#include "run/simulation.hpp"
#include "support/catch.hpp"

TEST_CASE("configs/squid_axon.yaml gives the velocity of the travelling wave within 0.03 percent", "[validation]")
{
    using namespace axolemma;
    auto model = config::read_model(AXOLEMMA_SOURCE_DIR "/configs/squid_axon.yaml");
    run::Simulation simulation(std::move(model));
    run::NullSink sink;
    const auto outcome = simulation.run({}, sink);
    REQUIRE(outcome.conduction_velocities.size() == 2);
    // The second half of the way, where the wave has settled; measured 2.4e-4.
    CHECK(std::abs(outcome.conduction_velocities[1].velocity_m_per_s / 18.7302 - 1.0) < 3e-4);
}
