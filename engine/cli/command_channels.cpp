/// axolemma channels: what channels and synapses there are, and what one of them does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/json_quoted.hpp"
#include "base/units.hpp"
#include "cli/channel_curves.hpp"
#include "cli/commands.hpp"
#include "cli/text_plot.hpp"
#include "config/channel_files.hpp"
#include "kinetics/mechanism.hpp"
#include "mechanisms/catalogue.hpp"

namespace axolemma::cli {

namespace {

using mechanisms::IonQuantity;
using mechanisms::ParameterInfo;

constexpr double unlimited = 1e29;  ///< limits beyond this are none

// ---- the list ------------------------------------------------------------------------------------------------------

void list_mechanisms()
{
    const mechanisms::Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        fmt::print("{:<8} {}\n", channel->name, channel->meaning);
    }
    fmt::print("\nlibrary\n");
    for (const auto& name : config::library_names()) {
        for (const auto& equations : config::read_library_channel(name).equations) {
            fmt::print("{:<8} {}\n", name, equations.info.meaning);
        }
    }
    fmt::print("\nsynapses\n");
    for (const auto* synapse : catalogue.synapses()) {
        fmt::print("{:<8} {}\n", synapse->name, synapse->meaning);
    }
}

// ---- one of them ---------------------------------------------------------------------------------------------------

/// Without spaces at the ends of lines.
void print_line(std::string text)
{
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
}

std::string range_text(const ParameterInfo& parameter)
{
    const bool low = parameter.low > -unlimited, high = parameter.high < unlimited;
    return low && high ? fmt::format(" ({:g} to {:g})", parameter.low, parameter.high)
           : low       ? fmt::format(" (at least {:g})", parameter.low)
           : high      ? fmt::format(" (at most {:g})", parameter.high)
                       : std::string{};
}

/// What a channel and a synapse have in common: name, source and parameters.
template <class Info>
void explain(const Info& info)
{
    fmt::print("{}{}{}\n", info.name, info.meaning.empty() ? "" : ": ", info.meaning);
    if (!info.source.empty()) {
        fmt::print("source: {}\n", info.source);
    }
    if (!info.parameters.empty()) {
        fmt::print("\nparameters\n");
    }
    for (const auto& parameter : info.parameters) {
        const bool given = parameter.from != ParameterInfo::From::user;
        print_line(fmt::format("  {:<8} {:>10} {:<8} {}{}", parameter.name,
                               given ? "" : fmt::format("{:g}", parameter.default_value), parameter.unit,
                               parameter.meaning, given ? "" : range_text(parameter)));
    }
}

std::string quantity_name(const std::string& ion, IonQuantity what)
{
    switch (what) {
    case IonQuantity::reversal_mV: return fmt::format("e{}", ion);
    case IonQuantity::inside_mM: return fmt::format("{}i", ion);
    case IonQuantity::outside_mM: return fmt::format("{}o", ion);
    case IonQuantity::current_mA_per_cm2: return fmt::format("i{}", ion);
    }
    return {};
}

void explain_ions(const mechanisms::MechanismInfo& info)
{
    if (info.ions.empty()) {
        return;
    }
    fmt::print("\nions\n");
    for (std::size_t ion = 0; ion < info.ions.size(); ++ion) {
        std::string text;
        const auto add = [&](std::string_view verb, const std::vector<mechanisms::IonColumn>& columns) {
            for (const auto& column : columns) {
                if (column.ion == ion) {
                    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", verb,
                                        quantity_name(info.ions[ion].name, column.what));
                }
            }
        };
        add("reads", info.ion_reads);
        add("sets", info.ion_writes);
        for (const auto& current : info.currents) {
            if (current.ion == static_cast<int>(ion)) {
                text += fmt::format("{}carries {}", text.empty() ? "" : ", ", current.name);
            }
        }
        print_line(fmt::format("  {:<8} {}", info.ions[ion].name, text));
    }
}

