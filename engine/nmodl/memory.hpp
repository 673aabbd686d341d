/// Numbers that live between the blocks of a mechanism.
///
/// In NMODL a variable keeps what was last assigned to it, whichever block did so: BREAKPOINT may use a rate that a
/// DERIVATIVE block computed. Here such a use becomes the formula itself, computed anew where it is used, or, where the
/// formula would give another number by then, a state that remembers:
///   - what BREAKPOINT takes from a SOLVEd block, of the voltage, parameters, ions and time: the formula in Op::hold, because
///     NEURON does not compute it anew when it takes the slope of the current;
///   - what depends on states that the step changes, or on dt: a state, assigned before the system is advanced;
///   - what depends on its own value of before (counters, hand-integrated gates), and what events change: a state;
///   - what a SOLVEd block takes from BREAKPOINT: the formula, of the states before the step.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "kinetics/equations.hpp"
#include "nmodl/executor.hpp"
#include "nmodl/rewriter.hpp"
#include "nmodl/symbols.hpp"

namespace axolemma::nmodl {

/// A block in the order in which blocks act: INITIAL, those SOLVEd, BREAKPOINT, NET_RECEIVE.
struct Section {
    enum class Kind : std::uint8_t { initial, solve, breakpoint, event };
    Kind kind = Kind::initial;
    const Block* block = nullptr;
    std::vector<const Statements*> bodies;  ///< of the block; INITIAL may stand in several pieces
    const Solve* solve = nullptr;
    /// Do all its assignments see the states after its own step (implicit methods)?
    bool sees_states_after = false;
    Executor::Result result;
};

class Memory {
public:
    Memory(const Symbols& symbols, kinetics::Graph& graph, const std::vector<Section>& sections);

    /// What a slot holds when the section begins: an input, or a place that finish() fills in.
    Value at_start(std::size_t section, std::size_t slot) const;

    /// Forgets what was found in the last round except which variables are states.
    void begin_round();
    /// Do variables take their values from each other in too long a chain to be followed?
    bool is_too_deep() const { return too_deep_; }
    /// Has a variable been found to be a state in this round? Then another round is needed.
    bool found_states() const { return found_states_; }

    /// `raw`, computed in a section, with all that other sections left put in.
    Value finish(std::size_t section, Value raw);
    /// What a slot holds at the end of a section.
    Value at_end(std::size_t section, std::size_t slot);
    /// The same to be shown only: never makes a state; nothing if it would need one.
    std::optional<Value> shown_at_end(std::size_t section, std::size_t slot);

    /// Slots of variables that are states, by equations or because they remember.
    bool is_state(std::size_t slot) const;
    const std::set<std::size_t>& remembered() const { return remembered_; }

private:
    Value resolve(std::size_t section, std::size_t slot);
    Value from_solve(std::size_t writer, std::size_t slot);
    Value need_state(std::size_t slot);
    /// Sections whose assignments a use in `section` may see, the latest first.
    std::vector<std::size_t> before(std::size_t section) const;
    bool changes_in_step(std::size_t slot) const;
    bool writes(std::size_t section, std::size_t slot) const { return sections_[section].result.end.is_written(slot); }

    const Symbols& symbols_;
    kinetics::Graph& graph_;
    const std::vector<Section>& sections_;
    std::set<std::size_t> remembered_;
    struct Known {
        Value value;
        bool cannot_be_shown = false;
    };
    using Places = std::map<std::pair<std::size_t, std::size_t>, Known>;
    Places known_, known_to_show_;
    std::vector<Rewriter> rewriters_;  ///< of each section; not for what is only shown
    std::set<std::pair<std::size_t, std::size_t>> in_work_;
    bool found_states_ = false;
    bool shows_ = false;
    bool cannot_show_ = false;
    bool too_deep_ = false;
};

}  // namespace axolemma::nmodl
