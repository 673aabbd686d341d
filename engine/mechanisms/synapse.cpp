#include "mechanisms/synapse.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math.hpp"
#include "mechanisms/builtin.hpp"

namespace axolemma::mechanisms {

namespace {

/// Mean over a step of dt of exp(-t/tau) while t goes from 0 to `length`.
double mean_of_decay(double length_ms, double tau_ms, double dt_ms)
{
    return length_ms / (dt_ms * base::exprelr(-length_ms / tau_ms));
}

std::string no_complaint(std::span<const double> /*parameters*/)
{
    return {};
}

// ---- one exponential: g' = -g / tau ---------------------------------------------------------------------------------

namespace one_exponential {

enum Parameter : std::size_t { tau, e };
enum Constant : std::size_t { decay, mean, n_constants };

void prepare(std::size_t n, const double* p, double dt_ms, double* c)
{
    for (std::size_t k = 0; k < n; ++k) {
        c[decay * n + k] = base::exp(-dt_ms / p[tau * n + k]);
        c[mean * n + k] = mean_of_decay(dt_ms, p[tau * n + k], dt_ms);
    }
}

void advance(const SynapseBlock& block, double* mean_uS)
{
    const double* decays = block.constants + decay * block.n;
    const double* means = block.constants + mean * block.n;
    for (std::size_t k = 0; k < block.n; ++k) {
        mean_uS[k] = block.states[k] * means[k];
        block.states[k] *= decays[k];
    }
}

double receive(const SynapseBlock& block, std::size_t k, double weight_uS, double remaining_ms, double dt_ms)
{
    const double tau_ms = block.parameters[tau * block.n + k];
    block.states[k] += weight_uS * base::exp(-remaining_ms / tau_ms);
    return weight_uS * mean_of_decay(remaining_ms, tau_ms, dt_ms);
}

double conductance(const double* states, std::size_t /*n*/, std::size_t k)
{
    return states[k];
}

}  // namespace one_exponential

// ---- difference of two exponentials, of peak 1: g = b - a ------------------------------------------------------------

namespace two_exponentials {

enum Parameter : std::size_t { tau_rise, tau_decay, e, mg, mg_half, mg_slope };
enum State : std::size_t { a, b };
enum Constant : std::size_t { decay_a, decay_b, mean_a, mean_b, scale, n_constants };

std::string complaint(std::span<const double> p)
{
    return p[tau_rise] < p[tau_decay] ? std::string{}
                                      : "the time constant of the rise must be shorter than that of the decay";
}

/// 1 over the largest value of exp(-t/decay) - exp(-t/rise).
double peak_scale(double rise_ms, double decay_ms)
{
    const double peak_ms = rise_ms * decay_ms / (decay_ms - rise_ms) * std::log(decay_ms / rise_ms);
    return 1.0 / (base::exp(-peak_ms / decay_ms) - base::exp(-peak_ms / rise_ms));
}

void prepare(std::size_t n, const double* p, double dt_ms, double* c)
{
    for (std::size_t k = 0; k < n; ++k) {
        const double rise_ms = p[tau_rise * n + k];
        const double decay_ms = p[tau_decay * n + k];
        c[decay_a * n + k] = base::exp(-dt_ms / rise_ms);
        c[decay_b * n + k] = base::exp(-dt_ms / decay_ms);
        c[mean_a * n + k] = mean_of_decay(dt_ms, rise_ms, dt_ms);
        c[mean_b * n + k] = mean_of_decay(dt_ms, decay_ms, dt_ms);
        c[scale * n + k] = peak_scale(rise_ms, decay_ms);
    }
}

void advance(const SynapseBlock& block, double* mean_uS)
{
    const std::size_t n = block.n;
    const double* c = block.constants;
    double* rising = block.states + a * n;
    double* falling = block.states + b * n;
    for (std::size_t k = 0; k < n; ++k) {
        mean_uS[k] = falling[k] * c[mean_b * n + k] - rising[k] * c[mean_a * n + k];
    }
    for (std::size_t k = 0; k < n; ++k) {
        rising[k] *= c[decay_a * n + k];
        falling[k] *= c[decay_b * n + k];
    }
}

double receive(const SynapseBlock& block, std::size_t k, double weight_uS, double remaining_ms, double dt_ms)
{
    const std::size_t n = block.n;
    const double rise_ms = block.parameters[tau_rise * n + k];
    const double decay_ms = block.parameters[tau_decay * n + k];
    const double scaled_uS = weight_uS * block.constants[scale * n + k];
    block.states[a * n + k] += scaled_uS * base::exp(-remaining_ms / rise_ms);
    block.states[b * n + k] += scaled_uS * base::exp(-remaining_ms / decay_ms);
    return scaled_uS * (mean_of_decay(remaining_ms, decay_ms, dt_ms) - mean_of_decay(remaining_ms, rise_ms, dt_ms));
}

double conductance(const double* states, std::size_t n, std::size_t k)
{
    return states[b * n + k] - states[a * n + k];
}

/// 1 / (1 + [Mg]/half exp(-slope v)).
void magnesium_block(const double* parameters, std::size_t n, std::size_t k, double v_mV, double& share, double& slope)
{
    const double* p = parameters + k;
    share = 1.0 / (1.0 + p[mg * n] / p[mg_half * n] * base::exp(-p[mg_slope * n] * v_mV));
    slope = p[mg_slope * n] * share * (1.0 - share);
}

}  // namespace two_exponentials

constexpr double shortest_ms = 1e-3, longest_ms = 1e6;

ParameterInfo time_constant(std::string_view name, double default_ms, std::string_view meaning)
{
    return {std::string(name), "ms", default_ms, shortest_ms, longest_ms, std::string(meaning)};
}
ParameterInfo reversal(double default_mV)
{
    return {"e", "mV", default_mV, -1000.0, 1000.0, "reversal potential"};
}

SynapseInfo make_two_exponentials(std::string_view name, std::string_view meaning, std::string_view source,
                                  const std::array<std::string_view, 2>& names, const std::array<double, 2>& taus_ms,
                                  double e_mV)
{
    namespace two = two_exponentials;
    SynapseInfo info;
    info.name = name;
    info.meaning = meaning;
    info.source = source;
    info.parameters = {time_constant(names[0], taus_ms[0], "time constant of the rise"),
                       time_constant(names[1], taus_ms[1], "time constant of the decay"), reversal(e_mV)};
    info.states = {{"a", "part that decays with the time constant of the rise (uS)"},
                   {"b", "part that decays with the time constant of the decay (uS)"}};
    info.n_constants = two::n_constants;
    info.reversal = two::e;
    info.complaint = two::complaint;
    info.prepare = two::prepare;
    info.advance = two::advance;
    info.receive = two::receive;
    info.conductance = two::conductance;
    info.open_share = nullptr;
    return info;
}

SynapseInfo make_exp_syn()
{
    namespace one = one_exponential;
    SynapseInfo info;
    info.name = "exp_syn";
    info.meaning = "conductance that jumps by the weight and decays exponentially";
    info.source = "as ExpSyn of NEURON (Carnevale & Hines, The NEURON Book, 2006, ch. 10)";
    info.parameters = {time_constant("tau", 2.0, "time constant of the decay"), reversal(0.0)};
    info.states = {{"g", "conductance (uS)"}};
    info.n_constants = one::n_constants;
    info.reversal = one::e;
    info.complaint = no_complaint;
    info.prepare = one::prepare;
    info.advance = one::advance;
    info.receive = one::receive;
    info.conductance = one::conductance;
    info.open_share = nullptr;
    return info;
}

SynapseInfo make_nmda()
{
    auto info = make_two_exponentials("nmda", "NMDA receptor: two exponentials, with the block by magnesium",
                                      "block: Jahr & Stevens, J. Neurosci. 10 (1990) 3178, eq. 4; time constants: "
                                      "Markram et al., Cell 163 (2015) 456",
                                      {"tau_rise", "tau_decay"}, {0.29, 43.0}, 0.0);
    info.parameters.push_back({"mg", "mM", 1.0, 0.0, 1000.0, "concentration of magnesium outside"});
    info.parameters.push_back({"mg_half", "mM", 3.57, 1e-6, 1e6, "concentration that blocks half of it at 0 mV"});
    info.parameters.push_back({"mg_slope", "1/mV", 0.062, 0.0, 10.0, "steepness of the block"});
    info.open_share = two_exponentials::magnesium_block;
    return info;
}

template <class List>
int position(const List& list, std::string_view name)
{
    const auto at = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
    return at == list.end() ? -1 : static_cast<int>(at - list.begin());
}

}  // namespace

const std::vector<SynapseInfo>& builtin_synapses()
{
    static const std::vector<SynapseInfo> list{
        make_exp_syn(),
        make_two_exponentials("exp2_syn", "conductance that rises and decays exponentially; its peak is the weight",
                              "as Exp2Syn of NEURON (Carnevale & Hines, The NEURON Book, 2006, ch. 10)",
                              {"tau1", "tau2"}, {0.1, 10.0}, 0.0),
        make_two_exponentials("ampa", "AMPA receptor: two exponentials",
                              "time constants: Markram et al., Cell 163 (2015) 456", {"tau_rise", "tau_decay"},
                              {0.2, 1.74}, 0.0),
        make_nmda(),
        make_two_exponentials("gaba", "GABA_A receptor: two exponentials",
                              "time constants: Markram et al., Cell 163 (2015) 456", {"tau_rise", "tau_decay"},
                              {0.2, 8.3}, -80.0)};
    return list;
}

std::vector<RecordableQuantity> SynapseInfo::quantities() const
{
    using Kind = PointQuantity::Kind;
    if (!is_text()) {
        return {{"g", "uS", {Kind::conductance, 0}}, {"i", "nA", {Kind::total_current, 0}}};
    }
    const auto& currents = kernels->between_events().currents;
    const auto& outputs = kernels->between_events().outputs;
    std::vector<RecordableQuantity> list;
    const auto add = [&](const std::string& quantity, const std::string& unit, PointQuantity what) {
        if (position(list, quantity) < 0) {
            list.push_back({quantity, unit, what});
        }
    };
    for (std::size_t k = 0; k < states.size(); ++k) {
        if (!states[k].hidden) {
            add(states[k].name, states[k].unit, {Kind::state, k});
        }
    }
    for (std::size_t k = 0; k < currents.size(); ++k) {
        add(currents[k].name, "nA", {Kind::current, k});
    }
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        add(outputs[k].name, outputs[k].unit, {Kind::output, k});
    }
    add("i", "nA", {Kind::total_current, 0});
    return list;
}

double SynapseInfo::current_nA(const double* p, const double* of_states, std::size_t n, std::size_t k,
                               double v_mV) const
{
    double share = 1.0;
    double slope = 0.0;
    if (open_share != nullptr) {
        open_share(p, n, k, v_mV, share, slope);
    }
    return conductance(of_states, n, k) * share * (v_mV - p[reversal * n + k]);
}

int SynapseInfo::parameter_index(std::string_view parameter) const
{
    return position(parameters, parameter);
}

int SynapseInfo::state_index(std::string_view state) const
{
    return position(states, state);
}

}  // namespace axolemma::mechanisms
