#include "kinetics/lane_interpreter.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kinetics/lane_interpreter.cpp"
#include "base/simd_targets.hpp"

#include <algorithm>
#include <new>

#include "kinetics/lane_memory.hpp"
#include "kinetics/lane_operations-inl.hpp"
#include "kinetics/step_program.hpp"
#include "mechanisms/gates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::kinetics::HWY_NAMESPACE {

using mechanisms::GateTable;
using mechanisms::LaneBlock;
using mechanisms::LaneColumn;
using mechanisms::LaneSums;
using Kind = Instruction::Kind;

/// Gates of n rows by table; voltages and states row after row.
template <std::size_t n_gates, std::size_t capacity>
HWY_NOINLINE void advance_gates(const GateTable& table, const double* v_mV, double* const states[n_gates],
                                std::size_t n)
{
    using namespace mechanisms::HWY_NAMESPACE;
    const TableView view(table);
    Places places;
    for (std::size_t k = 0; k < std::min(n, Places::rows_ahead); ++k) {
        find_place(view, row::load(v_mV + k * lanes), places.of(k));
    }
    for (std::size_t k = 0; k < n; ++k) {
        if (k + Places::rows_ahead < n) {
            const std::size_t ahead = k + Places::rows_ahead;
            find_place(view, row::load(v_mV + ahead * lanes), places.of(ahead));
        }
        Row gates[n_gates];
        for (std::size_t g = 0; g < n_gates; ++g) {
            gates[g] = row::load(states[g] + k * lanes);
        }
        advance_by_table<n_gates, capacity>(view, places.of(k), v_mV + k * lanes, gates);
        for (std::size_t g = 0; g < n_gates; ++g) {
            row::store(gates[g], states[g] + k * lanes);
        }
    }
}

/// Calls write(lane) for the lanes that are present.
template <class Write>
HWY_INLINE void for_present(unsigned present, Write write)
{
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if ((present >> lane & 1U) != 0) {
            write(lane);
        }
    }
}

class Interpreter {
public:
    Interpreter(const LaneProgram& program, std::span<const GateTable* const> tables, const LaneBlock& block)
        : program_(program),
          tables_(tables),
          block_(block),
          memory_(program),
          columns_(::new (static_cast<void*>(block.scratch)) ChunkColumn[program.n_slots()])
    {
        set_fixed_columns();
    }

    void run()
    {
        for (first_ = 0; first_ < block_.n_rows; first_ += memory_.chunk_rows) {
            n_ = std::min(memory_.chunk_rows, block_.n_rows - first_);
            begin_chunk();
            execute(program_.instructions.data(), program_.instructions.data() + program_.instructions.size());
        }
    }

private:
    double* settled(std::size_t k) { return block_.scratch + memory_.settled + k * memory_.chunk_rows * lanes; }
    double* result_of(const Instruction& what)
    {
        return block_.scratch + memory_.registers +
               (what.result - program_.first_register()) * memory_.chunk_rows * lanes;
    }
    double* state(std::size_t k) { return block_.states[k] + first_ * lanes; }
    std::size_t group_row(std::size_t k) const { return static_cast<std::size_t>(block_.rows[first_ + k]) * lanes; }

    /// Columns that stay where they are from chunk to chunk, and what is computed once for all rows.
    void set_fixed_columns()
    {
        double* time = block_.scratch + memory_.time;
        row::store(row::splat(block_.t_ms), time);
        columns_[LaneProgram::time] = {time, 0};
        for (std::size_t k = 0; k < program_.constants.size() / lanes; ++k) {
            columns_[program_.first_constant() + k] = {program_.constants.data() + k * lanes, 0};
        }
        for (std::size_t p = 0; p < program_.n_parameters; ++p) {
            const LaneColumn& from = block_.parameters[p];
            columns_[program_.first_parameter() + p] = {from.values, from.stride};
        }
        for (std::size_t k = 0; k < program_.settled.size(); ++k) {
            const Instruction& what = program_.settled[k];
            bool uniform = true;
            for (const Slot slot : {what.a, what.b, what.c}) {
                uniform = uniform && (slot == no_slot || columns_[slot].stride == 0);
            }
            columns_[what.result] = {settled(k), uniform ? 0 : lanes};
            if (uniform) {
                compute_rows(program_, what, columns_, 1, settled(k));
            }
        }
        for (std::size_t k = 0; k < program_.n_registers; ++k) {
            columns_[program_.first_register() + k] = {
                block_.scratch + memory_.registers + k * memory_.chunk_rows * lanes, lanes};
        }
    }

