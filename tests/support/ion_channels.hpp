/// Small mechanisms that use ions, for tests of the floors above: a calcium channel, a pool, a potassium channel that calcium
/// opens, and the squid axon with its reversal potentials taken from the ions.
#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "base/constants.hpp"
#include "base/math.hpp"
#include "base/simd.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/catalogue.hpp"
#include "mechanisms/hh_columns.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::test {

using mechanisms::IonQuantity;
using mechanisms::MechanismBlock;

/// The lane form of any kernels: one lane after the other, by the reference.
class LanesByReference : public mechanisms::LaneKernel {
public:
    LanesByReference(const mechanisms::Kernels& kernels, std::size_t n_currents)
        : kernels_(kernels), n_currents_(n_currents)
    {}

    void step(const mechanisms::LaneBlock& block) const override
    {
        for (std::size_t k = 0; k < block.n_rows; ++k) {
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                if ((block.present[k] >> lane & 1) != 0) {
                    step_lane(block, k, lane);
                }
            }
        }
    }

protected:
    static constexpr std::size_t most = 16;  ///< columns of a kind

private:
    void step_lane(const mechanisms::LaneBlock& block, std::size_t k, std::size_t lane) const
    {
        const std::size_t slot = static_cast<std::size_t>(block.rows[k]) * base::lanes + lane;
        const double* parameters[most];
        double* states[most];
        const double* reads[most];
        double* writes[most];
        for (std::size_t c = 0; c < most; ++c) {
            parameters[c] = c < n_parameters ? block.parameters[c].row(k) + lane : nullptr;
            states[c] = c < n_states ? block.states[c] + k * base::lanes + lane : nullptr;
            reads[c] = c < n_reads ? block.ion_reads[c].row(static_cast<std::size_t>(block.rows[k])) + lane : nullptr;
            writes[c] = c < n_writes ? block.ion_writes[c] + slot : nullptr;
        }
        const MechanismBlock one{1,      block.v_mV + slot, block.temperature_degC, parameters, states, reads,
                                 writes, block.t_ms};
        if (block.dt_ms > 0.0) {
            kernels_.advance(one, block.dt_ms);
        }
        double g = 0.0, s = 0.0;
        double apart[2 * most] = {};
        double* current_g[most];
        double* current_s[most];
        for (std::size_t c = 0; c < n_currents_; ++c) {
            current_g[c] = apart + 2 * c;
            current_s[c] = apart + 2 * c + 1;
        }
        kernels_.linearise(one, &g, &s, current_g, current_s);
        add(block.total, slot, g, s);
        for (std::size_t c = 0; block.currents != nullptr && c < n_currents_; ++c) {
            add(block.currents[c], slot, apart[2 * c], apart[2 * c + 1]);
        }
    }
    static void add(const mechanisms::LaneSums& sums, std::size_t slot, double g, double s)
    {
        if (sums.g_S_per_cm2 != nullptr) {
            sums.g_S_per_cm2[slot] += g;
            sums.s_mA_per_cm2[slot] += s;
        }
    }

    const mechanisms::Kernels& kernels_;
    std::size_t n_currents_;

public:
    std::size_t n_parameters = 0, n_states = 0, n_reads = 0, n_writes = 0;
};

/// Kernels of a mechanism with at most one current, g open(states) (v - e): what is left to say is a few numbers.
class OneCurrent : public mechanisms::Kernels {
public:
    void linearise(const MechanismBlock& block, double* g, double* s, double* const* current_g,
                   double* const* current_s) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            const auto [conductance, reversal] = current(block, i);
            g[i] += conductance;
            s[i] += conductance * reversal;
            if (current_g != nullptr && n_currents == 1) {
                current_g[0][i] += conductance;
                current_s[0][i] += conductance * reversal;
            }
        }
    }
    void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2) const override
    {
        for (std::size_t i = 0; n_currents == 1 && i < block.n; ++i) {
            const auto [conductance, reversal] = current(block, i);
            i_mA_per_cm2[0][i] = conductance * (block.v_mV[i] - reversal);
        }
    }
    std::shared_ptr<const mechanisms::LaneKernel> lane_kernel(const mechanisms::LaneOptions&) const override
    {
        auto lanes = std::make_shared<LanesByReference>(*this, n_currents);
        lanes->n_parameters = n_parameters;
        lanes->n_states = n_states;
        lanes->n_reads = n_reads;
        lanes->n_writes = n_writes;
        return lanes;
    }

    std::size_t n_currents = 1, n_parameters = 0, n_states = 0, n_reads = 0, n_writes = 0;

