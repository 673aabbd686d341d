/// Collects what is wrong with a file without letting a million equal mistakes become a million messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::morphology {

/// A place in a text, from 1 on; column 0 (and line 0, the whole file) is left out of messages.
struct TextPlace {
    TextPlace() = default;
    TextPlace(std::int64_t its_line, std::int64_t its_column = 0) : line(its_line), column(its_column) {}
    std::int64_t line = 0;
    std::int64_t column = 0;
};

/// Findings about the lines of one file. Of each kind of error the first ten are listed, of each kind of warning the
/// first; the rest are counted (Diagnostic::repeats of the last one listed).
class Findings {
public:
    explicit Findings(std::string file) : file_(std::move(file)) {}

    /// `describe()` returns the message and hint (something with .message and .hint); it is called only for findings
    /// that are listed.
    template <class Describe>
    void error(std::string_view kind, TextPlace place, Describe&& describe)
    {
        ++n_errors_;
        add(base::Severity::error, kind, most_errors, place, describe);
    }
    /// For what is wrong with the whole file: listed at the first line, counted at the others.
    template <class Describe>
    void error_once(std::string_view kind, TextPlace place, Describe&& describe)
    {
        ++n_errors_;
        add(base::Severity::error, kind, 1, place, describe);
    }
    template <class Describe>
    void warning(std::string_view kind, TextPlace place, Describe&& describe)
    {
        add(base::Severity::warning, kind, 1, place, describe);
    }
    bool has_errors() const { return n_errors_ > 0; }

    /// Everything, by line; what concerns the whole file (line 0) first.
    base::Diagnostics in_line_order() const;

private:
    static constexpr std::int64_t most_errors = 10;
    struct Kind {
        std::int64_t n = 0;
        std::size_t last = 0;
    };

    template <class Describe>
    void add(base::Severity severity, std::string_view kind, std::int64_t most, TextPlace place, Describe&& describe)
    {
        auto found = kinds_.find(kind);
        if (found == kinds_.end()) {
            found = kinds_.emplace(std::string(kind), Kind{}).first;
        }
        if (++found->second.n > most) {
            ++list_[found->second.last].repeats;
            return;
        }
        found->second.last = list_.size();
        auto said = describe();
        list_.push_back(
            {severity, {file_, place.line, place.column}, std::move(said.message), std::move(said.hint), 0});
    }

    std::string file_;
    std::vector<base::Diagnostic> list_;
    std::map<std::string, Kind, std::less<>> kinds_;
    std::int64_t n_errors_ = 0;
};

/// A message and what to do about it.
struct Said {
    std::string message;
    std::string hint;
};

}  // namespace axolemma::morphology
