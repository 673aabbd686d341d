#include <fmt/format.h>

#include "config/context.hpp"
#include "config/text_table.hpp"

namespace axolemma::config {

namespace {

/// A line either adds a point or a finding.
void read_point(TextTable& table, TextTable::Words words, bool is_first, model::FileWave& wave)
{
    if (words.size() != 2) {
        if (!(is_first && !TextTable::number(words[0]))) {
            table.fail(fmt::format("this line has {} columns; a waveform has two, time in ms and value", words.size()));
        }
        return;
    }
    const std::optional<double> t_ms = TextTable::number(words[0]), value = TextTable::number(words[1]);
    if (!t_ms && !value && is_first) {
        return;  // the header
    }
    if (!t_ms || !value) {
        table.fail(fmt::format("'{}' is not a number", TextTable::shortened(t_ms ? words[1] : words[0])));
    } else if (!wave.t_ms.empty() && *t_ms < wave.t_ms.back()) {
        table.fail(fmt::format("time {} ms comes after {} ms", *t_ms, wave.t_ms.back()), "times must not decrease");
    } else {
        wave.t_ms.push_back(*t_ms);
        wave.value.push_back(*value);
    }
}

}  // namespace

void read_wave_file(const std::string& path, const base::SourcePos& asked_at, model::FileWave& wave,
                    base::Diagnostics& out)
{
    TextTable table(path, asked_at, out);
    const bool good =
        table.read([&](TextTable::Words words, bool is_first) { read_point(table, words, is_first, wave); });
    if (good && wave.t_ms.size() < 2) {
        out.error(asked_at, fmt::format("the waveform file '{}' has {} points", path, wave.t_ms.size()),
                  "it needs at least two lines with time (ms) and value");
    }
}

}  // namespace axolemma::config
