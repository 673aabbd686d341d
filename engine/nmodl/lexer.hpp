/// NMODL text cut into tokens. Comments, TITLE lines and VERBATIM texts are handled here; what a word means is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::nmodl {

struct Token {
    enum class Kind : std::uint8_t {
        word,      ///< an identifier or a keyword
        prime,     ///< an identifier with primes behind it: m', x''
        number,    ///< digits with or without point and exponent
        string,    ///< between quotes; the text is without them
        symbol,    ///< "<->", "<=", ">=", "==", "!=", "&&", "||", "~+", or a single character
        title,     ///< the line behind TITLE
        verbatim,  ///< the text between VERBATIM and ENDVERBATIM
        ontology,  ///< the name behind REPRESENTS
        end        ///< behind the last token
    };
    Kind kind = Kind::end;
    bool first_on_line = false;
    std::int32_t line = 0, column = 0;  ///< of its first character, from 1; columns count bytes
    std::size_t offset = 0;             ///< of its first character in the text
    std::string_view text;              ///< points into the text that was cut

    bool is(std::string_view symbol_or_word) const
    {
        return (kind == Kind::symbol || kind == Kind::word) && text == symbol_or_word;
    }
};

struct Tokens {
    std::vector<Token> list;    ///< the last one is `end`
    std::string head_comments;  ///< comments before the first block, one line per line
    bool too_many = false;      ///< cut off behind `most` tokens
};

/// Cuts `text` (which must outlive the tokens) into at most `most` tokens. COMMENT, VERBATIM and quotes that do not end
/// are reported with the place where they begin; they then reach to the end of the text or line.
Tokens tokenise(std::string_view text, const std::string& path, std::size_t most, base::Diagnostics& diagnostics);

}  // namespace axolemma::nmodl
