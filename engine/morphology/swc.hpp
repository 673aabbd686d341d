/// Morphology files, SWC and Neurolucida: text -> samples -> sections, with every mistake reported at its line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "morphology/morphology.hpp"

namespace axolemma::morphology {

/// How a file writes a cell.
enum class FileFormat { swc, neurolucida };
/// "swc", "neurolucida", in the order of FileFormat.
const std::vector<std::string>& file_format_names();

/// One data line of an SWC file, or one point of a Neurolucida file.
struct SwcSample {
    std::int64_t id = 0;
    std::int32_t type = 0;
    double x_um = 0, y_um = 0, z_um = 0, radius_um = 0;
    std::int64_t parent_id = -1;
    std::int32_t parent = -1;  ///< index into SwcFile::samples, -1 for the root
    std::int64_t line = 0;
    bool begins_branch = false;  ///< Neurolucida: the first point of a branch, which is a section

    Point point() const { return {x_um, y_um, z_um, radius_um}; }
};

/// Peculiarities of the text that other programs stumble over; the doctor tells.
struct SwcTextFacts {
    bool byte_order_mark = false;
    bool dos_end_of_file = false;    ///< a byte 0x1A after the data
    bool integers_as_reals = false;  ///< an id, type or parent such as "1.0"
    std::int64_t first_break_line =
        0;  ///< first blank line, or comment after data or not in column 1, that data follow
    std::int64_t n_leading_samples = 0;  ///< data lines before it; all of them if there is none (first_break_line 0)
};

/// A file that is a tree: unique ids, every parent present, no cycle, one root.
struct SwcFile {
    std::string name;
    FileFormat format = FileFormat::swc;
    std::vector<SwcSample> samples;   ///< in file order; n_samples = number of data lines (less dropped fragments)
    std::vector<std::int32_t> order;  ///< depth first: parents before children, file order among siblings
    std::int64_t n_comment_lines = 0;
    std::string sha256;  ///< of the bytes of the file
    SwcTextFacts text;
    /// Neurolucida: the outlines of the cell body that was read, plane by plane. Its samples are the cones made of them.
    std::vector<std::vector<Point>> soma_outlines;
    base::Diagnostics warnings;
};

/// What to do with files that are not quite trees; every default is "reject".
struct SwcOptions {
    /// Several roots, or parents that are not in the file: keep the tree that holds the soma, or the one with most
    /// samples (the first of equals). What is dropped is counted in a warning.
    enum class Fragments { reject, keep_soma_tree, keep_largest } fragments = Fragments::reject;
    bool absolute_radius = false;  ///< take |r| where a radius is negative
    double scale = 1.0;            ///< multiplies coordinates and radii (files in nm: 0.001); > 0
    double min_radius_um = 0.0;    ///< smaller radii (0 included) are raised to this, after scaling; >= 0
    friend bool operator==(const SwcOptions&, const SwcOptions&) = default;
};

/// How soma samples become sections (docs/morphology.md describes each).
enum class SomaRule { automatic, sphere, cylinders, contour, neuron, arbor };

/// Reads the text of a file. Throws InputError listing all errors of the file. Time and memory grow linearly with the
/// text (ids that are not consecutive are sorted: n log n).
/// @param name what messages call the file
SwcFile parse_swc(std::string_view text, const std::string& name, const SwcOptions& options = {});
/// The same for Neurolucida's text format (.asc): every branch a section, the cell body as NEURON's Import3d makes it
/// (docs/morphology.md). Samples are numbered from 1: those of the cell body, then the points of the trees as they come.
SwcFile parse_asc(std::string_view text, const std::string& name, const SwcOptions& options = {});

/// Reads an SWC file from disk. Throws InputError (also when it cannot be opened).
SwcFile read_swc(const std::string& path, const SwcOptions& options = {});
/// Reads a file of the format that its ending names: .asc (in any case) Neurolucida, all others SWC.
SwcFile read_morphology(const std::string& path, const SwcOptions& options = {});

struct BuiltMorphology {
    Morphology morphology;
    std::string soma_rule_used;  ///< a sentence: what the soma looked like and what was made of it
    base::Diagnostics warnings;  ///< of the file and of the build
};

/// Sections from samples. Throws InputError when the rule cannot be applied to this soma.
BuiltMorphology build_morphology(const SwcFile& file, SomaRule rule = SomaRule::automatic);

/// "auto", "sphere", "cylinders", "contour", "neuron", "arbor", in the order of SomaRule.
const std::vector<std::string>& soma_rule_names();

}  // namespace axolemma::morphology
