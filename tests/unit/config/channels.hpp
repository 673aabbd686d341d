/// Helpers of the tests of channel files.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "config/channel_library.hpp"
#include "config/read_channel.hpp"
#include "kinetics/curves.hpp"
#include "kinetics/evaluate.hpp"

namespace axolemma::test {

/// The equations, or a test failure with the messages.
inline kinetics::Equations parse_channel(std::string_view text)
{
    base::Diagnostics out;
    std::optional<kinetics::Equations> equations = config::parse_channel(text, "channel.yaml", out);
    if (!equations) {
        throw std::runtime_error(out.text());
    }
    return std::move(*equations);
}

/// The messages about a channel file, or "accepted".
inline std::string channel_messages(std::string_view text)
{
    base::Diagnostics out;
    const auto equations = config::parse_channel(text, "channel.yaml", out);
    return equations ? "accepted" : out.text();
}

/// A channel with a conductance and `more` at its end.
inline std::string channel_with(std::string_view more)
{
    return "channel: test\nparameters: {gbar: 0.1 S/cm2}\n" + std::string(more);
}

inline kinetics::Equations library_channel(std::string_view name)
{
    for (const config::LibraryFile& file : config::library_files()) {
        if (file.name == name) {
            return parse_channel(file.text);
        }
    }
    throw std::runtime_error("the library has no " + std::string(name));
}

/// What a formula of the equations may depend on: parameters have their defaults, states what is given.
struct Situation {
    double v_mV = -65.0, temperature_degC = 6.3, dt_ms = 0.025;
    double inside_mM = 1e-4, outside_mM = 2.0, reversal_mV = 50.0, ion_current = 0.0;
    std::vector<double> states = {};
    double weight = 0.0;
};

inline double evaluate(const kinetics::Equations& equations, kinetics::Value value, const Situation& at)
{
    return kinetics::evaluate(equations.graph, value, [&](kinetics::Input input) {
        switch (input.kind) {
        case kinetics::InputKind::voltage: return at.v_mV;
        case kinetics::InputKind::temperature: return at.temperature_degC;
        case kinetics::InputKind::dt: return at.dt_ms;
        case kinetics::InputKind::parameter: return equations.info.parameters[input.index].default_value;
        case kinetics::InputKind::state: return at.states.at(input.index);
        case kinetics::InputKind::weight: return at.weight;
        case kinetics::InputKind::ion:
            switch (equations.info.ion_reads[input.index].what) {
            case mechanisms::IonQuantity::reversal_mV: return at.reversal_mV;
            case mechanisms::IonQuantity::inside_mM: return at.inside_mM;
            case mechanisms::IonQuantity::outside_mM: return at.outside_mM;
            case mechanisms::IonQuantity::current_mA_per_cm2: return at.ion_current;
            }
            break;
        default: break;
        }
        throw std::runtime_error("an input that the test does not know");
    });
}

/// Steady state and time constant of a state.
struct InfTau {
    double inf, tau_ms;
};
inline InfTau inf_tau(kinetics::Equations& equations, std::string_view state, const Situation& at)
{
    const int index = equations.info.state_index(state);
    for (const kinetics::Curve& curve : kinetics::gate_curves(equations)) {
        if (static_cast<int>(curve.state) == index) {
            return {evaluate(equations, curve.inf, at), evaluate(equations, curve.tau_ms, at)};
        }
    }
    throw std::runtime_error("no curve of " + std::string(state));
}

}  // namespace axolemma::test
