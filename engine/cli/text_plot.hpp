/// A curve drawn with the dots of Braille characters, for terminals.
#pragma once

#include <string>
#include <vector>

namespace axolemma::cli {

struct TextPlot {
    std::size_t columns = 60, rows = 10;  ///< characters; each has 2 x 4 dots
};

/// Draws y over x, whose values ascend, with its range written on the left and that of x below. Values that are not finite are
/// left out.
std::string text_plot(const std::vector<double>& x, const std::vector<double>& y, const TextPlot& size = {});

}  // namespace axolemma::cli
