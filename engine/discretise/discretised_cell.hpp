/// One cell ready to be packed: its electrical tree, what is on its membrane, and what is plugged into it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "discretise/cable.hpp"
#include "discretise/layout.hpp"
#include "mechanisms/mechanism.hpp"
#include "mechanisms/waveform.hpp"

namespace axolemma::discretise {

/// A mechanism on some compartments of the cell. Columns are ordered as in MechanismInfo::parameters.
struct PlacedMechanism {
    const mechanisms::MechanismInfo* info = nullptr;
    std::vector<std::int32_t> node;               ///< ascending
    std::vector<std::vector<double>> parameters;  ///< [parameter][node]
};

/// Delivers waveform [nA], positive depolarising, at a tap.
struct CurrentClamp {
    std::int32_t stimulus = 0;  ///< index in model::Model::stimuli
    Tap tap;
    mechanisms::Waveform waveform;
};

/// Holds a node at waveform [mV] while the waveform is active: through a series resistance, or ideally when that is 0.
struct VoltageClamp {
    std::int32_t stimulus = 0;
    std::int32_t node = 0;
    double series_resistance_Mohm = 0.0;
    mechanisms::Waveform waveform;
};

/// What is plugged into a cell.
struct Clamps {
    std::vector<CurrentClamp> current_clamps;
    std::vector<VoltageClamp> voltage_clamps;
};

struct DiscretisedCell : Clamps {
    std::shared_ptr<const Layout> layout;
    Cable cable;
    std::vector<double> v_init_mV;            ///< per node
    std::vector<PlacedMechanism> mechanisms;  ///< in catalogue order
};

}  // namespace axolemma::discretise
