/// The words of a Neurolucida text: brackets, separators, strings and words, each with its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "morphology/swc_findings.hpp"

namespace axolemma::morphology {

enum class AscKind { end, open, close, spine_open, spine_close, comma, bar, string, word };

struct AscToken {
    AscKind kind = AscKind::end;
    std::string_view text;  ///< of a string without its quotes
    TextPlace place;
};

/// Could the word be meant as a number? True for "nan" and "inf" and for what starts like a number or is not ASCII.
bool looks_like_number(const AscToken& token);

/// The tokens one after another, with a look at the one after the current. Comments (from ';' to the end of the line)
/// are left out. Linear in the text.
class AscTokens {
public:
    /// @param findings where a string that its line does not close is reported; the text ends there
    AscTokens(std::string_view text, Findings& findings);

    const AscToken& current() const { return current_; }
    const AscToken& next() const { return next_; }
    /// Returns the current token and moves on.
    AscToken take();
    std::int64_t n_comment_lines() const { return n_comment_lines_; }

private:
    AscToken scan();
    void skip_blanks();
    AscToken scan_string(TextPlace place);
    TextPlace place() const { return {line_, static_cast<std::int64_t>(at_ - line_start_) + 1}; }

    std::string_view text_;
    Findings& findings_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    std::int64_t line_ = 1;
    std::int64_t n_comment_lines_ = 0;
    AscToken current_, next_;
};

}  // namespace axolemma::morphology
