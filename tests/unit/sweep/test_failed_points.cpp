#include "support.hpp"
#include "support/catch.hpp"
#include "sweep/sweep_run.hpp"

using namespace axolemma;

namespace {

/// gl at 3 of its points makes the voltage overflow, and at one it is out of range in the second cell only.
std::string with_values(const std::string& path, const std::string& values)
{
    return "axolemma: 1\n"
           "cells:\n"
           "  - name: patch\n"
           "    count: 2\n"
           "    morphology: {patch: {area: 1000 um2}}\n"
           "    channels: [{channel: pas, parameters: {e: -65 mV}}]\n"
           "stimuli:\n"
           "  - {name: kick, type: current_clamp, at: soma, pulse: {duration: 1 ms, amplitude: 0.1 nA}}\n"
           "recordings:\n"
           "  - {quantity: v, at: soma}\n"
           "run: {stop: 2 ms}\n"
           "sweep:\n"
           "  parameters:\n"
           "    - {set: " +
           path + ", values: [" + values + "]}\n";
}

std::vector<bool> which_are_ok(const std::vector<sweep::Row>& rows)
{
    std::vector<bool> ok;
    for (const auto& row : rows) {
        ok.push_back(row.ok);
    }
    return ok;
}

}  // namespace

TEST_CASE("a point whose voltage overflows fails alone, with time and place as the reason", "[sweep]")
{
    const config::Sweep points(with_values("stimuli.kick.pulse.amplitude", "0.1 nA, 1e308 nA, 0.2 nA"), "test.yaml");
    const auto rows = sweep::run_points(points, test::all_points(points), {});
    CHECK(which_are_ok(rows) == std::vector<bool>{true, false, true});
    CHECK(rows[1].reason.starts_with("the voltage left the range of numbers at t = "));
    CHECK(rows[1].reason.find(" in cell 0 of 'patch'") != std::string::npos);
    sweep::BatchOptions alone;
    alone.merge = false;
    CHECK(test::row_texts(sweep::run_points(points, test::all_points(points), alone)) == test::row_texts(rows));
}

TEST_CASE("a point that cannot be built fails alone, and the reason names the override", "[sweep]")
{
    const config::Sweep points(
        with_values("cells.patch.channels.pas.parameters.g", "1 mS/cm2, \"1 mS/cm2 * (0.5 - cell)\", 2 mS/cm2"),
        "test.yaml");
    const auto rows = sweep::run_points(points, test::all_points(points), {});
    CHECK(which_are_ok(rows) == std::vector<bool>{true, false, true});
    CHECK(
        rows[1].reason.starts_with("--set cells.patch.channels.pas.parameters.g=\"1 mS/cm2 * (0.5 - cell)\": 'g' of "
                                   "channel 'pas' is -0.0005 S/cm2"));
    CHECK(rows[1].parameters == std::vector<std::string>{"\"1 mS/cm2 * (0.5 - cell)\""});
}

TEST_CASE("failed points stay failed until they are retried", "[sweep]")
{
    const config::Sweep points(with_values("stimuli.kick.pulse.amplitude", "0.1 nA, 1e308 nA, 0.2 nA"), "test.yaml");
    const test::Scratch scratch;
    const sweep::Folder folder(scratch.path());
    folder.open(points, sweep::manifest_of(points));
    auto counts = sweep::run_sweep(points, folder, {});
    CHECK((counts.n_ok == 2 && counts.n_failed == 1));
    REQUIRE(folder.files().size() == 1);
    counts = sweep::run_sweep(points, folder, {});
    CHECK((counts.n_ok == 2 && counts.n_failed == 1));
    CHECK(folder.files().size() == 1);
    sweep::SweepOptions retry;
    retry.retry_failed = true;
    counts = sweep::run_sweep(points, folder, retry);
    CHECK((counts.n_ok == 2 && counts.n_failed == 1));
    REQUIRE(folder.files().size() == 2);
    using sweep::PointState;
    CHECK(sweep::point_states(folder, 3) ==
          std::vector<PointState>{PointState::ok, PointState::failed, PointState::ok});
    sweep::Row repaired = sweep::run_points(points, {0}, {}).front();
    repaired.point = 1;
    folder.add({}, sweep::parameter_columns(points.spec()), {repaired}, 0.1);
    CHECK(sweep::point_states(folder, 3) == std::vector<PointState>{PointState::ok, PointState::ok, PointState::ok});
}

TEST_CASE("a sweep that is asked to stop keeps the rows it has", "[sweep]")
{
    const config::Sweep points(with_values("stimuli.kick.pulse.amplitude", "0.1 nA, 0.2 nA, 0.3 nA, 0.4 nA"),
                               "test.yaml");
    const test::Scratch scratch;
    const sweep::Folder folder(scratch.path());
    folder.open(points, sweep::manifest_of(points));
    sweep::SweepOptions options;
    options.stop_requested = [] { return true; };
    CHECK(sweep::run_sweep(points, folder, options).left() == 4);
    sweep::BatchOptions one_by_one;
    one_by_one.merge = false;
    int asked = 0;
    one_by_one.stop_requested = [&] { return ++asked > 3; };
    const auto rows = sweep::run_points(points, test::all_points(points), one_by_one);
    CHECK((!rows.empty() && rows.size() < 4));
    folder.add({}, sweep::parameter_columns(points.spec()), rows, 0.1);
    const auto counts = sweep::run_sweep(points, folder, {});
    CHECK((counts.n_ok == 4 && counts.left() == 0));
}
