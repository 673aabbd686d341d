/// Values of a graph to a lane program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "kinetics/compiled.hpp"
#include "kinetics/lane_program.hpp"

namespace axolemma::kinetics {

/// Builds a program from front to back. What was computed once is used again until something that it depends on changes.
class LaneCompiler {
public:
    /// @param graph  in which neither temperature nor dt are inputs any more; lives longer than the compiler
    LaneCompiler(const Graph& graph, std::size_t n_parameters, std::size_t n_ions, std::size_t n_states);

    /// All at once: the assignments, and the gates by table.
    void assign(const Assignments& assignments, std::span<const LaneProgram::GateSet> by_table = {});
    void solve(const NewtonSystem& system);
    /// Written ions become the values, in order; those that are invalid stay as they are.
    void store_ions(std::span<const Value> concentrations);
    /// Read ion `index` may have changed.
    void load_ion(std::size_t index);
    /// @param index  of the current, or Instruction::total
    void add_current(std::uint16_t index, const LinearCurrent& current);

    LaneProgram finish();

private:
    /// A slot before it is known how many there are of each kind: the number within its kind, and the kind above it.
    using Place = std::uint32_t;
    enum Space : std::uint32_t { outside, constants, settled, registers, nowhere };
    static constexpr Place none = Place{nowhere} << 28;

    /// An Instruction with places for slots.
    struct Draft {
        Instruction::Kind kind = Instruction::Kind::compute;
        Op op = Op::constant;
        Place result = none, a = none, b = none, c = none;
        std::uint16_t index = 0;
    };
    struct DraftSystem {
        std::vector<Place> unknowns, corrections;
    };

    static Place place(Space space, std::size_t number) { return Place{space} << 28 | static_cast<Place>(number); }
    static Space space_of(Place place) { return static_cast<Space>(place >> 28); }
    static std::size_t number_of(Place place) { return place & 0xFFFFFFF; }

    /// Where the value is, after emitting what computes it.
    Place place_of(Value value);
    Place emit(const Node& node, Value value);
    Place place_of_input(Input input) const;
    Place place_of_constant(double number);
    Place copy_of(Place from);
    Place new_register() { return place(registers, n_virtual_++); }
    std::vector<bool> dependent_on(InputKind kind, std::span<const std::size_t> indices) const;
    void forget(InputKind kind, std::span<const std::size_t> indices);
    void emit_what_does_not_vary(std::span<const Value> values, const std::vector<bool>& varies);

    void fuse();
    bool fuse_product(std::size_t product, std::size_t user);
    void allocate();
    Slot slot_of(Place place) const;
    Instruction finished(const Draft& draft) const;
    template <class Visit>
    static void for_operands(Draft& draft, Visit visit);

    const Graph& graph_;
    LaneProgram program_;
    std::vector<bool> varies_;  ///< of each node: does it depend on more than parameters and time?
    std::unordered_map<std::int32_t, Place> known_;
    std::map<std::uint64_t, Place> constant_places_;  ///< by bits
    std::unordered_map<std::size_t, Place> unknowns_;
    std::vector<Draft> settled_, drafts_;
    std::vector<DraftSystem> systems_;
    std::size_t n_virtual_ = 0;
};

}  // namespace axolemma::kinetics
