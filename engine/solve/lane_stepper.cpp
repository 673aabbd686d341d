/// The fast path: packs what the kernel needs (solve/lane_kernel.hpp) and calls it.
#include <algorithm>
#include <array>
#include <cassert>

#include "base/index.hpp"
#include "mechanisms/builtin.hpp"
#include "solve/lane_kernel.hpp"
#include "solve/stepper.hpp"

namespace axolemma::solve {

namespace {

using base::AlignedArray;
using base::index;
using base::lanes;
using group::State;
using mechanisms::LaneBlock;
using mechanisms::LaneColumn;

/// Columns for the kernel: those of the plan, or one row of a number that is the same everywhere.
class LaneColumns {
public:
    void add(const group::Column& column)
    {
        const auto first = rows_.size();
        if (column.uniform()) {
            rows_.insert(rows_.end(), lanes, column.value);
        }
        sources_.push_back({column.uniform() ? nullptr : column.values.data(), first});
    }
    /// Call after the last add.
    std::vector<LaneColumn> columns() const
    {
        std::vector<LaneColumn> result;
        for (const auto& source : sources_) {
            result.push_back(source.values != nullptr ? LaneColumn{source.values, lanes}
                                                      : LaneColumn{rows_.data() + source.first, 0});
        }
        return result;
    }

private:
    struct Source {
        const double* values;
        std::size_t first;
    };
    std::vector<Source> sources_;
    AlignedArray<double> rows_;
};

class LaneStepper final : public Stepper, private RowMembrane {
public:
    LaneStepper(const group::Plan& plan, const StepOptions& options) : Stepper(plan, options)
    {
        prepare_mechanisms();
        prepare_solver();
        prepare_sweep();
    }

    std::size_t bytes() const override
    {
        const std::size_t n = f_.size() + r_mV_.size() + bridge_f_.size() + outbox_.size() + links_uS_.size() +
                              injected_.size() + g_.size() + s_.size() + c_S_per_cm2_.size();
        return n * sizeof(double) + parts_.size() * sizeof(Part) + points_.bytes();
    }

private:
    struct Mechanism {
        const group::MechanismPlan* plan = nullptr;
        LaneColumns storage;
        std::vector<LaneColumn> parameters;
        std::vector<double*> states;
        std::shared_ptr<const mechanisms::GateTable> table;
    };
    /// Consecutive rows of a stretch, and places of a mechanism, that belong together.
    struct Part {
        std::size_t mechanism, row_in_stretch, place_row, n_rows;
    };

    void prepare_mechanisms()
    {
        for (const auto& of : plan_.mechanisms) {
            auto& mechanism = mechanisms_.emplace_back();
            mechanism.plan = &of;
            for (const auto& column : of.parameters) {
                mechanism.storage.add(column);
            }
            mechanism.parameters = mechanism.storage.columns();
            mechanism.states.resize(of.info->states.size());
            assert(mechanism.parameters.size() <= max_columns && mechanism.states.size() <= max_columns &&
                   "a mechanism has at most 64 parameters and 64 states");
            if (options_.gate_table_bound > 0.0 && !of.info->gates.empty()) {
                mechanism.table = mechanisms::shared_gate_table(*of.info, plan_.temperature_degC, options_.dt_ms,
                                                                options_.gate_table_bound);
                if (mechanism.table->error() > options_.gate_table_bound) {
                    mechanism.table.reset();  // not even the finest grid keeps the bound: formulas
                }
            }
            if (of.info == &mechanisms::hh_mechanism()) {
                sweep_.hh = static_cast<std::int32_t>(mechanisms_.size()) - 1;
            }
        }
    }

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
        std::size_t longest = 0;
        for (const auto& stretch : plan_.stretches) {
            first_part_.push_back(parts_.size());
            const bool junctions = stretch.operation.kind == group::Operation::Kind::junctions;
            if (!junctions && (sweep_.hh < 0 || stretch.mechanism != sweep_.hh)) {
                longest = std::max(longest, index(stretch.operation.n_rows));
                add_parts(stretch);
            }
        }
        first_part_.push_back(parts_.size());
        g_.assign(longest * lanes, 0.0);
        s_.assign(longest * lanes, 0.0);
    }

    void add_parts(const group::Stretch& stretch)
    {
        for (std::size_t m = 0; m < mechanisms_.size(); ++m) {
            const auto& rows = mechanisms_[m].plan->rows;
            auto row = std::lower_bound(rows.begin(), rows.end(), stretch.operation.top_row);
            while (row != rows.end() && *row <= stretch.operation.last_row()) {
                auto after = row + 1;
                while (after != rows.end() && *after == *(after - 1) + 1 && *after <= stretch.operation.last_row()) {
                    ++after;
                }
                parts_.push_back({m, index(*row - stretch.operation.top_row),
                                  static_cast<std::size_t>(row - rows.begin()), static_cast<std::size_t>(after - row)});
                row = after;
            }
        }
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
        sweep_.membrane = this;
        sweep_.g_scratch = g_.data();
        sweep_.s_scratch = s_.data();
        if (sweep_.hh >= 0) {
            const auto& hh = mechanisms_[index(sweep_.hh)];
            sweep_.hh_uniform = std::all_of(hh.parameters.begin(), hh.parameters.end(),
                                            [](const LaneColumn& column) { return column.stride == 0; });
        }
    }

