#include "discretise/layout.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "base/index.hpp"

namespace axolemma::discretise {

namespace {

using base::index;

/// End of a section, or a place inside one.
struct Joint {
    std::int32_t section;
    enum class Kind { start, interior, end } kind;
    double position;
};

/// Position 0 of a child is the very point of the parent it hangs on, so every joint is named by its uppermost section.
Joint joint_of(const Morphology& morphology, std::int32_t section, double position)
{
    for (;;) {
        const auto& s = morphology.section(section);
        if (position > 0.0 && position < 1.0) {
            return {section, Joint::Kind::interior, position};
        }
        if (position >= 1.0) {
            return {section, Joint::Kind::end, 1.0};
        }
        if (s.parent < 0) {
            return {section, Joint::Kind::start, 0.0};
        }
        position = s.parent_position;
        section = s.parent;
    }
}

class Builder {
public:
    Builder(const Morphology& morphology, const std::vector<std::int32_t>& counts) : morphology_(morphology)
    {
        const auto n = index(morphology.n_sections());
        layout_.n_cv = counts;
        layout_.first_node.assign(n, -1);
        layout_.start_neighbour.assign(n, -1);
        layout_.end_neighbour.assign(n, -1);
        end_node_.assign(n, -1);
        end_children_.assign(n, 0);
        count_joints();
    }

    Layout build()
    {
        for (std::int32_t s = 0; s < morphology_.n_sections(); ++s) {
            attach(s);
            add_chain(s);
            if (s == 0 && root_start_children_ >= 2) {
                root_start_node_ = add_junction(0, 0.0, layout_.first_node[0]);
                layout_.start_neighbour[0] = root_start_node_;
            }
            if (end_children_[index(s)] >= 2) {
                end_node_[index(s)] = add_junction(s, 1.0, last_node(s));
                layout_.end_neighbour[index(s)] = end_node_[index(s)];
            }
        }
        return std::move(layout_);
    }

private:
    void count_joints()
    {
        for (std::int32_t s = 1; s < morphology_.n_sections(); ++s) {
            const Joint joint = joint_of(morphology_, s, 0.0);
            if (joint.kind == Joint::Kind::end) {
                ++end_children_[index(joint.section)];
            } else if (joint.kind == Joint::Kind::start) {
                ++root_start_children_;
            }
        }
    }

    std::int32_t last_node(std::int32_t s) const { return layout_.first_node[index(s)] + layout_.n_cv[index(s)] - 1; }

    double half_per_um(std::int32_t node, bool towards_start) const
    {
        const auto i = index(node);
        const double middle = 0.5 * (layout_.from[i] + layout_.to[i]);
        return towards_start ? morphology_.axial_per_um(layout_.section[i], layout_.from[i], middle)
                             : morphology_.axial_per_um(layout_.section[i], middle, layout_.to[i]);
    }

    /// Finds what the first compartment of s is coupled to.
    void attach(std::int32_t s)
    {
        attach_to_ = {};
        if (s == 0) {
            return;
        }
        const Joint joint = joint_of(morphology_, s, 0.0);
        if (joint.kind == Joint::Kind::interior) {
            attach_to_ = {layout_.compartment_at({joint.section, joint.position}), 0.0};
        } else if (joint.kind == Joint::Kind::end) {
            const auto j = index(joint.section);
            if (end_node_[j] >= 0) {
                attach_to_ = {end_node_[j], 0.0};
            } else {
                attach_to_ = {last_node(joint.section), half_per_um(last_node(joint.section), false)};
                layout_.end_neighbour[j] = next_node();
            }
        } else if (root_start_node_ >= 0) {
            attach_to_ = {root_start_node_, 0.0};
        } else {
            attach_to_ = {layout_.first_node[0], half_per_um(layout_.first_node[0], true)};
            layout_.start_neighbour[0] = next_node();
        }
        layout_.start_neighbour[index(s)] = attach_to_.node;
    }

    std::int32_t next_node() const { return static_cast<std::int32_t>(layout_.parent.size()); }

    void add_chain(std::int32_t s)
    {
        layout_.first_node[index(s)] = next_node();
        const std::int32_t n = layout_.n_cv[index(s)];
        for (std::int32_t k = 0; k < n; ++k) {
            const double from = static_cast<double>(k) / n;
            const double to = k + 1 == n ? 1.0 : static_cast<double>(k + 1) / n;
            add_node(s, from, to, morphology_.area_um2(s, from, to));
            const std::int32_t node = next_node() - 1;
            const Half up = k == 0 ? attach_to_ : Half{node - 1, half_per_um(node - 1, false)};
            layout_.parent.back() = up.node;
            layout_.parent_half_per_um.back() = up.per_um;
            layout_.own_half_per_um.back() = up.node < 0 ? 0.0 : half_per_um(node, true);
        }
    }

