#include "nmodl/verbatim.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace axolemma::nmodl {

namespace {

std::size_t end_of(std::string_view text, std::string_view mark, std::size_t from)
{
    const std::size_t found = text.find(mark, from);
    return found == std::string_view::npos ? text.size() : found;
}

/// `text` with blanks for comments.
std::string without_comments(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i).starts_with("/*")) {
            i = std::min(end_of(text, "*/", i + 2) + 2, text.size());
            out += ' ';
        } else if (text.substr(i).starts_with("//")) {
            i = end_of(text, "\n", i);
        } else {
            out += text[i++];
        }
    }
    return out;
}

bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

void skip_gaps(std::string_view& text)
{
    while (!text.empty() && is_gap(text.front())) {
        text.remove_prefix(1);
    }
}

bool take(std::string_view& text, std::string_view what)
{
    skip_gaps(text);
    if (!text.starts_with(what)) {
        return false;
    }
    text.remove_prefix(what.size());
    return true;
}

bool take_return(std::string_view& text)
{
    if (!take(text, "return")) {
        return false;
    }
    if (text.empty() || !(is_gap(text.front()) || text.front() == ';' || text.front() == '(')) {
        return false;
    }
    for (const std::string_view value : {"(0.0)", "(0.)", "(0)", "0.0", "0.", "0"}) {
        if (take(text, value)) {
            break;
        }
    }
    return take(text, ";");
}

}  // namespace

bool c_text_does_nothing(std::string_view c_text)
{
    const std::string plain = without_comments(c_text);
    std::string_view rest = plain;
    for (skip_gaps(rest); !rest.empty(); skip_gaps(rest)) {
        if (rest.front() == '#') {
            rest.remove_prefix(1);
            if (!take(rest, "include")) {
                return false;
            }
            rest.remove_prefix(end_of(rest, "\n", 0));
        } else if (!take(rest, ";") && !take_return(rest)) {
            return false;
        }
    }
    return true;
}

}  // namespace axolemma::nmodl
