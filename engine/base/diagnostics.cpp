#include "base/diagnostics.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace axolemma::base {

std::string SourcePos::text() const
{
    if (line <= 0) {
        return file;
    }
    return column > 0 ? fmt::format("{}:{}:{}", file, line, column) : fmt::format("{}:{}", file, line);
}

std::string Diagnostic::text() const
{
    std::string out = pos.text();
    if (!out.empty()) {
        out += ": ";
    }
    out += severity == Severity::error ? "error: " : "warning: ";
    out += message;
    if (repeats > 0) {
        out += fmt::format(" (and {} more like this)", repeats);
    }
    if (!hint.empty()) {
        out += "\n  hint: " + hint;
    }
    return out;
}

void Diagnostics::error(SourcePos pos, std::string message, std::string hint)
{
    list_.push_back({Severity::error, std::move(pos), std::move(message), std::move(hint), 0});
}

void Diagnostics::warning(SourcePos pos, std::string message, std::string hint)
{
    list_.push_back({Severity::warning, std::move(pos), std::move(message), std::move(hint), 0});
}

void Diagnostics::append(const Diagnostics& other)
{
    const std::vector<Diagnostic> copy = other.list_;  // `other` may be this very list
    list_.insert(list_.end(), copy.begin(), copy.end());
}

void Diagnostics::append(Diagnostic diagnostic)
{
    list_.push_back(std::move(diagnostic));
}

bool Diagnostics::has_errors() const
{
    return n_errors() > 0;
}

std::int64_t Diagnostics::n_errors() const
{
    return std::count_if(list_.begin(), list_.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string Diagnostics::text() const
{
    std::string out;
    for (const Diagnostic& diagnostic : list_) {
        out += diagnostic.text();
        out += '\n';
    }
    return out;
}

void Diagnostics::throw_if_errors() const
{
    if (has_errors()) {
        throw InputError(*this);
    }
}

InputError::InputError(Diagnostics diagnostics) : diagnostics_(std::move(diagnostics)), text_(diagnostics_.text()) {}

InputError::InputError(SourcePos pos, std::string message, std::string hint)
{
    diagnostics_.error(std::move(pos), std::move(message), std::move(hint));
    text_ = diagnostics_.text();
}

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn a into b; case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        previous[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + change});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, previous);
        std::swap(previous, row);
    }
    return previous[b.size()];
}

/// Without '_' and '-', and in small letters.
std::string bare(std::string_view word)
{
    std::string out;
    for (const char letter : word) {
        if (letter != '_' && letter != '-') {
            out += lower(letter);
        }
    }
    return out;
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates)
{
    constexpr std::size_t longest_word = 64;  // nobody mistypes a longer name by a few letters only
    if (word.empty() || word.size() > longest_word) {
        return {};
    }
    const auto same = [plain = bare(word)](const std::string& candidate) { return bare(candidate) == plain; };
    if (const auto found = std::find_if(candidates.begin(), candidates.end(), same); found != candidates.end()) {
        return *found;
    }
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > longest_word) {
            continue;
        }
        const std::size_t distance = edit_distance(word, candidate);
        // A one-letter name is "close" to every other one-letter name; only a difference in case counts there.
        if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string name_hint(std::string_view word, const std::vector<std::string>& candidates, std::string_view what)
{
    std::string out;
    if (const std::string near = nearest_name(word, candidates); !near.empty()) {
        out = fmt::format("did you mean '{}'?", near);
    }
    if (!what.empty() && !candidates.empty()) {
        if (!out.empty()) {
            out += ' ';
        }
        constexpr std::ptrdiff_t most = 40;
        const auto n = static_cast<std::ptrdiff_t>(candidates.size());
        out +=
            fmt::format("{}: {}{}", what, fmt::join(candidates.begin(), candidates.begin() + std::min(n, most), ", "),
                        n > most ? ", ..." : "");
    }
    return out;
}

}  // namespace axolemma::base
