/// The names that the formulas of a channel file may use, and the formulas as values of its equations.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expression.hpp"
#include "base/formula.hpp"
#include "config/reader.hpp"
#include "kinetics/equations.hpp"

namespace axolemma::config {

class ChannelScope {
public:
    /// With v, temperature, constants, and the columns of the usual ions, which a mechanism reads once a formula does.
    ChannelScope(kinetics::Equations& equations, base::Diagnostics& out);

    /// Makes the columns of an ion known.
    void add_ion(const mechanisms::IonUse& ion);
    /// Makes a name known that the file gives. Reports a name that is taken, at `pos`.
    bool declare(const std::string& name, const base::Unit& unit, kinetics::Value value, const base::SourcePos& pos);

    struct Typed {
        kinetics::Value value;
        base::Unit unit;
    };
    /// The value of a formula in this unit. Reports what is wrong with it, at its place.
    /// @param what  what the formula is for, as it stands in messages: "'alpha' of gate m"
    std::optional<kinetics::Value> value(const Node& node, const base::Unit& unit, std::string_view what);
    /// The value of a formula in a unit that fits it.
    std::optional<Typed> any_value(const Node& node, std::string_view what);

    kinetics::Equations& equations() { return equations_; }
    base::Diagnostics& out() { return out_; }

private:
    /// Who gave a name its meaning; the file may take names of ions for something else.
    enum class Origin { language, ion, file };
    struct Symbol {
        Origin origin;
        std::function<kinetics::Value()> value;
        base::SourcePos pos;
    };

    void add(Origin origin, std::string_view name, const base::Unit& unit, std::function<kinetics::Value()> value,
             const base::SourcePos& pos = {});
    std::optional<base::Formula> parse(const Node& node, std::string_view what);
    /// Follows the steps; reports a constant that is not finite.
    std::optional<kinetics::Value> follow(const base::Formula& formula, const Node& node);

    kinetics::Equations& equations_;
    base::Diagnostics& out_;
    std::vector<base::Variable> variables_;
    std::vector<Symbol> symbols_;  ///< of the variables, in their order
};

/// A unit in which values of this dimension are usually given, such as mV; SI where there is none.
base::Unit usual_unit(const base::Dimension& dimension);

}  // namespace axolemma::config
