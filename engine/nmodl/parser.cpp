#include "nmodl/parser.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nmodl/cursor.hpp"
#include "nmodl/declarations.hpp"
#include "nmodl/expressions.hpp"
#include "nmodl/statements.hpp"
#include "nmodl/verbatim.hpp"
#include "nmodl/words.hpp"

namespace axolemma::nmodl {

namespace {

constexpr std::size_t deepest_include = 16;

struct BlockWord {
    std::string_view word;
    Block::Kind kind;
    bool has_name, has_arguments;
};

constexpr BlockWord blocks_of_statements[] = {
    {"INITIAL", Block::Kind::initial, false, false},
    {"BREAKPOINT", Block::Kind::breakpoint, false, false},
    {"EQUATION", Block::Kind::breakpoint, false, false},
    {"DERIVATIVE", Block::Kind::derivative, true, false},
    {"KINETIC", Block::Kind::kinetic, true, false},
    {"LINEAR", Block::Kind::linear, true, false},
    {"NONLINEAR", Block::Kind::nonlinear, true, false},
    {"DISCRETE", Block::Kind::discrete, true, false},
    {"PROCEDURE", Block::Kind::procedure, true, true},
    {"FUNCTION", Block::Kind::function, true, true},
    {"NET_RECEIVE", Block::Kind::net_receive, false, true},
    {"BEFORE", Block::Kind::before, false, false},
    {"AFTER", Block::Kind::after, false, false},
    {"CONSTRUCTOR", Block::Kind::constructor, false, false},
    {"DESTRUCTOR", Block::Kind::destructor, false, false},
};

const BlockWord* find_block(std::string_view word)
{
    const auto* found = std::find_if(std::begin(blocks_of_statements), std::end(blocks_of_statements),
                                     [&](const BlockWord& b) { return b.word == word; });
    return found == std::end(blocks_of_statements) ? nullptr : found;
}

std::string trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\f\v";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string{}
                                           : std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

/// `name` as seen from the folder of the file `from`.
std::string beside(const std::string& from, std::string_view name)
{
    const std::size_t slash = from.rfind('/');
    return name.starts_with('/') || slash == std::string::npos ? std::string(name)
                                                               : from.substr(0, slash + 1) + std::string(name);
}

class FileParser {
public:
    FileParser(std::string_view text, const std::string& path, const ReadInclude& read_include, Shared& shared,
               File& file, std::vector<std::string>& including)
        : cursor_(text, path, shared), read_include_(read_include), shared_(shared), file_(file), including_(including)
    {
        including_.push_back(path);
        if (including_.size() == 1) {
            file_.comments = cursor_.head_comments();
        }
    }
    ~FileParser() { including_.pop_back(); }
    FileParser(const FileParser&) = delete;
    FileParser& operator=(const FileParser&) = delete;

    void run()
    {
        while (!cursor_.at_end()) {
            const std::size_t started = cursor_.place();
            bool failed = false;
            try {
                item();
            } catch (const SyntaxError&) {
                failed = true;
            } catch (const BlockBroken&) {
                failed = true;
            }
            if (failed) {
                cursor_.forget_open(0);
                cursor_.skip_block(started);
            }
        }
    }

private:
    void item()
    {
        const Token token = cursor_.peek();
        if (token.kind == Token::Kind::title) {
            cursor_.next();
            file_.title = trimmed(token.text);
        } else if (token.kind == Token::Kind::verbatim) {
            verbatim(token);
        } else if (token.kind == Token::Kind::word) {
            worded(token);
        } else {
            outside(token);
        }
    }

    void verbatim(const Token& token)
    {
        const base::SourcePos pos = cursor_.pos();
        cursor_.next();
        if (!c_text_does_nothing(token.text)) {
            file_.verbatim.push_back({Verbatim{std::string(token.text), false}, pos});
        }
    }

    void worded(const Token& token)
    {
        if (const BlockWord* block = find_block(token.text)) {
            statements(*block);
        } else if (token.is("NEURON")) {
            const base::SourcePos pos = cursor_.pos();
            cursor_.next();
            if (file_.neuron.pos.line == 0) {
                file_.neuron.pos = pos;
            }
            parse_neuron_block(cursor_, file_.neuron);
        } else if (token.is("UNITS")) {
            cursor_.next();
            parse_units_block(cursor_, file_.units);
        } else if (std::vector<Declaration>* list = declared(token.text)) {
            cursor_.next();
            parse_declarations(cursor_, token.is("DEPENDENT") ? "ASSIGNED" : token.text, *list);
        } else if (token.is("FUNCTION_TABLE")) {
            function_table();
        } else if (token.is("INDEPENDENT")) {
            independent();
        } else {
            single(token);
        }
    }

    std::vector<Declaration>* declared(std::string_view word)
    {
        if (word == "PARAMETER") {
            return &file_.parameters;
        }
        if (word == "ASSIGNED" || word == "DEPENDENT") {
            return &file_.assigned;
        }
        if (word == "STATE") {
            return &file_.states;
        }
        return word == "CONSTANT" ? &file_.constants : nullptr;
    }

    /// What stands outside blocks and has no braces.
    void single(const Token& token)
    {
        if (token.is("UNITSOFF") || token.is("UNITSON")) {
            cursor_.next();
            shared_.units_on = token.is("UNITSON");
        } else if (token.is("LOCAL")) {
            locals();
        } else if (token.is("DEFINE")) {
            define();
        } else if (token.is("INCLUDE")) {
            include();
        } else {
            outside(token);
        }
    }

