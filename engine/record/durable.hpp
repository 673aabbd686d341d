/// Safe against power loss: fsync of a file and of the directory that names it.
#pragma once

#include <string>

namespace axolemma::record {

/// @returns 0 or the errno
int sync_file(const std::string& path);
/// So that a file that was created or renamed is found under its name. A file system that cannot do it is no failure.
/// @returns 0 or the errno
int sync_directory_of(const std::string& path);

}  // namespace axolemma::record
