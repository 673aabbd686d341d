/// The cases of the table; each function is one row of verify::cases().
#pragma once

#include "verify/verify.hpp"

namespace axolemma::verify {

void rc_patch(const Settings& settings, Findings& findings);
void hines(const Settings& settings, Findings& findings);
void sealed_cable(const Settings& settings, Findings& findings);
void tapered_cable(const Settings& settings, Findings& findings);
void passive_trees(const Settings& settings, Findings& findings);
void rallpack1(const Settings& settings, Findings& findings);
void rallpack2(const Settings& settings, Findings& findings);
void rallpack3(const Settings& settings, Findings& findings);
void hh_patch(const Settings& settings, Findings& findings);
void hh_f_i_curve(const Settings& settings, Findings& findings);
void squid_axon(const Settings& settings, Findings& findings);
void squid_axon_scaling(const Settings& settings, Findings& findings);
void swc_cell(const Settings& settings, Findings& findings);
void voltage_clamp(const Settings& settings, Findings& findings);
void synapse_patch(const Settings& settings, Findings& findings);
void synapses_on_cable(const Settings& settings, Findings& findings);
void gap_junctions(const Settings& settings, Findings& findings);
void ring_of_patches(const Settings& settings, Findings& findings);
void same_bits(const Settings& settings, Findings& findings);

}  // namespace axolemma::verify
