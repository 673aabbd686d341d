#include "report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "report/axes.hpp"
#include "report/encode.hpp"
#include "report/png.hpp"

namespace axolemma::report {
namespace {

constexpr double figure_width = 760, left_margin = 64, right_edge = 748;
constexpr double f_i_width = 520;  // narrow, so that it can be read on a telephone
constexpr std::size_t max_static_lines = 12;

std::string svg(double height, const std::string& label, const std::string& body, double width = figure_width)
{
    return fmt::format("<svg class='fig' viewBox='0 0 {} {}' role='img' aria-label=\"{}\">{}</svg>", width,
                       coordinate(height), escape_html(label), body);
}

/// Path of a line with the smallest and largest sample of every drawing column, so that no spike is lost.
std::string line_path(const Line& line, const Scale& x, const Scale& y)
{
    const std::size_t n = line.samples.step.size();
    const double columns = std::abs(x.end - x.begin);
    const auto stride = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(n) / columns));
    std::string path;
    bool pen_down = false;
    const auto add = [&](std::size_t i) {
        const double v = line.samples.value(i);
        if (std::isnan(v)) {
            pen_down = false;
            return;
        }
        path += pen_down ? "L" : "M";
        path += coordinate(x.at(line.start_ms + static_cast<double>(i) * line.interval_ms)) + " " + coordinate(y.at(v));
        pen_down = true;
    };
    for (std::size_t i = 0; i < n; i += stride) {
        const auto begin = line.samples.step.begin() + static_cast<std::ptrdiff_t>(i);
        const auto end = line.samples.step.begin() + static_cast<std::ptrdiff_t>(std::min(n, i + stride));
        const auto [low, high] = std::minmax_element(begin, end);
        const auto a = static_cast<std::size_t>(low - line.samples.step.begin());
        const auto b = static_cast<std::size_t>(high - line.samples.step.begin());
        add(std::min(a, b));
        if (a != b) add(std::max(a, b));
    }
    return path;
}

void value_range(const Panel& panel, double& low, double& high)
{
    low = std::numeric_limits<double>::infinity();
    high = -low;
    for (const Line& line : panel.lines) {
        for (std::size_t i = 0; i < line.samples.step.size(); ++i) {
            const double v = line.samples.value(i);
            if (std::isnan(v)) continue;
            low = std::min(low, v);
            high = std::max(high, v);
        }
    }
    if (low > high) low = high = 0.0;
    widen(low, high);
}

/// Time range of a static space-time figure: the first spike if there is one, else everything.
std::pair<double, double> first_spike(const SpaceTime& picture)
{
    double first = std::numeric_limits<double>::infinity(), last = -first;
    for (const float t : picture.arrival_ms) {
        if (std::isnan(t)) continue;
        first = std::min(first, static_cast<double>(t));
        last = std::max(last, static_cast<double>(t));
    }
    const double start = static_cast<double>(picture.time_ms.front()),
                 stop = static_cast<double>(picture.time_ms.back());
    if (first > last) return {start, stop};
    const double span = last - first;
    return {std::max(start, first - 0.3 * span - 1.0), std::min(stop, last + 0.8 * span + 3.0)};
}

std::string colour_style(const std::string& light, const std::string& dark)
{
    return fmt::format("style='--l:{};--d:{}'", light, dark);
}

/// Lines that a static figure has room for.
std::vector<std::size_t> static_lines(const Panel& panel)
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < panel.lines.size() && out.size() < max_static_lines; ++i) {
        if (panel.lines[i].shown) out.push_back(i);
    }
    return out;
}

std::string panel_legend(const Panel& panel, const LineColours& colours, double& y)
{
    std::string out;
    double x = left_margin;
    const auto shown = static_lines(panel);
    for (const std::size_t i : shown) {
        const double width = 30 + 6.6 * static_cast<double>(panel.lines[i].label.size());
        if (x > left_margin && x + width > right_edge) {
            x = left_margin;
            y += 16;
        }
        out += fmt::format("<path class='line' {} d='M{} {}h14'/><text class='key' x='{}' y='{}'>{}</text>",
                           colour_style(colours.light[i], colours.dark[i]), coordinate(x), coordinate(y - 4),
                           coordinate(x + 19), coordinate(y), escape_html(panel.lines[i].label));
        x += width;
    }
    if (shown.size() < panel.lines.size()) {
        out += fmt::format("<text class='key' x='{}' y='{}'>and {} more</text>", coordinate(x), coordinate(y),
                           panel.lines.size() - shown.size());
    }
    return out;
}

