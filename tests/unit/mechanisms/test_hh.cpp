#include <array>
#include <cmath>
#include <limits>

#include "block.hpp"
#include "mechanisms/catalogue.hpp"
#include "mechanisms/gate.hpp"
#include "support/catch.hpp"

using namespace axolemma::mechanisms;

namespace {

const MechanismInfo& hh()
{
    return *Catalogue().find_channel("hh");
}

/// Rates as printed in the paper's shifted form; not usable where numerator and denominator vanish.
Rates textbook(int gate, double v)
{
    switch (gate) {
    case 0: return {0.1 * (v + 40.0) / (1.0 - std::exp(-(v + 40.0) / 10.0)), 4.0 * std::exp(-(v + 65.0) / 18.0)};
    case 1: return {0.07 * std::exp(-(v + 65.0) / 20.0), 1.0 / (1.0 + std::exp(-(v + 35.0) / 10.0))};
    default: return {0.01 * (v + 55.0) / (1.0 - std::exp(-(v + 55.0) / 10.0)), 0.125 * std::exp(-(v + 65.0) / 80.0)};
    }
}

}  // namespace

TEST_CASE("hh gates at rest have the textbook steady states", "[mechanisms][hh]")
{
    Block block(hh(), {-65.0});
    hh().kernels->initialise(block.view());
    // Steady states at -65 mV, computed with 50 digits from the rates of Hodgkin & Huxley 1952.
    CHECK(block.states[0][0] == Approx(0.05293248525725).epsilon(0).margin(1e-13));
    CHECK(block.states[1][0] == Approx(0.59612075350846).epsilon(0).margin(1e-13));
    CHECK(block.states[2][0] == Approx(0.31767691406070).epsilon(0).margin(1e-13));
}

TEST_CASE("hh steady states follow the printed rates at every other voltage", "[mechanisms][hh]")
{
    const std::vector<double> v{-150.0, -90.0, -64.9, -54.99, -39.99, 0.0, 35.0, 120.0};
    Block block(hh(), v);
    hh().kernels->initialise(block.view());
    for (int gate = 0; gate < 3; ++gate) {
        for (std::size_t i = 0; i < v.size(); ++i) {
            // 1 - exp near the singular point costs the printed form four digits; elsewhere it is good to rounding.
            CHECK(block.states[static_cast<std::size_t>(gate)][i] ==
                  Approx(textbook(gate, v[i]).steady_state()).epsilon(1e-11));
        }
    }
}

TEST_CASE("hh rates have no hole where the printed formulas are 0/0", "[mechanisms][hh]")
{
    // alpha_m(-40) = 1 and alpha_n(-55) = 0.1 per ms, the limits; beta as printed.
    Block block(hh(), {-40.0, -55.0, std::nextafter(-40.0, 0.0), std::nextafter(-55.0, 0.0)});
    hh().kernels->initialise(block.view());
    const double beta_m = 4.0 * std::exp(-25.0 / 18.0);
    const double beta_n = 0.125 * std::exp(-10.0 / 80.0);
    CHECK(block.states[0][0] == Approx(1.0 / (1.0 + beta_m)).epsilon(1e-14));
    CHECK(block.states[2][1] == Approx(0.1 / (0.1 + beta_n)).epsilon(1e-14));
    CHECK(block.states[0][2] == Approx(block.states[0][0]).epsilon(1e-14));
    CHECK(block.states[2][3] == Approx(block.states[2][1]).epsilon(1e-14));
}

TEST_CASE("hh gates stay within 0 and 1 up to 10 V either way", "[mechanisms][hh]")
{
    Block block(hh(), {-1e4, -700.0, 700.0, 1e4});
    hh().kernels->initialise(block.view());
    hh().kernels->advance(block.view(), 0.025);
    for (const auto& gate : block.states) {
        for (const double x : gate) {
            CHECK(x >= 0.0);
            CHECK(x <= 1.0);
        }
    }
}

