/// An XML text whose elements know where they stand, and the quantities that NeuroML writes in attributes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/units.hpp"

namespace axolemma::neuroml {

struct Element {
    std::string name;
    base::SourcePos pos;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<Element> children;
    std::string text;  ///< what stands between its tags, without children

    /// The attribute's text, or null.
    const std::string* attribute(std::string_view key) const;
    const Element* child(std::string_view child_name) const;
};

/// The root element of a text. Problems go to `out` with their places in `path`; nothing then.
std::optional<Element> parse_document(std::string_view text, const std::string& path, base::Diagnostics& out);

/// "0.07per_ms", "120 mS_per_cm2", "-65mV" as a value in `unit`. Throws base::UnitError.
double parse_quantity(std::string_view text, const base::Unit& unit, std::string_view subject);

}  // namespace axolemma::neuroml
