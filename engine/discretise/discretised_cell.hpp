/// One cell ready to be packed: its electrical tree, what is on its membrane, and what is plugged into it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "discretise/cable.hpp"
#include "discretise/layout.hpp"
#include "mechanisms/mechanism.hpp"
#include "mechanisms/synapse.hpp"
#include "mechanisms/waveform.hpp"

namespace axolemma::discretise {

/// A mechanism on some compartments of the cell. Columns are ordered as in MechanismInfo::parameters.
struct PlacedMechanism {
    const mechanisms::MechanismInfo* info = nullptr;
    std::vector<std::int32_t> node;               ///< ascending
    std::vector<std::vector<double>> parameters;  ///< [parameter][node]
    /// Values of MechanismInfo::rate_parameters at all these nodes; none: they differ.
    std::optional<std::vector<double>> rate_values = {};
};

/// An ion on the compartments in which mechanisms use it.
struct PlacedIon {
    std::string name;
    int valence = 0;
    std::vector<std::int32_t> node;                          ///< ascending
    std::vector<double> reversal_mV, inside_mM, outside_mM;  ///< at the beginning of a run, per node
    /// Per node, a bit for each of mechanisms::IonQuantity: does it change there and does anybody ask for it?
    std::vector<std::uint8_t> changing;
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

/// One instance of a synapse, in the compartment that contains its place.
struct PlacedSynapse {
    const mechanisms::SynapseInfo* info = nullptr;
    std::int32_t synapse = 0;  ///< index in model::Model::synapses
    std::int32_t place = 0;    ///< number among the places of that synapse on the cell
    std::int32_t node = 0;
    std::vector<double> parameters;  ///< in the order of SynapseInfo::parameters
};

/// One side of a gap junction: the current g (v_there - v) flows into `node`.
struct GapEnd {
    std::int32_t node = 0;
    double g_uS = 0;
    std::int32_t site_there = 0;  ///< number, over the whole model, of the place at the other side
};

/// A place whose voltage other cells look at through gap junctions.
struct GapSite {
    std::int32_t node = 0;
    std::int32_t site = 0;  ///< number over the whole model
};

/// What is plugged into a cell.
struct Plugged {
    std::vector<CurrentClamp> current_clamps;
    std::vector<VoltageClamp> voltage_clamps;
    std::vector<PlacedSynapse> synapses;  ///< by synapse, then place
    std::vector<GapEnd> gap_ends;
    std::vector<GapSite> gap_sites;  ///< sites ascending
};

struct DiscretisedCell : Plugged {
    std::shared_ptr<const Layout> layout;
    Cable cable;
    std::vector<double> v_init_mV;            ///< per node
    std::vector<PlacedMechanism> mechanisms;  ///< a node in one of each mechanism
    std::vector<PlacedIon> ions;              ///< all that the mechanisms use (discretise/ions.hpp)
};

}  // namespace axolemma::discretise
