#include "morphology/asc_drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/index.hpp"
#include "morphology/asc_tokens.hpp"
#include "morphology/swc_number.hpp"
#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

std::optional<std::int32_t> type_named(std::string_view word)
{
    const std::string name = lower_case(word);
    if (name == "axon") {
        return axon;
    }
    if (name == "dendrite") {
        return dend;
    }
    if (name == "apical") {
        return apic;
    }
    return std::nullopt;
}

bool names_cell_body(std::string_view text)
{
    const std::string name = lower_case(text);
    return name == "cellbody" || name == "cell body" || name == "soma";
}

bool is_end_tag(std::string_view word)
{
    constexpr std::array<std::string_view, 7> tags{"normal",    "high",     "low",   "incomplete",
                                                   "generated", "midpoint", "origin"};
    return std::find(tags.begin(), tags.end(), lower_case(word)) != tags.end();
}

class DrawingReader {
public:
    DrawingReader(std::string_view text, const SwcOptions& options, Findings& findings)
        : options_(options), findings_(findings), tokens_(text, findings)
    {}

    AscDrawing read();

private:
    /// A split that is still open: its branches hang on `above`.
    struct Split {
        std::int32_t above;
        TextPlace place;
    };
    /// What is known of the tree that is being read.
    struct Tree {
        TextPlace place;
        std::size_t first_branch = 0;
        std::int32_t branch = 0;    ///< the one that grows
        bool branch_ended = false;  ///< by a split or an end tag
        std::optional<std::int32_t> type;
        std::string unknown_type;  ///< a word in brackets that may have been meant as type
        std::vector<Split> splits;
    };

    [[noreturn]] void fail(TextPlace place, std::string message, std::string hint);
    [[noreturn]] void fail_unclosed(TextPlace opened);
    void read_object();
    void read_outline();
    void read_tree();
    void read_in_tree(Tree& tree);
    void read_bracket_in_tree(Tree& tree);
    void read_word_in_tree(Tree& tree);
    void start_branch(Tree& tree, std::int32_t parent);
    void close_split(Tree& tree);
    void finish_tree(const Tree& tree);
    bool is_text(const Tree& tree) const;
    std::string read_block();
    void skip_spine();
    std::optional<AscPoint> read_point(std::size_t fewest);
    void read_coordinate(std::size_t i, const AscToken& token, std::array<double, 4>& values, bool& fine);
    bool count_is_right(TextPlace place, std::size_t n, std::size_t fewest);

    const SwcOptions& options_;
    Findings& findings_;
    AscTokens tokens_;
    AscDrawing drawing_;
};

void DrawingReader::fail(TextPlace place, std::string message, std::string hint)
{
    findings_.error("brackets", place, [&] { return Said{std::move(message), std::move(hint)}; });
    throw base::InputError(findings_.in_line_order());
}

void DrawingReader::fail_unclosed(TextPlace opened)
{
    if (findings_.has_errors()) {  // a string without end: what follows from it is not said
        throw base::InputError(findings_.in_line_order());
    }
    fail(opened,
         fmt::format("the bracket that opens here is not closed before the end of the file (line {})",
                     tokens_.current().place.line),
         "the file may be truncated; every '(' needs its ')'");
}

AscDrawing DrawingReader::read()
{
    std::vector<TextPlace> sets;  // (Set "name" ...): brackets round objects
    while (true) {
        const AscToken& token = tokens_.current();
        const bool opens_set = token.kind == AscKind::open && tokens_.next().kind == AscKind::word &&
                               lower_case(tokens_.next().text) == "set";
        if (token.kind == AscKind::end) {
            break;
        }
        if (opens_set) {
            sets.push_back(tokens_.take().place);
            tokens_.take();
            if (tokens_.current().kind == AscKind::string) {
                tokens_.take();
            }
        } else if (token.kind == AscKind::close && !sets.empty()) {
            sets.pop_back();
            tokens_.take();
        } else if (token.kind == AscKind::comma) {
            tokens_.take();
        } else if (token.kind == AscKind::open) {
            read_object();
        } else if (token.kind == AscKind::close) {
            fail(token.place, "this ')' closes nothing", "remove it, or add the '(' that is missing before");
        } else {
            fail(token.place, fmt::format("'{}' outside all brackets", printable_excerpt(token.text)),
                 looks_like_number(token)
                     ? "a Neurolucida file is made of brackets; if this is an SWC file, name it .swc"
                     : "a Neurolucida file is made of brackets; comments start with ';'");
        }
    }
    if (!sets.empty()) {
        fail_unclosed(sets.front());
    }
    if (findings_.has_errors()) {
        throw base::InputError(findings_.in_line_order());
    }
    drawing_.n_comment_lines = tokens_.n_comment_lines();
    return std::move(drawing_);
}

