/// A model for other simulators to build: shapes, compartments, currents and squid channels without anything of ours.
///
///     {"workload": "W2", "dt_ms": .., "stop_ms": .., "temperature_degC": .., "threshold_mV": ..,
///      "cm_uF_per_cm2": .., "ra_ohm_cm": .., "v_init_mV": .., "hh": {"gnabar_S_per_cm2": .., ...},
///      "cells": [{"shape": 0,
///                 "stimuli": [{"section": 0, "position": 0.5, "delay_ms": .., "duration_ms": .., "amplitude_nA": ..}],
///                 "detectors": [{"section": 0, "position": 0.5}],
///                 "synapses": [{"section": 1, "position": 0.5, "tau_ms": .., "e_mV": ..}]}, ...],
///      "connections": [{"from_cell": 0, "detector": 0, "cell": 1, "synapse": 0, "weight_uS": .., "delay_ms": ..}, ...],
///      "events": [{"t_ms": .., "cell": 0, "synapse": 0, "weight_uS": ..}, ...],
///      "shapes": [{"sections": [{"name": "soma[0]", "parent": -1, "parent_position": 1, "n_compartments": 1,
///                                "points": [[x, y, z, diameter], ...]}, ...]}, ...]}
///
/// Sections stand parents first; points are in um. Compartments of a section have equal lengths. A synapse's conductance jumps
/// by the weight and decays with tau; events come without a source. Detectors and synapses are numbered within their cell.
#pragma once

#include <string>

#include "run/simulation.hpp"

namespace axolemma::bench {

/// Throws base::InputError when the model has anything that the description cannot say: it holds squid channels with the
/// same parameters on every compartment, one cm, Ra and initial voltage, pulses of current, one threshold, and the networks
/// of bench/network_json.hpp.
std::string model_json(const run::Simulation& simulation, const std::string& name);

}  // namespace axolemma::bench
