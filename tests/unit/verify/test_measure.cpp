#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "base/diagnostics.hpp"
#include "support/catch.hpp"
#include "verify/measure.hpp"

using namespace axolemma;
using namespace axolemma::verify;

namespace {

/// A file that is gone when the test ends.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text)
        : path_((std::filesystem::temp_directory_path() / fmt::format("axolemma_{:08x}.csv", std::random_device{}()))
                    .string())
    {
        std::ofstream(path_) << text;
    }
    ~TemporaryFile() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace

TEST_CASE("differences are those of the definition, and infinite where nothing can be compared", "[verify]")
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(largest_difference({1.0, 2.0}, {1.5, 0.0}) == 2.0);
    CHECK(rms_difference({1.0, 2.0}, {4.0, 6.0}) == Approx(std::sqrt(12.5)));
    CHECK(std::isinf(largest_difference({1.0}, {1.0, 2.0})));
    CHECK(std::isinf(largest_difference({}, {})));
    CHECK(std::isinf(rms_difference({}, {})));
    CHECK(std::isnan(largest_difference({1.0, nan, 1.0}, {1.0, 1.0, 9.0})));
    CHECK(std::isnan(rms_difference({nan}, {1.0})));
    CHECK(largest_magnitude({1.0, -3.0}) == 3.0);
}

TEST_CASE("a table is read by column name, words as NaN", "[verify]")
{
    const TemporaryFile file("t_ms,v_mV,name\n0,-65,a\n0.5,-64.5,b\n");
    const auto table = read_table(file.path());
    CHECK(table.n_rows() == 2);
    CHECK(table.column("v_mV") == std::vector<double>{-65.0, -64.5});
    CHECK(std::isnan(table.column("name")[0]));
    CHECK(read_cells(file.path())[2][2] == "b");
    CHECK_THROWS_WITH(table.column("i_nA"), "the reference table has no column 'i_nA'");
}

TEST_CASE("tables that cannot be used say why", "[verify]")
{
    CHECK_THROWS_WITH(read_table("/no/such/file.csv"), "cannot read the reference table /no/such/file.csv");
    const TemporaryFile ragged("a,b\n1,2\n3\n");
    CHECK_THROWS_WITH(read_table(ragged.path()),
                      "row 3 of the reference table " + ragged.path() + " has 1 cells, not 2");
    const TemporaryFile empty("a,b\n");
    CHECK_THROWS_WITH(read_table(empty.path()), "the reference table " + empty.path() + " holds no rows");
}
