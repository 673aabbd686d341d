// NEURON's Import3d_SWC_read and import3d_gui (8.2.2), restated: which samples make a section, where it is attached
// and which of its points count. What it does against the file is not copied unless asked for (copy_defects): a
// section never runs on to the next line of the file when that line is not a child, never swallows a change of type,
// and no neurite of one sample is dropped.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/index.hpp"

#include "morphology/section_builder.hpp"
#include "morphology/soma.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

bool same_place(const Point& a, const Point& b)
{
    return a.x_um == b.x_um && a.y_um == b.y_um && a.z_um == b.z_um;
}

/// Nodes first .. end - 1 of the working order, a future section.
struct Run {
    std::int32_t first = 0;
    std::int32_t end = 0;
    std::int32_t size() const { return end - first; }
};

class NeuronSections {
public:
    NeuronSections(const SwcFile& file, const WorkTree& tree, const NeuronRuleOptions& options)
        : file_(file),
          tree_(tree),
          options_(options),
          parent_(tree.parent),
          goes_on_(tree.parent.size(), 0),
          n_soma_children_(tree.parent.size(), 0),
          builder_(tree.size())
    {}

    Morphology build();

private:
    /// How a run hangs on its parent.
    struct Attachment {
        Location at;
        bool is_wire = false;  ///< the first segment, from the parent's sample, is left out
    };

    void mark_branching();
    void count_soma_children();
    void recognise_three_point();
    void keep_soma_together();
    void cut_into_runs();
    bool ends_at(std::int32_t k) const;
    void make_root(const Run& run);
    void make_section(std::size_t r);
    Attachment attach(std::size_t r) const;
    Attachment attach_to_soma_run(std::size_t r, std::int32_t parent_run, bool is_neurite) const;
    std::vector<Point> points_of(const Run& run, bool is_wire) const;
    std::vector<std::int32_t> nodes_of(const Run& run) const;

    const SwcFile& file_;
    const WorkTree& tree_;
    NeuronRuleOptions options_;
    std::vector<std::int32_t> parent_;
    // NEURON counts children in a double and adds 0.01 for each reason to cut; a run goes on where the count is
    // exactly 1. Here in hundredths.
    std::vector<std::int64_t> goes_on_;
    std::vector<std::int32_t> n_soma_children_;
    bool three_point_ = false;
    bool root_is_point_ = false;  // the root run is a sphere
    std::vector<Run> runs_;
    std::vector<std::int32_t> run_of_;
    std::vector<bool> has_section_;  // per run: it was not left out for having no length
    SectionBuilder builder_;
};

constexpr std::int64_t one_child = 100;
constexpr std::int64_t reason_to_cut = 1;

// read_swc.hoc lines 130-190. A neurite's first sample that forks does not end its run: the first branch continues it
// and the others hang on its start. (For the second sample of the file NEURON does not apply this: kept, for equal
// numbers.)
void NeuronSections::mark_branching()
{
    for (std::int32_t k = 0; k < tree_.size(); ++k) {
        const std::int32_t p = parent_[index(k)];
        if (p < 0) {
            continue;
        }
        goes_on_[index(p)] += one_child;
        if (p != k - 1) {
            goes_on_[index(p)] += reason_to_cut;
            const std::int32_t grandparent = parent_[index(p)] < 0 ? 0 : parent_[index(p)];
            const bool forks_at_start =
                p > 1 ? !tree_.is_soma(p) && tree_.is_soma(grandparent) : p == 0 && !tree_.is_soma(0);
            if (forks_at_start) {
                goes_on_[index(p)] = one_child;
            }
        }
        if (tree_.type_of(p) != tree_.type_of(k)) {
            goes_on_[index(p)] += reason_to_cut;
        }
    }
}

void NeuronSections::count_soma_children()
{
    for (std::int32_t k = 1; k < tree_.size(); ++k) {
        const std::int32_t p = parent_[index(k)];
        if (tree_.is_soma(k) && tree_.is_soma(p)) {
            ++n_soma_children_[index(p)];
        }
    }
}

// read_swc.hoc lines 190-210: then the third sample is taken as child of the second, and the soma as one point.
void NeuronSections::recognise_three_point()
{
    std::int32_t n_soma = 0;
    for (std::int32_t k = 0; k < tree_.size(); ++k) {
        n_soma += tree_.is_soma(k) ? 1 : 0;
    }
    if (!options_.recognise_three_point || n_soma != 3 || tree_.size() < 3 || parent_[1] != 0 || parent_[2] != 0 ||
        goes_on_[1] != 0 || goes_on_[2] != 0) {
        return;
    }
    if (is_three_point_sphere(tree_.point_of(0), tree_.point_of(1), tree_.point_of(2))) {
        three_point_ = true;
        parent_[2] = 1;
    }
}

// read_swc.hoc lines 223-261: a soma is cut only where it forks, and not at its first sample.
void NeuronSections::keep_soma_together()
{
    for (std::int32_t k = 0; k + 1 < tree_.size(); ++k) {
        const bool continues = tree_.is_soma(k) && tree_.is_soma(k + 1) && parent_[index(k + 1)] == k;
        if (continues && (k == 0 || n_soma_children_[index(k)] <= 1)) {
            goes_on_[index(k)] = one_child;
        }
    }
}

bool NeuronSections::ends_at(std::int32_t k) const
{
    if (k + 1 == tree_.size() || goes_on_[index(k)] != one_child) {
        return true;
    }
    if (options_.copy_defects) {
        return false;
    }
    return parent_[index(k + 1)] != k || tree_.type_of(k + 1) != tree_.type_of(k);
}

