#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/index.hpp"
#include "base/sha256.hpp"
#include "morphology/asc_drawing.hpp"
#include "morphology/asc_soma.hpp"
#include "morphology/soma.hpp"
#include "morphology/swc.hpp"
#include "morphology/swc_findings.hpp"
#include "morphology/swc_not_swc.hpp"
#include "morphology/swc_reader.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

constexpr std::int64_t no_parent = -1;

/// A rectangle in the xy plane.
struct Box {
    double x0_um, y0_um, x1_um, y1_um;

    bool overlaps(const Box& other) const
    {
        return x0_um <= other.x1_um && other.x0_um <= x1_um && y0_um <= other.y1_um && other.y0_um <= y1_um;
    }
    bool contains(const Point& p) const
    {
        return x0_um <= p.x_um && p.x_um <= x1_um && y0_um <= p.y_um && p.y_um <= y1_um;
    }
};

Box box_round(const Outline& outline)
{
    constexpr double far = std::numeric_limits<double>::infinity();
    Box box{far, far, -far, -far};
    for (const Point& p : outline) {
        box = {std::min(box.x0_um, p.x_um), std::min(box.y0_um, p.y_um), std::max(box.x1_um, p.x_um),
               std::max(box.y1_um, p.y_um)};
    }
    return box;
}

/// One cell body: outlines that lie above each other.
struct Body {
    std::int64_t line = 0;
    std::vector<Outline> outlines;
    Box box{};  ///< round all outlines, and a little more round a single one
    Point middle;
    std::int64_t middle_id = 0;  ///< of the sample that neurites hang on
};

/// Makes samples of a drawing, as NEURON's read_nlcda3.hoc makes sections of it.
class SampleMaker {
public:
    SampleMaker(const SwcOptions& options, SwcFile& file, Findings& findings)
        : options_(options), file_(file), findings_(findings)
    {}

    void make(const AscDrawing& drawing);
    /// The outlines of the body that is left in the file.
    std::vector<Outline> outlines_in_file() const;

private:
    void collect_bodies(const AscDrawing& drawing);
    bool is_body(const AscOutline& drawn, const Outline& outline);
    void add_body(Body& body);
    void add_branches(const std::vector<AscBranch>& branches);
    std::int64_t body_for(const Point& stem, std::int64_t line);
    std::int64_t add(const Point& point, std::int32_t type, std::int64_t parent_id, std::int64_t line, bool begins);
    void report_roots();

    const SwcOptions& options_;
    SwcFile& file_;
    Findings& findings_;
    std::vector<Body> bodies_;
};

std::int64_t SampleMaker::add(const Point& point, std::int32_t type, std::int64_t parent_id, std::int64_t line,
                              bool begins)
{
    SwcSample sample;
    sample.id = static_cast<std::int64_t>(file_.samples.size()) + 1;
    sample.type = type;
    sample.x_um = point.x_um;
    sample.y_um = point.y_um;
    sample.z_um = point.z_um;
    sample.radius_um = std::max(point.radius_um, options_.min_radius_um);
    sample.parent_id = parent_id;
    sample.line = line;
    sample.begins_branch = begins;
    file_.samples.push_back(sample);
    return sample.id;
}

bool SampleMaker::is_body(const AscOutline& drawn, const Outline& outline)
{
    constexpr std::size_t fewest = 3;
    if (outline.size() < fewest) {
        findings_.warning("short outline", drawn.line, [&] {
            return Said{fmt::format("the outline of the cell body has {} point{}; it is ignored", outline.size(),
                                    outline.size() == 1 ? "" : "s"),
                        "an outline has three points or more"};
        });
        return false;
    }
    constexpr double least_area_um2 = 1e-9;
    constexpr double least_roundness = 1e-9;
    const EnclosedArea enclosed = enclosed_area(outline);
    if (!(enclosed.area_um2 > least_area_um2 && enclosed.roundness > least_roundness)) {
        findings_.error("flat outline", drawn.line, [] {
            return Said{"the outline of the cell body encloses no area", "draw it again: its points lie on a line"};
        });
        return false;
    }
    return true;
}

/// An outline that overlaps the one before it, seen from above, is the same body in another plane.
void SampleMaker::collect_bodies(const AscDrawing& drawing)
{
    for (const AscOutline& drawn : drawing.bodies) {
        Outline outline;
        for (const AscPoint& p : drawn.points) {
            outline.push_back(p.point);
        }
        if (!is_body(drawn, outline)) {
            continue;
        }
        const bool goes_on = !bodies_.empty() && box_round(bodies_.back().outlines.back()).overlaps(box_round(outline));
        if (!goes_on) {
            bodies_.push_back({});
            bodies_.back().line = drawn.line;
        }
        bodies_.back().outlines.push_back(std::move(outline));
    }
}

void SampleMaker::add_body(Body& body)
{
    const bool is_single = body.outlines.size() == 1;
    const std::vector<Point> cones =
        is_single ? cones_of_outline(body.outlines.front()) : cones_of_stack(body.outlines);
    std::int64_t last = no_parent;
    for (const Point& p : cones) {
        last = add(p, soma, last, body.line, last == no_parent);
    }
    const std::size_t half = cones.size() / 2;
    body.middle = cones[half];
    body.middle_id = last - static_cast<std::int64_t>(cones.size() - 1 - half);
    constexpr double margin_um = 0.5;
    const double margin = is_single ? margin_um : 0.0;
    body.box = box_round(body.outlines.front());
    for (const Outline& outline : body.outlines) {
        const Box box = box_round(outline);
        body.box = {std::min(body.box.x0_um, box.x0_um), std::min(body.box.y0_um, box.y0_um),
                    std::max(body.box.x1_um, box.x1_um), std::max(body.box.y1_um, box.y1_um)};
    }
    body.box = {body.box.x0_um - margin, body.box.y0_um - margin, body.box.x1_um + margin, body.box.y1_um + margin};
    if (is_single) {
        body.middle = middle_of(body.outlines.front());
    }
}

