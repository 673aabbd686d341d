/// The fast path: packs what the kernel needs (solve/lane_kernel.hpp) and calls it.
#include <algorithm>

#include "base/index.hpp"
#include "solve/lane_kernel.hpp"
#include "solve/lane_membrane.hpp"
#include "solve/stepper.hpp"

namespace axolemma::solve {

namespace {

using base::AlignedArray;
using base::index;
using base::lanes;
using group::State;

class LaneStepper final : public Stepper {
public:
    LaneStepper(const group::Plan& plan, const StepOptions& options)
        : Stepper(plan, options, true), membrane_(plan, options, ions_)
    {
        prepare_solver();
        prepare_sweep();
    }

    std::size_t bytes() const override
    {
        const std::size_t n = f_.size() + r_mV_.size() + bridge_f_.size() + outbox_.size() + links_uS_.size() +
                              injected_.size() + c_S_per_cm2_.size();
        return n * sizeof(double) + membrane_.bytes() + ions_.bytes() + points_.bytes();
    }

private:
    void prepare_solver()
    {
        const auto& packing = *plan_.packing;
        const auto& cm = plan_.cm_uF_per_cm2;
        c_S_per_cm2_.assign(cm.uniform() ? lanes : cm.values.size(), 0.0);
        f_.assign(index(packing.empty_slot()), 0.0);
        r_mV_.assign(index(packing.empty_slot()) + lanes, 0.0);
        outbox_.assign(2 * lanes * index(packing.n_out_blocks), 0.0);
        for (const auto& constant : packing.constant_pairs) {
            outbox_[2 * index(constant.pair)] = plan_.axial_uS_of(constant.node);
        }
        if (packing.n_link_blocks > 1) {
            bridge_f_.assign(index(packing.n_rows) * lanes, 0.0);
        }
        links_uS_.assign(lanes * index(packing.n_link_blocks), 0.0);
        injected_.assign(2 * lanes * index(packing.n_injection_blocks), 0.0);
    }

    void prepare_sweep()
    {
        sweep_.plan = &plan_;
        sweep_.f = f_.data();
        sweep_.r_mV = r_mV_.data();
        sweep_.bridge_f = bridge_f_.empty() ? nullptr : bridge_f_.data();
        sweep_.outbox = outbox_.data();
        sweep_.links_uS = links_uS_.data();
        sweep_.injected = injected_.data();
        sweep_.fused = membrane_.fused();
        sweep_.g_S_per_cm2 = membrane_.g_S_per_cm2();
        sweep_.s_mA_per_cm2 = membrane_.s_mA_per_cm2();
    }

    void advance_states(State& state) override
    {
        membrane_.bind(state);
        membrane_.advance(t_ms_);
    }

    void solve(State& state, std::int64_t step, const Solve& how) override
    {
        membrane_.bind(state);
        const auto loads = electrodes_.loads(step);
        for (std::size_t k = 0; k < loads.size(); ++k) {
            const auto& injection = plan_.packing->injections[k];
            double* block = injected_.data() + 2 * lanes * index(injection.block);
            block[injection.lane] = loads[k].g_uS;
            block[lanes + index(injection.lane)] = loads[k].i_nA;
        }
        sweep_.v_mV = state.v_slots_mV().data();
        if (membrane_.fused() >= 0) {
            sweep_.hh = membrane_.fused_columns();
        }
        sweep_.point_uS = points_.g_uS();
        sweep_.point_nA = points_.i_nA();
        set_capacitance(how.dt_ms);
        membrane_.linearise(how.advance_first, t_ms_);
        eliminate(sweep_, how.advance_first);
        const bool with_currents = how.keep_currents && ions_.has_sums();
        if (with_currents) {
            membrane_.add_fused_ion_currents(t_ms_);
            if (!how.centred) {
                store_ion_currents(state, sweep_.v_mV);
            }
        }
        all_finite_ = substitute_back(sweep_, how.centred, runaway_mV) || find_bad_node(state) < 0;
        if (with_currents && how.centred) {
            store_ion_currents(state, r_mV_.data());
        }
    }

    /// 1 uF/cm2 per ms is 1e-3 S/cm2.
    void set_capacitance(double solve_dt_ms)
    {
        if (solve_dt_ms == c_dt_ms_) {
            return;
        }
        c_dt_ms_ = solve_dt_ms;
        const auto& cm = plan_.cm_uF_per_cm2;
        for (std::size_t k = 0; k < c_S_per_cm2_.size(); ++k) {
            c_S_per_cm2_[k] = cm[k] * 1e-3 / solve_dt_ms;
        }
        sweep_.c_S_per_cm2 = {c_S_per_cm2_.data(), cm.uniform() ? 0 : lanes};
    }

    void use_half_step(State& state) override
    {
        const auto v_mV = state.v_slots_mV();
        std::copy_n(r_mV_.begin(), v_mV.size(), v_mV.begin());
    }

    LaneMembrane membrane_;
    double c_dt_ms_ = 0.0;  ///< step that c_S_per_cm2_ holds for
    AlignedArray<double> c_S_per_cm2_;
    AlignedArray<double> f_, r_mV_, bridge_f_, outbox_, links_uS_, injected_;
    Sweep sweep_;
};

}  // namespace

std::unique_ptr<Stepper> make_lane_stepper(const group::Plan& plan, const StepOptions& options)
{
    return std::make_unique<LaneStepper>(plan, options);
}

}  // namespace axolemma::solve
