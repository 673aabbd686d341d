#include "nmodl/refusals.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace axolemma::nmodl {

namespace {

bool does_nothing(const Statements& statements)
{
    return std::all_of(statements.begin(), statements.end(), [](const Statement& statement) {
        const auto* verbatim = std::get_if<Verbatim>(&statement.what);
        return verbatim != nullptr && verbatim->does_nothing;
    });
}

void refuse_block(const Block& block, base::Diagnostics& diagnostics)
{
    switch (block.kind) {
    case Block::Kind::before:
    case Block::Kind::after:
        if (is_in_step(block)) {
            return;
        }
        diagnostics.error(block.pos,
                          fmt::format("{} {} is not supported", block.kind == Block::Kind::before ? "BEFORE" : "AFTER",
                                      block.name.text),
                          "put what it does into BREAKPOINT or into a block that is SOLVEd");
        return;
    case Block::Kind::constructor:
    case Block::Kind::destructor:
        if (!does_nothing(block.body)) {
            diagnostics.error(block.pos,
                              fmt::format("{} is not supported",
                                          block.kind == Block::Kind::constructor ? "CONSTRUCTOR" : "DESTRUCTOR"),
                              "what a mechanism is at the beginning is said in INITIAL");
        }
        return;
    default: return;
    }
}

}  // namespace

bool is_in_step(const Block& block)
{
    return (block.kind == Block::Kind::before && block.name.text == "STEP") ||
           (block.kind == Block::Kind::after && block.name.text == "SOLVE");
}

void refuse_unsupported(const File& file, base::Diagnostics& diagnostics)
{
    const NeuronBlock& neuron = file.neuron;
    if (neuron.kind == NeuronBlock::Kind::none) {
        diagnostics.error(neuron.pos.file.empty() ? SourcePos{file.path, 0, 0} : neuron.pos,
                          "no SUFFIX and no POINT_PROCESS: this file describes no mechanism",
                          "NEURON { SUFFIX name } makes a channel, NEURON { POINT_PROCESS name } a synapse");
    }
    if (neuron.kind == NeuronBlock::Kind::artificial_cell) {
        diagnostics.error(neuron.name.pos, fmt::format("ARTIFICIAL_CELL '{}' is not supported", neuron.name.text),
                          "spike times come from generators and files in the configuration");
    }
    for (const Statement& statement : file.verbatim) {
        const auto* verbatim = std::get_if<Verbatim>(&statement.what);
        if (verbatim == nullptr || !verbatim->does_nothing) {
            diagnostics.error(statement.pos, "VERBATIM with C code that does something is not supported",
                              "write the same in NMODL; nothing is compiled here");
        }
    }
    for (const Block& block : file.blocks) {
        refuse_block(block, diagnostics);
    }
}

}  // namespace axolemma::nmodl
