#include "kinetics/reference_kernels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "kinetics/lane_kernel.hpp"

namespace axolemma::kinetics {

using mechanisms::MechanismBlock;

class ReferenceKernels::Place {
public:
    Place(const Graph& graph, const MechanismBlock& block, double dt_ms)
        : graph_(graph), block_(block), dt_ms_(dt_ms), numbers_(scratch())
    {
        if (numbers_.size() < graph.size()) {
            numbers_.resize(graph.size());
        }
    }

    void go_to(std::size_t i) { i_ = i; }
    std::size_t index() const { return i_; }
    const MechanismBlock& block() const { return block_; }

    void compute(const Formulas& formulas)
    {
        for (const std::int32_t k : formulas.nodes) {
            const Node& node = graph_.node({k});
            numbers_[static_cast<std::size_t>(k)] = node.op == Op::input
                                                        ? number_of(node.input)
                                                        : evaluate_op(graph_, node, of(node.a), of(node.b), of(node.c));
        }
    }
    double of(Value value) const { return value.is_valid() ? numbers_[static_cast<std::size_t>(value.index)] : 0.0; }

    void solve(const Solver& solver)
    {
        compute(solver.start);
        unknowns_.clear();
        for (const Value value : solver.start.values) {
            unknowns_.push_back(of(value));
        }
        for (int iteration = 0; iteration < NewtonSystem::max_iterations; ++iteration) {
            compute(solver.corrections);
            if (!corrected(solver)) {
                return;
            }
        }
    }

private:
    /// Adds the corrections; was one of them larger than what counts as nothing?
    bool corrected(const Solver& solver)
    {
        bool goes_on = false;
        for (std::size_t k = 0; k < unknowns_.size(); ++k) {
            const double correction = of(solver.corrections.values[k]);
            const double small = NewtonSystem::relative * std::fabs(unknowns_[k]) + NewtonSystem::absolute;
            goes_on = goes_on || std::fabs(correction) > small;
            unknowns_[k] += correction;
        }
        return goes_on;
    }

    double number_of(Input input) const
    {
        switch (input.kind) {
        case InputKind::voltage: return block_.v_mV[i_];
        case InputKind::temperature: return block_.temperature_degC;
        case InputKind::dt: return dt_ms_;
        case InputKind::time: return block_.t_ms;
        case InputKind::parameter: return block_.parameters[input.index][i_];
        case InputKind::state: return block_.states[input.index][i_];
        case InputKind::ion: return block_.ion_reads[input.index][i_];
        case InputKind::unknown: return unknowns_[input.index];
        default: break;
        }
        assert(false && "weights and flags belong to events");
        return 0.0;
    }

    static std::vector<double>& scratch()
    {
        thread_local std::vector<double> numbers;
        return numbers;
    }

