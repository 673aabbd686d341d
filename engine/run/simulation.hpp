/// A model made ready to run: cells packed into groups, probes placed, stimuli plugged in.
///
///     run::Simulation simulation(config::read_model("configs/squid_axon.yaml"));
///     run::MemorySink sink;
///     const run::Outcome outcome = simulation.run({}, sink);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "record/result_tables.hpp"
#include "run/population.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

/// What is known before the first step.
struct Facts {
    std::int64_t n_cells = 0;
    std::int64_t n_compartments = 0;  ///< junctions not counted
    std::int64_t n_nodes = 0;         ///< compartments and junctions
    std::int64_t n_steps = 0;
    std::int64_t n_groups = 0;
    std::int64_t n_recorded = 0;  ///< columns of all recordings
    double lane_fill = 0;         ///< share of the lanes of all rows that hold a node
    double memory_MB = 0;         ///< plan, state and buffers
    double output_MB = 0;         ///< size of the recordings before compression
};

struct RunOptions {
    int threads = 0;  ///< 0: OMP_NUM_THREADS or one per core
    /// Called now and then from the calling thread with the number of steps done.
    std::function<void(std::int64_t done, std::int64_t total)> progress;
    /// Asked now and then; true stops the run cleanly before its end.
    std::function<bool()> stop_requested;
};

/// What was seen at one place watched for spikes.
struct SourceSpikes {
    std::int32_t population = 0;
    std::int64_t cell = 0;  ///< in its population
    std::int32_t site = 0;  ///< row of the population's spike sites
    std::int64_t n = 0;
    double first_ms = 0;
};

struct Outcome {
    bool complete = false;
    std::string failure;  ///< why the run stopped before its end; empty when it was asked to
    std::int64_t n_steps = 0;
    double wall_s = 0, cpu_s = 0;
    int threads = 1;
    /// Over final state, spikes and recordings; the same for any number of threads and groups.
    std::uint64_t result_hash = 0;
    std::vector<SourceSpikes> sources;
    std::vector<record::ConductionVelocity> conduction_velocities;
    std::vector<record::FICurve> f_i_curves;
    std::vector<record::RestingVoltage> resting;
};

class Simulation {
public:
    /// Checks everything that needs the shape of the cells. Throws base::InputError with all errors found, and
    /// base::EngineError when the model cannot fit into this machine's memory.
    explicit Simulation(model::Model model);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    const model::Model& model() const;
    const Facts& facts() const;
    const base::Diagnostics& warnings() const;
    const std::vector<Population>& populations() const;
    const std::vector<record::ReportDescription>& reports() const;
    /// Places watched for spikes, one table per population (empty where there are none).
    const std::vector<record::SpikeSites>& spike_sites() const;

    /// Runs from t = 0 to the end; results go to `sink` as they arise. Can be called again: every run starts from the
    /// initial state.
    Outcome run(const RunOptions& options, Sink& sink);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace axolemma::run
