/// How lower() works: a file's blocks are followed one by one (sections), what they leave each other is put in (Memory), and
/// stages, currents and events are read off their ends.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "kinetics/equations.hpp"
#include "nmodl/executor.hpp"
#include "nmodl/lower.hpp"
#include "nmodl/memory.hpp"
#include "nmodl/symbols.hpp"
#include "nmodl/unit_table.hpp"

namespace axolemma::nmodl {

class Lowering {
public:
    Lowering(const File& file, base::Diagnostics& diagnostics);

    std::optional<kinetics::Equations> run();

private:
    // lowering.cpp: sections
    void list_sections();
    void add_step_blocks(Block::Kind kind);
    void follow_sections();
    const Block* find_block(Block::Kind kind) const;

    // lowering_parts.cpp: equations with states, parameters and ions by slot
    void read_off();
    void add_stages(std::size_t section);
    void add_system(std::size_t section);
    std::vector<kinetics::Update> updates(std::size_t section, std::optional<bool> after_equations);
    void add_currents();
    void add_concentrations();
    void add_outputs();
    void add_initial_values();
    Value initial_value(std::size_t slot);

    // lowering_events.cpp
    void add_events();
    void add_watches(const Executor::Result& result);

    // lowering_numbers.cpp: from slots to numbers of states, parameters and ions
    void number_all();
    void add_parameters(const std::vector<std::size_t>& used);
    void add_states();
    std::string equation_text(std::size_t slot) const;
    std::string plain_unit(const Symbol& symbol) const;

    // lowering_checks.cpp
    void check_inputs();
    void check_hand_integration();
    void check_scales();

    const File& file_;
    base::Diagnostics& diagnostics_;
    Symbols symbols_;
    UnitTable units_;
    kinetics::Equations out_;
    Executor executor_;
    Block nothing_;  ///< stands for a block that the file does not have
    std::vector<Section> sections_;
    std::size_t breakpoint_ = 0;
    std::optional<std::size_t> event_;
    Memory memory_;
    std::vector<std::size_t> state_slots_;  ///< slot of each state of out_; from Symbols::n_slots() on: of a WATCH
    std::map<std::size_t, std::size_t> hand_stages_;  ///< section of a PROCEDURE that is SOLVEd -> stage of out_
    std::map<std::size_t, std::size_t> parameter_of_, ion_read_of_;  ///< by slot
};

/// Blocks whose assignments say themselves what a step does to the states.
bool is_stepwise(Block::Kind kind);

/// All values that equations consist of, to look at or to replace.
std::vector<Value*> values_of(kinetics::Equations& equations);

}  // namespace axolemma::nmodl
