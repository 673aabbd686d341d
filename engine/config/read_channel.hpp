/// Channels, ion pools and synapses written in YAML (docs/channels.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "kinetics/equations.hpp"

namespace axolemma::config {

/// The equations of a channel file. Mistakes go to `out` with their places in `name`; no equations then.
std::optional<kinetics::Equations> parse_channel(std::string_view text, const std::string& name,
                                                 base::Diagnostics& out);

}  // namespace axolemma::config
