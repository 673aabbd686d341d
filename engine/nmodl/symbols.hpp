/// What each name of a mechanism stands for, and the numbered slots that hold their values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostics.hpp"
#include "mechanisms/mechanism.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

enum class SymbolKind : std::uint8_t {
    parameter,    ///< a number that the user may set and that the mechanism never changes
    variable,     ///< a number that statements change: ASSIGNED, parameters that are assigned, LOCAL outside blocks
    state,        ///< an unknown of an equation: its value lives from step to step
    constant,     ///< CONSTANT, and names of UNITS
    voltage,      ///< v
    temperature,  ///< celsius
    dt,
    time,
    diameter,
    area,
    ion,      ///< an ion's number that is only read
    foreign,  ///< POINTER and the like: refused where it is used
};

struct Symbol {
    std::string name;
    SymbolKind kind = SymbolKind::variable;
    SourcePos pos;
    UnitText unit;
    std::int64_t size = 0;  ///< elements of an array; 0: not an array
    std::size_t first_slot = 0;
    double value = 0;  ///< of a constant; default of a parameter; where a state starts
    std::optional<double> low, high;
    bool is_declared_state = false;  ///< in STATE
    bool is_pointer = false;         ///< POINTER: a constant here, which the user gives
    bool is_parameter = false;       ///< in PARAMETER, assigned or not
    bool is_visible = false;         ///< RANGE or GLOBAL
    bool is_current = false;         ///< NONSPECIFIC_CURRENT, ELECTRODE_CURRENT, or WRITE i...
    bool reads_ion = false;          ///< READ in USEION
    bool writes_ion = false;         ///< a concentration that the mechanism writes
    std::optional<mechanisms::IonColumn> ion;

    std::size_t n_slots() const { return size == 0 ? 1 : static_cast<std::size_t>(size); }
};

/// A current of the NEURON block, in its order.
struct CurrentUse {
    std::string name;
    int ion = -1;
    bool is_electrode = false;
    SourcePos pos;
};

/// All names of a file.
class Symbols {
public:
    /// Largest number of elements of all arrays together.
    static constexpr std::size_t max_slots = 4000;

    /// Reports names declared twice with different meanings, ions' names that are none, and so on.
    Symbols(const File& file, base::Diagnostics& diagnostics);

    const Symbol* find(std::string_view name) const;
    const std::vector<Symbol>& all() const { return symbols_; }
    std::size_t n_slots() const { return slots_.size(); }
    const Symbol& symbol_of(std::size_t slot) const { return symbols_[slots_[slot]]; }
    /// "m", or "m[3]" of an array.
    std::string slot_name(std::size_t slot) const;
    const Block* block(std::string_view name) const;
    const std::vector<mechanisms::IonUse>& ions() const { return ions_; }
    const std::vector<CurrentUse>& currents() const { return currents_; }
    std::vector<std::string> names() const;
    /// Names of PROCEDUREs and FUNCTIONs.
    std::vector<std::string> callable_names() const;

private:
    void add_pointers(const File& file, base::Diagnostics& diagnostics);
    void add_ions(const File& file, base::Diagnostics& diagnostics);
    void add_ion_name(const Name& name, std::size_t ion, bool is_write, base::Diagnostics& diagnostics);
    void add_currents(const File& file);
    void declare(const Declaration& declaration, SymbolKind kind, base::Diagnostics& diagnostics);
    void mark_assigned(const File& file, base::Diagnostics& diagnostics);
    void fix_loop_bounds(const File& file, base::Diagnostics& diagnostics);
    void mark_visible(const File& file, base::Diagnostics& diagnostics);
    void number_slots(base::Diagnostics& diagnostics);
    Symbol& at(const std::string& name);

    std::vector<Symbol> symbols_;
    std::unordered_map<std::string, std::size_t> by_name_;
    std::unordered_map<std::string, const Block*> blocks_;
    std::vector<std::size_t> slots_;
    std::vector<mechanisms::IonUse> ions_;
    std::vector<CurrentUse> currents_;
};

}  // namespace axolemma::nmodl