protected:
    /// Conductance [S/cm2] and reversal potential [mV].
    virtual std::pair<double, double> current(const MechanismBlock&, std::size_t) const { return {0.0, 0.0}; }
};

/// i = g m^2 (v - eca), m' = (m_inf(v) - m) / 2 ms.
class CalciumChannel final : public OneCurrent {
public:
    void initialise(const MechanismBlock& block) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            block.states[0][i] = steady(block.v_mV[i]);
        }
    }
    void advance(const MechanismBlock& block, double dt_ms) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            const double to = steady(block.v_mV[i]);
            block.states[0][i] = to + (block.states[0][i] - to) * base::exp(-dt_ms / 2.0);
        }
    }
    void outputs_at(const MechanismBlock& block, double* const* outputs) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            outputs[0][i] = current(block, i).first;
        }
    }

protected:
    std::pair<double, double> current(const MechanismBlock& block, std::size_t i) const override
    {
        const double m = block.states[0][i];
        return {block.parameters[0][i] * m * m, block.ion_reads[0][i]};
    }

private:
    static double steady(double v_mV) { return 1.0 / (1.0 + base::exp(-(v_mV + 35.0) / 8.0)); }
};

/// Calcium in a shell: c' = -i / (2 F depth) - (c - rest) / tau, exactly for constant i.
class CalciumPool final : public OneCurrent {
public:
    void initialise(const MechanismBlock& block) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            block.states[0][i] = block.ion_writes[0][i] = block.parameters[2][i];
        }
    }
    void advance(const MechanismBlock& block, double dt_ms) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            const double depth_um = block.parameters[0][i];
            const double tau_ms = block.parameters[1][i];
            const double influx = -1e4 * block.ion_reads[0][i] / (2.0 * base::faraday_C_per_mol * depth_um);
            const double to = block.parameters[2][i] + tau_ms * influx;
            block.states[0][i] = to + (block.states[0][i] - to) * base::exp(-dt_ms / tau_ms);
            block.ion_writes[0][i] = block.states[0][i];
        }
    }
};

/// i = g w (v - ek), w' = (c / (c + 1e-3 mM) - w) / 5 ms.
class CalciumActivated final : public OneCurrent {
public:
    void initialise(const MechanismBlock& block) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            block.states[0][i] = steady(block, i);
        }
    }
    void advance(const MechanismBlock& block, double dt_ms) const override
    {
        for (std::size_t i = 0; i < block.n; ++i) {
            const double to = steady(block, i);
            block.states[0][i] = to + (block.states[0][i] - to) * base::exp(-dt_ms / 5.0);
        }
    }

protected:
    std::pair<double, double> current(const MechanismBlock& block, std::size_t i) const override
    {
        return {block.parameters[0][i] * block.states[0][i], block.ion_reads[1][i]};
    }

private:
    static double steady(const MechanismBlock& block, std::size_t i)
    {
        const double c = block.ion_reads[0][i];
        return c / (c + 1e-3);
    }
};

/// hh with ena and ek from the ions.
class SquidWithIons final : public mechanisms::Kernels {
public:
    void initialise(const MechanismBlock& block) const override { hh().initialise(Renamed(block).block); }
    void advance(const MechanismBlock& block, double dt_ms) const override
    {
        hh().advance(Renamed(block).block, dt_ms);
    }
    void linearise(const MechanismBlock& block, double* g, double* s, double* const* current_g,
                   double* const* current_s) const override
    {
        hh().linearise(Renamed(block).block, g, s, current_g, current_s);
    }
    void currents_at(const MechanismBlock& block, double* const* i_mA_per_cm2) const override
    {
        hh().currents_at(Renamed(block).block, i_mA_per_cm2);
    }
    std::shared_ptr<const mechanisms::LaneKernel> lane_kernel(const mechanisms::LaneOptions& options) const override
    {
        return std::make_shared<Lanes>(options, *this);
    }

private:
    static const mechanisms::Kernels& hh() { return *mechanisms::hh_mechanism().kernels; }
    struct Renamed {
        explicit Renamed(const MechanismBlock& of) : block(of)
        {
            block.parameters = parameters;
            for (std::size_t p = 0; p < 3; ++p) {
                parameters[p] = of.parameters[p];
            }
            parameters[3] = of.ion_reads[0];
            parameters[4] = of.ion_reads[1];
            parameters[5] = of.parameters[3];
        }
        const double* parameters[6];
        MechanismBlock block;
    };
    class Lanes final : public LanesByReference {
    public:
        Lanes(const mechanisms::LaneOptions& options, const mechanisms::Kernels& kernels)
            : LanesByReference(kernels, 3), hh_(hh().lane_kernel(options)), shape_(*hh_->hh_shape())
        {
            shape_.parameters[3] = {true, 0};
            shape_.parameters[4] = {true, 1};
            shape_.parameters[5] = {false, 3};
            n_parameters = 4;
            n_states = 3;
            n_reads = 2;
        }
        void step(const mechanisms::LaneBlock& block) const override
        {
            mechanisms::step_hh_rows(block, shape_);
            if (block.currents != nullptr) {
                auto rest = block;
                rest.dt_ms = 0.0;
                rest.total = {};
                LanesByReference::step(rest);
            }
        }
        const HhShape* hh_shape() const override { return &shape_; }

