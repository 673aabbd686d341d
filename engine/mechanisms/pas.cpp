/// Passive leak: i = g (v - e).
#include "base/simd.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::mechanisms {

namespace {

enum Parameter { g, e };

void initialise(const MechanismBlock& /*block*/) {}

void advance(const MechanismBlock& /*block*/, double /*dt_ms*/) {}

void linearise(const MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    for (std::size_t i = 0; i < block.n; ++i) {
        g_S_per_cm2[i] += block.parameters[g][i];
        s_mA_per_cm2[i] += block.parameters[g][i] * block.parameters[e][i];
    }
}

void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2)
{
    for (std::size_t i = 0; i < block.n; ++i) {
        i_mA_per_cm2[0][i] = block.parameters[g][i] * (block.v_mV[i] - block.parameters[e][i]);
    }
}

void step_lanes(const LaneBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    for (std::size_t k = 0; g_S_per_cm2 != nullptr && k < block.n_rows; ++k) {
        const double* conductance = block.parameters[g].row(k);
        const double* reversal = block.parameters[e].row(k);
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            g_S_per_cm2[k * base::lanes + lane] += conductance[lane];
            s_mA_per_cm2[k * base::lanes + lane] += conductance[lane] * reversal[lane];
        }
    }
}

}  // namespace

const MechanismInfo& pas_mechanism()
{
    static const MechanismInfo info{
        .name = "pas",
        .meaning = "passive leak i = g (v - e)",
        .source = "Ohm's law",
        .parameters =
            {
                {"g", "S/cm2", 0.001, 0.0, 1e3, "leak conductance"},
                {"e", "mV", -70.0, -500.0, 500.0, "leak reversal potential"},
            },
        .states = {},
        .currents = {{"i", "leak current"}},
        .gates = {},
        .initialise = initialise,
        .advance = advance,
        .linearise = linearise,
        .currents_at = currents_at,
        .step_lanes = step_lanes,
    };
    return info;
}

}  // namespace axolemma::mechanisms
