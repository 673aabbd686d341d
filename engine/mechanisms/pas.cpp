/// Passive leak: i = g (v - e).
#include "base/simd.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::mechanisms {

namespace {

enum Parameter : std::size_t { g, e };

class PasLanes final : public LaneKernel {
public:
    void step(const LaneBlock& block) const override
    {
        add(block, block.total);
        if (block.currents != nullptr) {
            add(block, block.currents[0]);
        }
    }

private:
    static void add(const LaneBlock& block, const LaneSums& sums)
    {
        for (std::size_t k = 0; sums.g_S_per_cm2 != nullptr && k < block.n_rows; ++k) {
            const double* conductance = block.parameters[g].row(k);
            const double* reversal = block.parameters[e].row(k);
            const std::size_t first = static_cast<std::size_t>(block.rows[k]) * base::lanes;
            double* to_g = sums.g_S_per_cm2 + first;
            double* to_s = sums.s_mA_per_cm2 + first;
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                const bool present = (block.present[k] >> lane & 1U) != 0;
                to_g[lane] = present ? to_g[lane] + conductance[lane] : to_g[lane];
                to_s[lane] = present ? to_s[lane] + conductance[lane] * reversal[lane] : to_s[lane];
            }
        }
    }
};

class PasKernels final : public Kernels {
public:
    void initialise(const MechanismBlock& /*block*/) const override {}
    void advance(const MechanismBlock& /*block*/, double /*dt_ms*/) const override {}

    void linearise(const MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2, double* const* current_g,
                   double* const* current_s) const override
    {
        const bool apart = current_g != nullptr && current_g[0] != nullptr;
        for (std::size_t i = 0; i < block.n; ++i) {
            const double conductance = block.parameters[g][i];
            const double source = conductance * block.parameters[e][i];
            g_S_per_cm2[i] += conductance;
            s_mA_per_cm2[i] += source;
            if (apart) {
                current_g[0][i] += conductance;
                current_s[0][i] += source;
            }
        }
    }

    void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            i_mA_per_cm2[0][i] = block.parameters[g][i] * (block.v_mV[i] - block.parameters[e][i]);
        }
    }

    std::shared_ptr<const LaneKernel> lane_kernel(const LaneOptions& /*options*/) const override
    {
        static const auto kernel = std::make_shared<const PasLanes>();
        return kernel;
    }
};

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
        .outputs = {},
        .ions = {},
        .ion_reads = {},
        .ion_writes = {},
        .rate_parameters = {},
        .kernels = std::make_shared<const PasKernels>(),
        .pos = {},
    };
    return info;
}

}  // namespace axolemma::mechanisms