    std::int32_t add_junction(std::int32_t s, double position, std::int32_t parent)
    {
        add_node(s, position, position, 0.0);
        layout_.parent.back() = parent;
        layout_.parent_half_per_um.back() = half_per_um(parent, position == 0.0);
        return next_node() - 1;
    }

    void add_node(std::int32_t s, double from, double to, double area_um2)
    {
        const Location middle{s, 0.5 * (from + to)};
        layout_.parent.push_back(-1);
        layout_.section.push_back(s);
        layout_.from.push_back(from);
        layout_.to.push_back(to);
        layout_.area_um2.push_back(area_um2);
        layout_.own_half_per_um.push_back(0.0);
        layout_.parent_half_per_um.push_back(0.0);
        layout_.distance_um.push_back(morphology_.distance_um(middle));
        layout_.diameter_um.push_back(morphology_.diameter_um(middle));
    }

    const Morphology& morphology_;
    Layout layout_;
    std::vector<std::int32_t> end_node_, end_children_;
    std::int32_t root_start_children_ = 0;
    std::int32_t root_start_node_ = -1;
    Half attach_to_;
};

}  // namespace

std::int32_t Layout::n_compartments() const
{
    return static_cast<std::int32_t>(
        std::count_if(area_um2.begin(), area_um2.end(), [](double a) { return a != 0.0; }));
}

Location Layout::centre(std::int32_t node) const
{
    const auto i = index(node);
    return {section[i], 0.5 * (from[i] + to[i])};
}

std::int32_t Layout::compartment_at(Location where) const
{
    const auto s = index(where.section);
    const auto k = static_cast<std::int32_t>(std::ceil(where.position * n_cv[s])) - 1;
    return first_node[s] + std::clamp(k, 0, n_cv[s] - 1);
}

double length_constant_um(const Morphology& morphology, std::int32_t section, double frequency_Hz,
                          PassiveSample passive)
{
    // A cylinder of diameter d: lambda_f = 1e5 sqrt(d / (4 pi f Ra cm)) um. Along a traced section the length in units
    // of lambda_f is summed frustum by frustum with the mean diameter of each.
    const auto points = morphology.points(section);
    double sum = 0.0;
    double length_um = 0.0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const auto& a = points[i - 1];
        const auto& b = points[i];
        const double step_um = std::hypot(b.x_um - a.x_um, b.y_um - a.y_um, b.z_um - a.z_um);
        length_um += step_um;
        if (step_um > 0.0) {
            sum += step_um / std::sqrt(2.0 * (a.radius_um + b.radius_um));
        }
    }
    const double per_root =
        std::sqrt(2.0) * 1e-5 *
        std::sqrt(4.0 * std::numbers::pi * frequency_Hz * passive.ra_ohm_cm * passive.cm_uF_per_cm2);
    return sum > 0.0 ? length_um / (per_root * sum) : 0.0;
}

std::vector<std::int32_t> count_compartments(const Morphology& morphology, const model::DiscretisationSpec& spec,
                                             const std::function<PassiveSample(std::int32_t)>& passive)
{
    const bool any = spec.max_length_um || spec.count || spec.odd_length_um || spec.d_lambda;
    const double d_lambda = spec.d_lambda.value_or(any ? 0.0 : 0.1);
    std::vector<std::int32_t> counts;
    counts.reserve(index(morphology.n_sections()));
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const double length_um = morphology.section(s).length_um;
        double n = spec.count.value_or(1);
        if (spec.max_length_um) {
            // A length that is a whole number of compartments must not gain one from rounding.
            n = std::max(n, std::ceil(length_um / *spec.max_length_um * (1.0 - 1e-12)));
        }
        if (spec.odd_length_um) {
            n = std::max(n, 1.0 + 2.0 * std::floor(length_um / *spec.odd_length_um));
        }
        if (d_lambda > 0.0) {
            const double lambda_um = length_constant_um(morphology, s, spec.d_lambda_frequency_Hz, passive(s));
            if (lambda_um > 0.0) {
                n = std::max(n, 2.0 * std::floor((length_um / (d_lambda * lambda_um) + 0.9) / 2.0) + 1.0);
            }
        }
        counts.push_back(static_cast<std::int32_t>(std::clamp(n, 1.0, 2e9)));
    }
    return counts;
}

Layout lay_out(const Morphology& morphology, const std::vector<std::int32_t>& counts)
{
    assert(static_cast<std::int32_t>(counts.size()) == morphology.n_sections() && "one count per section");
    return Builder(morphology, counts).build();
}

}  // namespace axolemma::discretise
