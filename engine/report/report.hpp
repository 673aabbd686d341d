/// A result file as one self-contained HTML page: no network, no other file, opens with a double click.
#pragma once

#include <cstddef>
#include <string>

#include "record/result_reader.hpp"

namespace axolemma::report {

struct Options {
    /// Wanted size of the page, 0.5 .. 20 MB; what does not fit is thinned in time and in cells, and the page says so.
    double size_MB = 5.0;
    /// Most lines in one panel of traces; further cells are left out.
    std::size_t max_lines = 24;
    /// Heading of the page; empty: the title of the configuration.
    std::string title;
};

/// Writes the page for a result, complete or not.
///
/// @param result     an open result file (docs/output_format.md)
/// @param html_path  file to write; an existing one is replaced, missing directories are created
/// @throws base::InputError   an option is out of its range
/// @throws base::EngineError  the page cannot be written, with the reason
void write_report(const record::ResultReader& result, const std::string& html_path, const Options& options = {});

}  // namespace axolemma::report
