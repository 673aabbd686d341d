#include "kinetics/point_runner.hpp"

#include "kinetics/point_lanes.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <vector>

namespace axolemma::kinetics {

namespace {

using mechanisms::MechanismBlock;
using mechanisms::PointBlock;
using mechanisms::PointFailure;
using mechanisms::PointFault;
using mechanisms::PointOptions;
using mechanisms::PointQuantity;
using mechanisms::PointReading;
using mechanisms::PointStep;
using mechanisms::SynapticEvent;

/// An instance that sends itself more than this many events in a step goes round in a circle.
constexpr int most_own_events_per_step = 1000;
constexpr double never_ms = std::numeric_limits<double>::infinity();

/// What arrives at an instance.
struct Arrival {
    double t_ms, flag, weight_uS, connection;
};

class Runner final : public mechanisms::PointRunner {
public:
    Runner(const PointProgram& program, std::size_t n, const PointOptions& options)
        : program_(program), membrane_(*program.between_events), options_(options), is_busy_(n, 0)
    {
        const std::size_t n_states = membrane_.states.size();
        parameter_columns_.resize(membrane_.parameters.size());
        state_columns_.resize(n_states);
        kept_states_.resize(n_states * n);
        read_states_.resize(n_states);
        ion_columns_.resize(membrane_.ion_reads.size());
        current_columns_.resize(2 * membrane_.currents.size());
        piece_currents_.resize(2 * membrane_.currents.size());
        number_columns_.resize(std::max(membrane_.currents.size(), membrane_.outputs.size()));
        read_.resize(number_columns_.size());
        for (std::size_t k = 0; k < read_.size(); ++k) {
            number_columns_[k] = &read_[k];
        }
        for (const auto* one :
             {&program.on_event, &program.arguments_initial, &program.initial_events, &program.watches}) {
            scratch_.resize(std::max(scratch_.size(), one->scratch_size()));
        }
        results_.resize(program.on_event.n_results());
        initial_results_.resize(std::max(program.arguments_initial.n_results(), program.initial_events.n_results()));
        watch_results_.resize(program.watches.n_results());
        was_active_.resize(program.layout.n_watches);
        if (options.in_lanes) {
            lanes_ = std::make_unique<PointLanes>(membrane_, n, 0.5 * options.dt_ms, options.temperature_degC);
        }
    }

    void initialise(const PointBlock& block) override;
    PointFailure step(const PointBlock& block, const PointStep& step) override;
    double value(const PointReading& from, const PointQuantity& what) override;
    std::size_t bytes() const override
    {
        return (kept_states_.size() + read_states_.size() + read_.size() + scratch_.size() + results_.size() +
                initial_results_.size() + watch_results_.size()) *
                   sizeof(double) +
               is_busy_.size() + (lanes_ ? lanes_->bytes() : 0);
    }

private:
    PointMemory memory_of(const PointBlock& block, std::size_t k) const
    {
        const std::size_t n_connections =
            block.first_connection == nullptr ? 0 : block.first_connection[k + 1] - block.first_connection[k];
        return {program_.layout, n_connections, block.memory + block.first_memory[k]};
    }
    MechanismBlock membrane_of(const PointBlock& block, std::size_t first, std::size_t n, double t_ms);
    void run(const ScalarProgram& what, const PointBlock& block, std::size_t k, const Arrival& arrival,
             std::vector<double>& results);
    void watch(const PointBlock& block, std::size_t k, double t_ms)
    {
        run(program_.watches, block, k, {t_ms, 0.0, 0.0, -1.0}, watch_results_);
    }
    void initialise_memory(const PointBlock& block, std::size_t k);
    std::size_t find_busy(const PointBlock& block, const PointStep& step);
    bool look_at_watches(const PointBlock& block, std::size_t k, double t_ms);
    void keep_busy_states(const PointBlock& block, bool put_back);
    void advance_all(const PointBlock& block, const PointStep& step);
    void add_piece(const PointBlock& block, std::size_t k, double from_ms, double to_ms, const PointStep& step);
    PointFault run_busy(const PointBlock& block, std::size_t k, std::span<const SynapticEvent> events,
                        const PointStep& step, double& now_ms);
    PointFault fire_watches(const PointBlock& block, std::size_t k, double t_ms);
    PointFault deliver(const PointBlock& block, std::size_t k, const Arrival& arrival);
    PointFault send_to_itself(PointMemory& memory, const Arrival& cause, std::span<const double> events) const;

