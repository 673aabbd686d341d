#include "morphology/doctor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "morphology/cell_summary.hpp"
#include "morphology/facts.hpp"
#include "morphology/peers.hpp"

namespace axolemma::morphology {

namespace {

using Text = std::back_insert_iterator<std::string>;

void print_types(Text out, const FileFacts& facts, const CellSummary& cell)
{
    fmt::format_to(out, "{:<14}{:>9}{:>10}{:>14}{:>16}\n", "type", "samples", "sections", "length [um]", "area [um2]");
    for (const auto& [type, of_type] : facts.by_type) {
        const auto built = cell.by_type.find(type);
        const SectionSums sums = built == cell.by_type.end() ? SectionSums{} : built->second;
        fmt::format_to(out, "{:<14}{:>9}{:>10}{:>14.6g}{:>16.6g}\n",
                       fmt::format("{} ({})", section_base_name(type), type), of_type.n_samples, sums.n_sections,
                       sums.length_um, sums.area_um2);
    }
    fmt::format_to(out, "{:<14}{:>9}{:>10}{:>14.6g}{:>16.6g}\n", "all", cell.n_samples, cell.all.n_sections,
                   cell.all.length_um, cell.all.area_um2);
}

void print_tree(Text out, const FileFacts& facts, const CellSummary& cell)
{
    fmt::format_to(
        out, "tips {}, branch points {} (largest order {}, most children {}), longest path from the soma {:.6g} um\n",
        facts.n_tips - facts.n_soma_tips, facts.n_branch_points, facts.largest_branch_order, facts.largest_fan_out,
        cell.longest_path_um);
    fmt::format_to(out, "radii {:.6g} to {:.6g} um", facts.smallest_radius_um, facts.largest_radius_um);
    if (facts.n_zero_radius > 0) {
        fmt::format_to(out, " ({} of radius 0)", facts.n_zero_radius);
    }
    fmt::format_to(out, "; box x {:.6g} to {:.6g}, y {:.6g} to {:.6g}, z {:.6g} to {:.6g} um\n", facts.low.x_um,
                   facts.high.x_um, facts.low.y_um, facts.high.y_um, facts.low.z_um, facts.high.z_um);
}

void print_peers(Text out, const SwcFile& file, const CellSummary& cell)
{
    fmt::format_to(out, "{:<22}{:>14}{:>16}\n", "other programs", "length [um]", "area [um2]");
    fmt::format_to(out, "  {:<20}{:>14.6g}{:>16.6g}  {} sections\n", "Axolemma (above)", cell.all.length_um,
                   cell.all.area_um2, cell.all.n_sections);
    for (const PeerResult& peer : ask_peers(file)) {
        if (!peer.accepts) {
            fmt::format_to(out, "  {:<20}does not read it: {}\n", peer.tool, peer.reason);
            continue;
        }
        fmt::format_to(out, "  {:<20}{:>14.6g}{:>16.6g}", peer.tool, peer.length_um, peer.area_um2);
        if (peer.n_sections >= 0) {
            fmt::format_to(out, "  {} sections", peer.n_sections);
        }
        if (peer.soma_area_um2 >= 0.0) {
            fmt::format_to(out, "  length of the neurites alone, soma area {:.6g}", peer.soma_area_um2);
        }
        fmt::format_to(out, "\n");
    }
}

}  // namespace

CellSummary summarise_cell(const SwcFile& file, const Morphology& morphology)
{
    CellSummary cell;
    cell.n_samples = static_cast<std::int64_t>(file.samples.size());
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const Section& section = morphology.section(s);
        for (SectionSums* sums : {&cell.by_type[section.type], &cell.all}) {
            ++sums->n_sections;
            sums->length_um += section.length_um;
            sums->area_um2 += morphology.area_um2(s, 0.0, 1.0);
            sums->volume_um3 += morphology.volume_um3(s, 0.0, 1.0);
        }
        cell.longest_path_um =
            std::max({cell.longest_path_um, morphology.distance_um({s, 0.0}), morphology.distance_um({s, 1.0})});
    }
    return cell;
}

std::string doctor_text(const SwcFile& file, const BuiltMorphology& built)
{
    const FileFacts facts = measure_file(file);
    const CellSummary cell = summarise_cell(file, built.morphology);
    std::string text;
    const Text out = std::back_inserter(text);
    fmt::format_to(out, "{}: {}{} samples, {} comment lines, sha256 {}\n\n", file.name,
                   file.format == FileFormat::swc ? "" : "Neurolucida, ", file.samples.size(), file.n_comment_lines,
                   file.sha256);
    fmt::format_to(out, "soma: {}\n\n", built.soma_rule_used);
    print_types(out, facts, cell);
    fmt::format_to(out, "\n");
    print_tree(out, facts, cell);
    fmt::format_to(out, "\n");
    print_peers(out, file, cell);
    fmt::format_to(out, "\n");
    if (built.warnings.empty()) {
        fmt::format_to(out, "no warnings\n");
    } else {
        text += built.warnings.text();
    }
    return text;
}

}  // namespace axolemma::morphology
