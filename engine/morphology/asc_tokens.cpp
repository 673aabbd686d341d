#include "morphology/asc_tokens.hpp"

#include <algorithm>
#include <string>

#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

constexpr char dos_end_of_file = '\x1A';

bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == dos_end_of_file || is_line_end(c);
}

AscKind kind_of(char c)
{
    switch (c) {
    case '(': return AscKind::open;
    case ')': return AscKind::close;
    case '<': return AscKind::spine_open;
    case '>': return AscKind::spine_close;
    case ',': return AscKind::comma;
    case '|': return AscKind::bar;
    case '"': return AscKind::string;
    default: return AscKind::word;
    }
}

bool ends_word(char c)
{
    return is_blank(c) || c == ';' || kind_of(c) != AscKind::word;
}

}  // namespace

bool looks_like_number(const AscToken& token)
{
    if (token.kind != AscKind::word) {
        return false;
    }
    const char first = token.text.front();
    constexpr std::string_view starts = "0123456789+-.";
    if (starts.find(first) != std::string_view::npos || static_cast<unsigned char>(first) >= 0x80) {
        return true;
    }
    const std::string word = lower_case(token.text);
    return word == "nan" || word == "inf" || word == "infinity";
}

AscTokens::AscTokens(std::string_view text, Findings& findings) : text_(text), findings_(findings)
{
    current_ = scan();
    next_ = scan();
}

AscToken AscTokens::take()
{
    const AscToken taken = current_;
    current_ = next_;
    if (next_.kind != AscKind::end) {
        next_ = scan();
    }
    return taken;
}

void AscTokens::skip_blanks()
{
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == ';') {
            const std::string_view before = text_.substr(line_start_, at_ - line_start_);
            n_comment_lines_ += std::all_of(before.begin(), before.end(), is_blank) ? 1 : 0;
            while (at_ < text_.size() && !is_line_end(text_[at_])) {
                ++at_;
            }
        } else if (is_line_end(c)) {
            at_ += std::size_t{text_.substr(at_).starts_with("\r\n") ? 2U : 1U};
            line_start_ = at_;
            ++line_;
        } else if (is_blank(c)) {
            ++at_;
        } else {
            return;
        }
    }
}

AscToken AscTokens::scan_string(TextPlace place)
{
    const std::size_t start = at_ + 1;
    std::size_t end = start;
    while (end < text_.size() && text_[end] != '"' && !is_line_end(text_[end])) {
        ++end;
    }
    if (end == text_.size() || text_[end] != '"') {
        findings_.error("string", place, [] {
            return Said{"the quotation mark is not closed on its line", "a string is written \"...\" on one line"};
        });
        at_ = text_.size();
        return {AscKind::end, {}, place};
    }
    at_ = end + 1;
    return {AscKind::string, text_.substr(start, end - start), place};
}

AscToken AscTokens::scan()
{
    skip_blanks();
    const TextPlace here = place();
    if (at_ == text_.size()) {
        return {AscKind::end, {}, here};
    }
    const AscKind kind = kind_of(text_[at_]);
    if (kind == AscKind::string) {
        return scan_string(here);
    }
    const std::size_t start = at_++;
    while (kind == AscKind::word && at_ < text_.size() && !ends_word(text_[at_])) {
        ++at_;
    }
    return {kind, text_.substr(start, at_ - start), here};
}

}  // namespace axolemma::morphology
