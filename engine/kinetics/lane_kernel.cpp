#include "kinetics/lane_kernel.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "kinetics/gate_formulas.hpp"
#include "kinetics/hh_form.hpp"
#include "kinetics/lane_compiler.hpp"
#include "kinetics/lane_interpreter.hpp"
#include "mechanisms/hh_columns.hpp"

namespace axolemma::kinetics {

using mechanisms::GateTable;
using mechanisms::LaneBlock;
using mechanisms::LaneKernel;
using mechanisms::LaneOptions;

namespace {

/// The values of a mechanism with temperature, dt and, where they are known, the parameters of rates as numbers.
class Settled {
public:
    Settled(const CompiledEquations& compiled, const LaneOptions& options)
        : compiled_(compiled), options_(options), graph_(std::make_shared<Graph>(compiled.equations.graph))
    {}

    /// A value of a step, or of the currents, of which dt is no part.
    Value in_step(Value value) { return settle(value, options_.dt_ms); }
    Value in_currents(Value value) { return settle(value, 0.0); }
    Assignments in_step(const Assignments& from) { return {from.states, in_step(from.after)}; }
    std::vector<Value> in_step(std::vector<Value> values)
    {
        for (Value& value : values) {
            value = in_step(value);
        }
        return values;
    }
    LinearCurrent in_currents(const LinearCurrent& current) { return {in_currents(current.g), in_currents(current.s)}; }
    std::shared_ptr<const Graph> graph() const { return graph_; }

private:
    Value settle(Value value, double dt_ms)
    {
        if (!value.is_valid()) {
            return value;
        }
        const auto& rate_parameters = compiled_.equations.info.rate_parameters;
        return graph_->substitute(value, [&](Input input) {
            if (input.kind == InputKind::temperature) {
                return graph_->constant(options_.temperature_degC);
            }
            if (input.kind == InputKind::dt) {
                return graph_->constant(dt_ms);
            }
            const auto at = std::find(rate_parameters.begin(), rate_parameters.end(), input.index);
            if (input.kind == InputKind::parameter && options_.rate_values && at != rate_parameters.end()) {
                return graph_->constant(
                    (*options_.rate_values)[static_cast<std::size_t>(at - rate_parameters.begin())]);
            }
            return Value{};
        });
    }

    const CompiledEquations& compiled_;
    const LaneOptions& options_;
    std::shared_ptr<Graph> graph_;
};

/// A gate that goes into a table.
struct Candidate {
    std::size_t state, step;
    VoltageGate gate;
};

/// The tables of a mechanism, and which gates of which step are in which.
struct Tables {
    std::vector<std::shared_ptr<const GateTable>> tables;
    std::vector<std::pair<std::size_t, LaneProgram::GateSet>> sets;  ///< with the step