    void begin_chunk()
    {
        in_one_piece_ = static_cast<std::size_t>(block_.rows[first_ + n_ - 1] - block_.rows[first_]) == n_ - 1;
        columns_[LaneProgram::voltage] = by_group_row({block_.v_mV, lanes}, 0);
        for (std::size_t k = 0; k < program_.n_ions; ++k) {
            load_ion(k);
        }
        for (std::size_t p = 0; p < program_.n_parameters; ++p) {
            columns_[program_.first_parameter() + p].at = block_.parameters[p].row(first_);
        }
        for (std::size_t k = 0; k < program_.n_states; ++k) {
            columns_[program_.first_state() + k] = {state(k), lanes};
        }
        for (std::size_t k = 0; k < program_.settled.size(); ++k) {
            if (columns_[program_.first_settled() + k].stride != 0) {
                compute_rows(program_, program_.settled[k], columns_, n_, settled(k));
            }
        }
    }

    void load_ion(std::size_t k) { columns_[program_.first_ion() + k] = by_group_row(block_.ion_reads[k], 1 + k); }

    /// The chunk's part of a column of the group: where it is, or put together where its rows do not follow each other.
    ChunkColumn by_group_row(const LaneColumn& from, std::size_t gathered)
    {
        if (from.stride == 0 || in_one_piece_) {
            return {from.row(static_cast<std::size_t>(block_.rows[first_])), from.stride};
        }
        double* to = block_.scratch + memory_.gathered + gathered * memory_.chunk_rows * lanes;
        for (std::size_t k = 0; k < n_; ++k) {
            row::store(row::load(from.values + group_row(k)), to + k * lanes);
        }
        return {to, lanes};
    }

    void execute(const Instruction* at, const Instruction* end)
    {
        const auto a = [&]() -> const ChunkColumn& { return columns_[at->a]; };
        const auto b = [&]() -> const ChunkColumn& { return columns_[at->b]; };
        const auto c = [&]() -> const ChunkColumn& { return columns_[at->c]; };
        for (; at != end; ++at) {
            switch (at->kind) {
            case Kind::compute: compute_rows(program_, *at, columns_, n_, result_of(*at)); break;
            case Kind::multiply_twice: multiply_twice_rows(n_, result_of(*at), a(), b(), c()); break;
            case Kind::multiply_add: multiply_add_rows(n_, result_of(*at), a(), b(), c()); break;
            case Kind::multiply_subtract: multiply_subtract_rows(n_, result_of(*at), a(), b(), c()); break;
            case Kind::subtract_product: subtract_product_rows(n_, result_of(*at), a(), b(), c()); break;
            case Kind::copy: copy_rows(n_, result_of(*at), a()); break;
            case Kind::advance_gates: advance(program_.gate_sets[at->index]); break;
            case Kind::store_state: copy_rows(n_, state(at->index), a()); break;
            case Kind::store_ion: store_ion(at->index, a()); break;
            case Kind::load_ion: load_ion(at->index); break;
            case Kind::add_current:
                add_current(at->index == Instruction::total ? block_.total : block_.currents[at->index], a(), b());
                break;
            case Kind::solve: {
                const auto& system = program_.systems[at->index];
                solve(system, at + 1);
                at += system.body_length;
                break;
            }
            }
        }
    }

    void advance(const LaneProgram::GateSet& set)
    {
        const GateTable& table = *tables_[set.table];
        const double* v_mV = columns_[LaneProgram::voltage].at;
        double* states[4] = {};
        for (std::size_t g = 0; g < set.n; ++g) {
            states[g] = state(set.states[g]);
        }
        switch (set.n) {
        case 1: return advance_gates<1, 2>(table, v_mV, states, n_);
        case 2: return advance_gates<2, 2>(table, v_mV, states, n_);
        case 3: return advance_gates<3, 4>(table, v_mV, states, n_);
        default: return advance_gates<4, 4>(table, v_mV, states, n_);
        }
    }

