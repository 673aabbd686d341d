/// The channels that the program brings along: the files of channels/, carried as text.
#pragma once

#include <string_view>
#include <vector>

namespace axolemma::config {

struct LibraryFile {
    std::string_view name;  ///< of the channel, and of its file without .yaml
    std::string_view text;
};

/// All of them, by name.
const std::vector<LibraryFile>& library_files();

}  // namespace axolemma::config
