#include "config/other_words.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include <fmt/format.h>

#include "base/diagnostics.hpp"

namespace axolemma::config {

namespace {

/// A word in a place, without case, '_' and '-', and what to do about it.
struct OtherWord {
    std::string_view place;  ///< name of the object, or the key of a choice
    std::string_view word;
    std::string_view hint;
};

constexpr std::string_view target_hint = "write synapse: NAME; the synapse says which population is the target";
constexpr std::string_view weight_hint = "a weight belongs to the connections that reach the synapse";
constexpr std::string_view parameters_hint = "write it under 'parameters'";
constexpr std::string_view generator_hint = "write poisson: {rate: 20 Hz} or regular: {interval: 10 ms}";
constexpr std::string_view gap_hint = "a gap junction has 'cells', 'to_cells', 'at' and 'to_at'";
constexpr std::string_view gap_rule_hint = "gap junctions are made by rule, offset, probability or pairs";
constexpr std::string_view file_hint = "write 'file'; the ending .asc says that it is a Neurolucida file";
constexpr std::string_view probability_hint = "write probability: 0.1 instead of 'rule'";
constexpr std::string_view in_degree_hint = "write in_degree: 10 instead of 'rule'";

constexpr OtherWord other_keys[] = {
    {"configuration", "netcons", "write 'connections'"},
    {"configuration", "projections", "write 'connections'"},
    {"configuration", "edges", "write 'connections', each with 'edges'"},
    {"configuration", "netstims", "write 'generators'"},
    {"configuration", "gaps", "write 'gap_junctions'"},
    {"configuration", "populations", "write 'cells'"},
    {"morphology", "swc", file_hint},
    {"morphology", "asc", file_hint},
    {"morphology", "neurolucida", file_hint},
    {"morphology", "path", file_hint},
    {"connection", "to", target_hint},
    {"connection", "tocells", target_hint},
    {"connection", "target", target_hint},
    {"connection", "post", target_hint},
    {"connection", "source", "write 'from'"},
    {"connection", "pre", "write 'from'"},
    {"connection", "alltoall", "write rule: all_to_all"},
    {"connection", "onetoone", "write rule: one_to_one"},
    {"connection", "p", "write 'probability'"},
    {"connection", "outdegree", "there is no rule for the number of targets; list them in a file of pairs"},
    {"connection", "indegree", "write 'in_degree'"},
    {"connection", "fanin", "write 'in_degree'"},
    {"synapse", "weight", weight_hint},
    {"synapse", "gmax", weight_hint},
    {"synapse", "threshold",
     "the threshold belongs to the connections that start at a cell: detect: {threshold: 0 mV}"},
    {"synapse", "delay", "a delay belongs to the connections that reach the synapse"},
    {"synapse", "population", "write 'cells'"},
    {"synapse", "synapse", "write 'type'"},
    {"synapse", "tau", parameters_hint},
    {"synapse", "tau1", parameters_hint},
    {"synapse", "tau2", parameters_hint},
    {"synapse", "taurise", parameters_hint},
    {"synapse", "taudecay", parameters_hint},
    {"synapse", "e", parameters_hint},
    {"synapse", "mg", parameters_hint},
    {"synapse", "erev", "write e under 'parameters'"},
    {"generator", "netstim", generator_hint},
    {"generator", "type", generator_hint},
    {"generator", "noise", "noise of 1 is poisson: {rate: 20 Hz}, noise of 0 is regular: {interval: 10 ms}"},
    {"generator", "number", "write 'count' under 'regular'; 'poisson' has 'stop' instead"},
    {"generator", "spiketimes", "write 'times'"},
    {"regular", "noise", "for random intervals write poisson: {rate: 20 Hz} instead of 'regular'"},
    {"regular", "number", "write 'count'"},
    {"regular", "rate", "write interval: 10 ms for 100 Hz"},
    {"poisson", "interval", "write rate: 100 Hz for a mean interval of 10 ms"},
    {"poisson", "number", "a Poisson train ends at 'stop'"},
    {"gap_junction", "weight", "write 'conductance'"},
    {"gap_junction", "g", "write 'conductance'"},
    {"gap_junction", "resistance", "write conductance: 0.1 uS for 10 Mohm"},
    {"gap_junction", "indegree", gap_rule_hint},
    {"gap_junction", "delay", "a gap junction acts without delay"},
    {"gap_junction", "from", gap_hint},
    {"gap_junction", "to", gap_hint},
    {"ion", "name", "write 'ion'"},
    {"ion", "e", "write 'reversal'"},
    {"ion", "erev", "write 'reversal'"},
    {"ion", "cai", "write 'inside'"},
    {"ion", "cao", "write 'outside'"},
    {"ion", "eca", "write 'reversal'"},
    {"ion", "concentration", "write 'inside' or 'outside'"},
    {"run", "tstop", "write 'stop'"},
    {"run", "celsius", "write 'temperature' at the top level"},
    {"checkpoint", "interval", "write 'every' (by the clock) or 'every_model_time'"},
};

constexpr OtherWord other_choices[] = {
    {"type", "alphasynapse", "exp2_syn with a tau1 just below tau2 comes close to an alpha function"},
    {"type", "alpha", "exp2_syn with a tau1 just below tau2 comes close to an alpha function"},
    {"type", "gabaa", "did you mean 'gaba'?"},
    {"type", "iclamp", "did you mean 'current_clamp'?"},
    {"type", "vclamp", "did you mean 'voltage_clamp'?"},
    {"type", "seclamp", "did you mean 'voltage_clamp'? It takes a series_resistance"},
    {"rule", "probability", probability_hint},
    {"rule", "random", "write probability: 0.1 or in_degree: 10 instead of 'rule'"},
    {"rule", "bernoulli", probability_hint},
    {"rule", "pairwisebernoulli", probability_hint},
    {"rule", "indegree", in_degree_hint},
    {"rule", "fixedindegree", in_degree_hint},
    {"rule", "ring", "write offset: 1 instead of 'rule'"},
};

/// Names of one parameter.
constexpr std::string_view same_parameter[][7] = {
    {"e", "erev", "reversal", "esyn", "vrev"},
    {"tau1", "tau_rise", "tau_r", "taurise", "rise"},
    {"tau2", "tau_decay", "tau_d", "taudecay", "decay"},
    {"tau", "tau_decay", "tau2", "tau_d"},
};

std::string bare(std::string_view word)
{
    std::string out;
    for (const char letter : word) {
        if (letter != '_' && letter != '-') {
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        }
    }
    return out;
}

std::string_view look_up(std::span<const OtherWord> table, std::string_view place, std::string_view word)
{
    const std::string plain = bare(word);
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const OtherWord& w) { return w.place == place && w.word == plain; });
    return found == table.end() ? std::string_view{} : found->hint;
}