    void store_ion(std::size_t index, const ChunkColumn& from)
    {
        for (std::size_t k = 0; k < n_; ++k) {
            double* to = block_.ion_writes[index] + group_row(k);
            const double* x = from.at + k * from.stride;
            for_present(block_.present[first_ + k], [&](std::size_t lane) HWY_ATTR { to[lane] = x[lane]; });
        }
    }

    void add_current(const LaneSums& sums, const ChunkColumn& g, const ChunkColumn& s)
    {
        if (sums.g_S_per_cm2 == nullptr) {
            return;
        }
        for (std::size_t k = 0; k < n_; ++k) {
            double* g_to = sums.g_S_per_cm2 + group_row(k);
            double* s_to = sums.s_mA_per_cm2 + group_row(k);
            const double* g_from = g.at + k * g.stride;
            const double* s_from = s.at + k * s.stride;
            if (HWY_LIKELY(block_.present[first_ + k] == 0xff)) {
                row::store(row::load(g_to) + row::load(g_from), g_to);
                row::store(row::load(s_to) + row::load(s_from), s_to);
            } else {
                for_present(block_.present[first_ + k], [&](std::size_t lane) HWY_ATTR {
                    g_to[lane] += g_from[lane];
                    s_to[lane] += s_from[lane];
                });
            }
        }
    }

    /// Newton's method in every lane by itself: one that is done keeps its unknowns while others go on.
    void solve(const LaneProgram::System& system, const Instruction* body)
    {
        double* active = block_.scratch + memory_.active;
        std::fill(active, active + n_ * lanes, 0.0);
        for (std::size_t k = 0; k < n_; ++k) {
            for_present(block_.present[first_ + k], [&](std::size_t lane) HWY_ATTR { active[k * lanes + lane] = 1.0; });
        }
        for (int iteration = 0; iteration < NewtonSystem::max_iterations; ++iteration) {
            execute(body, body + system.body_length);
            bool any = false;
            for (std::size_t k = 0; k < n_; ++k) {
                any = correct(system, k, active + k * lanes) || any;
            }
            if (!any) {
                return;
            }
        }
    }

    /// Corrects the unknowns of row k; is any lane left that moved far?
    bool correct(const LaneProgram::System& system, std::size_t k, double* active)
    {
        const Row on = row::load(active);
        Row moved = row::splat(0.0);
        for (std::size_t u = 0; u < system.unknowns.size(); ++u) {
            double* unknown = block_.scratch + memory_.registers +
                              ((system.unknowns[u] - program_.first_register()) * memory_.chunk_rows + k) * lanes;
            const ChunkColumn& corrections = columns_[system.corrections[u]];
            const Row x = row::load(unknown);
            const Row correction = row::load(corrections.at + k * corrections.stride);
            const Row allowed = NewtonSystem::relative * row::abs(x) + NewtonSystem::absolute;
            moved = row::logical_or(moved, row::less(allowed, row::abs(correction)));
            row::store(row::select(on, x + correction, x), unknown);
        }
        const Row still_on = row::logical_and(on, moved);
        row::store(still_on, active);
        return !row::all_within(still_on, 0.0);
    }

    const LaneProgram& program_;
    std::span<const GateTable* const> tables_;
    const LaneBlock& block_;
    LaneMemory memory_;
    ChunkColumn* columns_;
    std::size_t first_ = 0, n_ = 0;  ///< rows of the chunk
    bool in_one_piece_ = false;      ///< do its rows follow each other in the group?
};

void run(const LaneProgram& program, std::span<const GateTable* const> tables, const LaneBlock& block)
{
    Interpreter(program, tables, block).run();
}

}  // namespace axolemma::kinetics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace axolemma::kinetics {

HWY_EXPORT(run);

std::size_t lane_scratch_size(const LaneProgram& program)
{
    return LaneMemory(program).size;
}

void run_lane_program(const LaneProgram& program, std::span<const mechanisms::GateTable* const> tables,
                      const mechanisms::LaneBlock& block)
{
    HWY_DYNAMIC_DISPATCH(run)(program, tables, block);
}

}  // namespace axolemma::kinetics
#endif
