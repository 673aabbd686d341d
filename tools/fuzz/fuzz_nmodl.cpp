/// Feeds bytes to the reader of NMODL files; INCLUDE "self" names the input again, "half" its second half.
///
/// Wrong input must end in errors in Diagnostics, never in an exception, a crash or a long wait. What is read must be sound:
/// an expression printed and parsed again prints the same. What was read without errors is made into equations.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "nmodl/lower.hpp"
#include "nmodl/parser.hpp"
#include "nmodl/print.hpp"

using namespace axolemma;

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

nmodl::File parse(std::string_view text, base::Diagnostics& diagnostics)
{
    const nmodl::ReadInclude include = [text](const std::string& path) -> std::optional<std::string> {
        if (path == "folder/half") {
            return std::string(text.substr(text.size() / 2));
        }
        return path.find("self") != std::string::npos ? std::optional(std::string(text)) : std::nullopt;
    };
    return nmodl::parse(text, "folder/fuzz.mod", include, diagnostics);
}

void try_round_trip(const nmodl::Expression& expression)
{
    const std::string text = nmodl::to_text(expression);
    base::Diagnostics diagnostics;
    const nmodl::File file = parse("INITIAL { x = " + text + "\n}", diagnostics);
    require(diagnostics.empty() && file.blocks.size() == 1 && file.blocks[0].body.size() == 1);
    const auto& assignment = std::get<nmodl::Assignment>(file.blocks[0].body[0].what);
    require(nmodl::to_text(*assignment.value) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    base::Diagnostics diagnostics;
    const nmodl::File file = parse(text, diagnostics);
    require(diagnostics.n_errors() <= 21);
    for (const base::Diagnostic& diagnostic : diagnostics.list()) {
        require(!diagnostic.message.empty() && diagnostic.pos.line > 0 && diagnostic.pos.column > 0);
    }
    if (!diagnostics.has_errors()) {
        const bool made = nmodl::lower(file, {}, diagnostics).has_value();
        require(made != diagnostics.has_errors());
    }
    int left = 8;  // more would find no more, only slower
    for (const nmodl::Block& block : file.blocks) {
        for (const nmodl::Statement& statement : block.body) {
            if (left-- <= 0) {
                return 0;
            }
            if (const auto* assignment = std::get_if<nmodl::Assignment>(&statement.what)) {
                try_round_trip(*assignment->value);
            }
        }
    }
    return 0;
}
