/// The validation table: each case runs the engine and holds its numbers against a truth from outside.
///
///     for (const auto& one : verify::cases()) { results.push_back(verify::run_case(one, settings)); }
///
/// A truth is a closed form, an independent calculation in this folder (dense matrices, a Runge-Kutta integration of the
/// equations written out again), or reference data in a folder that the user names. docs/methods.md explains the cases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::verify {

struct Settings {
    std::string data;  ///< folder that holds reference/; empty: checks that need it are skipped
};

/// An observed order of convergence and where it must lie.
struct Order {
    double observed = 0;
    double low = 0, high = 0;  ///< inclusive
};

/// One number held against its bound.
struct Check {
    std::string what;
    double measured = 0;  ///< an error, >= 0
    double bound = 0;     ///< largest error that passes
    std::string unit;
    std::optional<Order> order;
    std::string skipped;  ///< why it was not made; empty when it was

    /// A measured value or an order that is not a number fails.
    bool passed() const;
};

/// What a case found, in the order in which it looked.
class Findings {
public:
    void error(std::string what, double measured, double bound, std::string unit);
    /// Errors at falling step sizes: the last error is held against `bound`, the order observed between the last two
    /// steps against [low, high].
    /// @param steps  step sizes, in any unit, as many as errors and at least two
    void convergence(std::string what, const std::vector<double>& steps, const std::vector<double>& errors,
                     double bound, std::string unit, double low, double high);
    /// Something that holds or does not; in the table a count of exceptions, 0 allowed.
    void holds(std::string what, bool is_so);
    void skip(std::string what, std::string why);

    const std::vector<Check>& checks() const { return checks_; }

private:
    std::vector<Check> checks_;
};

struct Case {
    std::string name;   ///< "rc_patch"
    std::string truth;  ///< what the numbers are held against, and where that comes from
    void (*run)(const Settings& settings, Findings& findings);
};

/// All cases, in the order of the table.
const std::vector<Case>& cases();
/// The case of this name, or nullptr.
const Case* find_case(std::string_view name);

struct CaseResult {
    std::string name, truth;
    std::vector<Check> checks;
    std::string failure;  ///< why the case broke off; empty when it ran to its end
    double wall_s = 0;

    bool passed() const;
    bool skipped() const;  ///< nothing was checked
};

/// Never throws for what the engine or a data file does wrong: the result says so.
CaseResult run_case(const Case& which, const Settings& settings);

/// The head of the table and the rows of one case: case, measured error, bound, observed order, verdict; then its truth.
std::string table_head();
std::string table_rows(const CaseResult& result);
/// One line: how many checks passed, failed and were skipped.
std::string table_foot(const std::vector<CaseResult>& results);
/// Everything as one JSON object.
std::string table_json(const std::vector<CaseResult>& results);

}  // namespace axolemma::verify