    void statements(const BlockWord& word)
    {
        Block block;
        block.kind = word.kind;
        block.pos = cursor_.pos();
        block.units_on = shared_.units_on;
        cursor_.next();
        if (word.kind == Block::Kind::before || word.kind == Block::Kind::after) {
            block.name = moment(word.word);
        } else if (word.has_name) {
            block.name = cursor_.name(fmt::format("the {} block", word.word));
        }
        if (word.has_arguments) {
            block.arguments = parse_declared_arguments(cursor_);
            block.unit = cursor_.unit_if_any();
        }
        if (cursor_.take_if("SOLVEFOR")) {
            block.solve_for = cursor_.names("a state to solve for");
        }
        block.body = parse_statements(cursor_, word.kind);
        last_block_ = fmt::format("{}{}{} of line {}", word.word, block.name.text.empty() ? "" : " ", block.name.text,
                                  block.pos.line);
        file_.blocks.push_back(std::move(block));
    }

    /// What follows BEFORE and AFTER.
    Name moment(std::string_view word)
    {
        for (const std::string_view moment : {"BREAKPOINT", "SOLVE", "INITIAL", "STEP"}) {
            if (cursor_.at(moment)) {
                const base::SourcePos pos = cursor_.pos();
                cursor_.next();
                return {std::string(moment), pos};
            }
        }
        cursor_.fail_expected(fmt::format("BREAKPOINT, SOLVE, INITIAL or STEP behind {}", word));
    }

    void function_table()
    {
        cursor_.next();
        FunctionTable table;
        table.name = cursor_.name("the FUNCTION_TABLE");
        table.arguments = parse_declared_arguments(cursor_);
        table.unit = cursor_.unit_if_any();
        file_.function_tables.push_back(std::move(table));
    }

    /// INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) } means nothing: time always is the independent variable.
    void independent()
    {
        cursor_.next();
        cursor_.open_brace("behind INDEPENDENT");
        while (!cursor_.at("}")) {
            if (cursor_.block_ends_unclosed()) {
                cursor_.fail_unclosed();
            }
            cursor_.next();
        }
        cursor_.close_brace();
    }

    void locals()
    {
        cursor_.next();
        do {
            Local::Item item;
            item.name = cursor_.name("a local variable");
            item.size = cursor_.array_size_if_any();
            file_.file_locals.push_back(std::move(item));
        } while (cursor_.take_if(","));
    }

    void define()
    {
        cursor_.next();
        const std::string name = cursor_.name("a number").text;
        const std::int64_t value = cursor_.integer(fmt::format("'{}'", name));
        shared_.defines.insert_or_assign(name, value);
    }

    void include()
    {
        cursor_.next();
        const Token token = cursor_.peek();
        const base::SourcePos pos = cursor_.pos();
        if (token.kind != Token::Kind::string) {
            cursor_.fail_expected("a file name in quotes behind INCLUDE", "INCLUDE \"rates.inc\"");
        }
        cursor_.next();
        const std::string path = beside(cursor_.path(), token.text);
        if (std::find(including_.begin(), including_.end(), path) != including_.end()) {
            cursor_.fail(pos, fmt::format("'{}' includes itself", path),
                         fmt::format("{}", fmt::join(including_, " includes ")));
        }
        if (including_.size() >= deepest_include || shared_.includes_left <= 0) {
            cursor_.fail(pos, fmt::format("too many files are included (at most {} in each other)", deepest_include));
        }
        --shared_.includes_left;
        const std::optional<std::string> text = read_include_ ? read_include_(path) : std::nullopt;
        if (!text) {
            cursor_.fail(pos, fmt::format("the file to include, '{}', cannot be read", token.text),
                         fmt::format("looked for '{}'", path));
        }
        file_.included.push_back(path);
        FileParser(*text, path, read_include_, shared_, file_, including_).run();
    }

    [[noreturn]] void outside(const Token& token)
    {
        const base::SourcePos pos = cursor_.pos();
        const std::string after =
            last_block_.empty() ? std::string{} : fmt::format("the block {} has ended; ", last_block_);
        if (token.is("}")) {
            cursor_.fail(pos, "'}' closes nothing", after + "is there a '}' too many?");
        }
        if (const auto why = refusal_of(token.text); why && token.kind == Token::Kind::word) {
            cursor_.fail(pos, fmt::format("'{}' is not supported", token.text), std::string(*why));
        }
        const Token& behind = cursor_.peek(1);
        const bool is_statement = token.kind != Token::Kind::word || is_reserved(token.text) || behind.is("=") ||
                                  behind.is("[") || behind.is("(");
        if (!is_statement) {
            std::string hint = base::name_hint(token.text, block_words(), "");
            cursor_.fail(pos, fmt::format("unknown word {} outside a block", quoted(token)),
                         hint.empty() ? after + "comments begin with ':'" : std::move(hint));
        }
        cursor_.fail(pos, fmt::format("{} stands outside a block", quoted(token)),
                     after + "statements stand inside INITIAL, BREAKPOINT, PROCEDURE and other blocks");
    }

    Cursor cursor_;
    const ReadInclude& read_include_;
    Shared& shared_;
    File& file_;
    std::vector<std::string>& including_;
    std::string last_block_;
};

}  // namespace

File parse(std::string_view text, const std::string& path, const ReadInclude& read_include,
           base::Diagnostics& diagnostics)
{
    File file;
    file.path = path;
    Shared shared{.diagnostics = diagnostics, .defines = {}};
    std::vector<std::string> including;
    try {
        FileParser(text, path, read_include, shared, file, including).run();
    } catch (const GiveUp&) {
        return file;  // the reason is in `diagnostics`
    }
    return file;
}

}  // namespace axolemma::nmodl
