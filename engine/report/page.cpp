#include "report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/assets.hpp"
#include "report/colour.hpp"
#include "report/encode.hpp"
#include "report/figures.hpp"
#include "report/page_data.hpp"

namespace axolemma::report {
namespace {

std::string section(const char* id, const char* heading, const std::string& lead, const std::string& inside)
{
    return fmt::format("<section id='{0}' aria-labelledby='{0}-h'><h2 id='{0}-h'>{1}</h2>\n{2}{3}</section>\n", id,
                       heading, lead.empty() ? lead : "<p class='lead'>" + lead + "</p>\n", inside);
}

/// A view that the script fills, with the figure that stands in for it on paper.
std::string view(const char* kind, std::size_t index, const std::string& title, const std::string& figure,
                 const std::string& caption)
{
    std::string out = title.empty() ? title : "<h3>" + escape_html(title) + "</h3>\n";
    out += fmt::format("<div class='live' data-view='{}' data-index='{}'></div>\n", kind, index);
    out += "<figure class='static'>" + figure;
    if (!caption.empty()) out += "<figcaption>" + caption + "</figcaption>";
    return out + "</figure>\n";
}

std::string facts_list(const std::vector<Fact>& facts)
{
    std::string out = "<dl class='facts'>\n";
    for (const Fact& fact : facts) {
        out += "<div><dt>" + escape_html(fact.label) + "</dt><dd>" + escape_html(fact.value);
        if (!fact.note.empty()) out += "<small>" + escape_html(fact.note) + "</small>";
        out += "</dd></div>\n";
    }
    return out + "</dl>\n";
}

std::string header(const Content& content)
{
    std::string out = "<header>\n<p class='kicker'>Axolemma report · " + escape_html(content.file_name) + "</p>\n<h1>" +
                      escape_html(content.title) + "</h1>\n";
    if (content.complete) {
        out += "<p class='state good'>Complete run</p>\n";
    } else {
        out +=
            "<p class='state warn'><strong>Incomplete run.</strong> " + escape_html(content.incomplete_note) + "</p>\n";
    }
    return out + (content.facts.empty() ? "" : facts_list(content.facts)) + "</header>\n";
}

std::string traces_section(const Content& content)
{
    if (content.panels.empty()) return {};
    return section("traces", "Traces", "", view("traces", 0, "", traces_figure(content), ""));
}

std::string range_text(const SpaceTime& picture)
{
    const auto& steps = picture.samples.step;
    std::int16_t low = 32767, high = -32767;
    for (const std::int16_t s : steps) {
        if (s == Quantised::missing) continue;
        low = std::min(low, s);
        high = std::max(high, s);
    }
    if (low > high) return {};
    const auto text = [&](std::int16_t s) {
        return escape_html(pretty(picture.samples.offset + picture.samples.scale * s, 3) + " " + picture.units);
    };
    return colour_bar("voltage", text(low), text(high));
}

std::string space_time_section(const Content& content)
{
    std::string inside;
    for (std::size_t i = 0; i < content.space_times.size(); ++i) {
        const SpaceTime& picture = content.space_times[i];
        std::string caption = escape_html(picture.path) + ". " + range_text(picture);
        if (std::isfinite(picture.velocity_m_per_s) && picture.velocity_m_per_s != 0) {
            caption +=
                fmt::format(" Dashed line, moved aside: {} m/s{}.", pretty(std::abs(picture.velocity_m_per_s), 4),
                            picture.from_file ? "" : ", fitted to the arrival times");
        }
        inside += view("spacetime", i, content.space_times.size() > 1 ? picture.title : "", space_time_figure(picture),
                       caption);
    }
    return inside.empty() ? inside : section("space-time", "Space and time", "", inside);
}

std::string shape_section(const Content& content)
{
    std::string inside;
    for (std::size_t i = 0; i < content.shapes.size(); ++i) {
        const Shape& shape = content.shapes[i];
        float first = INFINITY, last = -INFINITY;
        for (const float t : shape.arrival_ms) {
            if (std::isnan(t)) continue;
            first = std::min(first, t);
            last = std::max(last, t);
        }
        std::string caption = escape_html(shape.source);
        if (first <= last) {
            caption += ". Colour: time at which " + escape_html(shape.units == "mV" ? "the voltage" : shape.quantity) +
                       fmt::format(" first rises above {} {}; ", pretty(shape.threshold, 3), escape_html(shape.units)) +
                       colour_bar("arrival", pretty(static_cast<double>(first), 3) + " ms",
                                  pretty(static_cast<double>(last), 3) + " ms");
        }
        inside += view("shape", i, content.shapes.size() > 1 ? shape.title : "", shape_figure(shape), caption);
    }
    return inside.empty() ? inside : section("morphology", "Morphology", "", inside);
}

std::string raster_section(const Content& content)
{
    std::string inside;
    for (std::size_t i = 0; i < content.rasters.size(); ++i) {
        const Raster& raster = content.rasters[i];
        inside += view("raster", i, raster.title, raster_figure(raster, content.start_ms, content.stop_ms), "");
    }
    return inside.empty() ? inside : section("raster", "Spikes", "", inside);
}

std::string f_i_table(const FICurve& curve)
{
    std::string out =
        "<details><summary>Table of " + std::to_string(curve.rate_Hz.size()) +
        " rows</summary><div class='scroll'><table><thead><tr><th>Amplitude (nA)</th><th>Rate (Hz)</th></tr>"
        "</thead><tbody>";
    for (std::size_t i = 0; i < curve.rate_Hz.size(); ++i) {
        out += "<tr><td>" + pretty(curve.amplitude_nA[i], 6) + "</td><td>" + pretty(curve.rate_Hz[i], 6) + "</td></tr>";
    }
    return out + "</tbody></table></div></details>\n";
}

std::string f_i_section(const Content& content)
{
    std::string inside;
    for (std::size_t i = 0; i < content.f_i_curves.size(); ++i) {
        const FICurve& curve = content.f_i_curves[i];
        if (content.f_i_curves.size() > 1) inside += "<h3>" + escape_html(curve.title) + "</h3>\n";
        inside += fmt::format(
            "<figure class='both' data-view='fi' data-index='{}'>{}<figcaption>Spikes counted from {} to {} "
            "ms; stimulus {}.</figcaption></figure>\n",
            i, f_i_figure(curve), pretty(curve.from_ms), pretty(curve.to_ms), escape_html(curve.stimulus));
        inside += f_i_table(curve);
    }
    return inside.empty() ? inside : section("f-i", "Firing rate over current", "", inside);
}

std::string rows(const std::vector<std::pair<std::string, std::string>>& pairs)
{
    std::string out;
    for (const auto& [name, value] : pairs) {
        out += "<tr><th scope='row'>" + escape_html(name) + "</th><td>" + escape_html(value) + "</td></tr>\n";
    }
    return out;
}

std::string model_section(const Content& content)
{
    std::string inside;
    if (!content.populations.empty()) inside += facts_list(content.populations);
    if (!content.config_text.empty()) {
        inside += "<details><summary>Configuration</summary><pre class='scroll'>" + escape_html(content.config_text) +
                  "</pre></details>\n";
    }
    if (!content.provenance.empty()) {
        inside += "<details open><summary>Provenance</summary><div class='scroll'><table class='pairs'>" +
                  rows(content.provenance) + "</table></div></details>\n";
    }
    if (!content.inputs.empty()) {
        inside +=
            "<details><summary>Input files with SHA-256</summary><div class='scroll'><table class='pairs hashes'>" +
            rows(content.inputs) + "</table></div></details>\n";
    }
    if (!content.thinned.empty()) {
        inside += "<h3>What this page leaves out</h3><ul class='thinned'>";
        for (const std::string& sentence : content.thinned) inside += "<li>" + escape_html(sentence) + "</li>";
        inside += "</ul><p>The result file holds every sample.</p>\n";
    }
    return inside.empty() ? inside : section("model", "Model and provenance", "", inside);
}

std::string gradient(const ColourMap& map)
{
    std::string out = "linear-gradient(90deg";
    for (std::size_t i = 0; i < 256; i += 15) out.append(",").append(hex(map[i]));
    return out + ")";
}

std::string map_style()
{
    const std::string light = fmt::format("--voltage:{};--arrival:{}", gradient(voltage_map(Paper::light)),
                                          gradient(arrival_map(Paper::light)));
    const std::string dark = fmt::format("--voltage:{};--arrival:{}", gradient(voltage_map(Paper::dark)),
                                         gradient(arrival_map(Paper::dark)));
    return ":root{" + light + "}\n@media screen and (prefers-color-scheme: dark){:root{" + dark + "}}\n";
}

void fill(std::string& page, std::string_view slot, const std::string& text)
{
    const std::string mark = "{{" + std::string(slot) + "}}";
    page.replace(page.find(mark), mark.size(), text);
}

}  // namespace

std::string make_page(const Content& content)
{
    std::string script;
    for (const std::string_view part :
         {core_js, timechart_js, traces_js, spacetime_js, raster_js, morphology_js, main_js}) {
        script += part;
    }
    std::string page(report_html);
    // From the end to the front, so that no text filled in is searched for the next slot.
    fill(page, "script", script);
    fill(page, "data", page_data(content));
    fill(page, "main",
         traces_section(content) + space_time_section(content) + shape_section(content) + raster_section(content) +
             f_i_section(content) + model_section(content));
    fill(page, "header", header(content));
    fill(page, "style", std::string(report_css) + map_style());
    fill(page, "title", escape_html(content.title));
    return page;
}

}  // namespace axolemma::report
