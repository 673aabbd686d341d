/// What a file declares: PARAMETER, ASSIGNED, STATE, CONSTANT, and arguments of functions.
#pragma once

#include <string_view>
#include <vector>

#include "nmodl/ast.hpp"
#include "nmodl/cursor.hpp"

namespace axolemma::nmodl {

/// { } with lines read by `read_line`; after an error it goes on with the next line.
template <typename ReadLine>
void parse_lines(Cursor& cursor, std::string_view where, const ReadLine& read_line)
{
    cursor.open_brace(where);
    const std::size_t n_open = cursor.n_open();
    while (!cursor.at("}")) {
        const std::size_t started = cursor.place();
        try {
            if (cursor.block_ends_unclosed()) {
                cursor.fail_unclosed();
            }
            read_line();
        } catch (const SyntaxError&) {
            cursor.skip_statement(started, n_open);
        }
    }
    cursor.close_brace();
}

/// The braces of PARAMETER, ASSIGNED, STATE or CONSTANT (`word`, which is taken already).
void parse_declarations(Cursor& cursor, std::string_view word, std::vector<Declaration>& out);

/// (a, b (mV)): arguments as they are declared.
std::vector<Argument> parse_declared_arguments(Cursor& cursor);

/// The braces of UNITS.
void parse_units_block(Cursor& cursor, std::vector<UnitDefinition>& out);

/// The braces of NEURON.
void parse_neuron_block(Cursor& cursor, NeuronBlock& out);

}  // namespace axolemma::nmodl
