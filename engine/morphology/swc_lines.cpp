#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "morphology/swc_number.hpp"
#include "morphology/swc_reader.hpp"
#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

constexpr std::size_t n_fields = 7;
constexpr char dos_end_of_file = '\x1A';

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/// One data line cut into fields.
struct Fields {
    std::array<std::string_view, n_fields> field;
    std::size_t count = 0;  ///< all of them, also beyond the seventh
};

Fields split(std::string_view line)
{
    Fields fields;
    std::size_t i = 0;
    while (i < line.size()) {
        if (is_blank(line[i])) {
            ++i;
            continue;
        }
        const std::size_t start = i;
        while (i < line.size() && !is_blank(line[i])) {
            ++i;
        }
        if (fields.count < n_fields) {
            fields.field[fields.count] = line.substr(start, i - start);
        }
        ++fields.count;
    }
    return fields;
}

/// The unit other than micrometre that a comment such as `"units": "1 nanometer"` names; empty if none.
std::string_view foreign_unit(std::string_view comment)
{
    constexpr std::size_t longest_looked_at = 1000;
    const std::string text = lower_case(comment.substr(0, std::min(comment.size(), longest_looked_at)));
    if (text.find("unit") == std::string::npos || text.find("micro") != std::string::npos) {
        return {};
    }
    constexpr std::array<std::string_view, 6> words{"nanomet", "voxel", "pixel", "millimet", "\"nm\"", " nm"};
    constexpr std::array<std::string_view, 6> units{"nanometre",  "voxel",     "pixel",
                                                    "millimetre", "nanometre", "nanometre"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (text.find(words[i]) != std::string::npos) {
            return units[i];
        }
    }
    return {};
}

/// "commas" or "semicolons" where a line has them between its fields.
std::string_view foreign_separators(std::string_view data, const Fields& fields)
{
    if (fields.count >= n_fields && !fields.field[0].ends_with(',') && !fields.field[0].ends_with(';')) {
        return {};
    }
    const auto count = [&](char c) { return std::count(data.begin(), data.end(), c); };
    constexpr auto between_fields = static_cast<std::ptrdiff_t>(n_fields) - 1;
    return count(',') >= between_fields ? "commas" : count(';') >= between_fields ? "semicolons" : std::string_view{};
}

class LineReader {
public:
    LineReader(const SwcOptions& options, SwcFile& file, Findings& findings)
        : options_(options), file_(file), findings_(findings)
    {}

    UnreadLines unread_lines() { return std::move(unread_); }
    void read(std::string_view text);

private:
    void read_line(std::string_view line, bool has_end);
    void read_comment(std::string_view line);
    void read_sample(const Fields& fields);
    bool count_is_right(std::string_view data, const Fields& fields, bool has_end);
    bool read_integer(std::string_view name, std::string_view token, std::int64_t& value);
    bool read_real(std::string_view name, std::string_view token, double& value);
    bool read_type(std::string_view token, std::int32_t& type);
    bool read_radius(std::string_view token, double& radius_um);
    void note_break();
    void note_unread(std::string_view id_token);

    const SwcOptions& options_;
    SwcFile& file_;
    Findings& findings_;
    std::int64_t line_ = 0;
    std::size_t expected_count_ = 0;
    UnreadLines unread_;
    std::int64_t pending_break_ = 0;  // counts only if data follow
};

void LineReader::read(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF")) {
        file_.text.byte_order_mark = true;
        text.remove_prefix(3);
    }
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t start = i;
        while (i < text.size() && !is_line_end(text[i])) {
            ++i;
        }
        const bool has_end = i < text.size();
        const std::string_view line = text.substr(start, i - start);
        const std::size_t end_length = text.substr(i).starts_with("\r\n") ? 2 : 1;
        i += has_end ? end_length : 0;
        ++line_;
        const auto is_end_mark = [](char c) { return is_blank(c) || is_line_end(c) || c == dos_end_of_file; };
        const std::string_view rest = text.substr(start);
        if (line.starts_with(dos_end_of_file) && std::all_of(rest.begin(), rest.end(), is_end_mark)) {
            file_.text.dos_end_of_file = true;
            findings_.warning("dos end of file", line_, [] {
                return Said{"byte 0x1A (the DOS mark for the end of a file) is ignored", "remove it"};
            });
            return;
        }
        read_line(line, has_end);
    }
}

