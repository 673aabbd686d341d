#include <random>

#include "solve/hines.hpp"
#include "support/catch.hpp"
#include "support/trees.hpp"

using namespace axolemma;

TEST_CASE("three nodes in a chain are solved as by hand", "[solve][hines]")
{
    // d = 3, 4, 2; g = 1 between neighbours; b = 1, 2, 3. Elimination: d1 = 7/2, b1 = 7/2; d0 = 19/7, b0 = 2;
    // x0 = 14/19, x1 = 23/19, x2 = 40/19.
    const std::vector<std::int32_t> parent{-1, 0, 1};
    const std::vector<double> g{0, 1, 1};
    std::vector<double> d{3, 4, 2}, b{1, 2, 3};
    solve::solve_hines(parent, g, d, b);
    CHECK(b[0] == Approx(14.0 / 19.0).epsilon(1e-15));
    CHECK(b[1] == Approx(23.0 / 19.0).epsilon(1e-15));
    CHECK(b[2] == Approx(40.0 / 19.0).epsilon(1e-15));
}

TEST_CASE("random trees agree with dense elimination", "[solve][hines]")
{
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform(0.1, 1.0);
    for (int trial = 0; trial < 50; ++trial) {
        const std::size_t n = 1 + random() % 60;
        std::vector<std::int32_t> parent(n, -1);
        std::vector<double> g(n, 0.0), d(n), b(n);
        test::Matrix a(n, std::vector<double>(n, 0.0));
        for (std::size_t i = 0; i < n; ++i) {
            a[i][i] += 1e-3 * uniform(random);
            b[i] = uniform(random) - 0.5;
            if (i > 0 && random() % 12 != 0) {  // else a further root: a forest
                const std::size_t p = random() % i;
                parent[i] = static_cast<std::int32_t>(p);
                g[i] = uniform(random);
                a[i][i] += g[i];
                a[p][p] += g[i];
                a[i][p] = a[p][i] = -g[i];
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            d[i] = a[i][i];
        }
        const auto exact = test::solve_dense(a, b);
        solve::solve_hines(parent, g, d, b);
        for (std::size_t i = 0; i < n; ++i) {
            CHECK(b[i] == Approx(exact[i]).epsilon(1e-9).margin(1e-9));
        }
    }
}

TEST_CASE("a tree's solution has the same bits whatever else is solved with it", "[solve][hines]")
{
    const std::vector<std::int32_t> parent{-1, 0, 1, 1, 0};
    const std::vector<double> g{0, 0.3, 0.7, 0.2, 0.9};
    const std::vector<double> d{3.1, 2.7, 1.3, 1.9, 1.1}, b{0.1, 0.7, -0.3, 0.11, 0.13};
    auto d1 = d, b1 = b;
    solve::solve_hines(parent, g, d1, b1);
    // Behind two other trees.
    std::vector<std::int32_t> parents{-1, 0, -1};
    std::vector<double> gs{0, 0.5, 0}, ds{2, 2, 2}, bs{1, 2, 3};
    for (std::size_t i = 0; i < 5; ++i) {
        parents.push_back(parent[i] < 0 ? -1 : parent[i] + 3);
        gs.push_back(g[i]);
        ds.push_back(d[i]);
        bs.push_back(b[i]);
    }
    solve::solve_hines(parents, gs, ds, bs);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(bs[i + 3] == b1[i]);
    }
}
