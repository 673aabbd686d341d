/// Published channels as equations.
///
/// hh: Hodgkin & Huxley (1952). The others are those of Hay et al., PLoS Comput. Biol. 7 (2011) e1002107: NaTs2_t (Colbert &
/// Pan 2002), Ca_HVA (Reuveni et al. 1993), SK_E2 (Kohler et al. 1996), CaDynamics_E2 (Destexhe et al. 1994).
#pragma once

#include "kinetics/equations.hpp"
#include "mechanisms/catalogue.hpp"
#include "unit/kinetics/formulas.hpp"

namespace axolemma::test {

using Term = Formulas::Term;

struct TermRates {
    Term alpha, beta;
};

inline kinetics::Equations hh_equations()
{
    using namespace kinetics;
    Equations equations;
    const auto& builtin = *mechanisms::Catalogue().find_channel("hh");
    equations.info.name = "hh_written";
    equations.info.parameters = builtin.parameters;
    equations.info.states = builtin.states;
    equations.info.currents = builtin.currents;
    equations.info.outputs = {{"alpha_m", "1/ms", ""}};
    Formulas f(equations.graph);
    const auto n = [&](double x) { return f.number(x); };
    const auto v = f.v();
    const auto exp = [&](Term x) { return f.apply(Op::exp, x); };
    const auto exprelr = [&](Term x) { return f.apply(Op::exprelr, x); };
    const TermRates rates[] = {
        {exprelr(-(v + n(40.0)) / n(10.0)), n(4.0) * exp(-(v + n(65.0)) / n(18.0))},
        {n(0.07) * exp(-(v + n(65.0)) / n(20.0)), n(1.0) / (n(1.0) + exp(-(v + n(35.0)) / n(10.0)))},
        {n(0.1) * exprelr(-(v + n(55.0)) / n(10.0)), n(0.125) * exp(-(v + n(65.0)) / n(80.0))}};
    const auto celsius = f.of(equations.graph.input(InputKind::temperature));
    const auto q = f.of(equations.graph.power(n(3.0), (celsius - n(6.3)) / n(10.0)));
    OdeSystem system;
    for (std::size_t k = 0; k < 3; ++k) {
        const auto x = f.state(k);
        equations.initial.push_back(rates[k].alpha / (rates[k].alpha + rates[k].beta));
        system.states.push_back(k);
        system.derivatives.push_back(q * (rates[k].alpha * (n(1.0) - x) - rates[k].beta * x));
    }
    equations.stages = {system};
    const auto power = [&](Term x, double exponent) { return f.of(equations.graph.power(x, n(exponent))); };
    equations.currents = {f.parameter(0) * power(f.state(0), 3.0) * f.state(1) * (v - f.parameter(3)),
                          f.parameter(1) * power(f.state(2), 4.0) * (v - f.parameter(4)),
                          f.parameter(2) * (v - f.parameter(5))};
    equations.outputs = {rates[0].alpha};
    return equations;
}

/// x' = (alpha / (alpha + beta) - x) q (alpha + beta)
inline kinetics::Value gate_derivative(Formulas& f, std::size_t state, const TermRates& rates, double q)
{
    const auto sum = rates.alpha + rates.beta;
    const auto tau = f.number(1.0) / sum / f.number(q);
    return (rates.alpha / sum - f.state(state)) / tau;
}

/// rate x / (1 - exp(-x / k)) with x = v - half, as it is mostly written: 0/0 at v = half.
inline Term linoid(Formulas& f, double rate, double half_mV, double k_mV)
{
    const auto x = f.v() - f.number(half_mV);
    return f.number(rate) * x / (f.number(1.0) - f.apply(kinetics::Op::exp, -(x / f.number(k_mV))));
}

/// A channel of two gates m and h, gbar m^p h (v - e), with e read from an ion; in states 0 and 1.
inline kinetics::Equations two_gates(const char* name, const TermRates& m, const TermRates& h, double q, int power,
                                     const kinetics::Graph& graph)
{
    using namespace kinetics;
    Equations equations;
    equations.graph = graph;
    Formulas f(equations.graph);
    equations.info.name = name;
    equations.info.parameters = {{"gbar", "S/cm2", 0.1, 0.0, 10.0, ""}};
    equations.info.states = {{"m", ""}, {"h", ""}};
    equations.info.currents = {{"i", "", 0}};
    equations.info.ions = {{"na", 1}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::reversal_mV}};
    equations.initial = {f.of(m.alpha) / f.of(f.of(m.alpha) + f.of(m.beta)),
                         f.of(h.alpha) / f.of(f.of(h.alpha) + f.of(h.beta))};
    equations.stages = {OdeSystem{.states = {0, 1},
                                  .derivatives = {gate_derivative(f, 0, {f.of(m.alpha), f.of(m.beta)}, q),
                                                  gate_derivative(f, 1, {f.of(h.alpha), f.of(h.beta)}, q)},
                                  .conserved = {},
                                  .pos = {}}};
    const auto open = f.of(equations.graph.power(f.state(0), f.number(power))) * f.state(1);
    equations.currents = {f.parameter(0) * open * (f.v() - f.ion(0))};
    return equations;
}

