#include "config/text_table.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace axolemma::config {

namespace {

constexpr std::int64_t max_listed_errors = 20;

bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r';
}

/// The columns of a line, without its comment.
void split(std::string_view line, std::vector<std::string_view>& out)
{
    out.clear();
    line = line.substr(0, line.find('#'));
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
}

template <class Number>
std::optional<Number> parse(std::string_view text)
{
    text = text.starts_with('+') ? text.substr(1) : text;
    Number value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    return status == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

TextTable::TextTable(std::string path, const base::SourcePos& asked_at, base::Diagnostics& out)
    : path_(std::move(path)), asked_at_(asked_at), out_(out)
{}

bool TextTable::can_open() const
{
    std::error_code status;
    if (std::filesystem::is_regular_file(path_, status)) {
        return true;
    }
    const bool there = std::filesystem::exists(path_, status);
    out_.error(asked_at_,
               there ? fmt::format("'{}' is not a file", path_) : fmt::format("there is no file '{}'", path_),
               there ? "" : "a relative path starts from the folder of the configuration");
    return false;
}

bool TextTable::read(const std::function<void(Words words, bool is_first)>& row)
{
    if (!can_open()) {
        return false;
    }
    std::ifstream file(path_, std::ios::binary);
    if (!file) {
        out_.error(asked_at_, fmt::format("the file '{}' cannot be opened", path_), "may you read it?");
        return false;
    }
    bool is_first = true;
    std::string text;
    std::vector<std::string_view> words;
    while (std::getline(file, text)) {
        ++line_;
        split(text, words);
        if (!words.empty()) {
            row(words, is_first);
            is_first = false;
        }
    }
    if (n_errors_ > max_listed_errors) {
        out_.error({path_, 0, 0}, fmt::format("{} more lines have errors", n_errors_ - max_listed_errors));
    }
    return n_errors_ == 0;
}

void TextTable::fail(std::string message, std::string hint)
{
    if (++n_errors_ <= max_listed_errors) {
        out_.error({path_, line_, 0}, std::move(message), std::move(hint));
    }
}

std::optional<double> TextTable::number(std::string_view word)
{
    const std::optional<double> value = parse<double>(word);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> TextTable::whole_number(std::string_view word)
{
    return parse<std::int64_t>(word);
}

std::string TextTable::shortened(std::string_view word)
{
    return word.size() > 40 ? fmt::format("{}...", word.substr(0, 40)) : std::string(word);
}

}  // namespace axolemma::config
