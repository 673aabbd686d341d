#include "base/random.hpp"
#include "support/catch.hpp"

#include <cmath>

using namespace axolemma::base;

TEST_CASE("a stream is fixed by seed, cell and place, and by nothing else", "[base][random]")
{
    const CellStream stream(1, 2, "axon/hh/gnabar");
    CHECK(stream.uniform(7) == CellStream(1, 2, "axon/hh/gnabar").uniform(7));
    CHECK(stream.uniform(7) != stream.uniform(8));
    CHECK(stream.uniform(7) != CellStream(2, 2, "axon/hh/gnabar").uniform(7));
    CHECK(stream.uniform(7) != CellStream(1, 3, "axon/hh/gnabar").uniform(7));
    CHECK(stream.uniform(7) != CellStream(1, 2, "axon/hh/gkbar").uniform(7));
    CHECK(CellStream(1, 0, "").uniform(0) != CellStream(1, std::int64_t{1} << 32, "").uniform(0));
}

TEST_CASE("the text hash is FNV-1a", "[base][random]")
{
    CHECK(place_hash("") == 0x811c9dc5u);  // test vectors of the FNV draft
    CHECK(place_hash("foobar") == 0xbf9cf968u);
}

TEST_CASE("numbers are even over the open interval", "[base][random]")
{
    const int n = 100'000;
    double sum = 0.0, squares = 0.0, low = 1.0, high = 0.0;
    for (int gid = 0; gid < n; ++gid) {
        const double u = CellStream(1, gid, "place").uniform(0);
        sum += u;
        squares += u * u;
        low = std::min(low, u);
        high = std::max(high, u);
    }
    CHECK(low > 0.0);
    CHECK(high < 1.0);
    CHECK(std::fabs(sum / n - 0.5) < 4.0 * std::sqrt(1.0 / 12.0 / n));  // 4 standard errors
    CHECK(std::fabs(squares / n - 1.0 / 3.0) < 4.0 * std::sqrt(4.0 / 45.0 / n));
}
