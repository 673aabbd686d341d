/// An HDF5 file driver that makes every flush one commit.
///
/// HDF5 changes its index structures in place and in no particular order, so a process killed while it flushes, or
/// a disk that fills up half way, leaves a file that cannot be opened. This driver writes bytes that were never
/// written before straight away (nothing committed refers to them), holds back every change to older bytes until
/// the flush, and then applies them together, data before the structures that refer to it. After a failed write
/// nothing more reaches the disk: the file stays as it was at the last commit. It produces ordinary HDF5 files, and opens those it made to continue them.
///
/// This works because freed space is never used again (file space strategy "none", set in hdf5_file.cpp): what the
/// last commit refers to stays where it is until the next one is through.
#pragma once

#include <cstdint>

namespace axolemma::record::hdf5 {

/// Identifier of the driver for H5Pset_driver; registers it with the library if it is not there yet. Negative on
/// failure.
std::int64_t ordered_driver();

}  // namespace axolemma::record::hdf5
