/// Voltages that cells see of each other through gap junctions.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "run/build.hpp"
#include "run/checkpoint.hpp"

namespace axolemma::run {

class GapSites {
public:
    explicit GapSites(const BuiltModel& built);

    bool empty() const { return voltages_.now_mV.empty(); }
    /// Voltages before the first step: as if they had never been others.
    void begin();
    /// Those of a checkpoint.
    void go_on_from(GapVoltages voltages) { voltages_ = std::move(voltages); }
    /// Call after every step, on all ranks: everybody learns everybody's voltages.
    void exchange();
    /// Computes what the voltages are expected to be at the time that the coming step solves for: its middle, on the line
    /// through the last two, for Crank-Nicolson; as they are for backward Euler.
    void expect();
    const double* expected_mV() const { return expected_mV_.data(); }
    const GapVoltages& voltages() const { return voltages_; }

private:
    void gather();

    const BuiltModel& built_;
    GapVoltages voltages_;
    std::vector<double> expected_mV_;
};

}  // namespace axolemma::run
