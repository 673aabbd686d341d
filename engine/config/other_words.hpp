/// Hints for words that are right elsewhere: in another simulator, or under another key of this format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/schema.hpp"

namespace axolemma::config {

/// What to write instead of an unknown key, for somebody who comes from another simulator or who put the key in the wrong
/// place; else the key that looks like it, and all keys.
std::string unknown_key_hint(std::string_view key, const Object& object);

/// The same for a word that is none of a key's choices.
std::string unknown_choice_hint(std::string_view word, std::string_view key, const std::vector<std::string>& choices);

/// The same for a parameter that a channel or synapse lacks.
/// @param owner  its name, such as exp2_syn
std::string unknown_parameter_hint(std::string_view word, std::string_view owner,
                                   const std::vector<std::string>& parameters);

}  // namespace axolemma::config