    const Graph& graph_;
    const MechanismBlock& block_;
    double dt_ms_;
    std::size_t i_ = 0;
    std::vector<double>& numbers_;
    std::vector<double> unknowns_;
};

ReferenceKernels::Formulas ReferenceKernels::formulas(std::vector<Value> values) const
{
    Formulas made{std::move(values), {}};
    made.nodes = compiled_.equations.graph.needed(made.values);
    return made;
}

ReferenceKernels::ReferenceKernels(CompiledEquations compiled) : compiled_(std::move(compiled))
{
    const Equations& equations = compiled_.equations;
    initial_ = formulas(equations.initial);
    initial_concentrations_ = formulas(equations.initial_concentrations);
    concentrations_ = formulas(equations.concentrations);
    currents_ = formulas(equations.currents);
    outputs_ = formulas(equations.outputs);
    std::vector<Value> linear;
    for (const LinearCurrent& current : compiled_.currents) {
        linear.push_back(current.g);
        linear.push_back(current.s);
    }
    linear.push_back(compiled_.total.g);
    linear.push_back(compiled_.total.s);
    linear_ = formulas(std::move(linear));
    for (const Step& step : compiled_.steps.steps) {
        StepFormulas made;
        if (const auto* newton = std::get_if<NewtonSystem>(&step)) {
            made.newton = Solver{formulas(newton->start), formulas(newton->corrections)};
        }
        const Assignments& then = made.newton ? std::get<NewtonSystem>(step).then : std::get<Assignments>(step);
        made.states = then.states;
        made.after = formulas(then.after);
        steps_.push_back(std::move(made));
    }
}

void ReferenceKernels::store_concentrations(Place& place, const Formulas& formulas)
{
    place.compute(formulas);
    for (std::size_t k = 0; k < formulas.values.size(); ++k) {
        if (formulas.values[k].is_valid()) {
            place.block().ion_writes[k][place.index()] = place.of(formulas.values[k]);
        }
    }
}

void ReferenceKernels::initialise(const MechanismBlock& block) const
{
    Place place(compiled_.equations.graph, block, 0.0);
    for (std::size_t i = 0; i < block.n; ++i) {
        place.go_to(i);
        place.compute(initial_);
        for (std::size_t k = 0; k < initial_.values.size(); ++k) {
            block.states[k][i] = place.of(initial_.values[k]);
        }
        store_concentrations(place, initial_concentrations_);
    }
}

void ReferenceKernels::advance(const MechanismBlock& block, double dt_ms) const
{
    if (dt_ms == 0.0) {
        return;
    }
    Place place(compiled_.equations.graph, block, dt_ms);
    for (std::size_t i = 0; i < block.n; ++i) {
        place.go_to(i);
        for (const StepFormulas& step : steps_) {
            if (step.newton) {
                place.solve(*step.newton);
            }
            place.compute(step.after);
            for (std::size_t k = 0; k < step.states.size(); ++k) {
                block.states[step.states[k]][i] = place.of(step.after.values[k]);
            }
        }
        store_concentrations(place, concentrations_);
    }
}

void ReferenceKernels::linearise(const MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2,
                                 double* const* current_g, double* const* current_s) const
{
    if (compiled_.currents.empty()) {
        return;
    }
    Place place(compiled_.equations.graph, block, 0.0);
    for (std::size_t i = 0; i < block.n; ++i) {
        place.go_to(i);
        place.compute(linear_);
        g_S_per_cm2[i] += place.of(compiled_.total.g);
        s_mA_per_cm2[i] += place.of(compiled_.total.s);
        for (std::size_t k = 0; current_g != nullptr && k < compiled_.currents.size(); ++k) {
            if (current_g[k] != nullptr) {
                current_g[k][i] += place.of(compiled_.currents[k].g);
                current_s[k][i] += place.of(compiled_.currents[k].s);
            }
        }
    }
}

void ReferenceKernels::currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2) const
{
    Place place(compiled_.equations.graph, block, 0.0);
    for (std::size_t i = 0; i < block.n; ++i) {
        place.go_to(i);
        place.compute(currents_);
        for (std::size_t k = 0; k < currents_.values.size(); ++k) {
            i_mA_per_cm2[k][i] = place.of(currents_.values[k]);
        }
    }
}

void ReferenceKernels::outputs_at(const MechanismBlock& block, double* const* outputs) const
{
    Place place(compiled_.equations.graph, block, 0.0);
    for (std::size_t i = 0; i < block.n; ++i) {
        place.go_to(i);
        place.compute(outputs_);
        for (std::size_t k = 0; k < outputs_.values.size(); ++k) {
            outputs[k][i] = place.of(outputs_.values[k]);
        }
    }
}

std::shared_ptr<const mechanisms::LaneKernel> ReferenceKernels::lane_kernel(
    const mechanisms::LaneOptions& options) const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& known =
        lane_kernels_[{options.temperature_degC, options.dt_ms, options.gate_table_bound, options.rate_values}];
    auto kernel = known.lock();
    if (!kernel) {
        kernel = make_lane_kernel(compiled_, options);
        known = kernel;
    }
    return kernel;
}

}  // namespace axolemma::kinetics
