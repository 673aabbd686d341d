#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "report/encode.hpp"
#include "report/figures.hpp"
#include "report/load.hpp"

namespace axolemma::report {
namespace {

constexpr std::size_t max_path_columns = 240;
constexpr std::size_t max_space_time_rows = 3000, max_frames = 400, min_frames = 60;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What one pass over all samples of a cell finds.
struct Scan {
    std::vector<double> arrival_ms;  ///< first upward crossing per column, interpolated; NaN where there is none
    double low = std::numeric_limits<double>::infinity(), high = -low;
};

Scan scan(const Source& source, const record::ReportInfo& report, Columns cell, double threshold)
{
    Scan out;
    const std::size_t n = cell.last - cell.first;
    out.arrival_ms.assign(n, nan);
    std::vector<double> before(n, nan);
    for_each_row(source.result, report, cell, [&](std::uint64_t row, std::span<const double> values) {
        for (std::size_t c = 0; c < n; ++c) {
            const double v = values[c];
            if (!std::isfinite(v)) continue;
            out.low = std::min(out.low, v);
            out.high = std::max(out.high, v);
            if (std::isnan(out.arrival_ms[c]) && before[c] < threshold && v >= threshold) {
                out.arrival_ms[c] = report.time_ms(row) - report.interval_ms * (v - threshold) / (v - before[c]);
            }
            before[c] = v;
        }
    });
    return out;
}

/// Rows to keep: evenly spaced, but half of them around the first spike when not all fit.
std::vector<std::uint64_t> choose_rows(const record::ReportInfo& report, std::size_t most,
                                       const std::vector<double>& arrival)
{
    std::vector<std::uint64_t> rows;
    const auto spread = [&rows](std::uint64_t first, std::uint64_t last, std::size_t n) {
        for (std::size_t k = 0; k < n; ++k)
            rows.push_back(first + (last - first) * k / std::max<std::size_t>(n - 1, 1));
    };
    if (report.n_rows <= most) {
        spread(0, report.n_rows - 1, report.n_rows);
        return rows;
    }
    double first = std::numeric_limits<double>::infinity(), last = -first;
    for (const double t : arrival) {
        if (std::isnan(t)) continue;
        first = std::min(first, t);
        last = std::max(last, t);
    }
    const bool spikes = first <= last;
    spread(0, report.n_rows - 1, spikes ? most / 2 : most);
    if (spikes) {
        const double span = last - first;
        const auto row_at = [&](double t) {
            const double row = std::round((t - report.start_ms) / report.interval_ms);
            return static_cast<std::uint64_t>(std::clamp(row, 0.0, static_cast<double>(report.n_rows - 1)));
        };
        spread(row_at(first - 0.2 * span - 1.0), row_at(last + 0.3 * span + 3.0), most - most / 2);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

struct Fit {
    double start_ms = 0, slowness = 0, r_square = 0;  ///< slowness in ms/um
};

/// Straight line through the arrivals along the path; nothing when there are fewer than five.
std::optional<Fit> fit_arrivals(const SpaceTime& picture)
{
    double n = 0, sd = 0, st = 0, sdd = 0, sdt = 0, stt = 0;
    for (std::size_t i = 0; i < picture.arrival_ms.size(); ++i) {
        const double t = static_cast<double>(picture.arrival_ms[i]), d = picture.distance_um[i];
        if (std::isnan(t)) continue;
        n += 1, sd += d, st += t, sdd += d * d, sdt += d * t, stt += t * t;
    }
    const double vd = n * sdd - sd * sd, vt = n * stt - st * st, c = n * sdt - sd * st;
    if (n < 5 || !(vd > 0) || !(vt > 0)) return std::nullopt;
    const double slowness = c / vd;
    return Fit{(st - slowness * sd) / n + slowness * picture.distance_um.front(), slowness, c * c / (vd * vt)};
}

/// Velocity the run reported for the longest distance between two spike sites of the cell.
double reported_velocity(const Source& source, const std::string& population, std::int64_t cell)
{
    double velocity = nan, longest = 0;
    for (const auto& row : source.result.conduction_velocity()) {
        if (row.population != population || row.cell != cell || !(row.distance_um > longest)) continue;
        longest = row.distance_um;
        velocity = row.velocity_m_per_s;
    }
    return velocity;
}

void add_velocity(const Source& source, const record::ReportInfo& report, SpaceTime& picture)
{
    picture.velocity_m_per_s = nan;
    const auto fit = fit_arrivals(picture);
    if (!fit) return;
    const double reported =
        reported_velocity(source, report.population, static_cast<std::int64_t>(report.node_ids.front()));
    double slowness = fit->slowness;
    if (reported > 0) {
        slowness = std::copysign(1e-3 / reported, fit->slowness);
        picture.from_file = true;
    } else if (fit->r_square < 0.98) {
        return;  // not one velocity
    }
    double n = 0, middle_d = 0, middle_t = 0;
    for (std::size_t i = 0; i < picture.arrival_ms.size(); ++i) {
        if (std::isnan(picture.arrival_ms[i])) continue;
        n += 1;
        middle_d += picture.distance_um[i];
        middle_t += static_cast<double>(picture.arrival_ms[i]);
    }
    picture.velocity_m_per_s = 1e-3 / slowness;
    picture.fit_start_ms = middle_t / n - (middle_d / n - picture.distance_um.front()) * slowness;
}

std::vector<std::size_t> thin_evenly(const std::vector<std::size_t>& all, std::size_t most)
{
    if (all.size() <= most) return all;
    std::vector<std::size_t> some;
    for (std::size_t k = 0; k < most; ++k) some.push_back(all[k * (all.size() - 1) / (most - 1)]);
    return some;
}

SpaceTime start_space_time(const Source& source, const record::ReportInfo& report, const std::vector<std::size_t>& path,
                           const Scan& found, Columns cell, double threshold)
{
    SpaceTime picture;
    picture.title = quantity_name(report.quantity) + " of " + report.population;
    picture.quantity = report.quantity;
    picture.units = report.units == "1" ? "" : report.units;
    picture.threshold = threshold;
    picture.path =
        fmt::format("Longest recorded path of cell {} of {}: {} to {}", report.node_ids.front(), report.population,
                    source.place(report, path.front()), source.place(report, path.back()));
    for (const std::size_t c : path) {
        picture.distance_um.push_back(report.distance_um[c]);
        picture.arrival_ms.push_back(static_cast<float>(found.arrival_ms[c - cell.first]));
    }
    add_velocity(source, report, picture);
    return picture;
}

/// The tree of the population with a movie of this report, or nothing when there is no tree worth drawing.
std::optional<Shape> start_shape(const Source& source, const Budget& budget, const record::ReportInfo* report,
                                 const std::string& population, std::vector<std::uint32_t>& element_of,
                                 std::vector<std::string>& thinned)
{
    const auto found = source.morphology.find(population);
    if (found == source.morphology.end()) return std::nullopt;
    const record::MorphologyTables& tables = found->second;
    if (tables.points_um.size() < 2 || (tables.compartments.section.size() < 2 && tables.sections.name.size() < 2))
        return std::nullopt;
    const std::size_t most = std::max<std::size_t>(500, budget.shapes / min_frames);
    const std::size_t merge = (tables.compartments.section.size() + most - 1) / most;
    Shape shape = make_shape(tables, std::max<std::size_t>(1, merge), element_of);
    if (shape.nodes_um.empty()) return std::nullopt;
    shape.title = tables.count > 1 ? fmt::format("{}, cell {} of {}", population, report ? report->node_ids.front() : 0,
                                                 tables.count)
                                   : population;
    shape.population = population;
    if (report != nullptr) {
        shape.quantity = report->quantity;
        shape.units = report->units == "1" ? "" : report->units;
    }
    if (merge > 1)
        thinned.push_back(
            fmt::format("Morphology of {}: {} neighbouring compartments share a colour.", population, merge));
    return shape;
}

/// Fills pictures and movie in one more pass over the rows that are kept.
class Filler {
public:
    Filler(const Source& source, const Budget& budget, const record::ReportInfo& report, Columns cell,
           const Scan& found)
        : source_(source), budget_(budget), report_(report), cell_(cell), found_(found)
    {}

    void picture(SpaceTime& picture, const std::vector<std::size_t>& path)
    {
        picture_ = &picture;
        path_ = &path;
        const std::size_t most = std::min(max_space_time_rows, budget_.space_time / 2 / path.size());
        picture_rows_ = choose_rows(report_, std::max<std::size_t>(most, min_frames), found_.arrival_ms);
    }
    void movie(Shape& shape, const std::vector<std::uint32_t>& element_of)
    {
        shape_ = &shape;
        frame_rows_ = choose_rows(report_, std::clamp(budget_.shapes / shape.n_elements(), min_frames, max_frames),
                                  found_.arrival_ms);
        shape.low = found_.low;
        shape.high = found_.high;
        column_of_.assign(shape.n_elements(), -1);
        shape.arrival_ms.assign(shape.n_elements(), std::numeric_limits<float>::quiet_NaN());
        for (std::size_t c = cell_.first; c < cell_.last; ++c) {
            const std::int32_t node = report_.node[c];
            if (node < 0 || static_cast<std::size_t>(node) >= element_of.size()) continue;
            const std::size_t e = element_of[static_cast<std::size_t>(node)];
            if (column_of_[e] >= 0) continue;
            column_of_[e] = static_cast<std::int64_t>(c - cell_.first);
            shape.arrival_ms[e] = static_cast<float>(found_.arrival_ms[c - cell_.first]);
        }
    }
    void run()
    {
        std::vector<double> samples;
        std::size_t next_row = 0, next_frame = 0;
        for_each_row(source_.result, report_, cell_, [&](std::uint64_t row, std::span<const double> values) {
            if (next_row < picture_rows_.size() && picture_rows_[next_row] == row) {
                ++next_row;
                picture_->time_ms.push_back(static_cast<float>(report_.time_ms(row)));
                for (const std::size_t c : *path_) samples.push_back(values[c - cell_.first]);
            }
            if (next_frame < frame_rows_.size() && frame_rows_[next_frame] == row) {
                ++next_frame;
                shape_->frame_ms.push_back(static_cast<float>(report_.time_ms(row)));
                for (const std::int64_t c : column_of_) {
                    shape_->frames.push_back(c < 0 ? std::uint8_t{0} : level(values[static_cast<std::size_t>(c)]));
                }
            }
        });
        if (picture_ != nullptr) picture_->samples = quantise(samples);
    }
    std::size_t picture_rows() const { return picture_rows_.size(); }
    std::size_t frames() const { return frame_rows_.size(); }

private:
    std::uint8_t level(double v) const
    {
        if (!std::isfinite(v)) return 0;
        const double part = (v - found_.low) / std::max(found_.high - found_.low, 1e-30);
        return static_cast<std::uint8_t>(1 + std::lround(254.0 * std::clamp(part, 0.0, 1.0)));
    }

    const Source& source_;
    const Budget& budget_;
    const record::ReportInfo& report_;
    Columns cell_;
    const Scan& found_;
    SpaceTime* picture_ = nullptr;
    const std::vector<std::size_t>* path_ = nullptr;
    Shape* shape_ = nullptr;
    std::vector<std::uint64_t> picture_rows_, frame_rows_;
    std::vector<std::int64_t> column_of_;
};

void load_report(const Source& source, const Budget& budget, const record::ReportInfo& report, bool with_movie,
                 Content& content)
{
    const Columns cell = columns_of_cell(report, 0);
    const auto tables = source.morphology.find(report.population);
    const auto* known = tables == source.morphology.end() ? nullptr : &tables->second;
    const auto path = thin_evenly(longest_path(report, cell, known), max_path_columns);
    const double threshold = report.quantity == "v" ? source.threshold_mV(report.population) : nan;
    const Scan found = scan(source, report, cell, threshold);
    if (!(found.low <= found.high)) return;
    Filler filler(source, budget, report, cell, found);
    std::optional<SpaceTime> picture;
    if (path.size() >= 4 && report.distance_um[path.back()] > report.distance_um[path.front()]) {
        picture = start_space_time(source, report, path, found, cell, threshold);
        filler.picture(*picture, path);
    }
    std::vector<std::uint32_t> element_of;
    std::optional<Shape> shape;
    const bool whole = std::any_of(report.node.begin(), report.node.end(), [](std::int32_t node) { return node >= 0; });
    if (with_movie && whole && found.high > found.low)
        shape = start_shape(source, budget, &report, report.population, element_of, content.thinned);
    if (shape) {
        shape->threshold = threshold;
        filler.movie(*shape, element_of);
    }
    if (!picture && !shape) return;
    filler.run();
    const auto say = [&](const char* what, std::size_t kept) {
        if (kept >= report.n_rows) return;
        content.thinned.push_back(fmt::format(
            "{} of {}: {} of {} recorded times{}.", what, report.name, kept, report.n_rows,
            std::any_of(found.arrival_ms.begin(), found.arrival_ms.end(), [](double t) { return !std::isnan(t); })
                ? ", half of them around the first spike"
                : ""));
    };
    if (picture) {
        say("Space-time picture", filler.picture_rows());
        content.space_times.push_back(std::move(*picture));
    }
    if (shape) {
        say("Movie", filler.frames());
        content.shapes.push_back(std::move(*shape));
    }
    if (report.node_ids.size() > 1) {
        content.thinned.push_back(fmt::format("Space and movie of {}: cell {} of {} recorded.", report.name,
                                              report.node_ids.front(), report.node_ids.size()));
    }
}

}  // namespace

void load_space(const Source& source, Content& content)
{
    // One recording per population and quantity: the one with the most places.
    std::map<std::pair<std::string, std::string>, const record::ReportInfo*> best;
    for (const auto& report : source.result.reports()) {
        if (report.n_rows < 2 || report.n_elements() == 0 || report.distance_um.size() != report.n_elements()) continue;
        const auto*& place = best[{report.population, report.quantity}];
        const Columns cell = columns_of_cell(report, 0), other = place ? columns_of_cell(*place, 0) : Columns{};
        if (place == nullptr || cell.last - cell.first > other.last - other.first) place = &report;
    }
    std::vector<const record::ReportInfo*> order;
    for (const auto& [key, report] : best) order.push_back(report);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto* a, const auto* b) { return (a->quantity == "v") > (b->quantity == "v"); });
    constexpr std::size_t most = 4;
    const auto sharing = [&](std::size_t n) { return std::clamp<std::size_t>(n, 1, most); };
    Budget budget = source.budget;
    budget.space_time /= sharing(order.size());
    budget.shapes /= sharing(source.morphology.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto drawn = [&](const Shape& s) { return s.population == order[i]->population; };
        const bool with_movie = std::none_of(content.shapes.begin(), content.shapes.end(), drawn);
        if (i < most) load_report(source, budget, *order[i], with_movie, content);
    }
    if (order.size() > most)
        content.thinned.push_back(fmt::format("Space-time pictures: {} of {} recordings.", most, order.size()));
    for (const auto& [population, tables] : source.morphology) {
        const auto drawn = [&name = population](const Shape& s) { return s.population == name; };
        if (content.shapes.size() >= most || std::any_of(content.shapes.begin(), content.shapes.end(), drawn)) continue;
        std::vector<std::uint32_t> element_of;
        if (auto shape = start_shape(source, budget, nullptr, population, element_of, content.thinned))
            content.shapes.push_back(std::move(*shape));
    }
}

}  // namespace axolemma::report