TEST_CASE("hh gates relax exactly, whatever the step", "[mechanisms][hh]")
{
    // x' = (x_inf - x)/tau has the solution x_inf + (x0 - x_inf) exp(-t/tau).
    const double t_ms = 3.0;
    for (const double v : {-80.0, -65.0, -30.0, 20.0}) {
        Block once(hh(), {v});
        Block often(hh(), {v});
        once.states = often.states = {{0.9}, {0.1}, {0.5}};
        hh().kernels->advance(once.view(), t_ms);
        for (int k = 0; k < 300; ++k) {
            hh().kernels->advance(often.view(), t_ms / 300);
        }
        const std::array<double, 3> start{0.9, 0.1, 0.5};
        for (int gate = 0; gate < 3; ++gate) {
            const auto g = static_cast<std::size_t>(gate);
            const Rates rates = textbook(gate, v);
            const double steady = rates.steady_state();
            const double exact =
                steady + (start[g] - steady) * std::exp(-t_ms * (rates.alpha_per_ms + rates.beta_per_ms));
            CHECK(once.states[g][0] == Approx(exact).epsilon(0).margin(1e-14));
            CHECK(often.states[g][0] == Approx(exact).epsilon(0).margin(1e-13));
        }
    }
}

TEST_CASE("hh gates run three times as fast ten degrees higher", "[mechanisms][hh]")
{
    Block cold(hh(), {-20.0}, 6.3);
    Block warm(hh(), {-20.0}, 16.3);
    hh().kernels->advance(cold.view(), 0.3);
    hh().kernels->advance(warm.view(), 0.1);
    for (std::size_t g = 0; g < 3; ++g) {
        CHECK(warm.states[g][0] == Approx(cold.states[g][0]).epsilon(1e-14));
    }
    CHECK(q10_factor(3.0, 18.5, 6.3) == Approx(std::pow(3.0, 1.22)).epsilon(1e-14));
}

TEST_CASE("hh currents are g m3 h (V - E), g n4 (V - E) and g (V - E)", "[mechanisms][hh]")
{
    Block block(hh(), {-10.0});
    block.states = {{0.5}, {0.25}, {0.4}};
    const auto i = block.currents();
    CHECK(i[0][0] == Approx(0.12 * 0.03125 * (-60.0)).epsilon(1e-14));
    CHECK(i[1][0] == Approx(0.036 * 0.0256 * 67.0).epsilon(1e-14));
    CHECK(i[2][0] == Approx(0.0003 * 44.3).epsilon(1e-14));
}

TEST_CASE("the linear form of every mechanism is its current", "[mechanisms]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        const auto& info = *channel;
        Block block(info, {-92.0, -65.0, -40.0, -3.25, 41.0});
        info.kernels->initialise(block.view());
        for (auto& state : block.states) {
            for (double& x : state) {
                x = 0.1 + 0.8 * x;  // off the steady state
            }
        }
        const auto currents = block.currents();
        std::vector<double> g(5, 1.5), s(5, -2.5);  // linearise adds to what is there
        std::vector<std::vector<double>> apart(2 * currents.size(), std::vector<double>(5, 0.0));
        std::vector<double*> current_g, current_s;
        for (std::size_t c = 0; c < currents.size(); ++c) {
            current_g.push_back(apart[2 * c].data());
            current_s.push_back(apart[2 * c + 1].data());
        }
        info.kernels->linearise(block.view(), g.data(), s.data(), current_g.data(), current_s.data());
        for (std::size_t k = 0; k < 5; ++k) {
            INFO(info.name << " at " << block.v[k] << " mV");
            double sum = 0.0;
            for (std::size_t c = 0; c < currents.size(); ++c) {
                sum += currents[c][k];
                CHECK(apart[2 * c][k] * block.v[k] - apart[2 * c + 1][k] ==
                      Approx(currents[c][k]).epsilon(1e-12).margin(1e-13));
            }
            CHECK((g[k] - 1.5) * block.v[k] - (s[k] + 2.5) == Approx(sum).epsilon(1e-12).margin(1e-13));
        }
    }
}

TEST_CASE("a NaN voltage gives NaN gates and not a plausible number", "[mechanisms][hh]")
{
    Block block(hh(), {std::numeric_limits<double>::quiet_NaN()});
    hh().kernels->initialise(block.view());
    for (const auto& gate : block.states) {
        CHECK(std::isnan(gate[0]));
    }
}
