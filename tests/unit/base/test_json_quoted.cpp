#include "base/json_quoted.hpp"
#include "support/catch.hpp"

using axolemma::base::json_quoted;

TEST_CASE("a text in JSON quotes escapes quotes, backslashes and control characters, and nothing else", "[base]")
{
    CHECK(json_quoted("") == "\"\"");
    CHECK(json_quoted("a \"b\" \\ c") == R"("a \"b\" \\ c")");
    CHECK(json_quoted("line\nand\ttab\r") == R"("line\nand\ttab\r")");
    CHECK(json_quoted(std::string_view("\x01\x1f", 2)) == R"("\u0001\u001f")");
    CHECK(json_quoted("\xC2\xB5m") == "\"\xC2\xB5m\"");
}
