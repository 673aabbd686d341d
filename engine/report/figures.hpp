/// The figures of the page as SVG, for paper and for readers without JavaScript.
#pragma once

#include <string>
#include <vector>

#include "report/colour.hpp"
#include "report/content.hpp"

namespace axolemma::report {

/// Colours of the lines of a panel on light and on dark paper, as "#rrggbb". Places of one cell run through the hues by
/// path distance; anything else gets colours that are easy to tell apart.
struct LineColours {
    std::vector<std::string> light, dark;
};
LineColours line_colours(const Panel& panel);

std::string hex(Rgb colour);

/// Name of a quantity for people: "v" is "Membrane voltage"; anything else stays as it is.
std::string quantity_name(const std::string& quantity);

// Each returns one <svg> element that carries its own description.
std::string traces_figure(const Content& content);
std::string space_time_figure(const SpaceTime& picture);
std::string shape_figure(const Shape& shape);
std::string raster_figure(const Raster& raster, double start_ms, double stop_ms);
std::string f_i_figure(const FICurve& curve);

/// A strip of the colour map with its end values: "early 0.3 ms ▮▮▮▮ 5 ms late".
std::string colour_bar(const char* which, const std::string& low, const std::string& high);

}  // namespace axolemma::report
