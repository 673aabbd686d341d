#include "cli/load.hpp"

#include "config/config.hpp"

namespace axolemma::cli {

run::Simulation load_simulation(const std::string& config, const std::vector<std::string>& sets,
                                const std::string& output, network::Ranks& ranks)
{
    model::Model model;
    network::together(ranks, [&] {
        std::vector<config::Override> overrides;
        for (const auto& set : sets) {
            overrides.push_back(config::Override::parse(set));
        }
        model = config::read_model(config, overrides);
        if (!output.empty()) {
            model.output.file = output;
        }
    });
    return run::Simulation(std::move(model), ranks);
}

}  // namespace axolemma::cli