void NeuronSections::cut_into_runs()
{
    run_of_.resize(tree_.parent.size());
    std::int32_t first = 0;
    for (std::int32_t k = 0; k < tree_.size(); ++k) {
        run_of_[index(k)] = static_cast<std::int32_t>(runs_.size());
        if (ends_at(k)) {
            runs_.push_back({first, k + 1});
            first = k + 1;
        }
    }
    has_section_.assign(runs_.size(), true);
    root_is_point_ = three_point_ || runs_.front().size() == 1;
}

std::vector<std::int32_t> NeuronSections::nodes_of(const Run& run) const
{
    std::vector<std::int32_t> nodes;
    nodes.reserve(index(run.size()));
    for (std::int32_t k = run.first; k < run.end; ++k) {
        nodes.push_back(k);
    }
    return nodes;
}

// import3d_gui.hoc line 934 (sphere_rep): x - r, x, x + r, whose lateral area is that of the sphere.
void NeuronSections::make_root(const Run& run)
{
    if (!root_is_point_) {
        std::vector<Point> points;
        for (std::int32_t k = run.first; k < run.end; ++k) {
            points.push_back(tree_.point_of(k));
        }
        builder_.put_nodes(builder_.add(tree_.type_of(0), {}, points), 0, nodes_of(run));
        return;
    }
    if (!options_.inflate_lone_root && !tree_.is_soma(0) && tree_.size() > 1) {
        builder_.put_node(0, {0, 0.0});
        return;
    }
    const Point centre = tree_.point_of(0);
    Point left = centre;
    Point right = centre;
    left.x_um -= centre.radius_um;
    right.x_um += centre.radius_um;
    builder_.add(tree_.type_of(0), {}, {left, centre, right});
    for (const std::int32_t k : nodes_of(run)) {
        builder_.put_node(k, {0, 0.5});
    }
}

// read_swc.hoc lines 393-438.
NeuronSections::Attachment NeuronSections::attach(std::size_t r) const
{
    const Run& run = runs_[r];
    const std::int32_t q = parent_[index(run.first)];
    const std::int32_t parent_run = run_of_[index(q)];
    const Run& above = runs_[index(parent_run)];
    const bool is_neurite = tree_.is_soma(above.first) && !tree_.is_soma(run.first);
    Attachment attachment{builder_.place_of(q), false};
    if (tree_.is_soma(above.first) && has_section_[index(parent_run)]) {
        attachment = attach_to_soma_run(r, parent_run, is_neurite);
    } else if (parent_run == 0 && q == above.first) {
        attachment.at.position = 0.0;
    }
    return attachment;
}

NeuronSections::Attachment NeuronSections::attach_to_soma_run(std::size_t r, std::int32_t parent_run,
                                                              bool is_neurite) const
{
    const Run& run = runs_[r];
    const std::int32_t q = parent_[index(run.first)];
    const Run& above = runs_[index(parent_run)];
    const bool several = run.size() > 1;
    Attachment attachment{builder_.place_of(q), false};
    if (parent_run == 0 && is_neurite && root_is_point_) {
        attachment.at.position = 0.5;
        attachment.is_wire = several;
        return attachment;
    }
    if (parent_run == 0 && q == above.first) {
        attachment.at.position = 0.0;
        attachment.is_wire = is_neurite && n_soma_children_[index(q)] > 1 && (several || options_.copy_defects);
        return attachment;
    }
    const bool is_interior = q < above.end - 1;
    if (is_interior) {
        attachment.at.position = 0.5;
        attachment.is_wire = is_neurite && several;
    } else {
        attachment.is_wire = is_neurite && several && n_soma_children_[index(q)] > 1;
    }
    return attachment;
}

// The first point is the parent's sample; between soma and neurite it takes the neurite's radius.
std::vector<Point> NeuronSections::points_of(const Run& run, bool is_wire) const
{
    std::vector<Point> points;
    points.reserve(index(run.size()) + 1);
    if (!is_wire) {
        const std::int32_t q = parent_[index(run.first)];
        points.push_back(tree_.point_of(q));
        if (tree_.is_soma(q) && !tree_.is_soma(run.first)) {
            points.front().radius_um = tree_.point_of(run.first).radius_um;
        }
    }
    for (std::int32_t k = run.first; k < run.end; ++k) {
        points.push_back(tree_.point_of(k));
    }
    return points;
}

void NeuronSections::make_section(std::size_t r)
{
    const Run& run = runs_[r];
    const Attachment attachment = attach(r);
    const std::vector<Point> points = points_of(run, attachment.is_wire);
    // import3d_gui.hoc line 1145: two points at one place are no section; what hangs on it hangs on its parent.
    const bool has_no_length = points.size() <= 1 || (points.size() == 2 && same_place(points[0], points[1]));
    if (has_no_length) {
        has_section_[r] = false;
        for (const std::int32_t k : nodes_of(run)) {
            builder_.put_node(k, attachment.at);
        }
        return;
    }
    const std::int32_t section = builder_.add(tree_.type_of(run.first), attachment.at, points);
    builder_.put_nodes(section, attachment.is_wire ? 0 : 1, nodes_of(run));
}

Morphology NeuronSections::build()
{
    mark_branching();
    count_soma_children();
    recognise_three_point();
    keep_soma_together();
    cut_into_runs();
    make_root(runs_.front());
    for (std::size_t r = 1; r < runs_.size(); ++r) {
        make_section(r);
    }
    return builder_.build(file_, tree_);
}

}  // namespace

Morphology sections_as_neuron(const SwcFile& file, const WorkTree& tree, const NeuronRuleOptions& options)
{
    return NeuronSections(file, tree, options).build();
}

}  // namespace axolemma::morphology
