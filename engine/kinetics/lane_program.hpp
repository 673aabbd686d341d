/// A mechanism's step as instructions over rows of lanes: what lane_compiler.hpp makes of values of a graph and
/// lane_interpreter.hpp executes.
///
/// An instruction works on a chunk of rows, so that what is needed to tell instructions apart is spent once per chunk, and the
/// numbers of a chunk stay in the nearest cache. Every operation is that of evaluate_op(), in each lane by itself, and so
/// has its bits (where the processor has a fused multiply-add; nothing is contracted).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/aligned_array.hpp"
#include "base/simd.hpp"
#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

/// Where the numbers of an operand are: a column of a chunk, or one row for all. In order: the voltage, the time,
/// parameters, ions, states, constants, settled values, registers.
using Slot = std::uint16_t;
inline constexpr Slot no_slot = std::numeric_limits<Slot>::max();

struct Instruction {
    enum class Kind : std::uint8_t {
        compute,            ///< result = op(a, b, c)
        multiply_twice,     ///< result = (a b) c
        multiply_add,       ///< result = a b + c, rounded twice
        multiply_subtract,  ///< result = a b - c
        subtract_product,   ///< result = c - a b
        copy,               ///< result = a
        advance_gates,      ///< states forward by LaneProgram::gate_sets[index]
        store_state,        ///< state `index` becomes a
        store_ion,          ///< written ion `index` becomes a, in lanes that are present
        load_ion,           ///< read ion `index` is looked at again
        add_current,        ///< adds g = a and s = b to the sums of current `index`, or of the total
        solve,              ///< LaneProgram::systems[index], whose body are the next instructions
    };
    static constexpr std::uint16_t total = std::numeric_limits<std::uint16_t>::max();

    Kind kind = Kind::compute;
    Op op = Op::constant;
    Slot result = no_slot, a = no_slot, b = no_slot, c = no_slot;
    std::uint16_t index = 0;  ///< also the table of look_up
};

struct LaneProgram {
    /// Gates of one table.
    struct GateSet {
        std::size_t table = 0;  ///< by the number that whoever compiled the program gave it
        std::size_t n = 0;
        std::array<std::size_t, 4> states{};
    };
    /// Newton's method: its body computes the corrections from the unknowns.
    struct System {
        std::size_t body_length = 0;
        std::vector<Slot> unknowns, corrections;
    };

    std::size_t n_parameters = 0, n_ions = 0, n_states = 0;
    /// A row each.
    base::AlignedArray<double> constants;
    /// Values of parameters and time alone. Where all that such a value is made of is one row for all, it is computed once
    /// per call and not once per chunk.
    std::vector<Instruction> settled;
    std::vector<Instruction> instructions;
    std::size_t n_registers = 0;
    std::vector<GateSet> gate_sets;
    std::vector<System> systems;
    std::vector<PointTable> tables;

    static constexpr std::size_t voltage = 0, time = 1;
    std::size_t first_parameter() const { return 2; }
    std::size_t first_ion() const { return first_parameter() + n_parameters; }
    std::size_t first_state() const { return first_ion() + n_ions; }
    std::size_t first_constant() const { return first_state() + n_states; }
    std::size_t first_settled() const { return first_constant() + constants.size() / base::lanes; }
    std::size_t first_register() const { return first_settled() + settled.size(); }
    std::size_t n_slots() const { return first_register() + n_registers; }
};

}  // namespace axolemma::kinetics