    const PointProgram& program_;
    const mechanisms::MechanismInfo& membrane_;
    PointOptions options_;
    std::unique_ptr<PointLanes> lanes_;
    std::vector<std::uint8_t> is_busy_;  ///< does something arrive in this step?
    std::vector<const double*> parameter_columns_, ion_columns_;
    std::vector<double*> state_columns_, number_columns_, current_columns_;
    std::vector<double> piece_currents_;  ///< of a piece of a step: g, then s of each current
    std::vector<double> kept_states_, read_states_, read_, scratch_, results_, initial_results_, watch_results_,
        was_active_;
};

MechanismBlock Runner::membrane_of(const PointBlock& block, std::size_t first, std::size_t n, double t_ms)
{
    for (std::size_t p = 0; p < parameter_columns_.size(); ++p) {
        parameter_columns_[p] = block.parameters + p * block.stride + first;
    }
    for (std::size_t s = 0; s < state_columns_.size(); ++s) {
        state_columns_[s] = block.states + s * block.stride + first;
    }
    for (std::size_t r = 0; r < ion_columns_.size(); ++r) {
        ion_columns_[r] = block.ion_reads + r * block.stride + first;
    }
    MechanismBlock membrane;
    membrane.n = n;
    membrane.v_mV = block.v_mV + first;
    membrane.temperature_degC = options_.temperature_degC;
    membrane.parameters = parameter_columns_.data();
    membrane.states = state_columns_.data();
    membrane.ion_reads = ion_columns_.data();
    membrane.t_ms = t_ms;
    return membrane;
}

void Runner::run(const ScalarProgram& what, const PointBlock& block, std::size_t k, const Arrival& arrival,
                 std::vector<double>& results)
{
    const auto number_of = [&](const Input& input) {
        switch (input.kind) {
        case InputKind::voltage: return block.v_mV[k];
        case InputKind::temperature: return options_.temperature_degC;
        case InputKind::dt: return options_.dt_ms;
        case InputKind::time: return arrival.t_ms;
        case InputKind::parameter: return block.parameters[input.index * block.stride + k];
        case InputKind::state: return block.states[input.index * block.stride + k];
        case InputKind::flag: return arrival.flag;
        case InputKind::weight:
            if (input.index == 0) {
                return arrival.weight_uS;
            }
            return arrival.connection < 0.0
                       ? 0.0
                       : memory_of(block, k).arguments(static_cast<std::size_t>(arrival.connection))[input.index - 1];
        case InputKind::ion: return block.ion_reads[input.index * block.stride + k];
        case InputKind::unknown: break;
        }
        return std::numeric_limits<double>::quiet_NaN();
    };
    what.run(number_of, scratch_, std::span(results).first(what.n_results()));
}

// ---- the beginning ---------------------------------------------------------------------------------------------------

void Runner::initialise(const PointBlock& block)
{
    membrane_.kernels->initialise(membrane_of(block, 0, block.n, 0.0));
    for (std::size_t k = 0; k < block.n; ++k) {
        initialise_memory(block, k);
    }
}

void Runner::initialise_memory(const PointBlock& block, std::size_t k)
{
    std::fill(block.memory + block.first_memory[k], block.memory + block.first_memory[k + 1], 0.0);
    auto memory = memory_of(block, k);
    for (std::size_t c = 0; c < memory.n_connections() && program_.layout.n_arguments > 0; ++c) {
        const double weight_uS = block.weights_uS[block.first_connection[k] + c];
        run(program_.arguments_initial, block, k, {0.0, 0.0, weight_uS, static_cast<double>(c)}, initial_results_);
        const auto arguments = memory.arguments(c);
        std::copy_n(initial_results_.begin(), arguments.size(), arguments.begin());
    }
    const Arrival start{0.0, 0.0, 0.0, -1.0};
    run(program_.initial_events, block, k, start, initial_results_);
    const auto sent =
        send_to_itself(memory, start, std::span(initial_results_).first(program_.initial_events.n_results()));
    assert(sent == PointFault::none && "readers allow a few initial events with delays that are not negative");
    static_cast<void>(sent);
    watch(block, k, 0.0);
    for (std::size_t w = 0; w < program_.layout.n_watches; ++w) {
        memory.was_true(w) = watch_results_[3 * w + 1] != 0.0 ? 1.0 : 0.0;
    }
}

// ---- a step ----------------------------------------------------------------------------------------------------------

PointFailure Runner::step(const PointBlock& block, const PointStep& step)
{
    const std::size_t n_busy = find_busy(block, step);
    if (n_busy < block.n) {
        keep_busy_states(block, false);
        advance_all(block, step);
        keep_busy_states(block, true);
    }
    auto event = step.events.begin();
    for (std::size_t k = 0; n_busy > 0 && k < block.n; ++k) {
        const auto first = event;
        while (event != step.events.end() && event->synapse == step.first_synapse + static_cast<std::int32_t>(k)) {
            ++event;
        }
        double now_ms = step.begin_ms;
        if (is_busy_[k] != 0) {
            const auto fault = run_busy(block, k, {first, event}, step, now_ms);
            if (fault != PointFault::none) {
                return {fault, k, now_ms};
            }
        }
    }
    return {};
}

std::size_t Runner::find_busy(const PointBlock& block, const PointStep& step)
{
    std::fill(is_busy_.begin(), is_busy_.end(), std::uint8_t{0});
    for (const auto& event : step.events) {
        is_busy_[static_cast<std::size_t>(event.synapse - step.first_synapse)] = 1;
    }
    if (program_.layout.sends_itself || program_.layout.n_watches > 0) {
        for (std::size_t k = 0; k < block.n; ++k) {
            const auto memory = memory_of(block, k);
            if ((memory.has_waiting() && memory.next().t_ms <= step.end_ms) ||
                look_at_watches(block, k, step.begin_ms)) {
                is_busy_[k] = 1;
            }
        }
    }
    return static_cast<std::size_t>(std::count(is_busy_.begin(), is_busy_.end(), std::uint8_t{1}));
}

/// Has one of them become true? Remembers those that have not.
bool Runner::look_at_watches(const PointBlock& block, std::size_t k, double t_ms)
{
    if (program_.layout.n_watches == 0) {
        return false;
    }
    watch(block, k, t_ms);
    auto memory = memory_of(block, k);
    bool fires = false;
    for (std::size_t w = 0; w < program_.layout.n_watches; ++w) {
        const bool is_active = watch_results_[3 * w] != 0.0;
        const bool is_true = watch_results_[3 * w + 1] != 0.0;
        if (is_active && is_true && memory.was_true(w) == 0.0) {
            fires = true;
        } else {
            memory.was_true(w) = is_true ? 1.0 : 0.0;
        }
    }
    return fires;
}

/// All instances go the whole step at once; those that something happens to are taken back.
void Runner::keep_busy_states(const PointBlock& block, bool put_back)
{
    double* kept = kept_states_.data();
    for (std::size_t k = 0; k < block.n; ++k) {
        for (std::size_t s = 0; is_busy_[k] != 0 && s < state_columns_.size(); ++s, ++kept) {
            double& state = block.states[s * block.stride + k];
            (put_back ? state : *kept) = put_back ? *kept : state;
        }
    }
}

void Runner::advance_all(const PointBlock& block, const PointStep& step)
{
    const double half_ms = 0.5 * options_.dt_ms;
    std::fill_n(step.g_uS, block.stride, 0.0);
    std::fill_n(step.s_nA, block.stride, 0.0);
    const std::size_t n_currents = membrane_.currents.size();
    for (std::size_t c = 0; step.currents_g_uS != nullptr && c < n_currents; ++c) {
        current_columns_[c] = step.currents_g_uS + c * block.stride;
        current_columns_[n_currents + c] = step.currents_s_nA + c * block.stride;
        std::fill_n(current_columns_[c], block.stride, 0.0);
        std::fill_n(current_columns_[n_currents + c], block.stride, 0.0);
    }
    const bool apart = step.currents_g_uS != nullptr;
    double* const* g_uS = apart ? current_columns_.data() : nullptr;
    double* const* s_nA = apart ? current_columns_.data() + n_currents : nullptr;
    const auto middle = membrane_of(block, 0, block.n, step.begin_ms + half_ms);
    if (lanes_) {
        lanes_->advance(middle, block.stride, half_ms, {step.g_uS, step.s_nA, g_uS, s_nA});
        return;
    }
    const auto& kernels = *membrane_.kernels;
    kernels.advance(middle, half_ms);
    kernels.linearise(middle, step.g_uS, step.s_nA, g_uS, s_nA);
    kernels.advance(middle, half_ms);
}

/// A piece of a step without events. Formulas of the time see that of its middle.
void Runner::add_piece(const PointBlock& block, std::size_t k, double from_ms, double to_ms, const PointStep& step)
{
    const double half_ms = 0.5 * (to_ms - from_ms);
    if (half_ms <= 0.0) {
        return;
    }
    const auto& kernels = *membrane_.kernels;
    const auto middle = membrane_of(block, k, 1, from_ms + half_ms);
    kernels.advance(middle, half_ms);
    double g_uS = 0.0, s_nA = 0.0;
    const std::size_t n_currents = membrane_.currents.size();
    const bool apart = step.currents_g_uS != nullptr;
    for (std::size_t c = 0; c < 2 * n_currents; ++c) {
        piece_currents_[c] = 0.0;
        current_columns_[c] = &piece_currents_[c];
    }
    kernels.linearise(middle, &g_uS, &s_nA, apart ? current_columns_.data() : nullptr,
                      apart ? current_columns_.data() + n_currents : nullptr);
    const double share = 2.0 * half_ms / options_.dt_ms;
    step.g_uS[k] += share * g_uS;
    step.s_nA[k] += share * s_nA;
    for (std::size_t c = 0; apart && c < n_currents; ++c) {
        step.currents_g_uS[c * block.stride + k] += share * piece_currents_[c];
        step.currents_s_nA[c * block.stride + k] += share * piece_currents_[n_currents + c];
    }
    kernels.advance(middle, half_ms);
}

/// One instance to which something happens in the step.
PointFault Runner::run_busy(const PointBlock& block, std::size_t k, std::span<const SynapticEvent> events,
                            const PointStep& step, double& now_ms)
{
    step.g_uS[k] = step.s_nA[k] = 0.0;
    for (std::size_t c = 0; step.currents_g_uS != nullptr && c < membrane_.currents.size(); ++c) {
        step.currents_g_uS[c * block.stride + k] = step.currents_s_nA[c * block.stride + k] = 0.0;
    }
    auto fault = fire_watches(block, k, now_ms);
    auto memory = memory_of(block, k);
    auto event = events.begin();
    int n_own = 0;
    while (fault == PointFault::none) {
        const double own_ms = memory.has_waiting() && memory.next().t_ms <= step.end_ms ? memory.next().t_ms : never_ms;
        Arrival arrival{};
        if (event != events.end() && event->t_ms <= own_ms) {
            arrival = {event->t_ms, 0.0, event->weight_uS, static_cast<double>(event->connection)};
            ++event;
        } else if (own_ms < never_ms) {
            const auto own = memory.next();
            arrival = {own.t_ms, own.flag, own.weight_uS, own.connection};
            memory.remove_next();
            fault = ++n_own > most_own_events_per_step ? PointFault::endless : PointFault::none;
        } else {
            break;
        }
        arrival.t_ms = std::clamp(arrival.t_ms, now_ms, step.end_ms);
        add_piece(block, k, now_ms, arrival.t_ms, step);
        now_ms = arrival.t_ms;
        if (fault == PointFault::none) {
            fault = deliver(block, k, arrival);
        }
    }
    if (fault == PointFault::none) {
        add_piece(block, k, now_ms, step.end_ms, step);
    }
    return fault;
}

/// Events of the conditions that became true at the voltage with which the step begins.
PointFault Runner::fire_watches(const PointBlock& block, std::size_t k, double t_ms)
{
    auto memory = memory_of(block, k);
    auto fault = PointFault::none;
    for (std::size_t w = 0; w < program_.layout.n_watches && fault == PointFault::none; ++w) {
        watch(block, k, t_ms);  // anew for each: those before it may have changed what is watched
        const bool is_true = watch_results_[3 * w + 1] != 0.0;
        const bool fires = watch_results_[3 * w] != 0.0 && is_true && memory.was_true(w) == 0.0;
        memory.was_true(w) = is_true ? 1.0 : 0.0;
        if (fires) {
            fault = deliver(block, k, {t_ms, watch_results_[3 * w + 2], 0.0, -1.0});
        }
    }
    return fault;
}

// ---- an event --------------------------------------------------------------------------------------------------------

PointFault Runner::deliver(const PointBlock& block, std::size_t k, const Arrival& arrival)
{
    auto memory = memory_of(block, k);
    if (program_.layout.n_watches > 0) {
        watch(block, k, arrival.t_ms);
        for (std::size_t w = 0; w < was_active_.size(); ++w) {
            was_active_[w] = watch_results_[3 * w];
        }
    }
    run(program_.on_event, block, k, arrival, results_);
    const double* result = results_.data();
    for (const auto& update : program_.equations.on_event.updates) {
        block.states[update.state * block.stride + k] = *result++;
    }
    if (arrival.connection >= 0.0 && program_.layout.n_arguments > 0) {
        const auto arguments = memory.arguments(static_cast<std::size_t>(arrival.connection));
        std::copy_n(result, arguments.size(), arguments.begin());
    }
    result += program_.layout.n_arguments;
    const auto fault = send_to_itself(memory, arrival, {result, 3 * program_.equations.on_event.self_events.size()});
    if (program_.layout.n_watches > 0) {
        // What is watched from now on counts from what it is now.
        watch(block, k, arrival.t_ms);
        for (std::size_t w = 0; w < was_active_.size(); ++w) {
            if (was_active_[w] == 0.0 && watch_results_[3 * w] != 0.0) {
                memory.was_true(w) = watch_results_[3 * w + 1] != 0.0 ? 1.0 : 0.0;
            }
        }
    }
    return fault;
}

/// @param events  condition, delay and flag of each
PointFault Runner::send_to_itself(PointMemory& memory, const Arrival& cause, std::span<const double> events) const
{
    for (std::size_t e = 0; e < events.size(); e += 3) {
        const double delay_ms = events[e + 1];
        if (events[e] == 0.0 || delay_ms == never_ms) {
            continue;
        }
        if (!(delay_ms >= 0.0)) {
            return PointFault::not_ahead;
        }
        if (!memory.add({cause.t_ms + delay_ms, events[e + 2], cause.weight_uS, cause.connection})) {
            return PointFault::too_many_waiting;
        }
    }
    return PointFault::none;
}

// ---- reading ---------------------------------------------------------------------------------------------------------

double Runner::value(const PointReading& from, const PointQuantity& what)
{
    using Kind = PointQuantity::Kind;
    if (what.kind == Kind::state) {
        return from.states[what.index * from.stride + from.instance];
    }
    for (std::size_t s = 0; s < read_states_.size(); ++s) {
        read_states_[s] = from.states[s * from.stride + from.instance];
        state_columns_[s] = &read_states_[s];
    }
    for (std::size_t p = 0; p < parameter_columns_.size(); ++p) {
        parameter_columns_[p] = from.parameters + p * from.stride + from.instance;
    }
    for (std::size_t r = 0; r < ion_columns_.size(); ++r) {
        ion_columns_[r] = from.ion_reads + r;
    }
    MechanismBlock membrane;
    membrane.n = 1;
    membrane.v_mV = &from.v_mV;
    membrane.temperature_degC = options_.temperature_degC;
    membrane.parameters = parameter_columns_.data();
    membrane.states = state_columns_.data();
    membrane.ion_reads = ion_columns_.data();
    membrane.t_ms = from.t_ms;
    std::fill(read_.begin(), read_.end(), 0.0);
    if (what.kind == Kind::output) {
        membrane_.kernels->outputs_at(membrane, number_columns_.data());
        return read_[what.index];
    }
    membrane_.kernels->currents_at(membrane, number_columns_.data());
    if (what.kind == Kind::current) {
        return read_[what.index];
    }
    const auto n_currents = static_cast<std::ptrdiff_t>(membrane_.currents.size());
    return std::accumulate(read_.begin(), read_.begin() + n_currents, 0.0);
}

}  // namespace

std::unique_ptr<mechanisms::PointRunner> make_point_runner(const PointProgram& program, std::size_t n,
                                                           const PointOptions& options)
{
    return std::make_unique<Runner>(program, n, options);
}

}  // namespace axolemma::kinetics
