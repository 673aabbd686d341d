/// Files that describe a network: spikes of generators and pairs of cells.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "config/context.hpp"
#include "config/text_table.hpp"

namespace axolemma::config {

namespace {

constexpr std::array<std::string_view, 4> pair_columns{"source", "target", "weight_uS", "delay_ms"};

/// The whole number of a word if it counts one of `numbered`; else a finding.
std::optional<std::int64_t> read_number_of(TextTable& table, std::string_view word, const Numbered& numbered)
{
    const std::optional<std::int64_t> id = TextTable::whole_number(word);
    if (!id) {
        table.fail(fmt::format("'{}' is not the number of a {}", TextTable::shortened(word), numbered.item),
                   fmt::format("{}s are counted from 0", numbered.item));
        return std::nullopt;
    }
    if (!numbered.has(*id)) {
        table.fail(numbered.absence(*id));
        return std::nullopt;
    }
    return id;
}

void read_spike(TextTable& table, TextTable::Words words, bool is_first, const Numbered& generators,
                model::FileTrain& train)
{
    const bool header = is_first && !TextTable::number(words[0]);
    if (words.size() != 2) {
        if (!header) {
            table.fail(fmt::format("this line has {} columns; a file of spikes has two, generator and time in ms",
                                   words.size()));
        }
        return;
    }
    const std::optional<double> t_ms = TextTable::number(words[1]);
    if (header && !t_ms) {
        return;
    }
    const std::optional<std::int64_t> generator = read_number_of(table, words[0], generators);
    if (!generator) {
        return;
    }
    if (!t_ms || *t_ms < 0.0) {
        table.fail(fmt::format("'{}' is not a time", TextTable::shortened(words[1])),
                   "times are plain numbers in ms, not below 0");
        return;
    }
    train.generator.push_back(*generator);
    train.t_ms.push_back(*t_ms);
}

/// By generator, then by time.
void sort_spikes(model::FileTrain& train)
{
    std::vector<std::pair<std::int64_t, double>> spikes(train.t_ms.size());
    for (std::size_t k = 0; k < spikes.size(); ++k) {
        spikes[k] = {train.generator[k], train.t_ms[k]};
    }
    std::sort(spikes.begin(), spikes.end());
    for (std::size_t k = 0; k < spikes.size(); ++k) {
        train.generator[k] = spikes[k].first;
        train.t_ms[k] = spikes[k].second;
    }
}

/// Reads a file of pairs; its first line says which column is which.
class PairsReader {
public:
    PairsReader(TextTable& table, const PairsFile& file, model::ListedPairs& pairs)
        : table_(table), file_(file), pairs_(pairs)
    {}

    void row(TextTable::Words words, bool is_first)
    {
        if (is_first) {
            read_header(words);
        } else if (header_is_good_) {
            read_pair(words);
        }
    }

private:
    void read_header(TextTable::Words words)
    {
        const auto n_allowed = static_cast<std::ptrdiff_t>(file_.has_values ? 4 : 2);
        const std::vector<std::string> allowed(pair_columns.begin(), pair_columns.begin() + n_allowed);
        const std::string hint = fmt::format("the first line names the columns: source, target{}",
                                             file_.has_values ? " and, where wanted, weight_uS, delay_ms" : "");
        for (const std::string_view word : words) {
            const auto at = std::find(allowed.begin(), allowed.end(), word);
            if (at == allowed.end()) {
                const std::string near = base::name_hint(word, allowed, "");
                table_.fail(fmt::format("unknown column '{}'", TextTable::shortened(word)), near.empty() ? hint : near);
                return;
            }
            const auto what = static_cast<std::size_t>(at - allowed.begin());
            if (std::find(column_.begin(), column_.end(), what) != column_.end()) {
                table_.fail(fmt::format("there are two columns '{}'", word));
                return;
            }
            column_.push_back(what);
        }
        for (std::size_t what = 0; what < 2; ++what) {
            if (std::find(column_.begin(), column_.end(), what) == column_.end()) {
                table_.fail(fmt::format("there is no column '{}'", pair_columns[what]), hint);
                return;
            }
        }
        header_is_good_ = true;
    }

    void read_pair(TextTable::Words words)
    {
        if (words.size() != column_.size()) {
            table_.fail(fmt::format("this line has {} columns; the first line names {}", words.size(), column_.size()));
            return;
        }
        for (std::size_t k = 0; k < words.size(); ++k) {
            const std::size_t what = column_[k];
            if (what < 2) {
                const auto id = read_number_of(table_, words[k], what == 0 ? file_.source : file_.target);
                if (!id) {
                    return;
                }
                (what == 0 ? pairs_.source : pairs_.target).push_back(*id);
            } else if (const auto value = TextTable::number(words[k]); value && *value >= 0.0) {
                (what == 2 ? pairs_.weight_uS : pairs_.delay_ms).push_back(*value);
            } else {
                table_.fail(fmt::format("'{}' is not a {}", TextTable::shortened(words[k]),
                                        what == 2 ? "weight in uS" : "delay in ms"),
                            "it must be a plain number, not below 0");
                return;
            }
        }
        pairs_.line.push_back(table_.line());
    }

    TextTable& table_;
    const PairsFile& file_;
    model::ListedPairs& pairs_;
    std::vector<std::size_t> column_;  ///< per column of the file: its place in pair_columns
    bool header_is_good_ = false;
};

}  // namespace

void read_spike_file(const base::SourcePos& asked_at, const Numbered& generators, model::FileTrain& train,
                     base::Diagnostics& out)
{
    TextTable table(train.path, asked_at, out);
    const bool good = table.read(
        [&](TextTable::Words words, bool is_first) { read_spike(table, words, is_first, generators, train); });
    if (good && train.t_ms.empty()) {
        out.error(asked_at, fmt::format("the file '{}' has no spikes", train.path),
                  "it needs lines with generator and time (ms)");
    }
    sort_spikes(train);
}

void read_pairs_file(const base::SourcePos& asked_at, const PairsFile& file, model::ListedPairs& pairs,
                     base::Diagnostics& out)
{
    TextTable table(pairs.path, asked_at, out);
    PairsReader reader(table, file, pairs);
    const bool good = table.read([&](TextTable::Words words, bool is_first) { reader.row(words, is_first); });
    if (!good) {
        pairs = model::ListedPairs{pairs.path, {}, {}, {}, {}, {}};
    } else if (pairs.source.empty()) {
        out.error(asked_at, fmt::format("the file '{}' has no pairs", pairs.path),
                  "it needs a line with the names of the columns, then one line per pair");
    }
}

}  // namespace axolemma::config
