/// The words that NMODL keeps for itself, by where they stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace axolemma::nmodl {

/// Begin something that stands outside blocks: NEURON, PARAMETER, BREAKPOINT, ...
const std::vector<std::string>& block_words();
/// Begin a statement: LOCAL, SOLVE, if, ...
const std::vector<std::string>& statement_words();
/// Stand inside NEURON { }.
const std::vector<std::string>& neuron_words();

bool is_block_word(std::string_view word);
bool is_statement_word(std::string_view word);
/// May not name a variable.
bool is_reserved(std::string_view word);

/// Why a word of NMODL, or of the older languages that it comes from, is refused; nothing for other words.
std::optional<std::string_view> refusal_of(std::string_view word);

}  // namespace axolemma::nmodl