void explain_recordable(const mechanisms::MechanismInfo& info, std::string_view current_unit)
{
    const bool states = std::any_of(info.states.begin(), info.states.end(), [](const auto& s) { return !s.hidden; });
    if (states) {
        fmt::print("\nstates (record as {}.<state>)\n", info.name);
    }
    for (const auto& state : info.states) {
        if (!state.hidden) {
            const std::string unit = state.unit == "1" || state.unit.empty() ? "" : fmt::format(" [{}]", state.unit);
            print_line(fmt::format("  {:<8} {}{}", state.name, state.meaning, unit));
        }
    }
    if (!info.currents.empty()) {
        fmt::print("\ncurrents, outward positive, in {} (record as {}.<current>)\n", current_unit, info.name);
    }
    for (const auto& current : info.currents) {
        print_line(fmt::format("  {:<8} {}", current.name, current.meaning));
    }
    if (!info.outputs.empty()) {
        fmt::print("\nother values (record as {}.<value>)\n", info.name);
    }
    for (const auto& output : info.outputs) {
        print_line(fmt::format("  {:<8} {:<8} {}", output.name, output.unit, output.meaning));
    }
}

void explain_equations(const kinetics::Equations& equations)
{
    const bool any = std::any_of(equations.equations_as_written.begin(), equations.equations_as_written.end(),
                                 [](const std::string& text) { return !text.empty(); });
    if (!any) {
        return;
    }
    fmt::print("\nequations\n");
    for (const std::string& text : equations.equations_as_written) {
        if (!text.empty()) {
            print_line("  " + text);
        }
    }
}

void table_of_curves(const kinetics::Equations& equations, const CurveOptions& options)
{
    std::vector<double> v_mV;
    for (int v = -120; v <= 60; v += 20) {
        v_mV.push_back(v);
    }
    const auto curves = state_curves(equations, v_mV, options);
    if (curves.empty()) {
        return;
    }
    fmt::print("\nsteady states and time constants at {:g} degC, tau in ms\n", options.temperature_degC);
    std::string header = fmt::format("  {:>7}", "v [mV]");
    for (const auto& curve : curves) {
        const auto& name = equations.info.states[curve.state].name;
        header += fmt::format(" {:>10} {:>10}", name + " inf", name + " tau");
    }
    fmt::print("{}\n", header);
    for (std::size_t k = 0; k < v_mV.size(); ++k) {
        std::string row = fmt::format("  {:>7g}", v_mV[k]);
        for (const auto& curve : curves) {
            row += fmt::format(" {:>10.4g} {:>10.4g}", curve.inf[k], curve.tau_ms[k]);
        }
        fmt::print("{}\n", row);
    }
}

void plot_curves(const kinetics::Equations& equations, const CurveOptions& options)
{
    std::vector<double> v_mV;
    for (int v = -120; v <= 60; ++v) {
        v_mV.push_back(v);
    }
    for (const auto& curve : state_curves(equations, v_mV, options)) {
        const auto& name = equations.info.states[curve.state].name;
        fmt::print("\n{} inf\n{}", name, text_plot(v_mV, curve.inf));
        fmt::print("\n{} tau [ms] at {:g} degC\n{}", name, options.temperature_degC, text_plot(v_mV, curve.tau_ms));
    }
}

std::string table_text(const mechanisms::MechanismInfo& info, std::size_t state, const CurveOptions& options)
{
    constexpr double default_bound = 1e-7;
    const auto error = kinetics::table_error(info, state, options.temperature_degC, options.dt_ms, default_bound);
    if (!error) {
        return "a table of the voltage";
    }
    return fmt::format("{}; its error at dt {:g} ms and {:g} degC is {:.1e}",
                       *error <= default_bound ? "a table of the voltage" : "formulas, for no table is fine enough",
                       options.dt_ms, options.temperature_degC, *error);
}

void explain_speed(const mechanisms::MechanismInfo& info, const CurveOptions& options)
{
    const std::vector<kinetics::SpeedClass> classes = kinetics::speed_classes(info);
    if (classes.empty()) {
        return;
    }
    fmt::print("\nspeed\n");
    for (std::size_t k = 0; k < classes.size(); ++k) {
        std::string text;
        switch (classes[k]) {
        case kinetics::SpeedClass::table: text = table_text(info, k, options); break;
        case kinetics::SpeedClass::program: text = "a compiled program"; break;
        case kinetics::SpeedClass::system: text = "a system that is solved together"; break;
        }
        print_line(fmt::format("  {:<8} {}", info.states[k].name, text));
    }
}