void DrawingReader::read_object()
{
    const AscToken& first = tokens_.next();
    if (first.kind == AscKind::string) {
        read_outline();
    } else if (looks_like_number(first)) {
        fail(tokens_.current().place, "a point that belongs to no tree and no outline",
             "a tree has two brackets: ((Dendrite) (x y z d) ...)");
    } else if (first.kind == AscKind::word || first.kind == AscKind::close) {
        read_block();
    } else {
        read_tree();
    }
}

/// Skips a bracket with all that is in it; returns its word if it holds just one.
std::string DrawingReader::read_block()
{
    const TextPlace opened = tokens_.take().place;
    std::string only_word;
    std::int64_t depth = 1;
    for (std::int64_t n_read = 0; depth > 0; ++n_read) {
        const AscToken token = tokens_.take();
        if (token.kind == AscKind::end) {
            fail_unclosed(opened);
        }
        if (token.kind == AscKind::bar) {
            fail(token.place, fmt::format("a '|' inside the block that opens on line {}", opened.line),
                 "'|' separates the branches of a split; a branch starts with a point");
        }
        depth += token.kind == AscKind::open ? 1 : token.kind == AscKind::close ? -1 : 0;
        if (n_read == 0 && token.kind == AscKind::word) {
            only_word = token.text;
        } else if (depth > 0) {
            only_word.clear();
        }
    }
    return only_word;
}

void DrawingReader::read_outline()
{
    AscOutline outline;
    const TextPlace opened = tokens_.take().place;
    outline.line = opened.line;
    bool is_body = names_cell_body(tokens_.take().text);
    while (tokens_.current().kind != AscKind::close) {
        const AscToken& token = tokens_.current();
        if (token.kind == AscKind::end) {
            fail_unclosed(opened);
        } else if (token.kind == AscKind::open && looks_like_number(tokens_.next())) {
            constexpr std::size_t plane = 2;
            if (const std::optional<AscPoint> point = read_point(plane)) {
                outline.points.push_back(*point);
            }
        } else if (token.kind == AscKind::open) {
            is_body = names_cell_body(read_block()) || is_body;
        } else if (token.kind == AscKind::bar || looks_like_number(token)) {
            fail(token.place, fmt::format("'{}' in an outline", printable_excerpt(token.text)),
                 "an outline holds points: (x y z d)");
        } else {
            tokens_.take();
        }
    }
    tokens_.take();
    if (is_body) {
        drawing_.bodies.push_back(std::move(outline));
    }
}

void DrawingReader::start_branch(Tree& tree, std::int32_t parent)
{
    tree.branch = static_cast<std::int32_t>(drawing_.branches.size());
    tree.branch_ended = false;
    AscBranch branch;
    branch.parent = parent;
    branch.line = tokens_.current().place.line;
    drawing_.branches.push_back(std::move(branch));
}

void DrawingReader::read_tree()
{
    Tree tree;
    tree.place = tokens_.take().place;
    tree.first_branch = drawing_.branches.size();
    start_branch(tree, -1);
    while (tokens_.current().kind != AscKind::close || !tree.splits.empty()) {
        read_in_tree(tree);
        if (tokens_.current().kind == AscKind::string && is_text(tree)) {
            drawing_.branches.resize(tree.first_branch);
            while (tokens_.current().kind == AscKind::string) {
                tokens_.take();
            }
            if (tokens_.current().kind != AscKind::close) {
                fail(tokens_.current().place, "a text note goes on after its text", "close its bracket");
            }
            tokens_.take();
            return;
        }
    }
    tokens_.take();
    finish_tree(tree);
}