std::string shape_legend_colours(const Shape& shape, double low, double high)
{
    return std::any_of(shape.arrival_ms.begin(), shape.arrival_ms.end(), [](float t) { return !std::isnan(t); })
               ? fmt::format("Arrival of the spike, {} to {} ms", pretty(low, 3), pretty(high, 3))
               : std::string("Colours show section types");
}

struct Projection {
    double x_mid, y_mid, scale, width, height;
    double x(float v) const { return 0.5 * figure_width + (static_cast<double>(v) - x_mid) * scale; }
    double y(float v) const { return 0.5 * height - (static_cast<double>(v) - y_mid) * scale; }
};

Projection fit(const Shape& shape)
{
    double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
    for (const auto& node : shape.nodes_um) {
        for (std::size_t k = 0; k < 2; ++k) {
            low[k] = std::min(low[k], static_cast<double>(node[k]) - static_cast<double>(node[3]));
            high[k] = std::max(high[k], static_cast<double>(node[k]) + static_cast<double>(node[3]));
        }
    }
    const double w = std::max(high[0] - low[0], 1e-6), h = std::max(high[1] - low[1], 1e-6);
    const double scale = std::min(700.0 / w, 520.0 / h);
    return {0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), scale, figure_width, h * scale + 70.0};
}

std::string scale_bar(const Projection& view)
{
    const double power = std::pow(10.0, std::floor(std::log10(150.0 / view.scale)));
    const double part = 150.0 / view.scale / power;
    const double length = (part >= 5.0 ? 5.0 : part >= 2.0 ? 2.0 : 1.0) * power;
    const double y = view.height - 14;
    const std::string label = length >= 1000.0 ? pretty(length / 1000.0, 3) + " mm" : pretty(length, 3) + " µm";
    return fmt::format("<path class='bar' d='M20 {0}h{1}'/><text class='key' x='{2}' y='{3}'>{4}</text>", coordinate(y),
                       coordinate(length * view.scale), coordinate(27 + length * view.scale), coordinate(y + 4), label);
}

}  // namespace

std::string hex(Rgb c)
{
    return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
}

std::string quantity_name(const std::string& quantity)
{
    return quantity == "v" ? "Membrane voltage" : quantity;
}

LineColours line_colours(const Panel& panel)
{
    static constexpr double hues[] = {255, 40, 150, 330, 95, 205, 15, 295};
    const std::size_t n = panel.lines.size();
    std::set<double> distances;
    bool one_cell = !panel.stimulus;
    for (const Line& line : panel.lines) {
        distances.insert(line.distance_um);
        one_cell = one_cell && line.cell == panel.lines.front().cell;
    }
    const bool ordered = one_cell && distances.size() > 3;
    LineColours out;
    for (std::size_t i = 0; i < n; ++i) {
        double hue = hues[i % std::size(hues)], shift = i >= std::size(hues) ? 0.08 : 0.0;
        if (ordered) {
            const auto rank = std::distance(distances.begin(), distances.find(panel.lines[i].distance_um));
            hue = 262.0 + 145.0 * static_cast<double>(rank) / static_cast<double>(distances.size() - 1);
            shift = 0.0;
        }
        out.light.push_back(hex(oklch(0.53 - shift, 0.16, hue)));
        out.dark.push_back(hex(oklch(0.76 + shift, 0.13, hue)));
    }
    return out;
}

std::string colour_bar(const char* which, const std::string& low, const std::string& high)
{
    return fmt::format("<span class='bar-label'>{}</span><span class='map {}'></span><span class='bar-label'>{}</span>",
                       low, which, high);
}

std::string traces_figure(const Content& content)
{
    std::string body;
    double top = 8;
    for (std::size_t p = 0; p < content.panels.size(); ++p) {
        const Panel& panel = content.panels[p];
        const bool last = p + 1 == content.panels.size();
        const double height = panel.stimulus ? 70 : panel.quantity == "v" ? 220 : 130;
        const LineColours colours = line_colours(panel);
        double y = top + 12;
        body += fmt::format("<text class='name' x='{}' y='{}'>{}</text>", left_margin, coordinate(y),
                            escape_html(panel.title));
        y += 18;
        body += panel_legend(panel, colours, y);
        double low = 0, high = 1;
        value_range(panel, low, high);
        const Scale xs{content.start_ms, content.stop_ms, left_margin, right_edge};
        const Scale ys{low, high, y + 10 + height, y + 10};
        body += draw_axes(xs, ys, last ? "Time (ms)" : "", panel.units);
        for (const std::size_t i : static_lines(panel)) {
            body += fmt::format("<path class='line' {} d='{}'/>", colour_style(colours.light[i], colours.dark[i]),
                                line_path(panel.lines[i], xs, ys));
        }
        top = y + 10 + height + (last ? 44 : 18);
    }
    return svg(top, "Recorded traces over time", body);
}