void explain_equations_of(const kinetics::Equations& equations, const ChannelsArguments& arguments)
{
    const mechanisms::MechanismInfo& info = equations.info;
    explain(info);
    explain_ions(info);
    explain_recordable(info, equations.is_point ? "nA" : "mA/cm2");
    explain_equations(equations);
    CurveOptions options;
    if (!arguments.temperature.empty()) {
        options.temperature_degC =
            base::parse_quantity_in(arguments.temperature, base::parse_unit("degC"), "the temperature");
    }
    table_of_curves(equations, options);
    if (!equations.is_point) {
        explain_speed(*kinetics::make_mechanism(equations), options);
    }
    if (arguments.plot) {
        plot_curves(equations, options);
    }
}

/// {"well_formed": ..., "mechanisms": [{"name", "point"}], "errors": [...], "warnings": [...]}
int describe_file(const config::ChannelFile& file)
{
    std::vector<std::string> mechanisms;
    for (const auto& equations : file.equations) {
        mechanisms.push_back(
            fmt::format(R"({{"name": {}, "point": {}}})", base::json_quoted(equations.info.name), equations.is_point));
    }
    std::vector<std::string> errors;
    std::vector<std::string> warnings;
    for (const auto& finding : file.findings.list()) {
        (finding.severity == base::Severity::error ? errors : warnings).push_back(base::json_quoted(finding.text()));
    }
    fmt::print("{{\"well_formed\": {}, \"mechanisms\": [{}], \"errors\": [{}], \"warnings\": [{}]}}\n",
               file.is_well_formed, fmt::join(mechanisms, ", "), fmt::join(errors, ", "), fmt::join(warnings, ", "));
    return errors.empty() ? ExitCode::success : ExitCode::input_wrong;
}

/// Explains all that a file holds; its warnings go to stderr, its errors are thrown.
int explain_file(const config::ChannelFile& file, const ChannelsArguments& arguments)
{
    file.findings.throw_if_errors();
    fmt::print(stderr, "{}", file.findings.text());
    for (std::size_t k = 0; k < file.equations.size(); ++k) {
        fmt::print("{}", k == 0 ? "" : "\n");
        explain_equations_of(file.equations[k], arguments);
    }
    return ExitCode::success;
}

/// One written in C++; false if there is none of this name.
bool explain_builtin(const std::string& name)
{
    const mechanisms::Catalogue catalogue;
    if (const auto* synapse = catalogue.find_synapse(name)) {
        explain(*synapse);
        fmt::print("\nrecord as NAME.g (conductance, uS) and NAME.i (current, nA, outward positive)\n");
        return true;
    }
    const auto* channel = catalogue.find_channel(name);
    if (channel != nullptr) {
        explain(*channel);
        explain_recordable(*channel, "mA/cm2");
    }
    return channel != nullptr;
}

[[noreturn]] void refuse_unknown(const std::string& name)
{
    const mechanisms::Catalogue catalogue;
    auto names = catalogue.channel_names();
    for (const auto& more : {config::library_names(), catalogue.synapse_names()}) {
        names.insert(names.end(), more.begin(), more.end());
    }
    throw base::InputError({}, fmt::format("there is no channel '{}'", name),
                           base::name_hint(name, names, "channels and synapses"));
}

}  // namespace

int channels_command(const ChannelsArguments& arguments)
{
    const std::string& name = arguments.name;
    if (name.empty()) {
        list_mechanisms();
        return ExitCode::success;
    }
    const bool is_file = name.find('/') != std::string::npos || std::filesystem::path(name).has_extension();
    try {
        if (is_file) {
            const auto file = config::read_channel_file(name, arguments.strict_units);
            return arguments.json ? describe_file(file) : explain_file(file, arguments);
        }
        if (config::is_in_library(name)) {
            return explain_file(config::read_library_channel(name), arguments);
        }
    } catch (const base::UnitError& error) {
        throw base::InputError({}, "--temperature: " + error.message, error.hint);
    }
    if (!explain_builtin(name)) {
        refuse_unknown(name);
    }
    return ExitCode::success;
}

}  // namespace axolemma::cli
