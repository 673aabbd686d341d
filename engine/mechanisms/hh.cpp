/// Squid giant axon: fast sodium, delayed-rectifier potassium and leak.
///
/// Hodgkin & Huxley, J. Physiol. 117 (1952) 500-544, eqs. 12, 13, 20, 21, 23, 24, 26. Q10 = 3 on all rates from 6.3 degC; conductances are not scaled.
#include "base/fma_clones.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/gate.hpp"
#include "mechanisms/hh_rates-inl.hpp"

namespace axolemma::mechanisms {

namespace {

enum Parameter { gnabar, gkbar, gl, ena, ek, el };
enum State { m, h, n };
enum Current { ina, ik, il };

constexpr double q10 = HWY_NAMESPACE::hh_q10;
constexpr double reference_degC = HWY_NAMESPACE::hh_reference_degC;

Rates as_rates(HWY_NAMESPACE::HhRates<double> rates)
{
    return {rates.alpha, rates.beta};
}
AXOLEMMA_WITH_FMA Rates rates_m(double v_mV)
{
    return as_rates(HWY_NAMESPACE::hh_rates_m(v_mV));
}
AXOLEMMA_WITH_FMA Rates rates_h(double v_mV)
{
    return as_rates(HWY_NAMESPACE::hh_rates_h(v_mV));
}
AXOLEMMA_WITH_FMA Rates rates_n(double v_mV)
{
    return as_rates(HWY_NAMESPACE::hh_rates_n(v_mV));
}

void initialise(const MechanismBlock& block)
{
    for (std::size_t i = 0; i < block.n; ++i) {
        const double v_mV = block.v_mV[i];
        block.states[m][i] = rates_m(v_mV).steady_state();
        block.states[h][i] = rates_h(v_mV).steady_state();
        block.states[n][i] = rates_n(v_mV).steady_state();
    }
}

void advance(const MechanismBlock& block, double dt_ms)
{
    const double factor = q10_factor(q10, block.temperature_degC, reference_degC);
    for (std::size_t i = 0; i < block.n; ++i) {
        const double v_mV = block.v_mV[i];
        block.states[m][i] = advance_gate(block.states[m][i], rates_m(v_mV), factor, dt_ms);
        block.states[h][i] = advance_gate(block.states[h][i], rates_h(v_mV), factor, dt_ms);
        block.states[n][i] = advance_gate(block.states[n][i], rates_n(v_mV), factor, dt_ms);
    }
}

double sodium_conductance(const MechanismBlock& block, std::size_t i)
{
    const double open = block.states[m][i] * block.states[m][i] * block.states[m][i] * block.states[h][i];
    return block.parameters[gnabar][i] * open;
}

double potassium_conductance(const MechanismBlock& block, std::size_t i)
{
    const double n2 = block.states[n][i] * block.states[n][i];
    return block.parameters[gkbar][i] * (n2 * n2);
}

void linearise(const MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    const double* const* p = block.parameters;
    for (std::size_t i = 0; i < block.n; ++i) {
        const double g_na = sodium_conductance(block, i);
        const double g_k = potassium_conductance(block, i);
        g_S_per_cm2[i] += g_na + g_k + p[gl][i];
        s_mA_per_cm2[i] += g_na * p[ena][i] + g_k * p[ek][i] + p[gl][i] * p[el][i];
    }
}

void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2)
{
    const double* const* p = block.parameters;
    for (std::size_t i = 0; i < block.n; ++i) {
        const double v_mV = block.v_mV[i];
        i_mA_per_cm2[ina][i] = sodium_conductance(block, i) * (v_mV - p[ena][i]);
        i_mA_per_cm2[ik][i] = potassium_conductance(block, i) * (v_mV - p[ek][i]);
        i_mA_per_cm2[il][i] = p[gl][i] * (v_mV - p[el][i]);
    }
}

}  // namespace

const MechanismInfo& hh_mechanism()
{
    static const MechanismInfo info{
        .name = "hh",
        .meaning =
            "squid giant axon: fast sodium (m3 h), delayed-rectifier potassium (n4) and leak; Q10 = 3 from 6.3 degC",
        .source = "Hodgkin and Huxley, J. Physiol. 117 (1952) 500-544",
        .parameters =
            {
                {"gnabar", "S/cm2", 0.12, 0.0, 1e3, "maximal sodium conductance"},
                {"gkbar", "S/cm2", 0.036, 0.0, 1e3, "maximal potassium conductance"},
                {"gl", "S/cm2", 0.0003, 0.0, 1e3, "leak conductance"},
                {"ena", "mV", 50.0, -500.0, 500.0, "sodium reversal potential"},
                {"ek", "mV", -77.0, -500.0, 500.0, "potassium reversal potential"},
                {"el", "mV", -54.3, -500.0, 500.0, "leak reversal potential"},
            },
        .states = {{"m", "sodium activation"}, {"h", "sodium inactivation"}, {"n", "potassium activation"}},
        .currents = {{"ina", "sodium current"}, {"ik", "potassium current"}, {"il", "leak current"}},
        .gates = {{m, rates_m, q10, reference_degC},
                  {h, rates_h, q10, reference_degC},
                  {n, rates_n, q10, reference_degC}},
        .initialise = initialise,
        .advance = advance,
        .linearise = linearise,
        .currents_at = currents_at,
        .step_lanes = step_hh_lanes,
    };
    return info;
}

}  // namespace axolemma::mechanisms