/// Where else in this format the key stands: below this mapping or at the top level.
std::string place_of(std::string_view key, const Object& object)
{
    std::vector<std::string> below;
    for (const Field& field : object.fields) {
        if (field.object != nullptr && field.object().find(key) != nullptr) {
            below.push_back(fmt::format("'{}'", field.key));
        }
    }
    constexpr std::size_t most = 4;  // more of them say nothing
    if (!below.empty() && below.size() <= most) {
        return fmt::format("'{}' belongs under {}", key, fmt::join(below, " or "));
    }
    if (&object != &root_object() && root_object().find(key) != nullptr) {
        return fmt::format("'{}' belongs at the top level of the configuration", key);
    }
    return {};
}

}  // namespace

std::string unknown_key_hint(std::string_view key, const Object& object)
{
    if (const std::string_view known = look_up(other_keys, object.name, key); !known.empty()) {
        return std::string(known);
    }
    if (std::string place = place_of(key, object); !place.empty()) {
        return place;
    }
    return base::name_hint(key, object.keys(), "its keys are");
}

std::string unknown_choice_hint(std::string_view word, std::string_view key, const std::vector<std::string>& choices)
{
    const std::string list = fmt::format("{} is one of", key);
    if (const std::string_view known = look_up(other_choices, key, word); !known.empty()) {
        const bool asks = known.ends_with('?');
        return fmt::format("{}{} {}: {}", known, asks ? "" : ";", list, fmt::join(choices, ", "));
    }
    return base::name_hint(word, choices, list);
}

std::string unknown_parameter_hint(std::string_view word, std::string_view owner,
                                   const std::vector<std::string>& parameters)
{
    const std::string list = fmt::format("{} has", owner);
    const std::string plain = bare(word);
    for (const auto& names : same_parameter) {
        const auto is_word = [&](std::string_view name) { return !name.empty() && bare(name) == plain; };
        if (std::none_of(std::begin(names), std::end(names), is_word)) {
            continue;
        }
        const auto found = std::find_first_of(parameters.begin(), parameters.end(), std::begin(names), std::end(names));
        if (found != parameters.end()) {
            return fmt::format("did you mean '{}'? {}: {}", *found, list, fmt::join(parameters, ", "));
        }
    }
    return base::name_hint(word, parameters, list);
}

}  // namespace axolemma::config
