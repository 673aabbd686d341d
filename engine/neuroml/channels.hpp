/// Channels of NeuroML 2 files: ionChannelHH and ionChannelPassive with the standard gates and rates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "kinetics/equations.hpp"

namespace axolemma::neuroml {

/// The channels of a file, in its order. The conductance per area becomes the parameter `gbar`; the reversal potential is that
/// of the ion that `species` names, or the parameter `e`. Elements that are not supported are refused by name, with their
/// places in `path`; other parts of a model than channels are left aside with a warning.
std::vector<kinetics::Equations> read_channels(std::string_view text, const std::string& path, base::Diagnostics& out);

}  // namespace axolemma::neuroml