    /// The places of a mechanism from a row of them on, over the voltages of as many rows.
    LaneBlock block(const Mechanism& mechanism, const double* v_mV, std::size_t n_rows, double dt_ms) const
    {
        return {n_rows,
                v_mV,
                mechanism.parameters.data(),
                mechanism.states.data(),
                mechanism.table.get(),
                plan_.temperature_degC,
                dt_ms};
    }

    void point_at(State& state)
    {
        for (auto& mechanism : mechanisms_) {
            for (std::size_t s = 0; s < mechanism.states.size(); ++s) {
                mechanism.states[s] = state.column(mechanism.plan->first_state_column + s);
            }
        }
        sweep_.v_mV = state.v_slots_mV().data();
    }

    /// Part of a mechanism: `block` moved on to its first row.
    void step_part(const Part& part, std::int32_t top_row, double dt_ms, double* g, double* s)
    {
        const auto& mechanism = mechanisms_[part.mechanism];
        std::array<LaneColumn, max_columns> parameters;
        std::array<double*, max_columns> states;
        for (std::size_t p = 0; p < mechanism.parameters.size(); ++p) {
            parameters[p] = {mechanism.parameters[p].row(part.place_row), mechanism.parameters[p].stride};
        }
        for (std::size_t k = 0; k < mechanism.states.size(); ++k) {
            states[k] = mechanism.states[k] + part.place_row * lanes;
        }
        auto columns =
            block(mechanism, sweep_.v_mV + (index(top_row) + part.row_in_stretch) * lanes, part.n_rows, dt_ms);
        columns.parameters = parameters.data();
        columns.states = states.data();
        mechanism.plan->info->step_lanes(columns, g, s);
    }

    void linearise(const group::Stretch& stretch, bool advance_gates, double* g, double* s) override
    {
        const std::size_t n = index(stretch.operation.n_rows) * lanes;
        std::fill_n(g, n, 0.0);
        std::fill_n(s, n, 0.0);
        const auto k = static_cast<std::size_t>(&stretch - plan_.stretches.data());
        for (std::size_t p = first_part_[k]; p < first_part_[k + 1]; ++p) {
            const std::size_t offset = parts_[p].row_in_stretch * lanes;
            step_part(parts_[p], stretch.operation.top_row, advance_gates ? options_.dt_ms : 0.0, g + offset,
                      s + offset);
        }
    }

    void advance_states(State& state) override
    {
        point_at(state);
        for (std::size_t m = 0; m < mechanisms_.size(); ++m) {
            const auto& rows = mechanisms_[m].plan->rows;
            for (std::size_t k = 0; k < rows.size() && !mechanisms_[m].states.empty();) {
                std::size_t after = k + 1;
                while (after < rows.size() && rows[after] == rows[after - 1] + 1) {
                    ++after;
                }
                step_part({m, 0, k, after - k}, rows[k], options_.dt_ms, nullptr, nullptr);
                k = after;
            }
        }
    }

    void solve(State& state, std::int64_t step, double solve_dt_ms, bool centred, bool advance_states_first) override
    {
        point_at(state);
        const auto loads = electrodes_.loads(step);
        for (std::size_t k = 0; k < loads.size(); ++k) {
            const auto& injection = plan_.packing->injections[k];
            double* block = injected_.data() + 2 * lanes * index(injection.block);
            block[injection.lane] = loads[k].g_uS;
            block[lanes + index(injection.lane)] = loads[k].i_nA;
        }
        if (sweep_.hh >= 0) {
            const auto& hh = mechanisms_[index(sweep_.hh)];
            sweep_.hh_block = block(hh, sweep_.v_mV, hh.plan->rows.size(), options_.dt_ms);
        }
        sweep_.point_uS = points_.g_uS();
        sweep_.point_nA = points_.i_nA();
        set_capacitance(solve_dt_ms);
        eliminate(sweep_, advance_states_first);
        all_finite_ = substitute_back(sweep_, centred, runaway_mV) || find_bad_node(state) < 0;
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

    static constexpr std::size_t max_columns = 64;

    std::vector<Mechanism> mechanisms_;
    std::vector<Part> parts_;              ///< stretch by stretch
    std::vector<std::size_t> first_part_;  ///< of each stretch
    double c_dt_ms_ = 0.0;                 ///< step that c_S_per_cm2_ holds for
    AlignedArray<double> c_S_per_cm2_;
    AlignedArray<double> f_, r_mV_, bridge_f_, outbox_, links_uS_, injected_, g_, s_;
    Sweep sweep_;
};

}  // namespace

std::unique_ptr<Stepper> make_lane_stepper(const group::Plan& plan, const StepOptions& options)
{
    return std::make_unique<LaneStepper>(plan, options);
}

}  // namespace axolemma::solve
