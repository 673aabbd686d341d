/// The models that the engine is timed with. Squid channels on every compartment (6.3 degC, Ra 100 ohm cm, cm 1 uF/cm2,
/// from -65 mV), nothing recorded but the spikes at one place of every cell (both ends of a cable). W7 alone has synapses.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/shapes.hpp"
#include "config/config.hpp"
#include "model/model.hpp"

namespace axolemma::bench {

struct WorkloadInfo {
    std::string name;     ///< "W1"
    std::string summary;  ///< one line
};
const std::vector<WorkloadInfo>& workloads();

struct Settings {
    std::string swc_folder;         ///< reconstructions for W4 and W5; empty: made-up trees
    std::string stop;               ///< as in "10 ms"; empty: as the workload or the configuration says
    std::string method;             ///< empty: backward_euler for a workload, and as a configuration says
    std::vector<std::string> sets;  ///< "path=value", laid over the model after the above
    std::int64_t n_trees = 200;     ///< cells of W4
};

/// A model that can be run as long as this object lives.
struct Workload {
    std::string name;
    std::string note;  ///< what was chosen, for W4 and W5; one line
    model::Model model;
    std::shared_ptr<const ScratchFolder> files;  ///< shapes that the model reads
};

/// Throws base::InputError for an unknown name.
Workload make_workload(const std::string& name, const Settings& settings);
/// A configuration file as it stands, but for the settings.
Workload load_workload(const std::string& config, const Settings& settings);

}  // namespace axolemma::bench
