#include "report/page_data.hpp"

#include <algorithm>
#include <cmath>

#include "report/colour.hpp"
#include "report/encode.hpp"
#include "report/figures.hpp"

namespace axolemma::report {
namespace {

template <typename Number>
void array_field(JsonWriter& json, std::string_view name, const std::vector<Number>& values)
{
    json.field(name, std::string_view(base64_of(std::span<const Number>(values))));
}

void samples_fields(JsonWriter& json, const Quantised& samples)
{
    json.field("offset", samples.offset);
    json.field("scale", samples.scale);
    array_field(json, "q", samples.step);
}

template <typename Items, typename Write>
void array_of(JsonWriter& json, std::string_view name, const Items& items, Write write)
{
    json.key(name);
    json.begin_array();
    for (const auto& item : items) {
        json.begin_object();
        write(item);
        json.end_object();
    }
    json.end_array();
}

void strings(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts)
{
    json.key(name);
    json.begin_array();
    for (const std::string& text : texts) json.value(std::string_view(text));
    json.end_array();
}

void maps(JsonWriter& json)
{
    const auto map = [&json](std::string_view name, const auto& colours) {
        std::vector<std::uint8_t> bytes;
        for (const Rgb c : colours) bytes.insert(bytes.end(), {c.r, c.g, c.b});
        array_field(json, name, bytes);
    };
    json.key("maps");
    json.begin_object();
    map("voltage_light", voltage_map(Paper::light));
    map("voltage_dark", voltage_map(Paper::dark));
    map("arrival_light", arrival_map(Paper::light));
    map("arrival_dark", arrival_map(Paper::dark));
    map("type_light", type_colours(Paper::light));
    map("type_dark", type_colours(Paper::dark));
    json.end_object();
}

void panel_fields(JsonWriter& json, const Panel& panel)
{
    json.field("title", std::string_view(panel.title));
    json.field("quantity", std::string_view(panel.quantity));
    json.field("units", std::string_view(panel.units));
    json.field("stimulus", panel.stimulus);
    const LineColours colours = line_colours(panel);
    std::size_t i = 0;
    array_of(json, "lines", panel.lines, [&](const Line& line) {
        json.field("label", std::string_view(line.label));
        json.field("cell", line.cell);
        json.field("distance", line.distance_um);
        json.field("start", line.start_ms);
        json.field("interval", line.interval_ms);
        json.field("shown", line.shown);
        json.field("light", std::string_view(colours.light[i]));
        json.field("dark", std::string_view(colours.dark[i]));
        samples_fields(json, line.samples);
        ++i;
    });
}

void space_time_fields(JsonWriter& json, const SpaceTime& picture)
{
    json.field("title", std::string_view(picture.title));
    json.field("quantity", std::string_view(picture.quantity));
    json.field("units", std::string_view(picture.units));
    json.field("path", std::string_view(picture.path));
    std::vector<float> distance(picture.distance_um.size());
    std::transform(picture.distance_um.begin(), picture.distance_um.end(), distance.begin(),
                   [](double d) { return static_cast<float>(d); });
    array_field(json, "distance", distance);
    array_field(json, "time", picture.time_ms);
    array_field(json, "arrival", picture.arrival_ms);
    json.field("threshold", picture.threshold);
    json.field("velocity", picture.velocity_m_per_s);
    json.field("fit_start", picture.fit_start_ms);
    samples_fields(json, picture.samples);
}

void shape_fields(JsonWriter& json, const Shape& shape)
{
    json.field("title", std::string_view(shape.title));
    json.field("quantity", std::string_view(shape.quantity));
    json.field("units", std::string_view(shape.units));
    json.field("source", std::string_view(shape.source));
    double low = 0, high = 1e-9;  // nodes travel as 16-bit steps, coordinates on one scale, radii on their own
    double largest_radius = 1e-9;
    for (const auto& node : shape.nodes_um) {
        for (std::size_t k = 0; k < 3; ++k) {
            low = std::min(low, static_cast<double>(node[k]));
            high = std::max(high, static_cast<double>(node[k]));
        }
        largest_radius = std::max(largest_radius, static_cast<double>(node[3]));
    }
    const double middle = 0.5 * (low + high), step = (high - low) / 65534.0, radius_step = largest_radius / 32767.0;
    std::vector<std::int16_t> nodes;
    nodes.reserve(4 * shape.nodes_um.size());
    for (const auto& node : shape.nodes_um) {
        for (std::size_t k = 0; k < 3; ++k) {
            nodes.push_back(static_cast<std::int16_t>(std::lround((static_cast<double>(node[k]) - middle) / step)));
        }
        nodes.push_back(static_cast<std::int16_t>(std::lround(static_cast<double>(node[3]) / radius_step)));
    }
    json.field("middle", middle);
    json.field("step", step);
    json.field("radius_step", radius_step);
    array_field(json, "nodes", nodes);
    array_field(json, "chains", shape.chain_start);
    array_field(json, "element", shape.edge_element);
    strings(json, "sections", shape.section_names);
    array_field(json, "section", shape.element_section);
    array_field(json, "distance", shape.element_distance_um);
    array_field(json, "type", shape.element_type);
    array_field(json, "arrival", shape.arrival_ms);
    array_field(json, "time", shape.frame_ms);
    array_field(json, "frames", shape.frames);
    json.field("low", shape.low);
    json.field("high", shape.high);
    json.field("threshold", shape.threshold);
}

void raster_fields(JsonWriter& json, const Raster& raster)
{
    json.field("title", std::string_view(raster.title));
    json.field("n_cells", raster.n_cells);
    array_field(json, "time", raster.time_ms);
    array_field(json, "cell", raster.cell);
    array_field(json, "site", raster.site);
    strings(json, "sites", raster.site_names);
}

void f_i_fields(JsonWriter& json, const FICurve& curve)
{
    json.field("title", std::string_view(curve.title));
    array_field(json, "amplitude", curve.amplitude_nA);
    array_field(json, "rate", curve.rate_Hz);
}

}  // namespace

std::string page_data(const Content& content)
{
    JsonWriter json;
    json.begin_object();
    json.field("start", content.start_ms);
    json.field("stop", content.stop_ms);
    maps(json);
    array_of(json, "panels", content.panels, [&](const Panel& p) { panel_fields(json, p); });
    array_of(json, "space_times", content.space_times, [&](const SpaceTime& s) { space_time_fields(json, s); });
    array_of(json, "shapes", content.shapes, [&](const Shape& s) { shape_fields(json, s); });
    array_of(json, "rasters", content.rasters, [&](const Raster& r) { raster_fields(json, r); });
    array_of(json, "f_i_curves", content.f_i_curves, [&](const FICurve& f) { f_i_fields(json, f); });
    json.end_object();
    return json.take();
}

}  // namespace axolemma::report
