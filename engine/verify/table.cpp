/// The table as text and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/json_quoted.hpp"
#include "verify/verify.hpp"

namespace axolemma::verify {

namespace {

constexpr int what_width = 92;

std::string number_text(double value)
{
    return value == 0.0 ? "0" : fmt::format("{:.2e}", value);
}

std::string order_text(const Check& check)
{
    return check.order ? fmt::format("{:.2f}", check.order->observed) : "";
}

std::string verdict(const Check& check)
{
    return !check.skipped.empty() ? "skipped" : check.passed() ? "pass" : "FAIL";
}

std::string row(const std::string& what, const std::string& measured, const std::string& bound, const std::string& unit,
                const std::string& order, const std::string& verdict)
{
    return fmt::format("  {:<{}} {:>9} {:>9} {:<5} {:>5}  {}\n", what, what_width, measured, bound, unit, order,
                       verdict);
}

/// JSON knows neither NaN nor infinity.
std::string json_number(double value)
{
    return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

std::string json_of(const Check& check)
{
    std::string text = fmt::format("{{\"what\": {}, \"verdict\": {}", base::json_quoted(check.what),
                                   base::json_quoted(verdict(check)));
    if (!check.skipped.empty()) {
        return text + fmt::format(", \"reason\": {}}}", base::json_quoted(check.skipped));
    }
    text += fmt::format(", \"measured\": {}, \"bound\": {}, \"unit\": {}", json_number(check.measured),
                        json_number(check.bound), base::json_quoted(check.unit));
    if (check.order) {
        text +=
            fmt::format(", \"order\": {}, \"order_low\": {}, \"order_high\": {}", json_number(check.order->observed),
                        json_number(check.order->low), json_number(check.order->high));
    }
    return text + "}";
}

}  // namespace

std::string table_head()
{
    return row("case", "error", "bound", "unit", "order", "verdict");
}

std::string table_rows(const CaseResult& result)
{
    std::string text = fmt::format("{}   [{}; {:.1f} s]\n", result.name, result.truth, result.wall_s);
    for (const auto& check : result.checks) {
        text += check.skipped.empty() ? row(check.what, number_text(check.measured), number_text(check.bound),
                                            check.unit, order_text(check), verdict(check))
                                      : fmt::format("  {}: skipped: {}\n", check.what, check.skipped);
        if (check.order && !check.passed()) {
            text += fmt::format("    the order must lie between {} and {}\n", check.order->low, check.order->high);
        }
    }
    if (!result.failure.empty()) {
        text += fmt::format("  FAIL: {}\n", result.failure);
    }
    return text;
}

std::string table_foot(const std::vector<CaseResult>& results)
{
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    double wall_s = 0.0;
    for (const auto& result : results) {
        wall_s += result.wall_s;
        failed += result.failure.empty() ? 0 : 1;
        for (const auto& check : result.checks) {
            ++(!check.skipped.empty() ? skipped : check.passed() ? passed : failed);
        }
    }
    return fmt::format("{} checks passed, {} failed, {} skipped in {:.1f} s\n", passed, failed, skipped, wall_s);
}

std::string table_json(const std::vector<CaseResult>& results)
{
    const bool passed =
        std::all_of(results.begin(), results.end(), [](const CaseResult& result) { return result.passed(); });
    std::string text = fmt::format("{{\"passed\": {}, \"cases\": [", passed);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto& result = results[i];
        text += fmt::format(
            "{}\n  {{\"name\": {}, \"truth\": {}, \"passed\": {}, \"wall_s\": {:.3f}, \"failure\": {}, \"checks\": [",
            i == 0 ? "" : ",", base::json_quoted(result.name), base::json_quoted(result.truth), result.passed(),
            result.wall_s, base::json_quoted(result.failure));
        for (std::size_t k = 0; k < result.checks.size(); ++k) {
            text += fmt::format("{}\n    {}", k == 0 ? "" : ",", json_of(result.checks[k]));
        }
        text += "]}";
    }
    return text + "]}\n";
}

}  // namespace axolemma::verify
