#include "run/simulation.hpp"

#include "run/build.hpp"
#include "run/run_loop.hpp"

namespace axolemma::run {

struct Simulation::Impl {
    Impl(model::Model model, network::Ranks& ranks) : built(std::move(model), ranks)
    {
        for (const auto& report : built.recordings.reports) {
            descriptions.push_back(report.description);
        }
    }

    BuiltModel built;
    std::vector<record::ReportDescription> descriptions;
};

Simulation::Simulation(model::Model model, network::Ranks& ranks)
    : impl_(std::make_unique<Impl>(std::move(model), ranks))
{}

Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

const model::Model& Simulation::model() const
{
    return impl_->built.model;
}

const Facts& Simulation::facts() const
{
    return impl_->built.facts;
}

const base::Diagnostics& Simulation::warnings() const
{
    return impl_->built.warnings;
}

const std::vector<Population>& Simulation::populations() const
{
    return impl_->built.populations;
}

const std::vector<record::ReportDescription>& Simulation::reports() const
{
    return impl_->descriptions;
}

const std::vector<record::SpikeSites>& Simulation::spike_sites() const
{
    return impl_->built.recordings.sites;
}

network::Ranks& Simulation::ranks() const
{
    return impl_->built.ranks;
}

const std::string& Simulation::fingerprint() const
{
    return impl_->built.fingerprint;
}

const std::vector<InputFile>& Simulation::input_files() const
{
    return impl_->built.inputs;
}

Outcome Simulation::run(const RunOptions& options, Sink& sink)
{
    return RunLoop(impl_->built, options, sink).run();
}

}  // namespace axolemma::run