inline kinetics::Equations na_ts2_t()
{
    kinetics::Graph graph;
    Formulas f(graph);
    const double q = 2.9528825;  // 2.3^((34 - 21) / 10)
    const TermRates m{linoid(f, 0.182, -32.0, 6.0), linoid(f, -0.124, -32.0, -6.0)};
    const TermRates h{linoid(f, -0.015, -60.0, -6.0), linoid(f, 0.015, -60.0, 6.0)};
    return two_gates("NaTs2_t", m, h, q, 3, graph);
}

inline kinetics::Equations ca_hva()
{
    kinetics::Graph graph;
    Formulas f(graph);
    const auto n = [&](double x) { return f.number(x); };
    const auto exp = [&](Term x) { return f.apply(kinetics::Op::exp, x); };
    const auto v = f.v();
    const TermRates m{linoid(f, 0.055, -27.0, 3.8), n(0.94) * exp(-(v + n(75.0)) / n(17.0))};
    const TermRates h{n(0.000457) * exp(-(v + n(13.0)) / n(50.0)),
                      n(0.0065) / (exp(-(v + n(15.0)) / n(28.0)) + n(1.0))};
    return two_gates("Ca_HVA", m, h, 1.0, 2, graph);
}

/// Gate of the calcium inside; parameter 0 is gbar, ion 0 ek, ion 1 cai.
inline kinetics::Equations sk_e2()
{
    using namespace kinetics;
    Equations equations;
    Formulas f(equations.graph);
    const auto n = [&](double x) { return f.number(x); };
    equations.info.name = "SK_E2";
    equations.info.parameters = {{"gbar", "S/cm2", 1e-6, 0.0, 10.0, ""}, {"zTau", "ms", 1.0, 0.0, 1e3, ""}};
    equations.info.states = {{"z", ""}};
    equations.info.currents = {{"ik", "", 0}};
    equations.info.ions = {{"k", 1}, {"ca", 2}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::reversal_mV}, {1, mechanisms::IonQuantity::inside_mM}};
    const auto ca = f.ion(1);
    const auto raised = f.of(equations.graph.select(equations.graph.apply(Op::less, ca, n(1e-7)), ca + n(1e-7), ca));
    const auto ratio = f.of(equations.graph.apply(Op::power, n(0.00043) / raised, n(4.8)));
    const auto z_inf = n(1.0) / (n(1.0) + ratio);
    equations.initial = {z_inf};
    equations.stages = {
        OdeSystem{.states = {0}, .derivatives = {(z_inf - f.state(0)) / f.parameter(1)}, .conserved = {}, .pos = {}}};
    equations.currents = {f.parameter(0) * f.state(0) * (f.v() - f.ion(0))};
    return equations;
}

/// Pool of calcium below the membrane: reads ica, writes cai, which is its state.
inline kinetics::Equations ca_dynamics()
{
    using namespace kinetics;
    Equations equations;
    Formulas f(equations.graph);
    const auto n = [&](double x) { return f.number(x); };
    equations.info.name = "CaDynamics_E2";
    equations.info.parameters = {{"gamma", "1", 0.05, 0.0, 1.0, ""},
                                 {"decay", "ms", 80.0, 1e-3, 1e6, ""},
                                 {"depth", "um", 0.1, 1e-3, 1e3, ""},
                                 {"minCai", "mM", 1e-4, 0.0, 1.0, ""}};
    equations.info.states = {{"cai", ""}};
    equations.info.ions = {{"ca", 2}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::current_mA_per_cm2}};
    equations.info.ion_writes = {{0, mechanisms::IonQuantity::inside_mM}};
    const auto inflow = n(-10000.0) * (f.ion(0) * f.parameter(0) / (n(2.0 * 96485.309) * f.parameter(2)));
    equations.initial = {f.parameter(3)};
    equations.stages = {OdeSystem{.states = {0},
                                  .derivatives = {inflow - (f.state(0) - f.parameter(3)) / f.parameter(1)},
                                  .conserved = {},
                                  .pos = {}}};
    equations.concentrations = {f.state(0)};
    equations.initial_concentrations = {f.state(0)};
    return equations;
}

}  // namespace axolemma::test