void LineReader::note_break()
{
    if (pending_break_ == 0) {
        pending_break_ = line_;
    }
}

void LineReader::note_unread(std::string_view id_token)
{
    ++unread_.n;
    const ParsedInteger id = parse_integer(id_token);
    if (id.usable()) {
        unread_.ids.push_back(id.value);
    } else {
        unread_.all_ids_known = false;
    }
}

void LineReader::read_line(std::string_view line, bool has_end)
{
    const bool is_header = file_.samples.empty() && line.starts_with('#');
    while (!line.empty() && is_blank(line.front())) {
        line.remove_prefix(1);
    }
    if (line.empty()) {
        note_break();
        return;
    }
    if (line.front() == '#') {
        if (!is_header) {
            note_break();
        }
        read_comment(line);
        return;
    }
    const std::string_view data = line.substr(0, line.find('#'));
    if (data.find('\0') != std::string_view::npos) {
        note_unread({});
        findings_.error("nul", line_, [] {
            return Said{"a NUL byte in the data: the file is damaged", "export or download it again"};
        });
        return;
    }
    const Fields fields = split(data);
    file_.text.first_break_line = pending_break_;
    if (count_is_right(data, fields, has_end)) {
        read_sample(fields);
    }
    if (file_.text.first_break_line == 0) {
        file_.text.n_leading_samples = static_cast<std::int64_t>(file_.samples.size());
    }
}

void LineReader::read_comment(std::string_view line)
{
    ++file_.n_comment_lines;
    const std::string_view unit = foreign_unit(line);
    if (!unit.empty() && options_.scale == 1.0) {
        findings_.warning("units", line_, [&] {
            return Said{fmt::format("the header says that the unit is the {}; lengths are taken as um", unit),
                        "if so, give the factor to um with the option scale (0.001 for nanometres)"};
        });
    }
}

bool LineReader::count_is_right(std::string_view data, const Fields& fields, bool has_end)
{
    if (const std::string_view separators = foreign_separators(data, fields); !separators.empty()) {
        note_unread({});
        findings_.error_once("separator", line_, [&] {
            return Said{fmt::format("the fields are separated by {}", separators), "separate them with blanks"};
        });
        return false;
    }
    if (fields.count >= n_fields) {
        if (expected_count_ == 0) {
            expected_count_ = fields.count;
        }
        if (fields.count <= expected_count_) {
            return true;
        }
        note_unread(fields.field[0]);
        findings_.error("extra field", line_, [&] {
            const bool shifted = !parse_integer(fields.field[6]).usable();
            const std::string message =
                shifted ? fmt::format("parent field '{}' is not an integer ({} fields: duplicated column?)",
                                      printable_excerpt(fields.field[6]), fields.count)
                        : fmt::format("{} fields, where the lines before have {}", fields.count, expected_count_);
            return Said{message, "remove the extra field; a line is: id type x y z radius parent"};
        });
        return false;
    }
    note_unread(fields.field[0]);
    if (!has_end) {
        findings_.error("truncated", line_, [&] {
            return Said{
                fmt::format("the last line has {} of 7 fields and no line end: is the file truncated?", fields.count),
                "get the whole file"};
        });
        return false;
    }
    findings_.error("few fields", line_, [&] {
        return Said{
            fmt::format("{} field{}, need 7 (id type x y z radius parent)", fields.count, fields.count == 1 ? "" : "s"),
            fields.count == 6 ? "add the missing field (the parent?)" : "add the missing fields"};
    });
    return false;
}

bool LineReader::read_integer(std::string_view name, std::string_view token, std::int64_t& value)
{
    const ParsedInteger parsed = parse_integer(token);
    if (!parsed.usable()) {
        findings_.error(name, line_, [&] { return complain_about_integer(name, token, parsed.fault); });
        return false;
    }
    if (parsed.fault == NumberFault::written_as_real) {
        file_.text.integers_as_reals = true;
        findings_.warning("written as real", line_, [&] {
            return Said{fmt::format("{} is written as '{}', taken as {}", name, printable_excerpt(token), parsed.value),
                        "write ids, types and parents as integers"};
        });
    }
    value = parsed.value;
    return true;
}

