/// Gates of a graph as formulas of the voltage, for tables.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kinetics/graph.hpp"
#include "mechanisms/gate_table.hpp"

namespace axolemma::kinetics {

/// x <- a x + b with a and b of the voltage alone.
struct VoltageGate {
    Value a, b;
};

/// A voltage at which an equality holds is taken as one next to it.
class GraphGates final : public mechanisms::GateFormulas {
public:
    GraphGates(std::shared_ptr<const Graph> graph, std::vector<VoltageGate> gates);

    std::size_t n_gates() const override { return gates_.size(); }
    mechanisms::GateStep step(std::size_t gate, double v_mV) const override;

private:
    mechanisms::GateStep evaluate(std::size_t gate, double v_mV) const;

    std::shared_ptr<const Graph> graph_;
    std::vector<VoltageGate> gates_;
    std::vector<std::vector<std::int32_t>> nodes_;  ///< that each gate needs, ascending
};

}  // namespace axolemma::kinetics
