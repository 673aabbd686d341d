#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "morphology/soma.hpp"
#include "morphology/swc_reader.hpp"

namespace axolemma::morphology {

namespace {

// A human motor neuron's longest dendrites stay below, and so does any soma; what is larger is in other units.
constexpr double largest_extent_um = 20000.0;
constexpr double largest_radius_um = 100.0;

class CellChecks {
public:
    CellChecks(const SwcFile& file, Findings& findings)
        : samples_(file.samples), findings_(findings), soma_(describe_soma(file))
    {}

    void check_order();
    void check_segments();
    void check_size();
    void check_soma();
    void check_cable();

private:
    const SwcSample& sample(std::int32_t k) const { return samples_[static_cast<std::size_t>(k)]; }
    void check_soma_form();
    void check_radius(const SwcSample& at);

    const std::vector<SwcSample>& samples_;
    Findings& findings_;
    SomaFacts soma_;
};

void CellChecks::check_order()
{
    for (std::size_t k = 0; k < samples_.size(); ++k) {
        if (samples_[k].parent > static_cast<std::int32_t>(k)) {
            findings_.warning("forward parent", samples_[k].line, [&] {
                return Said{fmt::format("sample {} comes before its parent {}; the samples are sorted", samples_[k].id,
                                        samples_[k].parent_id),
                            "other programs need parents first"};
            });
        }
    }
}

void CellChecks::check_radius(const SwcSample& at)
{
    if (at.radius_um == 0.0) {
        findings_.warning("zero radius", at.line, [&] {
            return Said{fmt::format("{} of sample {} is 0", at.type == soma ? "soma radius" : "radius", at.id),
                        "a cable needs a radius: correct it, or set a smallest one with the option min_radius"};
        });
    }
}

void CellChecks::check_segments()
{
    for (const SwcSample& child : samples_) {
        check_radius(child);
        // The first point of a Neurolucida branch may repeat the last of its parent.
        if (child.parent < 0 || child.type == soma || child.begins_branch || sample(child.parent).type == soma) {
            continue;
        }
        const SwcSample& parent = sample(child.parent);
        if (distance_between_um(child.point(), parent.point()) == 0.0) {
            findings_.warning("zero length", child.line, [&] {
                const bool step = child.radius_um != parent.radius_um;
                return Said{fmt::format("sample {} is at the same place as its parent {}{}: a segment of length 0",
                                        child.id, parent.id, step ? " with another radius" : ""),
                            "remove one of them unless a step in radius is meant"};
            });
        }
    }
}

void CellChecks::check_size()
{
    Point low = samples_.front().point();
    Point high = low;
    const SwcSample* thickest = &samples_.front();
    for (const SwcSample& s : samples_) {
        low = {std::min(low.x_um, s.x_um), std::min(low.y_um, s.y_um), std::min(low.z_um, s.z_um), 0};
        high = {std::max(high.x_um, s.x_um), std::max(high.y_um, s.y_um), std::max(high.z_um, s.z_um), 0};
        thickest = s.radius_um > thickest->radius_um ? &s : thickest;
    }
    const double extent_um = std::max({high.x_um - low.x_um, high.y_um - low.y_um, high.z_um - low.z_um});
    const char* const advice = "check the unit and the order of the columns; the option scale converts to um";
    if (extent_um > largest_extent_um) {
        findings_.warning("extent", 0, [&] {
            return Said{
                fmt::format("the cell is {:.6g} um across and its largest radius is {:.6g} um: not micrometres?",
                            extent_um, thickest->radius_um),
                advice};
        });
    } else if (thickest->radius_um > largest_radius_um) {
        findings_.warning("radius", thickest->line, [&] {
            const bool fits = thickest->radius_um <= extent_um;
            return Said{fmt::format("radius {:.6g} um of sample {} is {}", thickest->radius_um, thickest->id,
                                    fits ? "very large" : "larger than the cell"),
                        advice};
        });
    }
}

void CellChecks::check_soma()
{
    for (const std::int32_t piece : soma_.other_pieces) {
        findings_.error("second soma", sample(piece).line, [&] {
            return Said{
                fmt::format("a second soma piece starts at sample {}, separated from the first (line {}) by samples "
                            "of other types",
                            sample(piece).id, sample(soma_.samples.front()).line),
                "a cell has one soma: give these samples another type"};
        });
    }
    if (!soma_.is_root) {
        findings_.warning("soma not root", sample(soma_.samples.front()).line, [&] {
            const SwcSample& first = sample(soma_.samples.front());
            return Said{
                fmt::format("the soma (sample {}) is not the root; it hangs on sample {}", first.id, first.parent_id),
                "the tree is turned round so that it starts at the soma, unless the soma rule is neuron or arbor"};
        });
    }
    for (const std::int32_t fork : soma_.forks) {
        findings_.warning("soma fork", sample(fork).line, [&] {
            return Said{fmt::format("the soma forks at sample {}", sample(fork).id),
                        "a soma is one body: a chain of samples, or one sample"};
        });
    }
    check_soma_form();
}

void CellChecks::check_soma_form()
{
    if (soma_.form == SomaForm::three_point_odd) {
        const SwcSample& centre = sample(soma_.samples[0]);
        const SwcSample& outer = sample(soma_.samples[1]);
        findings_.warning("three-point soma", outer.line, [&] {
            return Said{
                fmt::format("three-point soma: sample {} is {:.6g} um from the centre, whose radius is {:.6g} um",
                            outer.id, distance_between_um(centre.point(), outer.point()), centre.radius_um),
                "for a sphere both outer samples lie one radius away and all radii are equal"};
        });
    } else if (soma_.form == SomaForm::contour) {
        findings_.warning("contour", sample(soma_.samples[0]).line, [&] {
            return Said{
                fmt::format("the soma looks like a contour ({} thin samples in a closed ring)", soma_.samples.size()),
                "SWC has no contours: it is taken as the sphere whose cross-section is the area inside"};
        });
    } else if (soma_.form == SomaForm::no_length) {
        findings_.warning("soma length", sample(soma_.samples[1]).line, [&] {
            return Said{fmt::format("the {} soma samples are at one place: a soma of length 0", soma_.samples.size()),
                        "remove all but one: one sample stands for a sphere"};
        });
    }
}

void CellChecks::check_cable()
{
    if (soma_.form != SomaForm::none) {
        return;
    }
    const Point root = samples_.front().point();
    const bool no_length = std::all_of(samples_.begin(), samples_.end(),
                                       [&](const SwcSample& s) { return distance_between_um(s.point(), root) == 0.0; });
    if (no_length) {
        findings_.error("no cable", samples_.front().line, [&] {
            return samples_.size() == 1
                       ? Said{fmt::format("one sample of type {}: no cable length", samples_.front().type),
                              "give a second sample; only a soma (type 1) may be a single sample"}
                       : Said{fmt::format("all {} samples are at one place: no cable length", samples_.size()),
                              "export the file again"};
        });
    }
}

}  // namespace

void check_cell(const SwcFile& file, Findings& findings)
{
    CellChecks checks(file, findings);
    checks.check_order();
    checks.check_segments();
    checks.check_size();
    checks.check_soma();
    checks.check_cable();
}

}  // namespace axolemma::morphology
