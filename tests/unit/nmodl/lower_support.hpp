/// Mechanisms from a text, and their formulas computed at chosen numbers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinetics/equations.hpp"
#include "nmodl/lower.hpp"
#include "nmodl/parser.hpp"
#include "support/catch.hpp"

namespace lower_support {

using axolemma::kinetics::Equations;
using axolemma::kinetics::InputKind;
using axolemma::kinetics::Value;

struct Lowered {
    std::optional<Equations> equations;
    axolemma::base::Diagnostics diagnostics;
};

/// Tests of the equations leave units alone.
enum class Units { off, on, strict };

inline Lowered lower_text(std::string_view text, Units units = Units::off)
{
    Lowered out;
    const auto no_files = [](const std::string&) { return std::optional<std::string>(); };
    auto file = axolemma::nmodl::parse(text, "test.mod", no_files, out.diagnostics);
    INFO(out.diagnostics.text());
    REQUIRE_FALSE(out.diagnostics.has_errors());
    for (auto& block : file.blocks) {
        block.units_on = block.units_on && units != Units::off;
    }
    axolemma::nmodl::LowerOptions options;
    options.strict_units = units == Units::strict;
    out.equations = axolemma::nmodl::lower(file, options, out.diagnostics);
    return out;
}

/// The equations of a text that must be without errors and warnings.
inline Equations clean(std::string_view text)
{
    Lowered lowered = lower_text(text);
    INFO(lowered.diagnostics.text());
    REQUIRE(lowered.equations.has_value());
    REQUIRE(lowered.diagnostics.empty());
    return std::move(*lowered.equations);
}

/// All findings as text.
inline std::string findings(std::string_view text, Units units = Units::off)
{
    return lower_text(text, units).diagnostics.text();
}

/// Numbers for the inputs of a mechanism. Parameters that are not named have their defaults.
struct At {
    const Equations& e;
    double v_mV = -65, celsius = 6.3, dt_ms = 0.025, t_ms = 0, weight = 0, flag = 0;
    std::map<std::string, double> parameters{}, states{};
    std::vector<double> ions{};
    std::vector<double> arguments{};  ///< of NET_RECEIVE from the second on

    double of(Value value) const
    {
        std::vector<double> numbers(static_cast<std::size_t>(value.index) + 1);
        const auto number = [&](Value operand) {
            return operand.is_valid() ? numbers[static_cast<std::size_t>(operand.index)] : 0.0;
        };
        for (const std::int32_t k : e.graph.needed(value)) {
            const auto& node = e.graph.node({k});
            numbers[static_cast<std::size_t>(k)] =
                node.op == axolemma::kinetics::Op::input
                    ? input(node.input)
                    : evaluate_op(e.graph, node, number(node.a), number(node.b), number(node.c));
        }
        return numbers.back();
    }

    double input(const axolemma::kinetics::Input& which) const
    {
        switch (which.kind) {
        case InputKind::voltage: return v_mV;
        case InputKind::temperature: return celsius;
        case InputKind::dt: return dt_ms;
        case InputKind::time: return t_ms;
        case InputKind::flag: return flag;
        case InputKind::weight: return which.index == 0 ? weight : arguments.at(which.index - 1);
        case InputKind::ion: return ions.at(which.index);
        case InputKind::parameter: {
            const auto& info = e.info.parameters.at(which.index);
            const auto given = parameters.find(info.name);
            return given == parameters.end() ? info.default_value : given->second;
        }
        case InputKind::state: return states.at(e.info.states.at(which.index).name);
        case InputKind::unknown: break;
        }
        FAIL("an unknown is left in the equations");
        return 0;
    }

    double output(const std::string& name) const
    {
        const int index = e.info.output_index(name);
        REQUIRE(index >= 0);
        return of(e.outputs[static_cast<std::size_t>(index)]);
    }
    double initial(const std::string& name) const
    {
        const int index = e.info.state_index(name);
        REQUIRE(index >= 0);
        return of(e.initial[static_cast<std::size_t>(index)]);
    }
    /// x' of the only system.
    double slope(const std::string& name) const
    {
        const int index = e.info.state_index(name);
        for (const auto& stage : e.stages) {
            const auto* system = std::get_if<axolemma::kinetics::OdeSystem>(&stage);
            for (std::size_t k = 0; system != nullptr && k < system->states.size(); ++k) {
                if (static_cast<int>(system->states[k]) == index) {
                    return of(system->derivatives[k]);
                }
            }
        }
        FAIL("no equation for " << name);
        return 0;
    }
};

}  // namespace lower_support
