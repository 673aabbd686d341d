/// Text files with columns of numbers: waveforms, spikes, pairs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::config {

/// A file read line by line. Columns are separated by commas, semicolons, spaces or tabs; # starts a comment; lines without
/// columns are skipped. Findings carry the line of that file, and only the first of them are listed.
class TextTable {
public:
    using Words = std::span<const std::string_view>;

    /// @param asked_at  where the configuration names the file; a file that is not there is reported at this place
    TextTable(std::string path, const base::SourcePos& asked_at, base::Diagnostics& out);

    /// Calls `row` for every line with columns; `is_first` is true for the first of them. Returns false if the file cannot
    /// be opened or a line has a finding; both are reported.
    bool read(const std::function<void(Words words, bool is_first)>& row);
    /// A finding about the line that `row` is looking at.
    void fail(std::string message, std::string hint = {});

    const std::string& path() const { return path_; }
    std::int64_t line() const { return line_; }  ///< from 1

    static std::optional<double> number(std::string_view word);  ///< finite
    static std::optional<std::int64_t> whole_number(std::string_view word);
    /// The word for a message, cut where it is long.
    static std::string shortened(std::string_view word);

private:
    bool can_open() const;

    std::string path_;
    base::SourcePos asked_at_;
    base::Diagnostics& out_;
    std::int64_t line_ = 0, n_errors_ = 0;
};

}  // namespace axolemma::config
