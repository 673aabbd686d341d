/// What everybody asks of a result file before using it.
#pragma once

#include <cstdint>
#include <string>

#include "record/hdf5_file.hpp"

namespace axolemma::record {

/// Opens a file for reading. Throws base::InputError with the reason and what to do when it cannot be used.
hdf5::File open_result(const std::string& path);
/// Throws base::InputError unless this axolemma can read what is below `root`.
void check_format(const std::string& path, const hdf5::Group& root);
/// Attribute `run_id`; empty when there is none.
std::string run_id_of(const hdf5::Group& root);
/// Throws base::InputError: this part of an unfinished file cannot be continued, because it is not what the run makes.
/// @param reason  "its units differ from those of this run"
[[noreturn]] void refuse_other_run(const hdf5::Object& part, const std::string& reason);
/// The same because it holds less than the checkpoint says.
/// @param what  "rows", "spikes"
[[noreturn]] void refuse_loss(const hdf5::Object& part, std::uint64_t n, std::uint64_t n_known, const char* what);

}  // namespace axolemma::record
