#include "nmodl/lexer.hpp"

#include "nmodl/verbatim.hpp"
#include "support.hpp"

using namespace axolemma;

namespace {

std::string joined(std::string_view text)
{
    base::Diagnostics diagnostics;
    const nmodl::Tokens tokens = nmodl::tokenise(text, "t.mod", 1000, diagnostics);
    std::string out = diagnostics.text();
    for (const nmodl::Token& token : tokens.list) {
        out += std::string(token.text) + "|";
    }
    return out;
}

}  // namespace

TEST_CASE("text is cut into words, numbers and signs", "[nmodl]")
{
    CHECK(joined("a<->b<=c>=d==e!=f&&g||h~+i~j<k") == "a|<->|b|<=|c|>=|d|==|e|!=|f|&&|g||||h|~+|i|~|j|<|k||");
    CHECK(joined("m'=1.5e-3*x''") == "m'|=|1.5e-3|*|x''||");
    CHECK(joined("3e x1_2 .5.5") == "3|e|x1_2|.5|.5||");
    CHECK(joined("a -> b << c") == "a|-|>|b|<|<|c||");
    CHECK(joined("REPRESENTS NCIT:C17145\nx") == "REPRESENTS|NCIT:C17145|x||");
}

TEST_CASE("comments of all kinds are left out", "[nmodl]")
{
    CHECK(joined("a : b ? c\nd ? e : f") == "a|d||");
    CHECK(joined("a COMMENT b } : \n c ENDCOMMENT d") == "a|d||");
    CHECK(joined("a : \xe9\xb5 latin\n b") == "a|b||");
    CHECK(joined("a : the last line has no end") == "a||");
}

TEST_CASE("line ends of all kinds, tabs and a byte order mark are understood", "[nmodl]")
{
    base::Diagnostics diagnostics;
    const auto tokens = nmodl::tokenise(
        "\xEF\xBB\xBF"
        "a\r\n\tb\rc\n\nd",
        "t.mod", 1000, diagnostics);
    REQUIRE(tokens.list.size() == 5);
    const auto place = [&](std::size_t k) { return std::pair(tokens.list[k].line, tokens.list[k].column); };
    CHECK(place(0) == std::pair(1, 1));
    CHECK(place(1) == std::pair(2, 2));
    CHECK(place(2) == std::pair(3, 1));
    CHECK(place(3) == std::pair(5, 1));
}

TEST_CASE("texts that do not end are reported where they begin", "[nmodl]")
{
    CHECK_THAT(joined("a\n COMMENT b"), Catch::Matchers::StartsWith("t.mod:2:2: error: COMMENT without ENDCOMMENT"));
    CHECK_THAT(joined("VERBATIM b"), Catch::Matchers::StartsWith("t.mod:1:1: error: VERBATIM without ENDVERBATIM"));
    CHECK_THAT(joined("f(\"b\n)"), Catch::Matchers::StartsWith("t.mod:1:3: error: the text in quotes does not end"));
}

TEST_CASE("the comments before the first block are kept", "[nmodl]")
{
    base::Diagnostics diagnostics;
    const auto tokens = nmodl::tokenise(
        ": one\nTITLE t : no comment\nCOMMENT two\nthree\nENDCOMMENT\nNEURON { : four\n}", "t.mod", 1000, diagnostics);
    CHECK(tokens.head_comments == "one\ntwo\nthree\n");
    CHECK(tokens.list.at(0).text == " t : no comment");
}

TEST_CASE("a text is cut off behind the greatest number of tokens", "[nmodl]")
{
    base::Diagnostics diagnostics;
    const auto tokens = nmodl::tokenise("a b c d", "t.mod", 3, diagnostics);
    CHECK(tokens.too_many);
    CHECK(tokens.list.size() == 4);
    CHECK(tokens.list.back().kind == nmodl::Token::Kind::end);
}

TEST_CASE("C text that does nothing is told from C text that does", "[nmodl]")
{
    for (const char* text : {"", "\n  return 0;\n", "return;", "return(0.);", "/* x = 1; */ // y\n return 0.0 ;",
                             "#include <math.h>\n # include \"x.h\"\nreturn 0;", ";"}) {
        CAPTURE(text);
        CHECK(nmodl::c_text_does_nothing(text));
    }
    for (const char* text : {"x = 1;", "return 1;", "return x;", "return 0", "#define x 1\n", "returned;", "/* */ f();",
                             "return 0; x = 2;", "// a\nb", "return 0.5;"}) {
        CAPTURE(text);
        CHECK_FALSE(nmodl::c_text_does_nothing(text));
    }
}
