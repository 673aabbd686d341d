/// A model made ready to run: cells packed into groups, probes placed, stimuli plugged in.
///
///     run::Simulation simulation(config::read_model("configs/squid_axon.yaml"));
///     run::MemorySink sink;
///     const run::Outcome outcome = simulation.run({}, sink);
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "network/ranks.hpp"
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
    std::int64_t n_synapses = 0, n_connections = 0, n_gap_junctions = 0;
    double min_delay_ms = 0;  ///< between cells, in whole steps; 0 without connections between cells
    /// When the first spike of a generator reaches a synapse.
    double first_event_ms = std::numeric_limits<double>::infinity();
    double lane_fill = 0;  ///< share of the lanes of all rows that hold a node
    double memory_MB = 0;  ///< plan, state and buffers
    int n_ranks = 1;
    std::int64_t largest_share_nodes = 0;  ///< nodes of the rank that has most
    double largest_memory_MB = 0;          ///< memory of the rank that needs most
    double output_MB = 0;                  ///< size of the recordings before compression
};

/// A file the model was made from.
struct InputFile {
    std::string path, sha256;
};

/// When and where the state of a run is saved.
struct CheckpointOptions {
    std::string path;              ///< empty: never
    double every_wall_s = 0;       ///< by the clock; 0: not
    std::int64_t every_steps = 0;  ///< of simulated time; 0: not
    /// Makes everything recorded so far safe and says where it ends. Called on rank 0.
    std::function<record::ResumePoint()> save_results;
    /// Called on rank 0 when a checkpoint could not be written; the run goes on.
    std::function<void(const std::string& why)> warn;
};

struct RunOptions {
    int threads = 0;  ///< 0: OMP_NUM_THREADS or one per core, shared by the ranks of a machine
    CheckpointOptions checkpoint;
    /// A checkpoint to go on from; empty: start at t = 0.
    std::string resume_from;
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
    std::string failure;          ///< why the run stopped before its end; empty when it was asked to
    bool checkpointed = false;    ///< stopped with a checkpoint to go on from
    std::int64_t first_step = 0;  ///< 0, or where the run went on from
    std::int64_t bytes_exchanged = 0, exchanges = 0;  ///< sent by this rank; messages from everybody to everybody
    std::int64_t n_steps = 0;
    double wall_s = 0, cpu_s = 0;
    int threads = 1;  ///< of each rank
    int ranks = 1;
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
    /// base::EngineError when the model cannot fit into this machine's memory; with several ranks network::RankFailed on
    /// all of them. Everything that follows must be called on all ranks alike.
    explicit Simulation(model::Model model, network::Ranks& ranks = network::Ranks::alone());
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

    network::Ranks& ranks() const;
    /// 64 hexadecimal digits that stand for everything the results depend on: configuration, overrides and input files.
    const std::string& fingerprint() const;
    /// Every file the model was made from, as it was when the simulation was made; the configuration first.
    const std::vector<InputFile>& input_files() const;

    /// Runs from t = 0, or from a checkpoint, to the end; results go to `sink` of rank 0 as they arise. Can be called
    /// again: every run starts anew.
    Outcome run(const RunOptions& options, Sink& sink);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace axolemma::run
