/// What the morphology tests share.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "morphology/swc.hpp"
#include "support/catch.hpp"

namespace axolemma::morphology::testing {

/// A one-point soma, a dendrite that forks and an axon.
inline const std::string small_cell =
    "# one-point soma, a dendrite that forks, an axon\n"
    "1 1 0 0 0 5 -1\n"
    "2 3 5 0 0 1 1\n"
    "3 3 20 0 0 1 2\n"
    "4 3 35 0 0 0.8 3\n"
    "5 3 30 10 0 0.5 3\n"
    "6 2 -5 0 0 0.5 1\n"
    "7 2 -25 0 0 0.5 6\n";

/// The whole text of the InputError that reading must raise; "" if it raises none.
inline std::string errors_of(const std::string& text, const SwcOptions& options = {})
{
    try {
        parse_swc(text, "cell.swc", options);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return {};
}

inline std::string warnings_of(const std::string& text, const SwcOptions& options = {})
{
    return parse_swc(text, "cell.swc", options).warnings.text();
}

inline BuiltMorphology build(const std::string& text, SomaRule rule = SomaRule::automatic)
{
    return build_morphology(parse_swc(text, "cell.swc"), rule);
}

inline double total_length_um(const Morphology& cell)
{
    double sum = 0.0;
    for (const Section& section : cell.sections()) {
        sum += section.length_um;
    }
    return sum;
}

inline double total_area_um2(const Morphology& cell)
{
    double sum = 0.0;
    for (std::int32_t s = 0; s < cell.n_sections(); ++s) {
        sum += cell.area_um2(s, 0.0, 1.0);
    }
    return sum;
}

/// The folder with other people's files, if this machine has it.
inline std::optional<std::string> shared_data()
{
    const char* folder = std::getenv("AXOLEMMA_TEST_DATA");
    if (folder == nullptr || *folder == '\0') {
        WARN("AXOLEMMA_TEST_DATA is not set: skipped");
        return std::nullopt;
    }
    return std::string(folder);
}

using Row = std::map<std::string, std::string>;

/// Rows of a CSV file with a header line; fields may be quoted, with "" for a quote.
inline std::vector<Row> read_csv(const std::string& path)
{
    std::ifstream stream(path);
    REQUIRE(stream);
    std::stringstream buffer;
    buffer << stream.rdbuf();
    std::vector<std::vector<std::string>> table(1, {""});
    bool quoted = false;
    const std::string text = buffer.str();
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& field = table.back().back();
        if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            field += text[i++];
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[i] == ',') {
            table.back().emplace_back();
        } else if (!quoted && text[i] == '\n') {
            table.push_back({""});
        } else if (text[i] != '\r') {
            field += text[i];
        }
    }
    std::vector<Row> rows;
    for (std::size_t r = 1; r < table.size(); ++r) {
        if (table[r].size() < 2) {
            continue;
        }
        Row row;
        for (std::size_t c = 0; c < table[0].size(); ++c) {
            row[table[0][c]] = c < table[r].size() ? table[r][c] : "";
        }
        rows.push_back(row);
    }
    return rows;
}

}  // namespace axolemma::morphology::testing
