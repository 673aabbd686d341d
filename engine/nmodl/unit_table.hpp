/// Units as NMODL files write them: "(mA/cm2)", "(/mM3-ms)", "(k-mole)", with the names that UNITS gives.
///
/// All that follows the first `/` is in the denominator. A mole is a plain number, as it is in NEURON's table of units, so
/// that concentrations per litre and per molecule agree; the numbers of faraday, k-mole and the like are those of NEURON 9.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/units.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

struct MeasuredUnit {
    base::Dimension dimension;  ///< without moles
    double factor = 1;          ///< value in SI (metre, kilogram, second, ampere, kelvin) of one such unit
};

class UnitTable {
public:
    explicit UnitTable(const std::vector<UnitDefinition>& definitions);

    /// Nothing if the text names a unit that is not known.
    std::optional<MeasuredUnit> read(std::string_view text) const;
    /// The number that `NAME = (definition) (unit)` gives; nothing if it cannot be known.
    std::optional<double> constant(const UnitDefinition& definition) const;
    /// The unit in the words of base/units.hpp ("S/cm2" of "mho/cm2"); "1" for none; nothing if it has no such words.
    std::optional<std::string> plain_text(std::string_view text) const;

private:
    struct Factor {
        std::string name;
        int power;
    };
    struct Product {
        double number = 1;
        std::vector<Factor> factors;
    };
    std::optional<MeasuredUnit> read(std::string_view text, int depth) const;
    std::optional<MeasuredUnit> unit(const std::string& name, int depth) const;
    std::optional<Product> split(std::string_view text) const;

    std::unordered_map<std::string, std::string> defined_;
};

}  // namespace axolemma::nmodl
