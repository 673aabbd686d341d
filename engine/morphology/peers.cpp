#include "morphology/peers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "base/index.hpp"
#include "morphology/frustum.hpp"
#include "morphology/section_builder.hpp"
#include "morphology/soma.hpp"
#include "morphology/work_tree.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

PeerResult refusal(const std::string& tool, std::string reason)
{
    PeerResult result;
    result.tool = tool;
    result.accepts = false;
    result.reason = std::move(reason);
    return result;
}

const SwcSample* parent_of(const SwcFile& file, const SwcSample& sample)
{
    return sample.parent < 0 ? nullptr : &file.samples[index(sample.parent)];
}

std::vector<std::int32_t> children_counts(const SwcFile& file)
{
    std::vector<std::int32_t> n(file.samples.size(), 0);
    for (const SwcSample& sample : file.samples) {
        if (sample.parent >= 0) {
            ++n[index(sample.parent)];
        }
    }
    return n;
}

void add_cone(PeerResult& result, const Point& from, const Point& to)
{
    const double length_um = distance_between_um(from, to);
    result.length_um += length_um;
    result.area_um2 += frustum_area_um2(length_um, from.radius_um, to.radius_um);
}

/// Why NEURON's reader fails on a file that is a sound tree; empty if it does not.
std::string why_neuron_fails(const SwcFile& file)
{
    std::int32_t low_type = file.samples.front().type;
    std::int32_t high_type = low_type;
    for (std::size_t k = 0; k < file.samples.size(); ++k) {
        const SwcSample& sample = file.samples[k];
        if (k > 0 && sample.id <= file.samples[k - 1].id) {
            return fmt::format("its reader stops where ids do not increase (line {})", sample.line);
        }
        if (sample.parent > static_cast<std::int32_t>(k)) {
            return fmt::format("its reader stops where a parent comes later (line {})", sample.line);
        }
        constexpr std::int64_t exact_in_float = 16777216;
        if (sample.id > exact_in_float) {
            return fmt::format("it reads ids in single precision and reserves memory for the largest (line {})",
                               sample.line);
        }
        low_type = std::min(low_type, sample.type);
        high_type = std::max(high_type, sample.type);
    }
    constexpr std::int64_t most_types = 100000000;
    if (static_cast<std::int64_t>(high_type) - low_type > most_types) {
        return "it reserves memory for every type between the smallest and the largest";
    }
    return {};
}

/// NEURON reads every number in single precision.
WorkTree in_single_precision(WorkTree tree)
{
    const auto rounded = [](double value) { return static_cast<double>(static_cast<float>(value)); };
    for (Point& point : tree.point) {
        point = {rounded(point.x_um), rounded(point.y_um), rounded(point.z_um), rounded(point.radius_um)};
    }
    return tree;
}

/// Why Arbor's reader does not see the whole file; empty if it does.
std::string why_arbor_reads_less(const SwcFile& file)
{
    if (file.text.byte_order_mark) {
        return "it reads no sample after a byte order mark and returns an empty cell";
    }
    if (file.text.integers_as_reals) {
        return "it stops without a message at the first id, type or parent that is not written as an integer";
    }
    if (file.text.first_break_line > 0) {
        return fmt::format("it stops without a message at line {} (a blank line or comment) and keeps {} of {} samples",
                           file.text.first_break_line, file.text.n_leading_samples, file.samples.size());
    }
    for (const SwcSample& sample : file.samples) {
        if (sample.id > std::numeric_limits<std::int32_t>::max()) {
            return fmt::format("it stops without a message at line {}: ids have 32 bits", sample.line);
        }
    }
    for (const SwcSample& sample : file.samples) {
        if (sample.parent_id >= sample.id) {
            return fmt::format("error: the parent id on line {} is not less than the sample id", sample.line);
        }
    }
    return {};
}

