#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "report/encode.hpp"
#include "report/figures.hpp"
#include "report/load.hpp"

namespace axolemma::report {
namespace {

constexpr std::size_t lines_from_compartments = 7;  ///< traces shown of a recording that names no places

constexpr std::size_t cells_shown_first = 4;  ///< of a panel when the page opens

/// Keeps the smallest and the largest sample of each bucket, in the order in which they came.
class Thinner {
public:
    Thinner(std::uint64_t n_rows, std::size_t max_samples)
        : bucket_(n_rows <= max_samples ? 1 : (n_rows + max_samples / 2 - 1) / (max_samples / 2))
    {}

    void add(double value)
    {
        if (bucket_ == 1) {
            out_.push_back(value);
            return;
        }
        if (!std::isnan(value)) {  // the negated comparisons are also true for the first sample of a bucket
            if (!(low_ <= value)) {
                low_ = value;
                low_at_ = in_bucket_;
            }
            if (!(high_ >= value)) {
                high_ = value;
                high_at_ = in_bucket_;
            }
        }
        if (++in_bucket_ == bucket_) flush();
    }
    std::vector<double> take()
    {
        if (in_bucket_ > 0) flush();
        return std::move(out_);
    }
    double interval_factor() const { return bucket_ == 1 ? 1.0 : 0.5 * static_cast<double>(bucket_); }

private:
    void flush()
    {
        out_.push_back(low_at_ <= high_at_ ? low_ : high_);
        out_.push_back(low_at_ <= high_at_ ? high_ : low_);
        in_bucket_ = 0;
        low_ = high_ = std::numeric_limits<double>::quiet_NaN();
        low_at_ = high_at_ = 0;
    }
    std::uint64_t bucket_, in_bucket_ = 0, low_at_ = 0, high_at_ = 0;
    double low_ = std::numeric_limits<double>::quiet_NaN(), high_ = low_;
    std::vector<double> out_;
};

/// The columns of a report that become lines, cell by cell.
struct Choice {
    std::vector<std::size_t> columns;
    std::vector<std::size_t> cell;  ///< of each column, as index into node_ids
    std::size_t n_cells = 0;
};

std::vector<std::size_t> columns_to_show(const Source& source, const record::ReportInfo& report, std::size_t cell,
                                         bool named_elsewhere)
{
    const Columns range = columns_of_cell(report, cell);
    std::vector<std::size_t> named;
    for (std::size_t c = range.first; c < range.last; ++c) {
        if (!is_compartment(report, c)) named.push_back(c);
    }
    if (!named.empty() || named_elsewhere) return named;
    const auto tables = source.morphology.find(report.population);
    const auto path = longest_path(report, range, tables == source.morphology.end() ? nullptr : &tables->second);
    if (report.node_ids.size() > 1 && !path.empty()) return {path.front()};  // several cells: the root of each
    if (path.size() <= lines_from_compartments) return path;
    std::vector<std::size_t> some;
    for (std::size_t k = 0; k < lines_from_compartments; ++k) {
        some.push_back(path[k * (path.size() - 1) / (lines_from_compartments - 1)]);
    }
    return some;
}

Choice choose_lines(const Source& source, const record::ReportInfo& report)
{
    bool named_elsewhere = false;
    for (const auto& other : source.result.reports()) {
        named_elsewhere =
            named_elsewhere || (other.population == report.population && other.quantity == report.quantity &&
                                other.n_elements() > 0 && !is_compartment(other, 0));
    }
    Choice choice;
    for (std::size_t cell = 0; cell < report.node_ids.size(); ++cell) {
        const auto columns = columns_to_show(source, report, cell, named_elsewhere);
        if (columns.empty() ||
            (choice.n_cells > 0 && choice.columns.size() + columns.size() > source.options.max_lines))
            break;
        for (const std::size_t c : columns) {
            if (choice.columns.size() >= source.options.max_lines) break;
            choice.columns.push_back(c);
            choice.cell.push_back(cell);
        }
        ++choice.n_cells;
    }
    return choice;
}

void read_lines(const Source& source, const record::ReportInfo& report, const Choice& choice, std::size_t max_samples,
                Panel& panel, Content& content)
{
    const auto [low, high] = std::minmax_element(choice.columns.begin(), choice.columns.end());
    const Columns range{*low, *high + 1};
    std::vector<Thinner> thinners(choice.columns.size(), Thinner(report.n_rows, max_samples));
    for_each_row(source.result, report, range, [&](std::uint64_t, std::span<const double> values) {
        for (std::size_t k = 0; k < thinners.size(); ++k) thinners[k].add(values[choice.columns[k] - range.first]);
    });
    for (std::size_t k = 0; k < thinners.size(); ++k) {
        Line line;
        const std::size_t c = choice.columns[k];
        line.cell = static_cast<std::int64_t>(report.node_ids[choice.cell[k]]);
        line.label = source.place(report, c);
        if (choice.n_cells > 1) line.label = fmt::format("cell {} · {}", line.cell, line.label);
        line.distance_um =
            c < report.distance_um.size() ? report.distance_um[c] : std::numeric_limits<double>::quiet_NaN();
        line.start_ms = report.start_ms;
        line.interval_ms = report.interval_ms * thinners[k].interval_factor();
        line.shown = choice.cell[k] < cells_shown_first;
        line.samples = quantise(thinners[k].take());
        panel.lines.push_back(std::move(line));
    }
    if (thinners.front().interval_factor() > 1.0) {
        content.thinned.push_back(fmt::format(
            "Traces of {}: smallest and largest of every {:.0f} samples ({} ms apart), so that no spike is lost.",
            report.name, 2.0 * thinners.front().interval_factor(), pretty(report.interval_ms)));
    }
    if (choice.n_cells < report.node_ids.size()) {
        content.thinned.push_back(fmt::format("Traces of {}: the first {} of {} cells.", report.name, choice.n_cells,
                                              report.node_ids.size()));
    }
}

Panel& panel_for(const Source& source, const record::ReportInfo& report, Content& content)
{
    std::string title = quantity_name(report.quantity);
    if (source.many_populations) title += " of " + report.population;
    for (Panel& panel : content.panels) {
        if (panel.title == title && panel.units == report.units) return panel;
    }
    content.panels.push_back({title, report.quantity, report.units == "1" ? "" : report.units, false, {}});
    return content.panels.back();
}

void load_stimuli(const Source& source, Content& content)
{
    constexpr std::size_t most_lines = 8;
    for (const auto& stimulus : source.result.stimuli()) {
        if (stimulus.n_rows == 0 || stimulus.n_cells == 0) continue;
        const record::Samples samples = source.result.read_stimulus(stimulus);
        std::vector<std::vector<double>> waves;
        for (std::size_t c = 0; c < samples.n_columns; ++c) {
            std::vector<double> wave(samples.n_rows);
            for (std::size_t r = 0; r < samples.n_rows; ++r) wave[r] = samples.at(r, c);
            if (std::find(waves.begin(), waves.end(), wave) == waves.end()) waves.push_back(std::move(wave));
        }
        auto panel = std::find_if(content.panels.begin(), content.panels.end(),
                                  [&](const Panel& p) { return p.stimulus && p.units == stimulus.units; });
        if (panel == content.panels.end()) {
            content.panels.push_back({"Stimulus", "stimulus", stimulus.units, true, {}});
            panel = content.panels.end() - 1;
        }
        const std::size_t shown = std::min(waves.size(), most_lines);
        for (std::size_t k = 0; k < shown; ++k) {
            const std::size_t pick = shown < 2 ? 0 : k * (waves.size() - 1) / (shown - 1);
            Thinner thinner(samples.n_rows, std::max<std::size_t>(2000, source.budget.traces / 40));
            for (const double v : waves[pick]) thinner.add(v);
            std::string label = stimulus.name + (stimulus.place.empty() ? "" : " at " + stimulus.place);
            if (waves.size() > 1) label += fmt::format(", wave {} of {}", pick + 1, waves.size());
            panel->lines.push_back({label, 0, std::numeric_limits<double>::quiet_NaN(), stimulus.start_ms,
                                    stimulus.interval_ms * thinner.interval_factor(), true, quantise(thinner.take())});
        }
        if (shown < waves.size()) {
            content.thinned.push_back(fmt::format("Stimulus {}: {} of {} waves.", stimulus.name, shown, waves.size()));
        }
    }
}

}  // namespace

void load_panels(const Source& source, Content& content)
{
    std::vector<const record::ReportInfo*> reports;
    for (const auto& report : source.result.reports()) {
        if (report.n_rows > 0 && report.n_elements() > 0) reports.push_back(&report);
    }
    std::stable_sort(reports.begin(), reports.end(),
                     [](const auto* a, const auto* b) { return (a->quantity == "v") > (b->quantity == "v"); });
    std::vector<Choice> choices;
    std::size_t n_lines = 0;
    for (const auto* report : reports) {
        choices.push_back(choose_lines(source, *report));
        n_lines += choices.back().columns.size();
    }
    const std::size_t max_samples =
        std::max<std::size_t>(1000, source.budget.traces / 2 / std::max<std::size_t>(n_lines, 1));
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (choices[i].columns.empty()) continue;
        read_lines(source, *reports[i], choices[i], max_samples, panel_for(source, *reports[i], content), content);
    }
    load_stimuli(source, content);
}

}  // namespace axolemma::report
