/// Feeds bytes to everything that reads a configuration: YAML, overrides, expressions, units.
///
/// Wrong input must end in InputError or UnitError, never in another exception, a crash or a long wait.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expression.hpp"
#include "config/config.hpp"
#include "model/variables.hpp"

using namespace axolemma;

namespace {

constexpr std::string_view small_config =
    "axolemma: 1\n"
    "cells:\n"
    "  - name: cell\n"
    "    morphology: {patch: {area: 1000 um2}}\n"
    "    channels: [{channel: hh}]\n"
    "run: {stop: 10 ms}\n";

class Fixed final : public base::RandomStream {
public:
    double uniform(std::uint32_t) const override { return 0.25; }
};

void try_config(std::string_view text, std::span<const config::Override> overrides)
{
    try {
        config::parse_model(text, "fuzz.yaml", overrides, {.open_files = false});
    } catch (const base::InputError&) {
    }
}

void try_override(std::string_view argument)
{
    try {
        const config::Override override = config::Override::parse(argument);
        try_config(small_config, {&override, 1});
    } catch (const base::InputError&) {
    }
}

void try_expression(std::string_view text, const char* unit)
{
    try {
        const base::Expression expression =
            base::Expression::parse(text, base::parse_unit(unit), model::place_variables());
        const std::vector<double> values(model::place_variables().size(), 1.0);
        const Fixed random;
        expression.evaluate(values, &random);
    } catch (const base::UnitError&) {
    }
}

void try_unit(std::string_view text)
{
    try {
        base::parse_unit(text).dimension.phrase();
    } catch (const base::UnitError&) {
    }
    try {
        base::parse_quantity_in(text, base::parse_unit("mV"));
    } catch (const base::UnitError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_config(text, {});
    const std::string_view first_line = text.substr(0, text.find('\n'));
    try_override(first_line);
    try_expression(first_line, "S/cm2");
    try_expression(first_line, "1");
    try_unit(first_line);
    return 0;
}