std::string why_arbor_neuron_fails(const SwcFile& file, const SomaFacts& soma_facts)
{
    if (!soma_facts.is_root) {
        return "error: the soma is not the root";
    }
    for (const SwcSample& sample : file.samples) {
        const SwcSample* parent = parent_of(file, sample);
        if (sample.type < soma || sample.type > apic) {
            return fmt::format("error: type {} on line {} is not supported", sample.type, sample.line);
        }
        if (parent != nullptr && parent->type != soma && parent->type != sample.type) {
            return fmt::format("error: the type changes along a neurite (line {})", sample.line);
        }
    }
    return {};
}

std::string why_morphio_fails(const SwcFile& file, const SomaFacts& soma_facts)
{
    if (file.text.byte_order_mark || file.text.dos_end_of_file || file.text.integers_as_reals) {
        return "error: it cannot read the text (byte order mark, byte 0x1A, or integers written as reals)";
    }
    const std::vector<std::int32_t> n_children = children_counts(file);
    for (const SwcSample& sample : file.samples) {
        if (sample.id > std::numeric_limits<std::uint32_t>::max()) {
            return fmt::format("error: the id on line {} is above 4294967295", sample.line);
        }
        if (sample.type < 1 || sample.type > 19) {
            return fmt::format("error: type {} on line {} is not supported", sample.type, sample.line);
        }
        const SwcSample* parent = parent_of(file, sample);
        if (parent == nullptr || parent->type == sample.type || parent->type == soma) {
            continue;
        }
        if (sample.type == soma) {
            return fmt::format("error: a soma sample has a neurite as parent (line {})", sample.line);
        }
        if (n_children[index(sample.parent)] == 1) {
            return fmt::format("error: the type changes without a branch point (line {})", sample.line);
        }
    }
    if (!soma_facts.forks.empty()) {
        return fmt::format("error: the soma forks (line {})", file.samples[index(soma_facts.forks.front())].line);
    }
    return {};
}

double morphio_soma_area_um2(const SwcFile& file, const SomaFacts& soma_facts)
{
    if (soma_facts.samples.empty()) {
        return 0.0;
    }
    const SwcSample& first = file.samples[index(soma_facts.samples.front())];
    const double sphere_um2 = 4.0 * std::numbers::pi * first.radius_um * first.radius_um;
    if (soma_facts.samples.size() == 1) {
        return sphere_um2;
    }
    std::vector<std::int32_t> in_file_order = soma_facts.samples;
    std::sort(in_file_order.begin(), in_file_order.end());
    if (in_file_order.size() == 3) {
        const SwcSample& second = file.samples[index(in_file_order[1])];
        const SwcSample& third = file.samples[index(in_file_order[2])];
        if (first.id == 1 && second.id == 2 && third.id == 3 && second.parent_id == 1 && third.parent_id == 1) {
            return sphere_um2;
        }
    }
    PeerResult cones;
    for (std::size_t i = 1; i < in_file_order.size(); ++i) {
        add_cone(cones, file.samples[index(in_file_order[i - 1])].point(),
                 file.samples[index(in_file_order[i])].point());
    }
    return cones.area_um2;
}

}  // namespace

PeerResult as_neuron(const SwcFile& file)
{
    const std::string tool = "NEURON";
    if (std::string reason = why_neuron_fails(file); !reason.empty()) {
        return refusal(tool, std::move(reason));
    }
    const WorkTree tree = in_single_precision(tree_in_file_order(file));
    const Morphology cell = file.format == FileFormat::neurolucida
                                ? sections_as_drawn(file, tree)
                                : sections_as_neuron(file, tree, {.copy_defects = true});
    PeerResult result;
    result.tool = tool;
    result.n_sections = cell.n_sections();
    for (std::int32_t s = 0; s < cell.n_sections(); ++s) {
        constexpr std::int32_t most_points = 32768;
        if (cell.section(s).n_points > most_points) {
            return refusal(tool, fmt::format("it crashes on sections of more than {} points", most_points));
        }
        result.length_um += cell.section(s).length_um;
        result.area_um2 += cell.area_um2(s, 0.0, 1.0);
    }
    return result;
}

