#include "verify/passive_tree.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace axolemma::verify {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using morphology::Location;

/// Nodes of the tree: compartments first, then everything without area.
class Stations {
public:
    explicit Stations(const PassiveTree& tree)
        : tree_(tree), of_section_(tree.counts.size()), next_(tree.n_compartments())
    {
        for (std::int32_t s = 0; s < tree.morphology.n_sections(); ++s) {
            auto& mine = stations(s);
            const std::int32_t n = count(s);
            for (std::int32_t k = 0; k < n; ++k) {
                mine[(k + 0.5) / n] = tree.first_compartment(s) + k;
            }
            mine[0.0] = s == 0 ? next_++ : joint_of(s);
            mine[1.0] = next_++;
        }
        for (const auto& injection : tree.injections) {
            add(injection.where);
        }
        for (const auto& place : tree.places) {
            add(place);
        }
    }

    std::int32_t size() const { return next_; }
    std::int32_t at(Location where) const
    {
        return of_section_[static_cast<std::size_t>(where.section)].at(where.position);
    }

    /// Conductances between all neighbours as a matrix with zero row sums.   [uS]
    MatrixXd conductances() const
    {
        MatrixXd g = MatrixXd::Zero(size(), size());
        for (std::int32_t s = 0; s < tree_.morphology.n_sections(); ++s) {
            const auto& mine = of_section_[static_cast<std::size_t>(s)];
            for (auto here = mine.begin(), next = std::next(here); next != mine.end(); ++here, ++next) {
                const double g_uS = 1.0 / resistance_Mohm(s, here->first, next->first);
                g(here->second, here->second) += g_uS;
                g(next->second, next->second) += g_uS;
                g(here->second, next->second) -= g_uS;
                g(next->second, here->second) -= g_uS;
            }
        }
        return g;
    }

private:
    std::map<double, std::int32_t>& stations(std::int32_t s) { return of_section_[static_cast<std::size_t>(s)]; }
    std::int32_t count(std::int32_t s) const { return tree_.counts[static_cast<std::size_t>(s)]; }

    void add(Location where)
    {
        if (stations(where.section).try_emplace(where.position, next_).second) {
            ++next_;
        }
    }

    /// What the start of section s is: an end of its parent, or the compartment it hangs on.
    std::int32_t joint_of(std::int32_t s)
    {
        const auto& section = tree_.morphology.section(s);
        const std::int32_t parent = section.parent;
        if (section.parent_position <= 0.0 || section.parent_position >= 1.0) {
            return stations(parent).at(section.parent_position);
        }
        const auto k = static_cast<std::int32_t>(std::floor(section.parent_position * count(parent)));
        return tree_.first_compartment(parent) + k;
    }

    double resistance_Mohm(std::int32_t s, double from, double to) const
    {
        double sum = 0.0;
        const std::int32_t n = count(s);
        for (std::int32_t k = 0; k < n; ++k) {
            const double a = std::max(from, static_cast<double>(k) / n);
            const double b = std::min(to, static_cast<double>(k + 1) / n);
            if (b > a) {
                const double ra = tree_.ra_ohm_cm[static_cast<std::size_t>(tree_.first_compartment(s) + k)];
                sum += 0.01 * ra * tree_.morphology.axial_per_um(s, a, b);  // ohm cm / um = 1e4 ohm
            }
        }
        return sum;
    }

    const PassiveTree& tree_;
    std::vector<std::map<double, std::int32_t>> of_section_;
    std::int32_t next_;
};

}  // namespace

std::int32_t PassiveTree::first_compartment(std::int32_t s) const
{
    return std::accumulate(counts.begin(), counts.begin() + s, 0);
}

std::int32_t PassiveTree::n_compartments() const
{
    return first_compartment(static_cast<std::int32_t>(counts.size()));
}

struct PassiveTreeSolution::Impl {
    VectorXd steady_mV, start_modes, rates_per_ms;
    MatrixXd modes;  ///< C^(-1/2) Q
    MatrixXd read;   ///< from compartments to places
    VectorXd read_offset_mV;

    /// Voltages when every mode has shrunk by a factor that depends on its rate.
    template <class Factor>
    TreeVoltages after(Factor factor) const
    {
        VectorXd amplitudes = start_modes;
        for (Index i = 0; i < amplitudes.size(); ++i) {
            amplitudes(i) *= factor(rates_per_ms(i));
        }
        const VectorXd compartments = steady_mV + modes * amplitudes;
        const VectorXd places = read * compartments + read_offset_mV;
        TreeVoltages v_mV(compartments.begin(), compartments.end());
        v_mV.insert(v_mV.end(), places.begin(), places.end());
        return v_mV;
    }
};