    /// Makes a table of up to four gates of one step; false if it does not keep the bound.
    bool add(const std::shared_ptr<const Graph>& graph, std::span<const Candidate> gates, double bound)
    {
        std::vector<VoltageGate> formulas;
        LaneProgram::GateSet set;
        for (const Candidate& candidate : gates) {
            formulas.push_back(candidate.gate);
            set.states[set.n++] = candidate.state;
        }
        auto table = std::make_shared<const GateTable>(std::make_shared<const GraphGates>(graph, formulas), bound);
        if (!(table->error() <= bound)) {
            return false;
        }
        set.table = tables.size();
        tables.push_back(std::move(table));
        sets.emplace_back(gates.front().step, set);
        return true;
    }
    bool holds(std::size_t state) const
    {
        return std::any_of(sets.begin(), sets.end(), [&](const auto& item) {
            const auto& set = item.second;
            const auto end = set.states.begin() + static_cast<std::ptrdiff_t>(set.n);
            return std::find(set.states.begin(), end, state) != end;
        });
    }
};

/// Gates of nothing but the voltage, step by step; in a step in the order `first`, then of their states.
std::vector<Candidate> candidates(const CompiledEquations& compiled, Settled& settled,
                                  std::span<const std::size_t> first)
{
    std::vector<Candidate> found;
    for (const TabulableGate& gate : compiled.gates) {
        const VoltageGate formulas{settled.in_step(gate.a), settled.in_step(gate.b)};
        bool of_voltage = false;
        bool of_more = false;
        for (const Value value : {formulas.a, formulas.b}) {
            for (const Input input : settled.graph()->inputs(value)) {
                (input.kind == InputKind::voltage ? of_voltage : of_more) = true;
            }
        }
        if (of_voltage && !of_more) {
            found.push_back({gate.state, gate.step, formulas});
        }
    }
    const auto rank = [&](const Candidate& one) {
        return std::pair(one.step, std::find(first.begin(), first.end(), one.state) - first.begin());
    };
    std::stable_sort(found.begin(), found.end(), [&](const auto& x, const auto& y) { return rank(x) < rank(y); });
    return found;
}

/// Tables of as many gates as will keep the bound. Where a set of gates does not, each of them is tried by itself.
Tables make_tables(const std::shared_ptr<const Graph>& graph, std::span<const Candidate> gates, double bound)
{
    Tables made;
    for (std::size_t k = 0; k < gates.size();) {
        std::size_t n = 1;
        while (k + n < gates.size() && n < GateTable::max_gates && gates[k + n].step == gates[k].step) {
            ++n;
        }
        if (!made.add(graph, gates.subspan(k, n), bound) && n > 1) {
            for (std::size_t one = k; one < k + n; ++one) {
                made.add(graph, gates.subspan(one, 1), bound);
            }
        }
        k += n;
    }
    return made;
}

/// Which sums a program adds to.
enum class Sums : std::uint8_t { total, each };

class ProgramBuilder {
public:
    ProgramBuilder(const CompiledEquations& compiled, Settled& settled, const Tables& tables)
        : compiled_(compiled), settled_(settled), tables_(tables)
    {
        // All that the programs need, before a compiler looks at the graph.
        for (const Step& step : compiled.steps.steps) {
            steps_.push_back(settled_step(step));
        }
        concentrations_ = settled.in_step(compiled.equations.concentrations);
        for (const LinearCurrent& current : compiled.currents) {
            currents_.push_back(settled.in_currents(current));
        }
        total_ = settled.in_currents(compiled.total);
    }

    LaneProgram build(bool advances, Sums sums)
    {
        const auto& info = compiled_.equations.info;
        const auto graph = settled_.graph();
        LaneCompiler compiler(*graph, info.parameters.size(), info.ion_reads.size(), info.states.size());
        if (advances) {
            add_steps(compiler);
            add_concentrations(compiler);
        }
        if (total_.g.is_valid()) {
            compiler.add_current(Instruction::total, total_);
        }
        for (std::size_t k = 0; sums == Sums::each && k < currents_.size(); ++k) {
            compiler.add_current(static_cast<std::uint16_t>(k), currents_[k]);
        }
        return compiler.finish();
    }

private:
    Step settled_step(const Step& step)
    {
        if (const auto* system = std::get_if<NewtonSystem>(&step)) {
            NewtonSystem made;
            made.start = settled_.in_step(system->start);
            made.corrections = settled_.in_step(system->corrections);
            made.then = settled_.in_step(system->then);
            return made;
        }
        return settled_.in_step(std::get<Assignments>(step));
    }

    void add_steps(LaneCompiler& compiler) const
    {
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            if (const auto* system = std::get_if<NewtonSystem>(&steps_[s])) {
                compiler.solve(*system);
                continue;
            }
            const auto& all = std::get<Assignments>(steps_[s]);
            Assignments by_formula;
            for (std::size_t k = 0; k < all.states.size(); ++k) {
                if (!tables_.holds(all.states[k])) {
                    by_formula.states.push_back(all.states[k]);
                    by_formula.after.push_back(all.after[k]);
                }
            }
            std::vector<LaneProgram::GateSet> by_table;
            for (const auto& [step, set] : tables_.sets) {
                if (step == s) {
                    by_table.push_back(set);
                }
            }
            compiler.assign(by_formula, by_table);
        }
    }

    void add_concentrations(LaneCompiler& compiler) const
    {
        if (concentrations_.empty()) {
            return;
        }
        compiler.store_ions(concentrations_);
        const auto& info = compiled_.equations.info;
        for (std::size_t k = 0; k < info.ion_reads.size(); ++k) {
            if (std::find(info.ion_writes.begin(), info.ion_writes.end(), info.ion_reads[k]) != info.ion_writes.end()) {
                compiler.load_ion(k);
            }
        }
    }

