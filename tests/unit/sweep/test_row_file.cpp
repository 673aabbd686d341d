#include "sweep/row_file.hpp"

#include <cmath>
#include <fstream>

#include "base/diagnostics.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

std::vector<sweep::Row> three_rows()
{
    const auto columns = std::make_shared<const std::vector<sweep::Column>>(
        std::vector<sweep::Column>{{"spikes.n", ""}, {"v.max", "mV"}});
    const auto others = std::make_shared<const std::vector<sweep::Column>>(std::vector<sweep::Column>{{"v.max", "mV"}});
    return {{4, true, "", 0xFEDCBA9876543210u, {"0.1", "a\tb\\n"}, columns, {1.0, 0.1 + 0.2}},
            {6, false, "line 1\nline 2\twith tab", 0, {"0.2", ""}, nullptr, {}},
            {9, true, "", 1, {"0.3", "c"}, others, {std::nan("")}}};
}

}  // namespace

TEST_CASE("rows read back as they were written, to the last bit", "[sweep]")
{
    const auto rows = three_rows();
    const auto text = sweep::rows_text({{"amplitude", "nA"}, {"name", ""}}, rows, 1.5);
    sweep::RowFile file;
    REQUIRE(sweep::parse_rows(text, file));
    CHECK(file.parameters == std::vector<sweep::Column>{{"amplitude", "nA"}, {"name", ""}});
    CHECK(file.seconds == 1.5);
    REQUIRE(file.rows.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(file.rows[k].point == rows[k].point);
        CHECK(file.rows[k].ok == rows[k].ok);
        CHECK(file.rows[k].reason == rows[k].reason);
        CHECK(file.rows[k].hash == rows[k].hash);
        CHECK(file.rows[k].parameters == rows[k].parameters);
    }
    CHECK(file.rows[0].values == rows[0].values);
    CHECK(*file.rows[2].columns == *rows[2].columns);
    CHECK(std::isnan(file.rows[2].values.at(0)));
}

TEST_CASE("a file of rows that ends early anywhere is not taken for a whole one", "[sweep]")
{
    const auto text = sweep::rows_text({{"amplitude", "nA"}, {"name", ""}}, three_rows(), 1.5);
    for (std::size_t n = 0; n < text.size(); ++n) {
        sweep::RowFile file;
        CHECK_FALSE(sweep::parse_rows(text.substr(0, n), file));
    }
    sweep::RowFile file;
    CHECK_FALSE(sweep::parse_rows(text + "ok\t1\n", file));
}

TEST_CASE("a file is written whole under its name, and nothing else is left", "[sweep]")
{
    const test::Scratch scratch;
    std::filesystem::create_directories(scratch.path());
    sweep::write_whole(scratch.path() + "/a", "first");
    sweep::write_whole(scratch.path() + "/a", "second");
    std::ifstream file(scratch.path() + "/a");
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "second");
    CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 1);
    CHECK_THROWS_AS(sweep::write_whole(scratch.path() + "/none/a", "x"), base::EngineError);
}