/// The sample of the body that a tree starting here belongs to: the one whose box it is in, else the nearest.
std::int64_t SampleMaker::body_for(const Point& stem, std::int64_t line)
{
    if (bodies_.empty()) {
        return no_parent;
    }
    for (const Body& body : bodies_) {
        if (body.box.contains(stem)) {
            return body.middle_id;
        }
    }
    const auto nearer = [&](const Body& a, const Body& b) {
        return distance_between_um(a.middle, stem) < distance_between_um(b.middle, stem);
    };
    const Body& nearest = *std::min_element(bodies_.begin(), bodies_.end(), nearer);
    findings_.warning("outside", line, [&] {
        return Said{fmt::format("the tree that starts here is outside the cell body ({:.6g} um from its middle); it is "
                                "joined to its middle",
                                distance_between_um(nearest.middle, stem)),
                    "as NEURON does; if it leaves a dendrite, draw it as a branch of that dendrite"};
    });
    return nearest.middle_id;
}

void SampleMaker::add_branches(const std::vector<AscBranch>& branches)
{
    std::vector<std::int64_t> last(branches.size(), no_parent);
    std::vector<bool> has_child(branches.size(), false);
    for (const AscBranch& branch : branches) {
        if (branch.parent >= 0) {
            has_child[index(branch.parent)] = true;
        }
    }
    for (std::size_t b = 0; b < branches.size(); ++b) {
        const AscBranch& branch = branches[b];
        std::int64_t parent_id = branch.parent < 0 ? no_parent : last[index(branch.parent)];
        const bool is_stem = parent_id == no_parent;
        if (branch.points.size() == 1 && is_stem && !has_child[b] && !bodies_.empty()) {
            findings_.warning("lone point", branch.points.front().line, [] {
                return Said{"a tree of a single point has no length; it is left out", "remove it"};
            });
        }
        for (const AscPoint& p : branch.points) {
            const bool begins = &p == &branch.points.front();
            if (parent_id == no_parent) {
                parent_id = body_for(p.point, p.line);
            }
            parent_id = add(p.point, branch.type, parent_id, p.line, begins);
        }
        last[b] = parent_id;
    }
}

void SampleMaker::report_roots()
{
    std::vector<std::int64_t> lines;
    for (const SwcSample& sample : file_.samples) {
        if (sample.parent_id == no_parent) {
            lines.push_back(sample.line);
        }
    }
    if (lines.size() < 2 || options_.fragments != SwcOptions::Fragments::reject) {
        return;
    }
    findings_.error("roots", lines[1], [&] {
        if (bodies_.empty()) {
            return Said{fmt::format("{} trees and no cell body that joins them (they start on lines {} and {}{})",
                                    lines.size(), lines[0], lines[1], lines.size() > 2 ? ", ..." : ""),
                        "draw the cell body, or keep the largest tree with the option fragments: keep_largest"};
        }
        return Said{fmt::format("{} cell bodies (the first is on line {})", lines.size(), lines[0]),
                    "one cell in each file; or keep the largest with the option fragments: keep_largest"};
    });
}

void SampleMaker::make(const AscDrawing& drawing)
{
    collect_bodies(drawing);
    for (Body& body : bodies_) {
        add_body(body);
    }
    add_branches(drawing.branches);
    report_roots();
}

std::vector<Outline> SampleMaker::outlines_in_file() const
{
    for (const SwcSample& sample : file_.samples) {
        for (const Body& body : bodies_) {
            if (sample.type == soma && sample.line == body.line) {
                return body.outlines;
            }
        }
    }
    return {};
}

}  // namespace

SwcFile parse_asc(std::string_view text, const std::string& name, const SwcOptions& options)
{
    check_options(options, name);
    if (const std::optional<NotSwc> other = recognise_other_format(text, FileFormat::neurolucida)) {
        throw base::InputError({name, other->line, 0}, other->message, other->hint);
    }
    SwcFile file;
    file.name = name;
    file.format = FileFormat::neurolucida;
    file.sha256 = base::sha256_hex(text);
    if (text.starts_with("\xEF\xBB\xBF")) {
        file.text.byte_order_mark = true;
        text.remove_prefix(3);
    }
    Findings findings(name);
    const AscDrawing drawing = read_drawing(text, options, findings);
    file.n_comment_lines = drawing.n_comment_lines;
    SampleMaker maker(options, file, findings);
    maker.make(drawing);
    check_count(file);
    if (file.samples.empty() && !findings.has_errors()) {
        throw base::InputError({name, 0, 0}, "there is no tree and no cell body in the file",
                               "a tree is ((Dendrite) (x y z d) ...), a cell body (\"CellBody\" (x y z d) ...)");
    }
    if (!findings.has_errors()) {
        link_samples(options, {}, file, findings);
    }
    if (!findings.has_errors()) {
        file.soma_outlines = maker.outlines_in_file();
        check_cell(file, findings);
    }
    const base::Diagnostics all = findings.in_line_order();
    all.throw_if_errors();
    file.warnings = all;
    return file;
}

}  // namespace axolemma::morphology
