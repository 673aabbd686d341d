#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "morphology/cell_summary.hpp"
#include "morphology/doctor.hpp"
#include "morphology/facts.hpp"
#include "morphology/peers.hpp"
#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

/// Writes one JSON value after another, with commas where they belong (RFC 8259).
class Json {
public:
    Json& open(char bracket)
    {
        separate();
        text_ += bracket;
        fresh_ = true;
        return *this;
    }
    Json& close(char bracket)
    {
        text_ += bracket;
        fresh_ = false;
        return *this;
    }
    Json& key(std::string_view name)
    {
        add_string(name);
        text_ += ": ";
        fresh_ = true;
        return *this;
    }
    void value(std::string_view text) { add_string(text); }
    void value(const char* text) { add_string(text); }
    void value(bool yes) { add_raw(yes ? "true" : "false"); }
    void value(std::int64_t number) { add_raw(fmt::format("{}", number)); }
    /// The shortest text that reads back as the same double; null where JSON has no number.
    void value(double number) { add_raw(std::isfinite(number) ? fmt::format("{}", number) : "null"); }
    template <class T>
    Json& pair(std::string_view name, const T& v)
    {
        key(name).value(v);
        return *this;
    }
    const std::string& text() const { return text_; }

private:
    void separate()
    {
        if (!fresh_) {
            text_ += ", ";
        }
        fresh_ = false;
    }
    void add_raw(std::string_view raw)
    {
        separate();
        text_ += raw;
    }
    void add_string(std::string_view text);

    std::string text_;
    bool fresh_ = true;
};

void Json::add_string(std::string_view text)
{
    separate();
    text_ += '"';
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        const std::size_t length = utf8_length(text);
        if (byte == '"' || byte == '\\') {
            text_ += '\\';
            text_ += text[0];
        } else if (byte < 0x20) {
            text_ += fmt::format("\\u{:04x}", byte);
        } else if (length == 0) {
            text_ += "\\ufffd";  // a byte that is not UTF-8: file names may be anything
        } else {
            text_ += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    text_ += '"';
}

void write_types(Json& json, const FileFacts& facts, const CellSummary& cell)
{
    json.key("types").open('[');
    for (const auto& [type, of_type] : facts.by_type) {
        const auto built = cell.by_type.find(type);
        const SectionSums sums = built == cell.by_type.end() ? SectionSums{} : built->second;
        json.open('{').pair("type", static_cast<std::int64_t>(type)).pair("name", section_base_name(type));
        json.pair("samples", of_type.n_samples).pair("sections", sums.n_sections);
        json.pair("length_um", sums.length_um).pair("area_um2", sums.area_um2).pair("volume_um3", sums.volume_um3);
        json.pair("file_length_um", of_type.length_um).pair("file_area_um2", of_type.area_um2).close('}');
    }
    json.close(']');
}

void write_tree(Json& json, const FileFacts& facts, const CellSummary& cell)
{
    json.pair("sections", cell.all.n_sections).pair("length_um", cell.all.length_um);
    json.pair("area_um2", cell.all.area_um2).pair("volume_um3", cell.all.volume_um3);
    json.pair("longest_path_um", cell.longest_path_um);
    json.pair("tips", facts.n_tips - facts.n_soma_tips).pair("branch_points", facts.n_branch_points);
    json.pair("largest_branch_order", facts.largest_branch_order).pair("most_children", facts.largest_fan_out);
    json.pair("zero_length_segments", facts.n_zero_length).pair("zero_radius_samples", facts.n_zero_radius);
    json.pair("smallest_radius_um", facts.smallest_radius_um).pair("largest_radius_um", facts.largest_radius_um);
    const auto corner = [&](std::string_view name, const Point& p) {
        json.key(name).open('[');
        for (const double coordinate : {p.x_um, p.y_um, p.z_um}) {
            json.value(coordinate);
        }
        json.close(']');
    };
    corner("box_low_um", facts.low);
    corner("box_high_um", facts.high);
}

void write_peers(Json& json, const SwcFile& file)
{
    json.key("other_programs").open('[');
    for (const PeerResult& peer : ask_peers(file)) {
        json.open('{').pair("program", peer.tool).pair("accepts", peer.accepts);
        if (peer.accepts) {
            json.pair("length_um", peer.length_um).pair("area_um2", peer.area_um2);
        } else {
            json.pair("reason", peer.reason);
        }
        if (peer.n_sections >= 0) {
            json.pair("sections", peer.n_sections);
        }
        if (peer.soma_area_um2 >= 0.0) {
            json.pair("soma_area_um2", peer.soma_area_um2);
        }
        json.close('}');
    }
    json.close(']');
}

void write_warnings(Json& json, const base::Diagnostics& warnings)
{
    json.key("warnings").open('[');
    for (const base::Diagnostic& warning : warnings.list()) {
        json.open('{').pair("line", warning.pos.line).pair("message", warning.message);
        json.pair("hint", warning.hint).pair("repeats", warning.repeats).close('}');
    }
    json.close(']');
}

}  // namespace

std::string doctor_json(const SwcFile& file, const BuiltMorphology& built)
{
    const FileFacts facts = measure_file(file);
    const CellSummary cell = summarise_cell(file, built.morphology);
    Json json;
    json.open('{').pair("file", file.name);
    json.pair("format", file_format_names()[static_cast<std::size_t>(file.format)]).pair("sha256", file.sha256);
    json.pair("samples", cell.n_samples).pair("comment_lines", file.n_comment_lines);
    json.pair("soma", built.soma_rule_used);
    write_types(json, facts, cell);
    write_tree(json, facts, cell);
    write_peers(json, file);
    write_warnings(json, built.warnings);
    json.close('}');
    return json.text();
}

}  // namespace axolemma::morphology
