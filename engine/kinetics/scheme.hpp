/// Kinetic (Markov) schemes as equations.
#pragma once

#include <string>
#include <vector>

#include "kinetics/equations.hpp"

namespace axolemma::kinetics {

/// States of a kinetic scheme, the sum of which is 1, and the rates between them.
struct Scheme {
    struct Transition {
        std::size_t from, to;
        Value forward_per_ms, backward_per_ms;
    };
    std::vector<std::string> states;
    std::vector<Transition> transitions;
};
/// Shares of the states after a long time, from rates that join all of them. Algorithm of Grassmann, Taksar and Heyman,
/// Operations Research 33 (1985) 1107-1116, which subtracts nothing.
std::vector<Value> steady_state(Graph& graph, const Scheme& scheme);
/// Adds the states and their equations, solved together; returns the values of the states.
std::vector<Value> add_scheme(Equations& equations, const Scheme& scheme, base::SourcePos pos);

}  // namespace axolemma::kinetics
