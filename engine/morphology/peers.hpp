/// What other programs make of a file: cable length and membrane area by their rules, or why they cannot use it.
///
/// The rules were read in the sources and checked against runs of NEURON 8.2.2, Arbor (e5c1bcd) and MorphIO (7204ae6);
/// docs/morphology.md states them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

struct PeerResult {
    std::string tool;  ///< "NEURON", "Arbor, rule arbor", "Arbor, rule neuron", "MorphIO"
    bool accepts = true;
    std::string reason;            ///< why it does not accept the file
    double length_um = 0;          ///< of all cable; MorphIO: of the neurites
    double area_um2 = 0;           ///< soma included
    double soma_area_um2 = -1;     ///< MorphIO only
    std::int64_t n_sections = -1;  ///< NEURON only
};

PeerResult as_neuron(const SwcFile& file);
PeerResult as_arbor_arbor(const SwcFile& file);
PeerResult as_arbor_neuron(const SwcFile& file);
PeerResult as_morphio(const SwcFile& file);
/// The four above, in this order; of a Neurolucida file NEURON alone.
std::vector<PeerResult> ask_peers(const SwcFile& file);

}  // namespace axolemma::morphology