std::string space_time_figure(const SpaceTime& picture)
{
    const std::size_t columns = picture.distance_um.size(), rows = picture.time_ms.size();
    constexpr std::size_t width = 480, height = 240;
    std::vector<std::uint8_t> pixels(width * height);
    const auto [t0, t1] = first_spike(picture);
    const double d0 = picture.distance_um.front(), d1 = picture.distance_um.back();
    for (std::size_t px = 0; px < width; ++px) {
        const auto t = static_cast<float>(t0 + (t1 - t0) * (static_cast<double>(px) + 0.5) / width);
        const auto after = std::lower_bound(picture.time_ms.begin(), picture.time_ms.end(), t);
        const auto row = std::min(rows - 1, static_cast<std::size_t>(after - picture.time_ms.begin()));
        for (std::size_t py = 0; py < height; ++py) {
            const double d = d1 - (d1 - d0) * (static_cast<double>(py) + 0.5) / height;
            const auto next = std::lower_bound(picture.distance_um.begin(), picture.distance_um.end(), d);
            const auto column = std::min(columns - 1, static_cast<std::size_t>(next - picture.distance_um.begin()));
            const std::int16_t step = picture.samples.step[row * columns + column];
            pixels[py * width + px] = static_cast<std::uint8_t>(step == Quantised::missing ? 0 : (step + 32767) / 257);
        }
    }
    const Scale xs{t0, t1, left_margin, right_edge}, ys{d0, d1, 250, 10};
    std::string body = fmt::format(
        "<image x='{}' y='10' width='{}' height='240' preserveAspectRatio='none' href='data:image/png;base64,{}'/>",
        left_margin, right_edge - left_margin, base64(png(pixels, width, height, voltage_map(Paper::light))));
    const bool in_mm = d1 - d0 >= 10000.0;
    const Scale shown{in_mm ? d0 / 1000.0 : d0, in_mm ? d1 / 1000.0 : d1, ys.begin, ys.end};
    body += draw_axes(xs, shown, "Time (ms)", in_mm ? "Distance (mm)" : "Distance (µm)");
    if (std::isfinite(picture.velocity_m_per_s) && picture.velocity_m_per_s != 0) {
        const double travel_ms = (d1 - d0) / picture.velocity_m_per_s * 1e-3;
        const double start_ms = picture.fit_start_ms - 0.03 * (t1 - t0);  // beside the spike, so that both can be seen
        body += fmt::format("<path class='fit' d='M{} {}L{} {}'/>", coordinate(xs.at(start_ms)), coordinate(ys.at(d0)),
                            coordinate(xs.at(start_ms + travel_ms)), coordinate(ys.at(d1)));
    }
    return svg(296, "Space-time picture: colour is " + quantity_name(picture.quantity), body);
}

