/// The texts of engine/report/assets, embedded at build time.
#pragma once

#include <string_view>

namespace axolemma::report {

extern const std::string_view report_html, report_css, core_js, timechart_js, traces_js, spacetime_js, raster_js,
    morphology_js, main_js;

}  // namespace axolemma::report
