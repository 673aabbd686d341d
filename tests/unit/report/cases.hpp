/// Result files of the kinds a report must cope with, made from formulas.
#pragma once

#include <cstdint>
#include <string>

namespace axolemma::test {

/// One compartment: voltage at one place for 50 ms, a current step; no space to show.
void write_patch_result(const std::string& path);

/// A firing-rate curve and nothing else; one rate is NaN.
void write_f_i_result(const std::string& path);

/// `n_cells` cells of five compartments: voltage of each soma and spikes for 200 ms, no whole-tree recording.
void write_population_result(const std::string& path, std::int64_t n_cells);

/// A random tree of about `n_compartments` with a pulse that starts at the soma, `n_rows` samples 0.05 ms apart.
void write_tree_result(const std::string& path, std::int32_t n_compartments, std::int64_t n_rows);

/// A cable of 50 mm and 500 um thickness, 1000 compartments, `n_rows` samples 0.05 ms apart; two of the samples are NaN
/// and infinite. The configuration holds markup that must not become part of the page.
void write_hostile_cable_result(const std::string& path, std::int64_t n_rows);

}  // namespace axolemma::test
