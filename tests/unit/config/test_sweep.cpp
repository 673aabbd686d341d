#include "config/sweep.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

std::string with_sweep(const std::string& sweep)
{
    return test::minimal(
        "stimuli:\n"
        "  - {name: kick, type: current_clamp, at: soma, pulse: {duration: 1 ms, amplitude: 0.1 nA}}\n"
        "  - {name: late, type: current_clamp, at: soma, pulse: {duration: 1 ms, amplitude: 0.1 nA}}\n"
        "sweep:\n" +
        sweep);
}

config::Sweep sweep_of(const std::string& sweep)
{
    return config::Sweep(with_sweep(sweep), "test.yaml");
}

using Points = std::vector<std::vector<std::string>>;

Points points_of(const config::Sweep& sweep)
{
    Points points;
    for (std::int64_t i = 0; i < sweep.n_points(); ++i) {
        points.push_back(config::point_values(sweep.spec(), i));
    }
    return points;
}

double amplitude_nA(const model::Model& model, std::size_t stimulus)
{
    return std::get<model::PulseWave>(model.stimuli[stimulus].waveform).amplitude.expression.value();
}

/// A table of points in the temporary folder, gone with the object.
class Table {
public:
    explicit Table(const std::string& text)
        : path_((std::filesystem::temp_directory_path() / ("axolemma_points_" + std::to_string(getpid()) + ".csv"))
                    .string())
    {
        std::ofstream(path_) << text;
    }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace

TEST_CASE("a grid takes every combination, the last parameter varying fastest", "[config][sweep]")
{
    const auto sweep = sweep_of(
        "  parameters:\n"
        "    - {set: stimuli.kick.pulse.amplitude, values: [0.1 nA, 200 pA]}\n"
        "    - {set: run.seed, range: {from: 1, to: 3, count: 3}}\n");
    CHECK(points_of(sweep) ==
          Points{{"0.1 nA", "1"}, {"0.1 nA", "2"}, {"0.1 nA", "3"}, {"200 pA", "1"}, {"200 pA", "2"}, {"200 pA", "3"}});
    CHECK(sweep.spec().parameters[0].unit == "nA");
    CHECK(sweep.spec().parameters[1].unit.empty());
    const auto model = sweep.point(5);
    CHECK(amplitude_nA(model, 0) == 0.2);
    CHECK(amplitude_nA(model, 1) == 0.1);
    CHECK(model.run.seed == 3);
    CHECK(model.overrides == std::vector<std::string>{"stimuli.kick.pulse.amplitude=200 pA", "run.seed=3"});
    CHECK_FALSE(model.sweep);
    CHECK(amplitude_nA(sweep.base(), 0) == 0.1);
}

TEST_CASE("a list takes the i-th values together, and a list of paths gets one value", "[config][sweep]")
{
    const auto sweep = sweep_of(
        "  mode: list\n"
        "  parameters:\n"
        "    - {set: [stimuli.kick.pulse.amplitude, stimuli.1.pulse.amplitude], values: [0.3 nA, 0.4 nA]}\n"
        "    - {set: run.dt, values: [0.025 ms, 0.05 ms]}\n");
    CHECK(points_of(sweep) == Points{{"0.3 nA", "0.025 ms"}, {"0.4 nA", "0.05 ms"}});
    CHECK(amplitude_nA(sweep.point(1), 0) == 0.4);
    CHECK(amplitude_nA(sweep.point(1), 1) == 0.4);
    CHECK(sweep.point(1).run.dt_ms == 0.05);
}

TEST_CASE("whole numbers of a range have no exponent", "[config][sweep]")
{
    const auto sweep = sweep_of("  parameters: [{set: run.seed, range: {from: 1, to: 1000000000000001, count: 3}}]\n");
    CHECK(points_of(sweep) == Points{{"1"}, {"500000000000001"}, {"1000000000000001"}});
    CHECK(sweep.point(2).run.seed == 1000000000000001u);
}

TEST_CASE("a range reaches both ends exactly and is spaced evenly, or with equal ratios", "[config][sweep]")
{
    const auto linear =
        sweep_of("  parameters: [{set: stimuli.kick.pulse.amplitude, range: {from: 0.1 nA, to: 300 pA, count: 3}}]\n");
    CHECK(amplitude_nA(linear.point(0), 0) == 0.1);
    CHECK(amplitude_nA(linear.point(1), 0) == Approx(0.2).epsilon(1e-15));
    CHECK(amplitude_nA(linear.point(2), 0) == 0.3);
    const auto log = sweep_of(
        "  parameters: [{set: stimuli.kick.pulse.amplitude, range: {from: 0.1 nA, to: 10 nA, count: 5, scale: "
        "log}}]\n");
    for (std::int64_t k = 0; k < 5; ++k) {
        // A power and a product are within a few units in the last place.
        CHECK(amplitude_nA(log.point(k), 0) ==
              Approx(0.1 * std::pow(10.0, 0.5 * static_cast<double>(k))).epsilon(1e-14));
    }
}

TEST_CASE("random points belong to the seed and the index, and fill the interval", "[config][sweep]")
{
    const std::string text =
        "  mode: random\n  samples: 1000\n"
        "  parameters:\n"
        "    - {set: stimuli.kick.pulse.amplitude, uniform: {from: 1 nA, to: 3 nA}}\n"
        "    - {set: stimuli.late.pulse.amplitude, log_uniform: {from: 0.1 nA, to: 10 nA}}\n";
    const auto sweep = sweep_of(text);
    double mean = 0, mean_log = 0;
    for (std::int64_t i = 0; i < sweep.n_points(); ++i) {
        const auto model = sweep.point(i);
        CHECK((amplitude_nA(model, 0) > 1.0 && amplitude_nA(model, 0) < 3.0));
        CHECK((amplitude_nA(model, 1) > 0.1 && amplitude_nA(model, 1) < 10.0));
        mean += amplitude_nA(model, 0) / 1000;
        mean_log += std::log10(amplitude_nA(model, 1)) / 1000;
    }
    // Five standard errors of 1000 draws of variance 1/3.
    CHECK(std::abs(mean - 2.0) < 5.0 * std::sqrt(1.0 / 3.0 / 1000.0));
    CHECK(std::abs(mean_log) < 5.0 * std::sqrt(1.0 / 3.0 / 1000.0));
    CHECK(points_of(sweep) == points_of(sweep_of(text)));
    const std::vector<config::Override> other_seed{{"run.seed", "2"}};
    const config::Sweep other(with_sweep(text), "test.yaml", other_seed);
    CHECK(points_of(sweep) != points_of(other));
}

TEST_CASE("Sobol points are the known sequence and put one point into every cell of a net", "[config][sweep]")
{
    const auto sweep = sweep_of(
        "  mode: sobol\n  samples: 63\n"
        "  parameters:\n"
        "    - {set: stimuli.kick.pulse.amplitude, uniform: {from: 0 nA, to: 8 nA}}\n"
        "    - {set: stimuli.late.pulse.amplitude, uniform: {from: 0 nA, to: 8 nA}}\n");
    CHECK(config::point_values(sweep.spec(), 0) == std::vector<std::string>{"4 nA", "4 nA"});
    CHECK(config::point_values(sweep.spec(), 1) == std::vector<std::string>{"6 nA", "2 nA"});
    CHECK(config::point_values(sweep.spec(), 2) == std::vector<std::string>{"2 nA", "6 nA"});
    std::set<std::pair<int, int>> cells{{0, 0}};  // the origin, which is left out
    for (std::int64_t i = 0; i < 63; ++i) {
        const auto model = sweep.point(i);
        cells.insert({static_cast<int>(amplitude_nA(model, 0)), static_cast<int>(amplitude_nA(model, 1))});
    }
    CHECK(cells.size() == 64);
}

TEST_CASE("a table gives one point per line, and units stand in the cells or in the header", "[config][sweep]")
{
    const Table table(
        "# made by a script\n"
        "stimuli.kick.pulse.amplitude [nA], \"run.dt\" ,stimuli.late.pulse.amplitude\n"
        "0.3,0.025 ms,100 pA\n"
        "\n"
        "0.4,0.05 ms,0.2 nA\n");
    const auto sweep = sweep_of("  csv: " + table.path() + "\n");
    REQUIRE(sweep.n_points() == 2);
    CHECK(points_of(sweep) == Points{{"0.3 nA", "0.025 ms", "100 pA"}, {"0.4 nA", "0.05 ms", "0.2 nA"}});
    CHECK(sweep.point(1).run.dt_ms == 0.05);
    CHECK(sweep.spec().parameters[0].name == "kick.pulse.amplitude");
    CHECK(sweep.spec().parameters[1].name == "dt");
    CHECK(sweep.spec().parameters[2].unit == "pA");
}

TEST_CASE("what is wrong in a table of points is told with its line", "[config][sweep][errors]")
{
    const Table table(
        "stimuli.kick.pulse.amplitude,run.dt\n"
        "0.3 nA,0.025 ms\n"
        "0.3 mV,0.025 ms\n"
        "0.3 nA\n");
    const auto text = with_sweep("  csv: " + table.path() + "\n");
    try {
        config::Sweep(text, "test.yaml");
        FAIL("accepted");
    } catch (const base::InputError& error) {
        CHECK(error.what() == table.path() + ":4: error: this line has 1 values, and the first line names 2 paths\n");
    }
    std::ofstream(table.path()) << "stimuli.kick.pulse.amplitude\n0.3 nA\n0.3 mV\n";
    try {
        config::Sweep(text, "test.yaml");
        FAIL("accepted");
    } catch (const base::InputError& error) {
        CHECK(std::string(error.what())
                  .starts_with(table.path() + ":3: error: '0.3 mV' is a voltage; 'amplitude' needs"));
    }
}

TEST_CASE("values may be lists and mappings, and read back as they were written", "[config][sweep]")
{
    const auto sweep = sweep_of(
        "  parameters:\n"
        "    - set: cells.cell.morphology\n"
        "      values:\n"
        "        - {patch: {area: 500 um2}}\n"
        "        - cable: {length: 1 mm, diameter: [2 um, 1 um]}\n"
        "    - set: title\n"
        "      values: [\"a: b, [c] \\\"d\\\"\", plain]\n");
    CHECK(std::holds_alternative<model::PatchShape>(sweep.point(0).cells[0].morphology.shape));
    const auto cable = std::get<model::CableShape>(sweep.point(2).cells[0].morphology.shape);
    CHECK(cable.length_um == 1000.0);
    CHECK(cable.diameter_end_um == 1.0);
    CHECK(sweep.point(0).title == "a: b, [c] \"d\"");
    CHECK(sweep.point(1).title == "plain");
}
