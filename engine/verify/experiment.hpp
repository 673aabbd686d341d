/// A configuration run to its end with everything kept in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run/simulation.hpp"
#include "run/sink.hpp"

namespace axolemma::verify {

class Experiment {
public:
    /// Reads the text as a configuration file and runs it. Throws base::InputError or base::EngineError.
    /// @param config  YAML, as a user would write it
    explicit Experiment(const std::string& config, int threads = 1);

    const run::Simulation& simulation() const { return simulation_; }
    const run::Outcome& outcome() const { return outcome_; }
    /// What one column of a recording held over time.
    std::vector<double> trace(std::string_view recording, std::size_t element = 0) const;
    /// Crossings at a spike site of cell 0 of population 0.   [ms]
    std::vector<double> spike_times_ms(std::int32_t site = 0) const;
    /// All crossings in population 0, by time.
    std::vector<record::Spike> spikes() const { return sink_.sorted_spikes(0); }

private:
    run::Simulation simulation_;
    run::MemorySink sink_;
    run::Outcome outcome_;
};

/// "backward_euler" or "crank_nicolson" as in a configuration.
inline constexpr const char* backward_euler = "backward_euler";
inline constexpr const char* crank_nicolson = "crank_nicolson";

}  // namespace axolemma::verify
