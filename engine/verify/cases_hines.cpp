/// Hines elimination against a dense solver.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "solve/hines.hpp"
#include "verify/cases.hpp"
#include "verify/dice.hpp"

namespace axolemma::verify {

namespace {

/// A forest in Hines order with the spread of couplings and diagonals that reconstructed cells have.
struct Forest {
    std::vector<std::int32_t> parent;
    std::vector<double> coupling, diagonal, rhs;
};

Forest random_forest(Dice& dice, std::int32_t n)
{
    Forest forest;
    for (std::int32_t i = 0; i < n; ++i) {
        // Mostly a child of a recent node, so that there are long branches; sometimes of any; sometimes a new root.
        const double kind = dice.between(0.0, 1.0);
        const auto recent = i - 1 - static_cast<std::int32_t>(dice.between(0.0, std::min(i, 3)));
        const auto any = static_cast<std::int32_t>(dice.between(0.0, i));
        forest.parent.push_back(i == 0 || kind > 0.97 ? -1 : std::max(0, kind < 0.7 ? recent : any));
        forest.coupling.push_back(forest.parent.back() < 0 ? 0.0 : std::pow(10.0, dice.between(-3.0, 1.0)));
        forest.diagonal.push_back(std::pow(10.0, dice.between(-3.0, 0.0)));
        forest.rhs.push_back(dice.between(-100.0, 100.0));
    }
    for (std::size_t i = 0; i < forest.parent.size(); ++i) {
        if (forest.parent[i] >= 0) {
            forest.diagonal[i] += forest.coupling[i];
            forest.diagonal[static_cast<std::size_t>(forest.parent[i])] += forest.coupling[i];
        }
    }
    return forest;
}

/// In extended precision, so that the difference is the error of the elimination alone.
using Real = long double;
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

Vector dense_solution(const Forest& forest)
{
    const auto n = static_cast<Eigen::Index>(forest.parent.size());
    Matrix a = Matrix::Zero(n, n);
    Vector b(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        a(i, i) = forest.diagonal[k];
        b(i) = forest.rhs[k];
        if (forest.parent[k] >= 0) {
            a(i, forest.parent[k]) = a(forest.parent[k], i) = -forest.coupling[k];
        }
    }
    return a.partialPivLu().solve(b);
}

}  // namespace

void hines(const Settings&, Findings& findings)
{
    Dice dice(11);
    double worst = 0.0;
    for (int round = 0; round < 60; ++round) {
        auto forest = random_forest(dice, 1 + 5 * round);
        const auto expected = dense_solution(forest);
        solve::solve_hines(forest.parent, forest.coupling, forest.diagonal, forest.rhs);
        const Vector x = Eigen::Map<const Eigen::VectorXd>(forest.rhs.data(), expected.size()).cast<Real>();
        const auto error =
            static_cast<double>((x - expected).lpNorm<Eigen::Infinity>() / expected.lpNorm<Eigen::Infinity>());
        worst = error <= worst ? worst : error;  // keeps a NaN
    }
    findings.error("60 random forests of 1 to 296 nodes: largest |x - x(dense)| / |x|", worst, 1e-12, "");
}

}  // namespace axolemma::verify
