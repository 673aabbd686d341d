/// Helpers of the NMODL parser's tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "nmodl/parser.hpp"
#include "nmodl/print.hpp"
#include "support/catch.hpp"

namespace axolemma::test {

using Includes = std::map<std::string, std::string>;

inline nmodl::File parse(std::string_view text, base::Diagnostics& diagnostics, const Includes& files = {})
{
    const auto read = [&](const std::string& path) -> std::optional<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    return nmodl::parse(text, "mods/test.mod", read, diagnostics);
}

/// What is read from a text without errors; with the messages as an exception, which Catch2 prints, if there are some.
inline nmodl::File parse(std::string_view text, const Includes& files = {})
{
    base::Diagnostics diagnostics;
    nmodl::File file = parse(text, diagnostics, files);
    if (!diagnostics.empty()) {
        throw std::runtime_error(diagnostics.text());
    }
    return file;
}

/// The messages about a text, without "mods/test.mod:" before each.
inline std::string messages(std::string_view text, const Includes& files = {})
{
    base::Diagnostics diagnostics;
    parse(text, diagnostics, files);
    std::string out = diagnostics.text();
    constexpr std::string_view path = "mods/test.mod:";
    for (std::size_t at = out.find(path); at != std::string::npos; at = out.find(path, at)) {
        out.erase(at, path.size());
    }
    return out;
}

/// The statements of `kind { text }`.
inline nmodl::Statements statements(std::string_view text, std::string_view kind = "INITIAL")
{
    nmodl::File file = parse(std::string(kind) + " {\n" + std::string(text) + "\n}\n");
    REQUIRE(file.blocks.size() == 1);
    return std::move(file.blocks[0].body);
}

/// The only statement there is, as what it must be.
template <typename What>
What statement(std::string_view text, std::string_view kind = "INITIAL")
{
    nmodl::Statements list = statements(text, kind);
    REQUIRE(list.size() == 1);
    return std::get<What>(std::move(list[0].what));
}

/// An expression as it is printed after it was read.
inline std::string printed(std::string_view expression)
{
    return nmodl::to_text(*statement<nmodl::Assignment>("x = " + std::string(expression)).value);
}

/// An expression with all its parentheses, which shows the shape of its tree.
inline std::string shape(const nmodl::Expression& expression)
{
    if (const auto* binary = std::get_if<nmodl::Binary>(&expression.what)) {
        return "(" + shape(*binary->left) + "," + std::to_string(static_cast<int>(binary->op)) + "," +
               shape(*binary->right) + ")";
    }
    if (const auto* unary = std::get_if<nmodl::Unary>(&expression.what)) {
        return "(" + std::to_string(static_cast<int>(unary->op)) + "," + shape(*unary->operand) + ")";
    }
    return nmodl::to_text(expression);
}

inline std::string shape(std::string_view expression)
{
    return shape(*statement<nmodl::Assignment>("x = " + std::string(expression)).value);
}

inline std::string file_text(const std::filesystem::path& path)
{
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::string texts(const std::vector<nmodl::Name>& names)
{
    std::string out;
    for (const nmodl::Name& name : names) {
        out += (out.empty() ? "" : " ") + name.text;
    }
    return out;
}

}  // namespace axolemma::test
