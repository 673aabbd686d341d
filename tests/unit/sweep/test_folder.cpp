#include "sweep/folder.hpp"

#include <fstream>

#include "support.hpp"
#include "support/catch.hpp"
#include "sweep/status.hpp"

using namespace axolemma;

namespace {

std::string text_with(const std::string& values)
{
    return "axolemma: 1\n"
           "cells: [{name: patch, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}]\n"
           "run: {stop: 1 ms}\n"
           "sweep: {parameters: [{set: temperature, values: [" +
           values + "]}]}\n";
}

sweep::Row failed(std::int64_t point)
{
    sweep::Row row;
    row.point = point;
    row.reason = "no \"luck\"";
    row.parameters = {"6.3"};
    return row;
}

sweep::Row good(std::int64_t point)
{
    sweep::Row row = failed(point);
    row.ok = true;
    row.reason.clear();
    row.columns = std::make_shared<const std::vector<sweep::Column>>();
    return row;
}

}  // namespace

TEST_CASE("a folder goes on with its own sweep only", "[sweep]")
{
    const config::Sweep points(text_with("6 degC, 7 degC"), "some/where.yaml");
    const test::Scratch scratch;
    const sweep::Folder folder(scratch.path());
    const auto manifest = sweep::manifest_of(points);
    folder.open(points, manifest);
    folder.open(points, manifest);
    CHECK(folder.manifest().fingerprint == manifest.fingerprint);
    CHECK(folder.manifest().config_path == std::filesystem::absolute("some/where.yaml").string());
    CHECK(folder.manifest().n_points == 2);
    const config::Sweep other(text_with("6 degC, 8 degC"), "some/where.yaml");
    try {
        folder.open(other, sweep::manifest_of(other));
        FAIL("accepted");
    } catch (const base::InputError& error) {
        CHECK(error.what() == scratch.path() +
                                  ": error: this folder holds a sweep of another configuration, or of this one before "
                                  "it was changed\n  hint: name a new folder with -o, or remove this one; what it was "
                                  "made from is in " +
                                  scratch.path() + "/config.yaml\n");
    }
    const std::vector<config::Override> overrides{{"run.stop", "2 ms"}};
    const config::Sweep overridden(text_with("6 degC, 7 degC"), "some/where.yaml", overrides);
    CHECK_THROWS_AS(folder.open(overridden, sweep::manifest_of(overridden)), base::InputError);
}

TEST_CASE("a sweep whose pairs of gap junctions have changed is another one", "[sweep]")
{
    const test::Scratch scratch;
    std::filesystem::create_directory(scratch.path());
    const auto path = scratch.path() + "/pairs.csv";
    const auto text =
        text_with("6 degC, 7 degC") + "gap_junctions: [{at: soma, pairs: " + path + ", conductance: 0.001 uS}]\n";
    const std::vector<config::Override> two{{"cells.patch.count", "2"}};
    const auto fingerprint = [&](const std::string& pairs) {
        std::ofstream(path) << pairs;
        return sweep::manifest_of(config::Sweep(text, "test.yaml", two)).fingerprint;
    };
    CHECK(fingerprint("source,target\n0,1\n") != fingerprint("source,target\n1,0\n"));
}

TEST_CASE("the status counts points once, names failed ones and leaves damaged files out", "[sweep]")
{
    const config::Sweep points(text_with("1 degC, 2 degC, 3 degC, 4 degC, 5 degC"), "test.yaml");
    const test::Scratch scratch;
    const sweep::Folder folder(scratch.path());
    const auto manifest = sweep::manifest_of(points);
    folder.open(points, manifest);
    const std::vector<sweep::Column> parameters{{"temperature", "degC"}};
    folder.add({0, 2}, parameters, {good(0), failed(2)}, 6.0);
    folder.add({0, 2}, parameters, {good(2)}, 6.0);
    folder.add({1, 2}, parameters, {failed(1)}, 6.0);
    std::ofstream(scratch.path() + "/shards/1-of-2/9.rows") << "axolemma sweep rows 1\nok\t4";
    const double now_s = folder.files().back().finished_s + 6.0;
    const auto status = sweep::status_of(folder, manifest, now_s);
    CHECK((status.n_points == 5 && status.n_ok == 2 && status.n_failed == 1 && status.left() == 2));
    CHECK(status.n_damaged_files == 1);
    REQUIRE(status.failed.size() == 1);
    CHECK(status.failed[0].point == 1);
    CHECK(status.failed[0].parameters == "temperature = 6.3 degC");
    CHECK(status.failed[0].reason == "no \"luck\"");
    REQUIRE(status.shards.size() == 2);
    CHECK(status.shards[0].shard == "0-of-2");
    CHECK((status.shards[0].n_points == 3 && status.shards[1].n_points == 2));
    // Point 2 failed at first, and then did not.
    CHECK((status.shards[0].n_ok == 2 && status.shards[0].n_failed == 0));
    CHECK((status.shards[1].n_ok == 0 && status.shards[1].n_failed == 1));
    // Four rows in the 12 s from the start of the first file until now.
    REQUIRE(status.points_per_minute);
    CHECK(*status.points_per_minute == Approx(20.0).epsilon(0.05));
    CHECK(*status.seconds_left == Approx(6.0).epsilon(0.05));
    CHECK_FALSE(sweep::status_of(folder, manifest, now_s + 3600).points_per_minute);
}

TEST_CASE("a shard holds every n-th point", "[sweep]")
{
    const sweep::Shard shard{2, 3};
    CHECK(shard.size(2) == 0);
    CHECK(shard.size(3) == 1);
    CHECK(shard.size(8) == 2);
    CHECK(shard.size(9) == 3);
    CHECK(shard.has(5));
    CHECK_FALSE(shard.has(6));
}
