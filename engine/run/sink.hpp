/// Where results go while a simulation runs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "record/result_tables.hpp"

namespace axolemma::run {

/// Receives results in order of time, from one thread.
class Sink {
public:
    virtual ~Sink() = default;
    /// @param report  index into Simulation::reports()
    /// @param rows    n_rows * number of elements
    virtual void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) = 0;
    /// @param population  index into Simulation::populations()
    virtual void spikes(std::size_t population, std::span<const record::Spike> spikes) = 0;
};

/// Keeps everything in memory, for tests and for programs that go on with the numbers.
class MemorySink : public Sink {
public:
    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) override;
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override;

    /// Samples of a report, row after row.
    const std::vector<double>& samples(std::size_t report) const { return samples_.at(report); }
    /// One element over time.
    std::vector<double> column(std::size_t report, std::size_t element, std::size_t n_elements) const;
    /// Spikes of a population, sorted by time, cell and site.
    std::vector<record::Spike> sorted_spikes(std::size_t population) const;

private:
    std::vector<std::vector<double>> samples_;
    std::vector<std::vector<record::Spike>> spikes_;
};

/// Throws everything away.
class NullSink : public Sink {
public:
    void rows(std::size_t, std::span<const double>, std::size_t) override {}
    void spikes(std::size_t, std::span<const record::Spike>) override {}
};

}  // namespace axolemma::run