bool LineReader::read_real(std::string_view name, std::string_view token, double& value)
{
    ParsedReal parsed = parse_real(token);
    if (parsed.usable() && std::abs(parsed.value) * options_.scale > largest_coordinate_um) {
        parsed.fault = NumberFault::too_large;
    }
    if (!parsed.usable()) {
        findings_.error(name, line_, [&] { return complain_about_real(name, token, parsed.fault); });
        return false;
    }
    if (parsed.fault == NumberFault::underflow) {
        findings_.warning("underflow", line_, [&] {
            return Said{fmt::format("{} '{}' is read as 0", name, printable_excerpt(token)), {}};
        });
    }
    value = parsed.value * options_.scale;
    return true;
}

bool LineReader::read_type(std::string_view token, std::int32_t& type)
{
    std::int64_t value = 0;
    if (!read_integer("type", token, value)) {
        return false;
    }
    if (value > std::numeric_limits<std::int32_t>::max() || value < std::numeric_limits<std::int32_t>::min()) {
        findings_.error("type range", line_, [&] {
            return Said{fmt::format("type {} is out of range", value),
                        "use a small code: 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, 5 and above custom"};
        });
        return false;
    }
    type = static_cast<std::int32_t>(value);
    if (type < 0) {
        findings_.warning("negative type", line_, [&] {
            return Said{fmt::format("type {} is negative; it is kept as a tag", value), "use a type >= 0"};
        });
    }
    return true;
}

bool LineReader::read_radius(std::string_view token, double& radius_um)
{
    if (!read_real("radius", token, radius_um)) {
        return false;
    }
    if (radius_um < 0.0 && !options_.absolute_radius) {
        findings_.error("negative radius", line_, [&] {
            return Said{fmt::format("radius '{}' is negative", printable_excerpt(token)),
                        "give a radius >= 0, or take the absolute value with the option absolute_radius"};
        });
        return false;
    }
    radius_um = std::max(std::abs(radius_um), options_.min_radius_um);
    return true;
}

void LineReader::read_sample(const Fields& fields)
{
    if (fields.field[0].starts_with('"') || fields.field[0].starts_with('\'')) {
        note_unread({});
        findings_.error_once("quotes", line_, [&] {
            return Said{
                fmt::format("id '{}' is not a number: the fields are in quotes", printable_excerpt(fields.field[0])),
                "remove the quotes"};
        });
        return;
    }
    SwcSample sample;
    sample.line = line_;
    bool fine = read_integer("id", fields.field[0], sample.id);
    if (fine && sample.id < 0) {
        fine = false;
        findings_.error("negative id", line_, [&] {
            return Said{fmt::format("id {} is negative", sample.id), "ids are integers from 0 or 1 on: renumber"};
        });
    }
    // Not short-circuited: all that is wrong with a line is said at once.
    fine &= read_type(fields.field[1], sample.type);
    fine &= read_real("x", fields.field[2], sample.x_um);
    fine &= read_real("y", fields.field[3], sample.y_um);
    fine &= read_real("z", fields.field[4], sample.z_um);
    fine &= read_radius(fields.field[5], sample.radius_um);
    fine &= read_integer("parent", fields.field[6], sample.parent_id);
    if (fine && sample.parent_id < -1) {
        fine = false;
        findings_.error("low parent", line_, [&] {
            return Said{fmt::format("parent {} of sample {}: only -1 marks the root", sample.parent_id, sample.id),
                        "give the id of the parent, or -1 for the root"};
        });
    }
    if (fine) {
        file_.samples.push_back(sample);
    } else {
        note_unread(fields.field[0]);
    }
}

}  // namespace

UnreadLines read_lines(std::string_view text, const SwcOptions& options, SwcFile& file, Findings& findings)
{
    LineReader reader(options, file, findings);
    reader.read(text);
    return reader.unread_lines();
}

}  // namespace axolemma::morphology