PassiveTreeSolution::PassiveTreeSolution(const PassiveTree& tree)
{
    const Stations stations(tree);
    const Index n = tree.n_compartments();
    const Index rest = stations.size() - n;
    VectorXd capacitance(n), leak(n), drive(n), start(n);
    for (std::int32_t s = 0; s < tree.morphology.n_sections(); ++s) {
        const std::int32_t count = tree.counts[static_cast<std::size_t>(s)];
        for (std::int32_t k = 0; k < count; ++k) {
            const std::int32_t i = tree.first_compartment(s) + k;
            const auto c = static_cast<std::size_t>(i);
            const double area_um2 = tree.morphology.area_um2(s, static_cast<double>(k) / count,
                                                             k + 1 == count ? 1.0 : static_cast<double>(k + 1) / count);
            capacitance(i) = 1e-5 * tree.cm_uF_per_cm2[c] * area_um2;  // nF
            leak(i) = 0.01 * tree.g_S_per_cm2[c] * area_um2;           // uS
            drive(i) = leak(i) * tree.e_mV[c];
            start(i) = tree.v_init_mV[c];
        }
    }
    VectorXd injected = VectorXd::Zero(stations.size());
    for (const auto& injection : tree.injections) {
        injected(stations.at(injection.where)) += injection.i_nA;
    }
    const MatrixXd g = stations.conductances();
    const Eigen::PartialPivLU<MatrixXd> without_area(g.bottomRightCorner(rest, rest));
    const MatrixXd spread = without_area.solve(g.bottomLeftCorner(rest, n));  // V(rest) = offset - spread V
    const VectorXd offset = without_area.solve(injected.tail(rest));
    MatrixXd a = g.topLeftCorner(n, n) - g.topRightCorner(n, rest) * spread;
    a.diagonal() += leak;
    const VectorXd b = drive + injected.head(n) - g.topRightCorner(n, rest) * offset;

    const VectorXd root = capacitance.cwiseSqrt();
    const MatrixXd scaled = root.cwiseInverse().asDiagonal() * a * root.cwiseInverse().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(0.5 * (scaled + scaled.transpose()));
    auto impl = std::make_unique<Impl>();
    impl->rates_per_ms = solver.eigenvalues();
    impl->modes = root.cwiseInverse().asDiagonal() * solver.eigenvectors();
    impl->steady_mV = a.partialPivLu().solve(b);
    impl->start_modes = solver.eigenvectors().transpose() * root.asDiagonal() * (start - impl->steady_mV);
    impl->read = MatrixXd::Zero(static_cast<Index>(tree.places.size()), n);
    impl->read_offset_mV = VectorXd::Zero(static_cast<Index>(tree.places.size()));
    for (std::size_t k = 0; k < tree.places.size(); ++k) {
        const Index row = static_cast<Index>(k);
        const Index station = stations.at(tree.places[k]);
        if (station < n) {
            impl->read(row, station) = 1.0;
        } else {
            impl->read.row(row) = -spread.row(station - n);
            impl->read_offset_mV(row) = offset(station - n);
        }
    }
    impl_ = std::move(impl);
}

PassiveTreeSolution::~PassiveTreeSolution() = default;

TreeVoltages PassiveTreeSolution::exact_mV(double t_ms) const
{
    return impl_->after([&](double rate) { return std::exp(-rate * t_ms); });
}

TreeVoltages PassiveTreeSolution::backward_euler_mV(double dt_ms, int n) const
{
    return impl_->after([&](double rate) { return std::pow(1.0 + rate * dt_ms, -n); });
}

TreeVoltages PassiveTreeSolution::crank_nicolson_mV(double dt_ms, int n, int damped) const
{
    return impl_->after([&](double rate) {
        const double h = 0.5 * rate * dt_ms;
        const double damping = 2.0 / ((1.0 + h) * (1.0 + h)) - 1.0 / (1.0 + 2.0 * h);
        return std::pow(damping, damped) * std::pow((1.0 - h) / (1.0 + h), n - damped);
    });
}

double PassiveTreeSolution::fastest_per_ms() const
{
    return impl_->rates_per_ms.maxCoeff();
}

}  // namespace axolemma::verify