PeerResult as_arbor_arbor(const SwcFile& file)
{
    const std::string tool = "Arbor, rule arbor";
    if (std::string reason = why_arbor_reads_less(file); !reason.empty()) {
        return refusal(tool, std::move(reason));
    }
    const SwcSample& root = file.samples[index(file.order.front())];
    const bool has_root_segment = std::any_of(file.samples.begin(), file.samples.end(), [&](const SwcSample& sample) {
        return parent_of(file, sample) == &root && sample.type == root.type;
    });
    if (!has_root_segment) {
        return refusal(tool, "error: the root needs a second sample of its type (no spherical somas)");
    }
    PeerResult result;
    result.tool = tool;
    for (const SwcSample& sample : file.samples) {
        if (const SwcSample* parent = parent_of(file, sample)) {
            add_cone(result, parent->point(), sample.point());
        }
    }
    return result;
}

// A single soma sample is a cylinder of length = diameter. A neurite starts at its own first sample, except one of a
// single sample, which is a cylinder of its own radius from the soma.
PeerResult as_arbor_neuron(const SwcFile& file)
{
    const std::string tool = "Arbor, rule neuron";
    if (std::string reason = why_arbor_reads_less(file); !reason.empty()) {
        return refusal(tool, std::move(reason));
    }
    const SomaFacts soma_facts = describe_soma(file);
    if (soma_facts.samples.empty()) {
        PeerResult result = as_arbor_arbor(file);
        result.tool = tool;
        return result;
    }
    if (std::string reason = why_arbor_neuron_fails(file, soma_facts); !reason.empty()) {
        return refusal(tool, std::move(reason));
    }
    const std::vector<std::int32_t> n_children = children_counts(file);
    PeerResult result;
    result.tool = tool;
    for (std::size_t k = 0; k < file.samples.size(); ++k) {
        const SwcSample& sample = file.samples[k];
        const SwcSample* parent = parent_of(file, sample);
        if (parent == nullptr) {
            if (soma_facts.samples.size() == 1) {
                result.length_um += 2.0 * sample.radius_um;
                result.area_um2 += 4.0 * std::numbers::pi * sample.radius_um * sample.radius_um;
            }
        } else if (parent->type != soma || sample.type == soma) {
            add_cone(result, parent->point(), sample.point());
        } else if (n_children[k] == 0) {
            Point start = parent->point();
            start.radius_um = sample.radius_um;
            add_cone(result, start, sample.point());
        }
    }
    return result;
}

PeerResult as_morphio(const SwcFile& file)
{
    const std::string tool = "MorphIO";
    const SomaFacts soma_facts = describe_soma(file);
    if (std::string reason = why_morphio_fails(file, soma_facts); !reason.empty()) {
        return refusal(tool, std::move(reason));
    }
    const std::vector<std::int32_t> n_children = children_counts(file);
    PeerResult result;
    result.tool = tool;
    for (const SwcSample& sample : file.samples) {
        const SwcSample* parent = parent_of(file, sample);
        const bool is_neurite = parent != nullptr && parent->type != soma && sample.type != soma;
        // A first sample at the very place where its section branches off replaces the branch point's: no annulus
        // there.
        const bool is_replaced = is_neurite && n_children[index(sample.parent)] > 1 &&
                                 distance_between_um(parent->point(), sample.point()) == 0.0;
        if (is_neurite && !is_replaced) {
            add_cone(result, parent->point(), sample.point());
        }
    }
    result.soma_area_um2 = morphio_soma_area_um2(file, soma_facts);
    result.area_um2 += result.soma_area_um2;
    return result;
}

std::vector<PeerResult> ask_peers(const SwcFile& file)
{
    if (file.format == FileFormat::neurolucida) {
        return {as_neuron(file)};
    }
    return {as_neuron(file), as_arbor_arbor(file), as_arbor_neuron(file), as_morphio(file)};
}

}  // namespace axolemma::morphology
