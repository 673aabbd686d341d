#include "bench/reconstructions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/diagnostics.hpp"
#include "discretise/layout.hpp"
#include "morphology/swc.hpp"

namespace axolemma::bench {

namespace {

// No neurite is that wide, and the longest known axon collaterals of a mouse are shorter; files in nm exceed both.
constexpr double widest_radius_um = 50.0;
constexpr double longest_path_um = 50000.0;

bool out_of_scale(const Reconstruction& shape)
{
    return shape.largest_radius_um > widest_radius_um || shape.longest_path_um > longest_path_um;
}

void measure_extent(Reconstruction& shape)
{
    for (const auto& section : shape.morphology.sections()) {
        shape.longest_path_um = std::max(shape.longest_path_um, section.distance_um + section.length_um);
    }
    for (const auto& point : shape.morphology.points()) {
        shape.largest_radius_um = std::max(shape.largest_radius_um, point.radius_um);
    }
}

std::vector<std::string> swc_files(const std::string& folder)
{
    std::error_code error;
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".swc" && entry.is_regular_file(error)) {
            paths.push_back(entry.path().string());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

std::int32_t count_at(const morphology::Morphology& morphology, double d_lambda)
{
    model::DiscretisationSpec spec;
    spec.d_lambda = d_lambda;
    const auto counts = discretise::count_compartments(morphology, spec, [](std::int32_t) {
        return discretise::PassiveSample{1.0, 100.0};
    });
    return std::accumulate(counts.begin(), counts.end(), 0);
}

double d_lambda_for(const morphology::Morphology& morphology, std::int32_t least)
{
    double d_lambda = 0.1;
    while (count_at(morphology, d_lambda) < least) {
        d_lambda *= 0.8;
    }
    return d_lambda;
}

Reconstruction read_reconstruction(const std::string& path)
{
    Reconstruction made;
    made.path = path;
    made.morphology = morphology::build_morphology(morphology::read_swc(path)).morphology;
    morphology::check_cable(made.morphology, {path, 0, 0}).throw_if_errors();
    made.n_compartments = count_at(made.morphology, 0.1);
    measure_extent(made);
    return made;
}

Collection read_collection(const std::string& folder, std::int32_t least)
{
    Collection collection;
    for (const auto& path : swc_files(folder)) {
        try {
            auto made = read_reconstruction(path);
            if (made.n_compartments < least) {
                ++collection.n_small;
            } else if (out_of_scale(made)) {
                ++collection.n_out_of_scale;
            } else {
                collection.usable.push_back(std::move(made));
            }
        } catch (const base::InputError&) {
            ++collection.n_refused;
        }
    }
    if (collection.usable.empty()) {
        throw base::InputError(
            {}, fmt::format("'{}' holds no SWC file of at least {} compartments that can be simulated", folder, least),
            "--swc names a folder of *.swc files; `axolemma morphology FILE.swc` says what is wrong with one");
    }
    return collection;
}

}  // namespace axolemma::bench
