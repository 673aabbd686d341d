/// Squid giant axon: fast sodium, delayed-rectifier potassium and leak.
///
/// Hodgkin & Huxley, J. Physiol. 117 (1952) 500-544, eqs. 12, 13, 20, 21, 23, 24, 26. Q10 = 3 on all rates from 6.3 degC; conductances are not scaled.
#include <map>
#include <mutex>
#include <tuple>

#include "base/fma_clones.hpp"
#include "base/simd.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/gate.hpp"
#include "mechanisms/hh_columns.hpp"
#include "mechanisms/hh_rates-inl.hpp"

namespace axolemma::mechanisms {

namespace {

enum Parameter : std::size_t { gnabar, gkbar, gl, ena, ek, el };
enum State : std::size_t { m, h, n };
enum Current : std::size_t { ina, ik, il };

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

class HhGates final : public GateFormulas {
public:
    HhGates(double temperature_degC, double dt_ms)
        : factor_(q10_factor(q10, temperature_degC, reference_degC)), dt_ms_(dt_ms)
    {}
    std::size_t n_gates() const override { return 3; }
    GateStep step(std::size_t gate, double v_mV) const override
    {
        const Rates rates = gate == m ? rates_m(v_mV) : gate == h ? rates_h(v_mV) : rates_n(v_mV);
        return gate_step(rates, factor_, dt_ms_);
    }

private:
    double factor_, dt_ms_;
};

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

class HhLanes final : public LaneKernel {
public:
    explicit HhLanes(const LaneOptions& options)
    {
        if (options.gate_table_bound > 0.0) {
            table_ = shared_hh_table(options.temperature_degC, options.dt_ms, options.gate_table_bound);
            if (table_->error() > options.gate_table_bound) {
                table_.reset();  // not even the finest grid keeps the bound: formulas
            }
        }
        for (const auto p : {gnabar, gkbar, gl, ena, ek, el}) {
            shape_.parameters[p] = {false, p};
        }
        for (const auto s : {m, h, n}) {
            shape_.states[s] = s;
        }
        shape_.table = table_.get();
    }

    void step(const LaneBlock& block) const override
    {
        step_hh_rows(block, shape_);
        for (std::size_t k = 0; block.currents != nullptr && k < block.n_rows; ++k) {
            add_currents(block, k);
        }
    }
    double table_error() const override { return table_ ? table_->error() : 0.0; }
    std::size_t bytes() const override { return table_ ? table_->bytes() : 0; }
    const HhShape* hh_shape() const override { return &shape_; }

private:
    static void add_currents(const LaneBlock& block, std::size_t k)
    {
        const std::size_t first = static_cast<std::size_t>(block.rows[k]) * base::lanes;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if ((block.present[k] >> lane & 1U) == 0) {
                continue;
            }
            const auto parameter = [&](std::size_t p) { return block.parameters[p].row(k)[lane]; };
            const auto state = [&](std::size_t s) { return block.states[s][k * base::lanes + lane]; };
            const double n2 = state(n) * state(n);
            const double g[3] = {parameter(gnabar) * ((state(m) * state(m)) * (state(m) * state(h))),
                                 parameter(gkbar) * (n2 * n2), parameter(gl)};
            for (std::size_t current = 0; current < 3; ++current) {
                if (const auto& sums = block.currents[current]; sums.g_S_per_cm2 != nullptr) {
                    sums.g_S_per_cm2[first + lane] += g[current];
                    sums.s_mA_per_cm2[first + lane] += g[current] * parameter(ena + current);
                }
            }
        }
    }

    std::shared_ptr<const GateTable> table_;
    HhShape shape_;
};

class HhKernels final : public Kernels {
public:
    void initialise(const MechanismBlock& block) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            const double v_mV = block.v_mV[i];
            block.states[m][i] = rates_m(v_mV).steady_state();
            block.states[h][i] = rates_h(v_mV).steady_state();
            block.states[n][i] = rates_n(v_mV).steady_state();
        }
    }

    void advance(const MechanismBlock& block, double dt_ms) const override
    {
        const double factor = q10_factor(q10, block.temperature_degC, reference_degC);
        for (std::size_t i = 0; i < block.n; ++i) {
            const double v_mV = block.v_mV[i];
            block.states[m][i] = advance_gate(block.states[m][i], rates_m(v_mV), factor, dt_ms);
            block.states[h][i] = advance_gate(block.states[h][i], rates_h(v_mV), factor, dt_ms);
            block.states[n][i] = advance_gate(block.states[n][i], rates_n(v_mV), factor, dt_ms);
        }
    }

    void linearise(const MechanismBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2, double* const* current_g,
                   double* const* current_s) const override
    {
        const double* const* p = block.parameters;
        for (std::size_t i = 0; i < block.n; ++i) {
            const double g[3] = {sodium_conductance(block, i), potassium_conductance(block, i), p[gl][i]};
            g_S_per_cm2[i] += g[ina] + g[ik] + g[il];
            s_mA_per_cm2[i] += g[ina] * p[ena][i] + g[ik] * p[ek][i] + g[il] * p[el][i];
            for (std::size_t current = 0; current < 3; ++current) {
                if (current_g != nullptr && current_g[current] != nullptr) {
                    current_g[current][i] += g[current];
                    current_s[current][i] += g[current] * p[ena + current][i];
                }
            }
        }
    }

    void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2) const override
    {
        const double* const* p = block.parameters;
        for (std::size_t i = 0; i < block.n; ++i) {
            const double v_mV = block.v_mV[i];
            i_mA_per_cm2[ina][i] = sodium_conductance(block, i) * (v_mV - p[ena][i]);
            i_mA_per_cm2[ik][i] = potassium_conductance(block, i) * (v_mV - p[ek][i]);
            i_mA_per_cm2[il][i] = p[gl][i] * (v_mV - p[el][i]);
        }
    }

    std::shared_ptr<const LaneKernel> lane_kernel(const LaneOptions& options) const override
    {
        return std::make_shared<const HhLanes>(options);
    }
};

}  // namespace

std::shared_ptr<const GateFormulas> hh_gates(double temperature_degC, double dt_ms)
{
    return std::make_shared<const HhGates>(temperature_degC, dt_ms);
}

std::shared_ptr<const GateTable> shared_hh_table(double temperature_degC, double dt_ms, double bound)
{
    using Key = std::tuple<double, double, double>;
    static std::mutex mutex;
    static std::map<Key, std::weak_ptr<const GateTable>> tables;
    const std::lock_guard<std::mutex> lock(mutex);
    auto& known = tables[{temperature_degC, dt_ms, bound}];
    auto table = known.lock();
    if (!table) {
        table = std::make_shared<const GateTable>(hh_gates(temperature_degC, dt_ms), bound);
        known = table;
    }
    return table;
}

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
        .outputs = {},
        .ions = {},
        .ion_reads = {},
        .ion_writes = {},
        .rate_parameters = {},
        .kernels = std::make_shared<const HhKernels>(),
        .pos = {},
    };
    return info;
}

}  // namespace axolemma::mechanisms
