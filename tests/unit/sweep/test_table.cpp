#include "sweep/table.hpp"

#include <cmath>

#include "record/hdf5_file.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

sweep::Row row(std::int64_t point, std::vector<std::string> parameters, const std::vector<sweep::Column>& columns,
               std::vector<double> values)
{
    return {point,
            true,
            "",
            16,
            std::move(parameters),
            std::make_shared<const std::vector<sweep::Column>>(columns),
            std::move(values)};
}

/// A folder with three of four points, one failed, and two sets of columns.
struct Filled {
    test::Scratch scratch;
    sweep::Folder folder{scratch.path()};
    sweep::Manifest manifest{"/some/config.yaml", {"run.dt=1 ms"}, "abc", 4};

    Filled()
    {
        const std::vector<sweep::Column> parameters{{"gl", "mS/cm2"}, {"shape", ""}};
        folder.add({1, 2}, parameters, {row(3, {"0.3", "c,d"}, {{"v.max", "mV"}, {"n", ""}}, {-5.5, 2})}, 1.0);
        sweep::Row failed;
        failed.point = 1;
        failed.parameters = {"0.2", "b"};
        failed.reason = "said \"no\"";
        folder.add({0, 2}, parameters, {row(0, {"0.1", "a"}, {{"n", ""}, {"first", "ms"}}, {0, std::nan("")}), failed},
                   1.0);
    }
};

}  // namespace

TEST_CASE("the table has one line per point, sorted, with units in the names and quotes where they are needed",
          "[sweep]")
{
    const Filled filled;
    const auto table = sweep::collect(filled.folder, filled.manifest);
    CHECK((table.n_missing() == 1 && table.n_failed == 1));
    CHECK(sweep::csv_text(table) ==
          "point,status,gl_mS_per_cm2,shape,n,first_ms,v.max_mV,result_hash,reason\n"
          "0,ok,0.1,a,0,,,0000000000000010,\n"
          "1,failed,0.2,b,,,,,\"said \"\"no\"\"\"\n"
          "3,ok,0.3,\"c,d\",2,,-5.5,0000000000000010,\n");
}

TEST_CASE("the HDF5 table holds columns with units, and where they came from", "[sweep]")
{
    const Filled filled;
    const auto path = filled.scratch.path() + "/table.h5";
    sweep::write_hdf5(sweep::collect(filled.folder, filled.manifest), filled.folder, filled.manifest, path);
    CHECK_FALSE(std::filesystem::exists(path + ".partial"));
    record::hdf5::OpenFailure failure{};
    std::string reason;
    const auto file = record::hdf5::File::open(path, failure, reason);
    const auto points = file.root().group("points");
    CHECK(points.dataset("point").read<std::int64_t>() == std::vector<std::int64_t>{0, 1, 3});
    CHECK(points.dataset("status").read_text() == std::vector<std::string>{"ok", "failed", "ok"});
    const auto gl = points.group("parameters").dataset("gl");
    CHECK(gl.read<double>() == std::vector<double>{0.1, 0.2, 0.3});
    CHECK(gl.text("units") == "mS/cm2");
    CHECK(points.group("parameters").dataset("shape").read_text() == std::vector<std::string>{"a", "b", "c,d"});
    const auto high = points.group("results").dataset("v.max");
    CHECK(high.text("units") == "mV");
    CHECK(std::isnan(high.read<double>()[0]));
    CHECK(high.read<double>()[2] == -5.5);
    CHECK(file.root().group("provenance").text("config_path") == "/some/config.yaml");
    CHECK(file.root().group("provenance").number<std::int64_t>("n_missing") == 1);
}
