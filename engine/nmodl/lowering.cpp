#include "nmodl/lowering.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "kinetics/stepping.hpp"

#include "nmodl/refusals.hpp"
#include "nmodl/units_check.hpp"

namespace axolemma::nmodl {

Lowering::Lowering(const File& file, base::Diagnostics& diagnostics)
    : file_(file),
      diagnostics_(diagnostics),
      symbols_(file, diagnostics),
      units_(file.units),
      executor_(file, symbols_, out_.graph, diagnostics),
      memory_(symbols_, out_.graph, sections_)
{}

const Block* Lowering::find_block(Block::Kind kind) const
{
    const Block* found = nullptr;
    for (const Block& block : file_.blocks) {
        if (block.kind == kind && found != nullptr) {
            diagnostics_.error(block.pos, "a second block of this kind",
                               fmt::format("the first is at {}", found->pos.text()));
        } else if (block.kind == kind) {
            found = &block;
        }
    }
    return found;
}

namespace {

bool can_be_solved(Block::Kind kind)
{
    return kind == Block::Kind::derivative || kind == Block::Kind::kinetic || kind == Block::Kind::linear ||
           kind == Block::Kind::nonlinear || kind == Block::Kind::discrete || kind == Block::Kind::procedure;
}

/// Does the method of NEURON compute a block's assignments from the states after the step?
bool is_implicit(const Block& block, const Solve& solve)
{
    if (block.kind == Block::Kind::derivative) {
        return !solve.method || solve.method->text == "derivimplicit" || solve.method->text == "sparse";
    }
    return block.kind == Block::Kind::kinetic || block.kind == Block::Kind::linear ||
           block.kind == Block::Kind::nonlinear;
}

}  // namespace

/// BEFORE STEP and AFTER SOLVE act like procedures that are SOLVEd first and last.
void Lowering::add_step_blocks(Block::Kind kind)
{
    for (const Block& block : file_.blocks) {
        if (block.kind == kind && is_in_step(block)) {
            Section& section = sections_.emplace_back();
            section.kind = Section::Kind::solve;
            section.block = &block;
            section.bodies = {&block.body};
        }
    }
}

void Lowering::list_sections()
{
    const auto or_nothing = [&](const Block* block) { return block != nullptr ? block : &nothing_; };
    Section& initial = sections_.emplace_back();
    initial.block = &nothing_;
    for (const Block& block : file_.blocks) {
        if (block.kind == Block::Kind::initial) {
            initial.block = initial.bodies.empty() ? &block : initial.block;
            initial.bodies.push_back(&block.body);
        }
    }
    const Block* breakpoint = or_nothing(find_block(Block::Kind::breakpoint));
    add_step_blocks(Block::Kind::before);
    for (const Statement& statement : breakpoint->body) {
        const auto* solve = std::get_if<Solve>(&statement.what);
        if (solve == nullptr) {
            continue;
        }
        constexpr std::size_t most_sections = 64;
        if (sections_.size() >= most_sections) {
            diagnostics_.error(solve->block.pos, fmt::format("more than {} SOLVE statements", most_sections));
            break;
        }
        const Block* block = symbols_.block(solve->block.text);
        if (block == nullptr || !can_be_solved(block->kind)) {
            diagnostics_.error(solve->block.pos,
                               fmt::format("SOLVE names '{}', which is no block that can be solved", solve->block.text),
                               "DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE and PROCEDURE can");
            continue;
        }
        Section& section = sections_.emplace_back();
        section.kind = Section::Kind::solve;
        section.block = block;
        section.bodies = {&block->body};
        section.solve = solve;
        section.sees_states_after = is_implicit(*block, *solve);
    }
    add_step_blocks(Block::Kind::after);
    breakpoint_ = sections_.size();
    Section& last = sections_.emplace_back();
    last.kind = Section::Kind::breakpoint;
    last.block = breakpoint;
    last.bodies = {&breakpoint->body};
    if (const Block* receive = find_block(Block::Kind::net_receive)) {
        event_ = sections_.size();
        Section& section = sections_.emplace_back();
        section.kind = Section::Kind::event;
        section.block = receive;
        section.bodies = {&receive->body};
    }
}

void Lowering::follow_sections()
{
    for (std::size_t k = 0; k < sections_.size(); ++k) {
        Section& section = sections_[k];
        std::vector<Value> start;
        for (std::size_t slot = 0; slot < symbols_.n_slots(); ++slot) {
            start.push_back(memory_.at_start(k, slot));
        }
        Executor::Phase phase = Executor::Phase::solve;
        std::vector<Value> arguments;
        switch (section.kind) {
        case Section::Kind::initial: phase = Executor::Phase::initial; break;
        case Section::Kind::solve: break;
        case Section::Kind::breakpoint: phase = Executor::Phase::breakpoint; break;
        case Section::Kind::event:
            phase = Executor::Phase::net_receive;
            for (std::size_t a = 0; a < section.block->arguments.size(); ++a) {
                arguments.push_back(out_.graph.input(kinetics::InputKind::weight, a));
            }
            break;
        }
        executor_.solve_by_cnexp(section.solve != nullptr && section.solve->method &&
                                 section.solve->method->text == "cnexp");
        section.result = executor_.run(*section.block, section.bodies, phase, std::move(start), arguments);
    }
}

std::optional<kinetics::Equations> Lowering::run()
{
    const std::int64_t errors_before = diagnostics_.n_errors();
    list_sections();
    follow_sections();
    if (executor_.is_stopped()) {
        return std::nullopt;
    }
    constexpr int most_rounds = 20;  // in each, more variables may turn out to be states
    for (int round = 0; round == 0 || memory_.found_states(); ++round) {
        memory_.begin_round();
        read_off();
        if (memory_.is_too_deep() || round == most_rounds) {
            executor_.error(file_.neuron.name.pos, "variables take their values from each other in too long a chain",
                            "use LOCAL variables for what a block needs only for itself");
            return std::nullopt;
        }
    }
    check_inputs();
    number_all();
    if (diagnostics_.n_errors() == errors_before) {
        if (const auto pos = kinetics::find_unsolvable(out_.graph, out_.stages, out_.implicit_order)) {
            executor_.error(*pos, "the equations of this block cannot be solved together",
                            fmt::format("they do not fix their states (a sum conserved twice, an equation that says "
                                        "nothing new), or they are too many: at most {} states, and not all of them "
                                        "with each other",
                                        kinetics::most_states_together));
            return std::nullopt;
        }
        check_hand_integration();
        check_scales();
    }
    return std::move(out_);
}

std::optional<kinetics::Equations> lower(const File& file, const LowerOptions& options, base::Diagnostics& diagnostics)
{
    base::Diagnostics found;
    refuse_unsupported(file, found);
    Lowering lowering(file, found);
    auto equations = found.has_errors() && file.neuron.kind == NeuronBlock::Kind::none ? std::nullopt : lowering.run();
    if (equations) {
        check_units(file, options.strict_units, found);
    }
    const bool failed = found.has_errors() || !equations;
    diagnostics.append(found);
    return failed ? std::nullopt : std::move(equations);
}

}  // namespace axolemma::nmodl
