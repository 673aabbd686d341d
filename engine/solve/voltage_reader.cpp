#include "solve/voltage_reader.hpp"

namespace axolemma::solve {

VoltageReader::VoltageReader(const group::Plan& plan, std::int64_t cell, const discretise::Tap& tap)
{
    for (std::size_t k = 0; k < 2; ++k) {
        if (tap.node[k] >= 0) {
            slot_[k] = plan.slot(tap.node[k]);
            weight_[k] = tap.weight[k];
        }
    }
    for (std::size_t k = 0; k < plan.current_clamps.size(); ++k) {
        if (plan.current_clamp_cell[k] == cell) {
            const auto& clamp = plan.current_clamps[k];
            const double resistance_Mohm = discretise::shared_resistance_Mohm(tap, clamp.tap);
            if (resistance_Mohm > 0.0) {
                drops_.push_back({&clamp, resistance_Mohm});
            }
        }
    }
}

discretise::Tap shifted(discretise::Tap tap, std::int32_t first_node)
{
    for (auto& node : tap.node) {
        node = node < 0 ? -1 : node + first_node;
    }
    return tap;
}

}  // namespace axolemma::solve
