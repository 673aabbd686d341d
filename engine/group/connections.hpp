/// Counts the connections of synapses that keep numbers for each of them.
///
/// A connection is known by its number among those that end at the same instance, in the order in which the cell is wired:
/// that is the cell's own, whatever group it is in.
#pragma once

#include <cstdint>
#include <vector>

#include "group/plan.hpp"

namespace axolemma::group {

class ConnectionNumbers {
public:
    /// @param plan  must outlive this
    explicit ConnectionNumbers(Plan& plan);

    /// Another connection that ends at an instance. Returns its number there; 0 where nobody tells them apart.
    std::int32_t add(std::int32_t synapse, double weight_uS);
    /// Gives the instances their room in the plan. States of the plan must be made after this.
    void seal();

private:
    struct Kind {
        std::vector<std::int32_t> counts;    ///< per instance; empty where connections are not told apart
        std::vector<std::int32_t> instance;  ///< of each connection, as they came
        std::vector<double> weight_uS;
    };

    Plan& plan_;
    std::vector<Kind> kinds_;
};

}  // namespace axolemma::group
