/// The step as solve/stepper.hpp states it, node by node and mechanism by mechanism, with gates by their formulas. Slow and
/// short; what the fast path is tested against.
#include <algorithm>

#include "base/index.hpp"
#include "solve/hines.hpp"
#include "solve/stepper.hpp"

namespace axolemma::solve {

namespace {

using base::index;
using group::MechanismPlan;
using group::State;

class ReferenceStepper final : public Stepper {
public:
    ReferenceStepper(const group::Plan& plan, const StepOptions& options) : Stepper(plan, options)
    {
        const auto n = index(plan.n_nodes());
        axial_uS_.resize(n);
        axial_diagonal_uS_.assign(n, 0.0);
        for (std::size_t i = n; i-- > 0;) {
            const auto node = static_cast<std::int32_t>(i);
            axial_uS_[i] = plan.axial_uS_of(node);
            if (plan.parent(node) >= 0) {
                axial_diagonal_uS_[i] += axial_uS_[i];
                axial_diagonal_uS_[index(plan.parent(node))] += axial_uS_[i];
            }
        }
        diagonal_uS_.resize(n);
        rhs_nA_.resize(n);
        for (const auto& mechanism : plan.mechanisms) {
            columns_.emplace_back(plan, mechanism);
        }
    }

    std::size_t bytes() const override
    {
        std::size_t n = axial_uS_.size() + axial_diagonal_uS_.size() + diagonal_uS_.size() + rhs_nA_.size();
        for (const auto& columns : columns_) {
            n += columns.node.size() * (3 + columns.parameters.size());
        }
        return n * sizeof(double) + points_.bytes();
    }

private:
    /// A mechanism's compartments without the empty lanes.
    struct Columns {
        Columns(const group::Plan& plan, const MechanismPlan& of) : mechanism(&of), parameters(of.parameters.size())
        {
            for (std::int32_t i = 0; i < plan.n_nodes(); ++i) {
                if (const auto k = of.place(static_cast<std::int32_t>(plan.slot(i))); k >= 0) {
                    node.push_back(i);
                    place.push_back(k);
                    for (std::size_t p = 0; p < parameters.size(); ++p) {
                        parameters[p].push_back(of.parameters[p][static_cast<std::size_t>(k)]);
                    }
                }
            }
            states.resize(of.info->states.size(), std::vector<double>(node.size()));
            v_mV.resize(node.size());
            g.resize(node.size());
            s.resize(node.size());
            for (const auto& column : parameters) {
                parameter_pointers.push_back(column.data());
            }
            for (auto& column : states) {
                state_pointers.push_back(column.data());
            }
        }
        mechanisms::MechanismBlock load(const group::Plan& plan, const State& state)
        {
            for (std::size_t k = 0; k < node.size(); ++k) {
                v_mV[k] = state.v_mV(node[k]);
                for (std::size_t c = 0; c < states.size(); ++c) {
                    states[c][k] = state.column(mechanism->first_state_column + c)[place[k]];
                }
            }
            return {node.size(), v_mV.data(), plan.temperature_degC, parameter_pointers.data(), state_pointers.data()};
        }

        const MechanismPlan* mechanism;
        std::vector<std::int32_t> node;
        std::vector<std::ptrdiff_t> place;
        std::vector<std::vector<double>> parameters, states;
        std::vector<double> v_mV, g, s;
        std::vector<const double*> parameter_pointers;
        std::vector<double*> state_pointers;
    };

    void advance_states(State& state) override
    {
        for (auto& columns : columns_) {
            columns.mechanism->info->advance(columns.load(plan_, state), options_.dt_ms);
            for (std::size_t c = 0; c < columns.states.size(); ++c) {
                double* to = state.column(columns.mechanism->first_state_column + c);
                for (std::size_t k = 0; k < columns.node.size(); ++k) {
                    to[columns.place[k]] = columns.states[c][k];
                }
            }
        }
    }

    void solve(State& state, std::int64_t step, double solve_dt_ms, bool centred, bool advance_states_first) override
    {
        if (advance_states_first) {
            advance_states(state);
        }
        assemble(state, step, solve_dt_ms);
        solve_hines(plan_.packing->parent, axial_uS_, diagonal_uS_, rhs_nA_);
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            const double x = rhs_nA_[index(i)];
            state.v_mV(i) = centred ? 2.0 * x - state.v_mV(i) : x;
        }
        all_finite_ = find_bad_node(state) < 0;
    }

    void assemble(const State& state, std::int64_t step, double solve_dt_ms)
    {
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            const double c_uS = plan_.capacitance_nF(i) / solve_dt_ms;
            diagonal_uS_[index(i)] = c_uS + axial_diagonal_uS_[index(i)];
            rhs_nA_[index(i)] = c_uS * state.v_mV(i);
        }
        for (auto& columns : columns_) {
            std::fill(columns.g.begin(), columns.g.end(), 0.0);
            std::fill(columns.s.begin(), columns.s.end(), 0.0);
            columns.mechanism->info->linearise(columns.load(plan_, state), columns.g.data(), columns.s.data());
            for (std::size_t k = 0; k < columns.node.size(); ++k) {
                const double scale_uS = plan_.scale_uS[plan_.slot(columns.node[k])];
                diagonal_uS_[index(columns.node[k])] += scale_uS * columns.g[k];
                rhs_nA_[index(columns.node[k])] += scale_uS * columns.s[k];
            }
        }
        for (std::int32_t i = 0; i < plan_.n_nodes() && !points_.empty(); ++i) {
            if (!plan_.is_junction(i)) {
                diagonal_uS_[index(i)] += points_.g_uS()[plan_.slot(i)];
                rhs_nA_[index(i)] += points_.i_nA()[plan_.slot(i)];
            }
        }
        for (const auto& load : electrodes_.loads(step)) {
            diagonal_uS_[index(load.node)] += load.g_uS;
            rhs_nA_[index(load.node)] += load.i_nA;
        }
    }

    void use_half_step(State& state) override
    {
        for (std::int32_t i = 0; i < plan_.n_nodes(); ++i) {
            state.v_mV(i) = rhs_nA_[index(i)];
        }
    }

    std::vector<double> axial_uS_, axial_diagonal_uS_, diagonal_uS_, rhs_nA_;  ///< by node
    std::vector<Columns> columns_;
};

}  // namespace

std::unique_ptr<Stepper> make_reference_stepper(const group::Plan& plan, const StepOptions& options)
{
    return std::make_unique<ReferenceStepper>(plan, options);
}

}  // namespace axolemma::solve