    private:
        std::shared_ptr<const mechanisms::LaneKernel> hh_;
        HhShape shape_;
    };
};

template <class Kernels>
std::shared_ptr<mechanisms::MechanismInfo> ion_channel(const char* name)
{
    auto info = std::make_shared<mechanisms::MechanismInfo>();
    info->name = name;
    info->kernels = std::make_shared<const Kernels>();
    return info;
}

/// Sizes of the columns, which the mechanism's own lane form needs.
template <class Kernels>
void finish(mechanisms::MechanismInfo& info)
{
    auto kernels = std::make_shared<Kernels>();
    kernels->n_currents = info.currents.size();
    kernels->n_parameters = info.parameters.size();
    kernels->n_states = info.states.size();
    kernels->n_reads = info.ion_reads.size();
    kernels->n_writes = info.ion_writes.size();
    info.kernels = kernels;
}

/// hh, pas, and: ca_channel, ca_pool, k_ca, squid.
inline mechanisms::Catalogue with_ion_channels()
{
    static const mechanisms::Catalogue catalogue = [] {
        mechanisms::Catalogue made;
        const mechanisms::ParameterInfo g{"gbar", "S/cm2", 1e-3, 0.0, 10.0, "conductance"};
        const mechanisms::IonUse ca{"ca", 2};
        auto channel = ion_channel<CalciumChannel>("ca_channel");
        channel->parameters = {g};
        channel->states = {{"m", "activation"}};
        channel->currents = {{"ica", "calcium current", 0}};
        channel->outputs = {{"g", "S/cm2", "conductance"}};
        channel->ions = {ca};
        channel->ion_reads = {{0, IonQuantity::reversal_mV}};
        finish<CalciumChannel>(*channel);
        made.add(std::shared_ptr<const mechanisms::MechanismInfo>(channel));

        // Behind what reads it in the catalogue, and yet first in a step.
        auto k_ca = ion_channel<CalciumActivated>("k_ca");
        k_ca->parameters = {g};
        k_ca->states = {{"w", "activation"}};
        k_ca->currents = {{"ik", "potassium current", 1}};
        k_ca->ions = {ca, {"k", 1}};
        k_ca->ion_reads = {{0, IonQuantity::inside_mM}, {1, IonQuantity::reversal_mV}};
        finish<CalciumActivated>(*k_ca);
        made.add(std::shared_ptr<const mechanisms::MechanismInfo>(k_ca));

        auto pool = ion_channel<CalciumPool>("ca_pool");
        pool->parameters = {{"depth", "um", 0.1, 1e-3, 100.0, "of the shell"},
                            {"tau", "ms", 20.0, 1e-3, 1e6, "time constant of the pump"},
                            {"rest", "mM", 5e-5, 1e-9, 1.0, "concentration at rest"}};
        pool->states = {{"c", "concentration", "mM"}};
        pool->ions = {ca};
        pool->ion_reads = {{0, IonQuantity::current_mA_per_cm2}};
        pool->ion_writes = {{0, IonQuantity::inside_mM}};
        finish<CalciumPool>(*pool);
        made.add(std::shared_ptr<const mechanisms::MechanismInfo>(pool));

        auto squid = ion_channel<SquidWithIons>("squid");
        const auto& hh = mechanisms::hh_mechanism();
        squid->parameters = {hh.parameters[0], hh.parameters[1], hh.parameters[2], hh.parameters[5]};
        squid->states = hh.states;
        squid->currents = {{"ina", "sodium current", 0}, {"ik", "potassium current", 1}, {"il", "leak current", -1}};
        squid->ions = {{"na", 1}, {"k", 1}};
        squid->ion_reads = {{0, IonQuantity::reversal_mV}, {1, IonQuantity::reversal_mV}};
        made.add(std::shared_ptr<const mechanisms::MechanismInfo>(squid));
        return made;
    }();
    return catalogue;
}

}  // namespace axolemma::test