std::string shape_figure(const Shape& shape)
{
    const Projection view = fit(shape);
    double first = std::numeric_limits<double>::infinity(), last = -first;
    for (const float t : shape.arrival_ms) {
        if (std::isnan(t)) continue;
        first = std::min(first, static_cast<double>(t));
        last = std::max(last, static_cast<double>(t));
    }
    const bool arrivals = first <= last;
    constexpr std::size_t n_colours = 24, n_widths = 16;
    constexpr double thinnest = 1.2, thickest = 60.0;
    std::vector<std::string> paths((n_colours + 6) * n_widths);  // colour bins: arrivals, then section types
    for (std::size_t c = 0; c + 1 < shape.chain_start.size(); ++c) {
        for (std::size_t i = shape.chain_start[c]; i + 1 < shape.chain_start[c + 1]; ++i) {
            const auto &a = shape.nodes_um[i], &b = shape.nodes_um[i + 1];
            const std::size_t element = shape.edge_element[i];
            std::size_t colour = n_colours + std::min<std::size_t>(shape.element_type[element], 5);
            if (arrivals && !std::isnan(shape.arrival_ms[element])) {
                const double part =
                    (static_cast<double>(shape.arrival_ms[element]) - first) / std::max(last - first, 1e-9);
                colour = static_cast<std::size_t>(part * (n_colours - 1));
            }
            const double width = std::clamp(static_cast<double>(a[3] + b[3]) * view.scale, thinnest, thickest);
            const auto bin =
                static_cast<std::size_t>(std::log(width / thinnest) / std::log(thickest / thinnest) * (n_widths - 1));
            paths[colour * n_widths + bin] +=
                fmt::format("M{} {}L{} {}", coordinate(view.x(a[0])), coordinate(view.y(a[1])),
                            coordinate(view.x(b[0])), coordinate(view.y(b[1])));
        }
    }
    std::string body;
    for (std::size_t k = 0; k < paths.size(); ++k) {
        if (paths[k].empty()) continue;
        const std::size_t colour = k / n_widths;
        const double width =
            thinnest * std::pow(thickest / thinnest, static_cast<double>(k % n_widths) / (n_widths - 1));
        const bool arrival = colour < n_colours;
        const std::size_t entry = std::min<std::size_t>(255, colour * 255 / (n_colours - 1));
        const bool unreached = arrivals && !arrival;
        const auto colour_on = [&](Paper paper) {
            if (unreached) return oklch(paper == Paper::light ? 0.82 : 0.38, 0.0, 0.0);
            return arrival ? arrival_map(paper)[entry] : type_colours(paper)[colour - n_colours];
        };
        body += fmt::format("<path class='branch' stroke-width='{}' {} d='{}'/>", coordinate(width),
                            colour_style(hex(colour_on(Paper::light)), hex(colour_on(Paper::dark))), paths[k]);
    }
    body += scale_bar(view);
    return svg(view.height, shape.title + ". " + shape_legend_colours(shape, first, last), body);
}

std::string raster_figure(const Raster& raster, double start_ms, double stop_ms)
{
    const double height = std::clamp(static_cast<double>(raster.n_cells) * 2.5, 120.0, 320.0);
    const Scale xs{start_ms, stop_ms, left_margin, right_edge};
    const Scale ys{-0.5, static_cast<double>(raster.n_cells) - 0.5, 10 + height, 10};
    const double half =
        std::clamp(0.4 * height / static_cast<double>(std::max<std::int64_t>(raster.n_cells, 1)), 0.6, 7.0);
    constexpr std::size_t most = 20000;
    const std::size_t stride = std::max<std::size_t>(1, (raster.time_ms.size() + most - 1) / most);
    std::string path;
    for (std::size_t i = 0; i < raster.time_ms.size(); i += stride) {
        path += fmt::format("M{} {}v{}", coordinate(xs.at(static_cast<double>(raster.time_ms[i]))),
                            coordinate(ys.at(raster.cell[i]) - half), coordinate(2 * half));
    }
    return svg(height + 56, "Spike raster of " + raster.title,
               draw_axes(xs, ys, "Time (ms)", "Cell") + "<path class='spike' d='" + path + "'/>");
}

std::string f_i_figure(const FICurve& curve)
{
    double low = curve.amplitude_nA.front(), high = curve.amplitude_nA.back();
    widen(low, high, 0.02);
    double bottom = 0, top = 1e-9;
    for (const double r : curve.rate_Hz) top = std::max(top, std::isfinite(r) ? r : 0.0);
    top *= 1.06;
    const Scale xs{low, high, left_margin, f_i_width - 12}, ys{bottom, top, 280, 12};
    std::string path, dots;
    bool pen_down = false;  // a missing rate leaves a gap
    for (std::size_t i = 0; i < curve.amplitude_nA.size(); ++i) {
        if (!std::isfinite(curve.rate_Hz[i]) || !std::isfinite(curve.amplitude_nA[i])) {
            pen_down = false;
            continue;
        }
        const std::string x = coordinate(xs.at(curve.amplitude_nA[i])), y = coordinate(ys.at(curve.rate_Hz[i]));
        path += (pen_down ? "L" : "M") + x + " " + y;
        pen_down = true;
        dots += fmt::format("<circle cx='{}' cy='{}' r='3' data-i='{}'/>", x, y, i);
    }
    return svg(326, "Firing rate over stimulus amplitude",
               draw_axes(xs, ys, "Stimulus amplitude (nA)", "Firing rate (Hz)") + "<path class='curve' d='" + path +
                   "'/><g class='dots'>" + dots + "</g>",
               f_i_width);
}

}  // namespace axolemma::report
