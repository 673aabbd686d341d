#include "config/yaml_tree.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using config::Node;

namespace {

std::string failure(const std::string& text)
{
    base::Diagnostics out;
    config::parse_yaml(text, "f", out);
    return out.text();
}

}  // namespace

TEST_CASE("keys and values know their place, also behind an empty value", "[config][yaml]")
{
    base::Diagnostics out;
    const auto root = config::parse_yaml("a:\nb: {c: [1, 'x']}\n", "f", out);
    REQUIRE(root != nullptr);
    CHECK(out.empty());
    CHECK(root->entries[0].value->kind == Node::Kind::null);
    CHECK(root->entries[0].value->pos.text() == "f:1:1");
    const Node& list = *root->find("b")->value->find("c")->value;
    CHECK(list.items[0]->pos.text() == "f:2:9");
    CHECK_FALSE(list.items[0]->quoted);
    CHECK(list.items[1]->quoted);
    CHECK(config::flow_text(*root) == "{a: ~, b: {c: [1, x]}}");
    CHECK(root->n_nodes == 6);
    CHECK(root->depth == 4);
}

TEST_CASE("aliases share values and merge keys fill in what is missing", "[config][yaml]")
{
    base::Diagnostics out;
    const auto root =
        config::parse_yaml("base: &b {x: 1, y: 2}\nmine: {<<: *b, y: 3}\nmany: {<<: [{z: 4}, *b], x: 9}\n", "f", out);
    REQUIRE(root != nullptr);
    CHECK(out.text().empty());
    CHECK(config::flow_text(*root->find("mine")->value) == "{y: 3, x: 1}");
    CHECK(config::flow_text(*root->find("many")->value) == "{x: 9, z: 4, y: 2}");
}

TEST_CASE("texts that are not one clean YAML document are refused with their place", "[config][yaml]")
{
    CHECK(failure("") == "f: error: this configuration is empty\n  hint: start with 'axolemma: 1'\n");
    CHECK(failure("# only a comment\n") == "f: error: this configuration is empty\n  hint: start with 'axolemma: 1'\n");
    CHECK(failure("---\n...\n") == "f: error: this configuration is empty\n  hint: start with 'axolemma: 1'\n");
    CHECK(failure("a: 1\na: 2\n") ==
          "f:2:1: error: the key 'a' is given twice\n  hint: it was first given in line 1\n");
    CHECK(failure("a: 1\n---\nb: 2\n") ==
          "f:3:1: error: a second document starts here\n  hint: a configuration is one document; remove the '---'\n");
    CHECK(failure("a:\n\tb: 1\n") == "f:2:1: error: a tab is used for indentation\n  hint: YAML wants spaces here\n");
    CHECK(failure("a:  \t # fine\n").empty());
    CHECK(failure(std::string("a: 1\nb: \0", 9)) ==
          "f:2:4: error: control character 0x00 in the text\n  hint: a configuration is a text file; is this one?\n");
    CHECK(failure("a: \xff\n") == "f:1:4: error: byte 0xFF is not UTF-8\n  hint: save the file as UTF-8\n");
    CHECK(failure("a: \xed\xa0\x80\n") == "f:1:4: error: byte 0xED is not UTF-8\n  hint: save the file as UTF-8\n");
    CHECK(failure("\xff\xfe"
                  "a") == "f:1:1: error: this file is UTF-16, not UTF-8\n  hint: save it as UTF-8\n");
    CHECK(failure("\xef\xbb\xbf"
                  "a: \xc2\xb5\r\n")
              .empty());
    CHECK(failure("a: !!int 5\n") ==
          "f:1:4: error: the tag 'tag:yaml.org,2002:int' has no meaning here\n  hint: leave it out\n");
    CHECK(failure("{[1, 2]: 3}\n") ==
          "f:1:2: error: a key must be a word\n  hint: is a value in braces or brackets missing its quotes?\n");
    CHECK(failure("a: {b: 1\n") ==
          "f:1:9: error: this is not valid YAML: end of map flow not found\n"
          "  hint: is a closing } or ] or a comma missing?\n");
    CHECK(failure("a: 1\n b: 2\n") ==
          "f:2:3: error: this is not valid YAML: illegal map value\n"
          "  hint: keys of one mapping start in the same column, and a value that contains ': ' needs quotes\n");
    CHECK(failure("a: *b\n") ==
          "f:1:4: error: this is not valid YAML: the referenced anchor is not defined\n"
          "  hint: an alias (*name) needs an anchor (&name) before it\n");
    CHECK(failure("a: \"b\n") ==
          "f:1:6: error: this is not valid YAML: illegal EOF in scalar\n"
          "  hint: is a closing quote missing?\n");
    CHECK(failure("at: {section: dend[3], position: 0}\n").find("names with brackets need quotes inside { }") !=
          std::string::npos);
    CHECK(failure("\xc2\xb5\xc2\xb5: [1, {b: 1, b: 2}]\n").starts_with("f:1:16: error: the key 'b' is given twice"));
    CHECK(failure("a: {<<: 5}\n") ==
          "f:1:5: error: the merge key '<<' needs a mapping or a list of mappings\n"
          "  hint: as in <<: *defaults\n");
}

TEST_CASE("aliases of themselves and alias bombs are refused at once", "[config][yaml]")
{
    CHECK(failure("a: &a [*a]\n") ==
          "f:1:8: error: this alias stands inside the value it repeats\n  hint: remove it\n");
    std::string bomb = "x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int k = 1; k < 12; ++k) {
        const std::string last = "*x" + std::to_string(k - 1);
        bomb += "x" + std::to_string(k) + ": &x" + std::to_string(k) + " [" + last;
        for (int n = 0; n < 9; ++n) {
            bomb += ", " + last;
        }
        bomb += "]\n";
    }
    CHECK(failure(bomb) ==
          "f:6:10: error: this configuration has more than 200000 values once its aliases are expanded\n"
          "  hint: put big tables into SWC or CSV files\n");
}

TEST_CASE("size, depth and number of keys have limits", "[config][yaml]")
{
    CHECK(failure(std::string(40, '[') + std::string(40, ']')) ==
          "f:1:33: error: this is nested deeper than 32 levels\n");
    CHECK(failure(std::string(100'000, '[')).find("nested deeper than 32 levels") != std::string::npos);
    CHECK(failure("a: &a [[[[[[[[[[1]]]]]]]]]]\nb: &b [[[[[[[[[[*a]]]]]]]]]]\nc: [[[[[[[[[[[[[*b]]]]]]]]]]]]]\n") ==
          "f:3:17: error: this is nested deeper than 32 levels\n");
    CHECK(failure(std::string((4u << 20) + 1, ' ')) ==
          "f: error: this file is larger than 4 MB\n  hint: put big tables into SWC or CSV files\n");
    std::string keys;
    for (int k = 0; k <= 1000; ++k) {
        keys += "k" + std::to_string(k) + ": 1\n";
    }
    CHECK(failure(keys) == "f:1001:1: error: this mapping has more than 1000 keys\n");
}
