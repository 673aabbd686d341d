/// Any passive tree, solved exactly: assembled from its shape alone and diagonalised.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "morphology/morphology.hpp"

namespace axolemma::verify {

/// A tree with membrane values of its own in every compartment, and constant currents into it from t = 0 on.
struct PassiveTree {
    morphology::Morphology morphology;
    std::vector<std::int32_t> counts;  ///< compartments of each section
    /// One value per compartment: section after section, from its start to its end.
    std::vector<double> cm_uF_per_cm2, ra_ohm_cm, g_S_per_cm2, e_mV, v_init_mV;

    struct Injection {
        morphology::Location where;
        double i_nA;
    };
    std::vector<Injection> injections;
    std::vector<morphology::Location> places;  ///< where the voltage is wanted

    /// Number of compartments before section s.
    std::int32_t first_compartment(std::int32_t s) const;
    std::int32_t n_compartments() const;
};

/// Voltages of all compartments, then of all places.
using TreeVoltages = std::vector<double>;

/// The engine's layout is not used. There is a node at every compartment centre, at both ends of every section (shared
/// with the parent: its end, or the compartment it hangs on), at every injection and at every place. All nodes but the
/// centres have no area and are eliminated exactly (Schur complement), which leaves C V' = -A V + b; with
/// C^(-1/2) A C^(-1/2) = Q L Q^T every question has an answer in closed form.
class PassiveTreeSolution {
public:
    explicit PassiveTreeSolution(const PassiveTree& tree);
    ~PassiveTreeSolution();

    /// After t, exactly: modes decay as exp(-l t).
    TreeVoltages exact_mV(double t_ms) const;
    /// After n backward Euler steps: modes keep 1 / (1 + l dt) per step.
    TreeVoltages backward_euler_mV(double dt_ms, int n) const;
    /// After n Crank-Nicolson steps, (1 - l dt/2) / (1 + l dt/2) per step, the first `damped` of which are extrapolated
    /// backward Euler steps, 2 / (1 + l dt/2)^2 - 1 / (1 + l dt).
    TreeVoltages crank_nicolson_mV(double dt_ms, int n, int damped) const;
    /// Largest l: 1 / (shortest time constant).   [1/ms]
    double fastest_per_ms() const;

private:
    struct Impl;
    std::unique_ptr<const Impl> impl_;
};

}  // namespace axolemma::verify