/// ((Color Red) (x y z d) "words") is a note in the picture.
bool DrawingReader::is_text(const Tree& tree) const
{
    return drawing_.branches.size() == tree.first_branch + 1 && drawing_.branches.back().points.size() == 1 &&
           tree.splits.empty();
}

void DrawingReader::read_in_tree(Tree& tree)
{
    const AscToken token = tokens_.current();
    switch (token.kind) {
    case AscKind::end: fail_unclosed(tree.splits.empty() ? tree.place : tree.splits.back().place);
    case AscKind::open: read_bracket_in_tree(tree); return;
    case AscKind::close: close_split(tree); return;
    case AscKind::spine_open: skip_spine(); return;
    case AscKind::word: read_word_in_tree(tree); return;
    case AscKind::comma: tokens_.take(); return;
    case AscKind::bar:
        if (tree.splits.empty()) {
            fail(token.place, "a '|' outside a split", "the branches of a split stand in brackets: ( ... | ... )");
        }
        tokens_.take();
        start_branch(tree, tree.splits.back().above);
        return;
    case AscKind::spine_close: fail(token.place, "this '>' closes no spine", "a spine is written <(x y z d)>");
    case AscKind::string:
        fail(token.place, fmt::format("text \"{}\" inside a tree", printable_excerpt(token.text)),
             "a tree holds points (x y z d), splits, spines and markers");
    }
}

void DrawingReader::read_bracket_in_tree(Tree& tree)
{
    const AscToken& first = tokens_.next();
    const TextPlace place = tokens_.current().place;
    AscBranch& branch = drawing_.branches[index(tree.branch)];
    if (looks_like_number(first)) {
        if (tree.branch_ended) {
            fail(place, "a point after the end of its branch",
                 "a branch ends with its split or its end tag: a '|' or ')' may be missing before");
        }
        constexpr std::size_t with_diameter = 4;
        if (const std::optional<AscPoint> point = read_point(with_diameter)) {
            branch.points.push_back(*point);
        }
        return;
    }
    if (first.kind == AscKind::word || first.kind == AscKind::string || first.kind == AscKind::close) {
        const bool is_stem = drawing_.branches.size() == tree.first_branch + 1 && branch.points.empty();
        const std::string word = read_block();
        if (is_stem && !word.empty() && !tree.type) {
            tree.type = type_named(word);
            tree.unknown_type = word;
        }
        return;
    }
    if (tree.branch_ended) {
        fail(place, "a second split at the end of one branch",
             "a branch ends with one split: its branches stand in one bracket, with '|' between them");
    }
    tree.splits.push_back({tree.branch, place});
    tokens_.take();
    start_branch(tree, tree.branch);
}

void DrawingReader::read_word_in_tree(Tree& tree)
{
    const AscToken token = tokens_.take();
    if (looks_like_number(token)) {
        fail(token.place, fmt::format("number '{}' outside a point", printable_excerpt(token.text)),
             "a point stands in brackets: (x y z d)");
    }
    if (!is_end_tag(token.text)) {
        findings_.warning("end tag", token.place, [&] {
            return Said{fmt::format("'{}' is no end tag that is known; it is ignored", printable_excerpt(token.text)),
                        "known: Normal, High, Low, Incomplete, Generated, Midpoint, Origin"};
        });
    }
    tree.branch_ended = true;
}

void DrawingReader::close_split(Tree& tree)
{
    tokens_.take();
    tree.branch = tree.splits.back().above;
    tree.branch_ended = true;
    tree.splits.pop_back();
}

void DrawingReader::finish_tree(const Tree& tree)
{
    if (!tree.type && names_cell_body(tree.unknown_type)) {
        fail(tree.place, "a cell body drawn as a tree", "draw its outline: (\"CellBody\" (x y z d) ...)");
    }
    if (!tree.type) {
        findings_.warning("tree type", tree.place, [&] {
            const std::string said =
                tree.unknown_type.empty()
                    ? "the tree that starts here names no type"
                    : fmt::format("the tree that starts here is of type '{}'", printable_excerpt(tree.unknown_type));
            return Said{said + "; its sections are dend_0", "known types: (Axon), (Dendrite), (Apical)"};
        });
    }
    for (std::size_t b = tree.first_branch; b < drawing_.branches.size(); ++b) {
        drawing_.branches[b].type = tree.type.value_or(undefined);
    }
}