    const CompiledEquations& compiled_;
    Settled& settled_;
    const Tables& tables_;
    std::vector<Step> steps_;
    std::vector<Value> concentrations_;
    std::vector<LinearCurrent> currents_;
    LinearCurrent total_;
};

class TextLanes final : public LaneKernel {
public:
    TextLanes(const CompiledEquations& compiled, const LaneOptions& options) : dt_ms_(options.dt_ms)
    {
        Settled settled(compiled, options);
        const auto form = find_hh_form(compiled);
        if (options.gate_table_bound > 0.0) {
            const auto first = form ? std::span<const std::size_t>(form->states) : std::span<const std::size_t>();
            const auto gates = candidates(compiled, settled, first);
            tables_ = make_tables(settled.graph(), gates, options.gate_table_bound);
        }
        for (const auto& table : tables_.tables) {
            pointers_.push_back(table.get());
        }
        if (form) {
            set_shape(*form);
        }
        ProgramBuilder builder(compiled, settled, tables_);
        for (const bool advances : {false, true}) {
            for (const Sums sums : {Sums::total, Sums::each}) {
                LaneProgram& made = program(advances, sums);
                made = builder.build(advances, sums);
                scratch_size_ = std::max(scratch_size_, lane_scratch_size(made));
            }
        }
    }

    void step(const LaneBlock& block) const override
    {
        assert((block.dt_ms == 0.0 || block.dt_ms == dt_ms_) && "a kernel is made for one dt");
        const Sums sums = block.currents != nullptr ? Sums::each : Sums::total;
        if (!shape_) {
            run_lane_program(program(block.dt_ms != 0.0, sums), pointers_, block);
            return;
        }
        step_hh_rows(block, *shape_);
        if (sums == Sums::each) {
            LaneBlock of_each = block;
            of_each.total = {};
            run_lane_program(program(false, Sums::each), pointers_, of_each);
        }
    }

    std::size_t scratch_size() const override { return scratch_size_; }
    double table_error() const override
    {
        double worst = 0.0;
        for (const auto& table : tables_.tables) {
            worst = std::max(worst, table->error());
        }
        return worst;
    }
    std::size_t bytes() const override
    {
        std::size_t sum = 0;
        for (const auto& table : tables_.tables) {
            sum += table->bytes();
        }
        return sum;
    }
    const HhShape* hh_shape() const override { return shape_ ? &*shape_ : nullptr; }

private:
    LaneProgram& program(bool advances, Sums sums) { return programs_[advances ? 1 : 0][sums == Sums::each ? 1 : 0]; }
    const LaneProgram& program(bool advances, Sums sums) const
    {
        return programs_[advances ? 1 : 0][sums == Sums::each ? 1 : 0];
    }

    /// If m, h and n came into one table.
    void set_shape(const HhForm& form)
    {
        if (tables_.sets.size() != 1 || tables_.sets[0].second.n != 3 ||
            !std::equal(form.states.begin(), form.states.end(), tables_.sets[0].second.states.begin())) {
            return;
        }
        shape_.emplace();
        std::copy(form.parameters.begin(), form.parameters.end(), shape_->parameters);
        std::copy(form.states.begin(), form.states.end(), shape_->states);
        shape_->table = tables_.tables[0].get();
    }

    double dt_ms_;
    Tables tables_;
    std::vector<const GateTable*> pointers_;
    LaneProgram programs_[2][2];  ///< advances or not, the total alone or each current too
    std::optional<HhShape> shape_;
    std::size_t scratch_size_ = 0;
};

}  // namespace

std::shared_ptr<const LaneKernel> make_lane_kernel(const CompiledEquations& compiled, const LaneOptions& options)
{
    return std::make_shared<const TextLanes>(compiled, options);
}

std::optional<double> table_error(const CompiledEquations& compiled, std::size_t state, const LaneOptions& options)
{
    Settled settled(compiled, options);
    for (const Candidate& candidate : candidates(compiled, settled, {})) {
        if (candidate.state == state) {
            const auto gate = std::make_shared<const GraphGates>(settled.graph(), std::vector{candidate.gate});
            return GateTable(gate, options.gate_table_bound).error();
        }
    }
    return std::nullopt;
}

}  // namespace axolemma::kinetics
