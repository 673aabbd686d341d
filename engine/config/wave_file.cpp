#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;

constexpr std::int64_t max_listed_errors = 20;

bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r';
}

/// The columns of a line, without its comment.
std::vector<std::string_view> columns(std::string_view line)
{
    line = line.substr(0, line.find('#'));
    std::vector<std::string_view> out;
    std::size_t at = 0;
    while (at < line.size()) {
        std::size_t end = at;
        while (end < line.size() && !is_separator(line[end])) {
            ++end;
        }
        if (end > at) {
            out.push_back(line.substr(at, end - at));
        }
        at = end + 1;
    }
    return out;
}

std::optional<double> to_number(std::string_view text)
{
    text = text.starts_with('+') ? text.substr(1) : text;
    double value = 0.0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = status == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
    return good ? std::optional(value) : std::nullopt;
}

std::string shortened(std::string_view text)
{
    return text.size() > 40 ? fmt::format("{}...", text.substr(0, 40)) : std::string(text);
}

/// Reads line by line; every line either adds a point or a finding.
class WaveFileReader {
public:
    WaveFileReader(std::string path, model::FileWave& wave, base::Diagnostics& out)
        : path_(std::move(path)), wave_(wave), out_(out)
    {}

    void line(std::string_view text)
    {
        ++line_;
        const std::vector<std::string_view> words = columns(text);
        if (words.empty()) {
            return;
        }
        const bool first = !seen_data_;
        seen_data_ = true;
        if (words.size() != 2) {
            if (!(first && !to_number(words[0]))) {
                fail(fmt::format("this line has {} columns; a waveform has two, time in ms and value", words.size()));
            }
            return;
        }
        const std::optional<double> t_ms = to_number(words[0]), value = to_number(words[1]);
        if (!t_ms && !value && first) {
            return;  // the header
        }
        if (!t_ms || !value) {
            fail(fmt::format("'{}' is not a number", shortened(t_ms ? words[1] : words[0])));
        } else if (!wave_.t_ms.empty() && *t_ms < wave_.t_ms.back()) {
            fail(fmt::format("time {} ms comes after {} ms", *t_ms, wave_.t_ms.back()), "times must not decrease");
        } else {
            wave_.t_ms.push_back(*t_ms);
            wave_.value.push_back(*value);
        }
    }

    void finish(const SourcePos& asked_at)
    {
        if (n_errors_ > max_listed_errors) {
            out_.error({path_, 0, 0}, fmt::format("{} more lines have errors", n_errors_ - max_listed_errors));
        } else if (n_errors_ == 0 && wave_.t_ms.size() < 2) {
            out_.error(asked_at, fmt::format("the waveform file '{}' has {} points", path_, wave_.t_ms.size()),
                       "it needs at least two lines with time (ms) and value");
        }
    }

private:
    void fail(std::string message, std::string hint = {})
    {
        if (++n_errors_ <= max_listed_errors) {
            out_.error({path_, line_, 0}, std::move(message), std::move(hint));
        }
    }

    std::string path_;
    model::FileWave& wave_;
    base::Diagnostics& out_;
    std::int64_t line_ = 0, n_errors_ = 0;
    bool seen_data_ = false;
};

}  // namespace

void read_wave_file(const std::string& path, const SourcePos& asked_at, model::FileWave& wave, base::Diagnostics& out)
{
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status)) {
        const bool there = std::filesystem::exists(path, status);
        out.error(asked_at,
                  there ? fmt::format("'{}' is not a file", path) : fmt::format("there is no file '{}'", path),
                  there ? "" : "a relative path starts from the folder of the configuration");
        return;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        out.error(asked_at, fmt::format("the file '{}' cannot be opened", path), "may you read it?");
        return;
    }
    WaveFileReader reader(path, wave, out);
    std::string line;
    while (std::getline(file, line)) {
        reader.line(line);
    }
    reader.finish(asked_at);
}

}  // namespace axolemma::config