void DrawingReader::skip_spine()
{
    const TextPlace opened = tokens_.take().place;
    std::int64_t depth = 0;
    while (true) {
        const AscToken token = tokens_.take();
        if (token.kind == AscKind::spine_close && depth == 0) {
            return;
        }
        depth += token.kind == AscKind::open ? 1 : token.kind == AscKind::close ? -1 : 0;
        if (token.kind == AscKind::end || token.kind == AscKind::bar || depth < 0) {
            fail(opened, "the spine that opens here is not closed", "a spine is written <(x y z d)>");
        }
    }
}

void DrawingReader::read_coordinate(std::size_t i, const AscToken& token, std::array<double, 4>& values, bool& fine)
{
    constexpr std::array<std::string_view, 4> names{"x", "y", "z", "diameter"};
    ParsedReal parsed = parse_real(token.text);
    if (parsed.usable() && std::abs(parsed.value) * options_.scale > largest_coordinate_um) {
        parsed.fault = NumberFault::too_large;
    }
    if (!parsed.usable()) {
        fine = false;
        findings_.error(names[i], token.place, [&] { return complain_about_real(names[i], token.text, parsed.fault); });
        return;
    }
    values[i] = parsed.value * options_.scale;
    if (i == 3 && values[i] < 0.0 && !options_.absolute_radius) {
        fine = false;
        findings_.error("negative diameter", token.place, [&] {
            return Said{fmt::format("diameter '{}' is negative", printable_excerpt(token.text)),
                        "give a diameter >= 0, or take the absolute value with the option absolute_radius"};
        });
    }
}

bool DrawingReader::count_is_right(TextPlace place, std::size_t n, std::size_t fewest)
{
    constexpr std::size_t most = 4;
    if (n >= fewest && n <= most) {
        return true;
    }
    findings_.error("count", place, [&] {
        return Said{
            fmt::format("a point of {} number{}, need {} (x y z diameter)", n, n == 1 ? "" : "s", most),
            n > most ? "remove what is too many; a decimal comma is written as a point" : "add what is missing"};
    });
    return false;
}

/// A point that cannot be used is reported, and nothing returned.
std::optional<AscPoint> DrawingReader::read_point(std::size_t fewest)
{
    const TextPlace opened = tokens_.take().place;
    std::array<double, 4> values{};
    std::size_t n = 0;
    bool fine = true;
    bool has_curve = false;
    while (tokens_.current().kind != AscKind::close) {
        const AscToken& token = tokens_.current();
        const bool starts_curve = n >= values.size() && !has_curve && looks_like_number(tokens_.next());
        if (token.kind == AscKind::open && starts_curve) {
            read_block();  // the control points of a curve: (x, y, x, y)
            has_curve = true;
        } else if (looks_like_number(token)) {
            if (n < values.size()) {
                read_coordinate(n, token, values, fine);
            }
            ++n;
            tokens_.take();
        } else if (token.kind == AscKind::word || token.kind == AscKind::comma || token.kind == AscKind::string) {
            tokens_.take();
        } else if (token.kind == AscKind::end) {
            fail_unclosed(opened);
        } else {
            fail(opened, "the point that starts here is not closed", "write (x y z d)");
        }
    }
    tokens_.take();
    fine = count_is_right(opened, n, fewest) && fine;
    const double radius_um = std::max(0.5 * std::abs(values[3]), options_.min_radius_um);
    return fine ? std::optional(AscPoint{{values[0], values[1], values[2], radius_um}, opened.line}) : std::nullopt;
}

}  // namespace

AscDrawing read_drawing(std::string_view text, const SwcOptions& options, Findings& findings)
{
    return DrawingReader(text, options, findings).read();
}

}  // namespace axolemma::morphology
