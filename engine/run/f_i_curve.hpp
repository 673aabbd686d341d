/// The neuron as an activation function: firing rate over stimulus amplitude.
#pragma once

#include <cstdint>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "record/result_tables.hpp"
#include "run/population.hpp"
#include "run/recordings.hpp"

namespace axolemma::run {

/// An entry of `analysis: f_i_curve` with everything it names found.
struct FICurvePlan {
    const model::FICurveSpec* spec = nullptr;
    std::int32_t population = 0;
    std::int32_t site = 0;             ///< first place of the spike recording it names
    std::vector<double> amplitude_nA;  ///< of every cell; 0 where the stimulus does not reach
    std::vector<std::int64_t> cells;   ///< those whose spikes are recorded there, ascending
};

/// Finds populations, stimuli and spikes of all curves. Problems go to `diagnostics`; then the curve is left out.
std::vector<FICurvePlan> plan_f_i_curves(const model::Model& model, const std::vector<Population>& populations,
                                         const Recordings& recordings, base::Diagnostics& diagnostics);

/// Counts the spikes of one curve as they come, in order of time for each cell.
class FICounter {
public:
    FICounter(const FICurvePlan& plan, double stop_ms);

    void add(const Source& source, double t_ms);
    /// Rates: (n - 1) / (last - first) over the spikes in the window, 0 for fewer than two.
    record::FICurve curve() const;

    /// Spikes of one cell so far.
    struct Window {
        std::int64_t n = 0;
        double first_ms = 0, last_ms = 0;
    };
    const std::vector<Window>& windows() const { return windows_; }
    void set_windows(std::vector<Window> windows) { windows_ = std::move(windows); }

private:
    const FICurvePlan* plan_;
    double to_ms_;
    std::vector<Window> windows_;  ///< one per cell
};

}  // namespace axolemma::run
