#include "cli/channel_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kinetics/curves.hpp"
#include "kinetics/evaluate.hpp"
#include "mechanisms/ions.hpp"

namespace axolemma::cli {

namespace {

using kinetics::Input;
using kinetics::InputKind;
using kinetics::Value;

/// An ion's column where no configuration says otherwise.
double ion_default(const mechanisms::MechanismInfo& info, const mechanisms::IonColumn& column)
{
    const mechanisms::IonDefaults defaults = mechanisms::ion_defaults(info.ions[column.ion].name);
    switch (column.what) {
    case mechanisms::IonQuantity::reversal_mV: return defaults.reversal_mV;
    case mechanisms::IonQuantity::inside_mM: return defaults.inside_mM;
    case mechanisms::IonQuantity::outside_mM: return defaults.outside_mM;
    case mechanisms::IonQuantity::current_mA_per_cm2: return 0.0;
    }
    return 0.0;
}

/// Number of an input that is not a state; states are 0 unless their initial values are known.
double number_of(const kinetics::Equations& equations, const CurveOptions& options, double v_mV, const Input& input,
                 const std::vector<double>& states)
{
    switch (input.kind) {
    case InputKind::voltage: return v_mV;
    case InputKind::temperature: return options.temperature_degC;
    case InputKind::dt: return options.dt_ms;
    case InputKind::parameter: return equations.info.parameters[input.index].default_value;
    case InputKind::ion: return ion_default(equations.info, equations.info.ion_reads[input.index]);
    case InputKind::state: return input.index < states.size() ? states[input.index] : 0.0;
    default: return 0.0;
    }
}

double value_at(const kinetics::Equations& equations, Value value, const CurveOptions& options, double v_mV,
                const std::vector<double>& states)
{
    return kinetics::evaluate(equations.graph, value,
                              [&](const Input& input) { return number_of(equations, options, v_mV, input, states); });
}

/// What a state without a steady state of its own is at a voltage, at the beginning.
std::vector<double> initial_states(const kinetics::Equations& equations, const CurveOptions& options, double v_mV)
{
    std::vector<double> states;
    for (const Value initial : equations.initial) {
        states.push_back(initial.is_valid() ? value_at(equations, initial, options, v_mV, {}) : 0.0);
    }
    return states;
}

}  // namespace

std::vector<StateCurve> state_curves(const kinetics::Equations& written, const std::vector<double>& v_mV,
                                     const CurveOptions& options)
{
    kinetics::Equations equations = written;
    std::vector<StateCurve> out;
    for (const kinetics::Curve& curve : kinetics::gate_curves(equations)) {
        StateCurve numbers{curve.state, {}, {}};
        for (const double v : v_mV) {
            const std::vector<double> states = initial_states(equations, options, v);
            numbers.inf.push_back(value_at(equations, curve.inf, options, v, states) + 0.0);  // 0 for -0
            numbers.tau_ms.push_back(value_at(equations, curve.tau_ms, options, v, states));
        }
        out.push_back(std::move(numbers));
    }
    return out;
}

}  // namespace axolemma::cli
