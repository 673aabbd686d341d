#include "verify/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.hpp"
#include "config/config.hpp"

namespace axolemma::verify {

Experiment::Experiment(const std::string& config, int threads) : simulation_(config::parse_model(config, "verify"))
{
    run::RunOptions options;
    options.threads = threads;
    outcome_ = simulation_.run(options, sink_);
    if (!outcome_.complete) {
        throw base::EngineError(outcome_.failure);
    }
}

std::vector<double> Experiment::trace(std::string_view recording, std::size_t element) const
{
    const auto& reports = simulation_.reports();
    const auto found =
        std::find_if(reports.begin(), reports.end(), [&](const auto& report) { return report.recording == recording; });
    if (found == reports.end()) {
        throw base::EngineError(fmt::format("the case records no '{}'", recording));
    }
    return sink_.column(static_cast<std::size_t>(found - reports.begin()), element, found->n_elements());
}

std::vector<double> Experiment::spike_times_ms(std::int32_t site) const
{
    std::vector<double> times;
    for (const auto& spike : sink_.sorted_spikes(0)) {
        if (spike.site == site && spike.cell == 0) {
            times.push_back(spike.time_ms);
        }
    }
    return times;
}

}  // namespace axolemma::verify
