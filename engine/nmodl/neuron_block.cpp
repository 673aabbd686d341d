#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "nmodl/declarations.hpp"
#include "nmodl/words.hpp"

namespace axolemma::nmodl {

namespace {

void append(std::vector<Name>& to, std::vector<Name> from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void skip_ontology(Cursor& cursor)
{
    if (cursor.take_if("REPRESENTS") && cursor.next().text.empty()) {
        cursor.fail(cursor.pos(), "expected a name behind REPRESENTS", "REPRESENTS NCIT:C17145");
    }
}

UseIon parse_use_ion(Cursor& cursor)
{
    UseIon out;
    out.pos = cursor.pos();
    cursor.next();
    out.ion = cursor.name("an ion");
    while (true) {
        if (cursor.take_if("READ")) {
            append(out.reads, cursor.names("a variable of the ion"));
        } else if (cursor.take_if("WRITE")) {
            append(out.writes, cursor.names("a variable of the ion"));
        } else if (cursor.take_if("VALENCE") || cursor.take_if("CHARGE")) {
            out.valence = cursor.number("the ion's valence");
        } else if (cursor.at("REPRESENTS")) {
            skip_ontology(cursor);
        } else {
            break;
        }
    }
    if (out.reads.empty() && out.writes.empty()) {
        cursor.fail_expected(fmt::format("READ or WRITE behind USEION {}", out.ion.text),
                             fmt::format("USEION {0} READ e{0} WRITE i{0}", out.ion.text));
    }
    return out;
}

/// The list that a word fills, or null.
std::vector<Name>* list_of(NeuronBlock& block, std::string_view word)
{
    if (word == "NONSPECIFIC_CURRENT") {
        return &block.nonspecific_currents;
    }
    if (word == "ELECTRODE_CURRENT") {
        return &block.electrode_currents;
    }
    if (word == "RANGE") {
        return &block.ranges;
    }
    if (word == "GLOBAL") {
        return &block.globals;
    }
    if (word == "POINTER") {
        return &block.pointers;
    }
    if (word == "BBCOREPOINTER") {
        return &block.bbcore_pointers;
    }
    if (word == "EXTERNAL") {
        return &block.externals;
    }
    return word == "RANDOM" ? &block.randoms : nullptr;
}

NeuronBlock::Kind kind_of(std::string_view word)
{
    if (word == "SUFFIX") {
        return NeuronBlock::Kind::suffix;
    }
    if (word == "POINT_PROCESS") {
        return NeuronBlock::Kind::point_process;
    }
    return word == "ARTIFICIAL_CELL" ? NeuronBlock::Kind::artificial_cell : NeuronBlock::Kind::none;
}

void parse_line(Cursor& cursor, NeuronBlock& block)
{
    const Token token = cursor.peek();
    if (!cursor.at_word()) {
        cursor.fail_expected("a word of the NEURON block", token.is(",") ? "is there a ',' too many?" : "");
    }
    if (const NeuronBlock::Kind kind = kind_of(token.text); kind != NeuronBlock::Kind::none) {
        cursor.next();
        block.kind = kind;
        block.name = cursor.name("the mechanism");
    } else if (std::vector<Name>* list = list_of(block, token.text)) {
        cursor.next();
        append(*list, cursor.names("a variable"));
    } else if (token.is("USEION")) {
        block.ions.push_back(parse_use_ion(cursor));
    } else if (token.is("THREADSAFE")) {
        cursor.next();
        block.thread_safe = true;
    } else if (token.is("REPRESENTS")) {
        skip_ontology(cursor);
    } else {
        std::string hint = token.first_on_line ? base::name_hint(token.text, neuron_words(), "NEURON takes")
                                               : "names in a list have ',' between them";
        cursor.fail(cursor.pos(), fmt::format("unknown word '{}' in NEURON", token.text), std::move(hint));
    }
}

}  // namespace

void parse_neuron_block(Cursor& cursor, NeuronBlock& out)
{
    parse_lines(cursor, "behind NEURON", [&] { parse_line(cursor, out); });
}

}  // namespace axolemma::nmodl
