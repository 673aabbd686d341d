/// Random cells for tests of packing and stepping: every kind of joint, membranes that differ from place to place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/cells.hpp"
#include "support/trees.hpp"

namespace axolemma::test {

/// Numbers that are the same with every standard library.
class Dice {
public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    double between(double low, double high)
    {
        return low + (high - low) * (static_cast<double>(random_()) / 4294967296.0);
    }
    /// low..high, both included.
    std::int32_t whole(std::int32_t low, std::int32_t high)
    {
        return low + static_cast<std::int32_t>(random_() % static_cast<std::uint32_t>(high - low + 1));
    }
    bool chance(double p) { return between(0.0, 1.0) < p; }

private:
    std::mt19937 random_;
};

struct RandomCell {
    morphology::Morphology morphology;
    std::vector<double> ra_ohm_cm;
    discretise::DiscretisedCell cell;

    discretise::Tap tap(discretise::Location where) const
    {
        return discretise::tap_at(*cell.layout, morphology, ra_ohm_cm, where);
    }
    discretise::Location random_place(Dice& dice) const
    {
        const auto section = dice.whole(0, morphology.n_sections() - 1);
        const double kind = dice.between(0.0, 1.0);
        return {section, kind < 0.25 ? 0.0 : kind < 0.5 ? 1.0 : dice.between(0.0, 1.0)};
    }
    std::int32_t random_compartment(Dice& dice) const { return cell.layout->compartment_at(random_place(dice)); }
};

/// Sections hang on ends (several on one: a junction), on starts and inside others.
inline morphology::Morphology random_morphology(Dice& dice, std::int32_t n_sections)
{
    TreeMaker tree;
    for (std::int32_t s = 0; s < n_sections; ++s) {
        const auto parent = s == 0 ? -1 : dice.whole(std::max(0, s - 4), s - 1);
        const double kind = dice.between(0.0, 1.0);
        const double position = kind < 0.6 ? 1.0 : kind < 0.7 ? 0.0 : dice.between(0.05, 0.95);
        tree.add(parent, s == 0 ? 1.0 : position, dice.between(30.0, 200.0), dice.between(0.3, 2.0),
                 dice.between(0.3, 2.0));
    }
    return tree.make();
}

/// A mechanism on some sections, its parameters changed by up to 20 %.
inline discretise::PlacedMechanism random_mechanism(Dice& dice, const discretise::Layout& layout,
                                                    const std::string& name, double share_of_sections)
{
    std::vector<bool> on(layout.n_cv.size());
    for (std::size_t s = 0; s < on.size(); ++s) {
        on[s] = dice.chance(share_of_sections);
    }
    auto placed = CellMaker::everywhere(layout, name);
    std::erase_if(placed.node, [&](std::int32_t node) {
        return !on[static_cast<std::size_t>(layout.section[static_cast<std::size_t>(node)])];
    });
    for (std::size_t p = 0; p < placed.parameters.size(); ++p) {
        placed.parameters[p].resize(placed.node.size());
        for (auto& value : placed.parameters[p]) {
            value = placed.info->parameters[p].default_value * dice.between(0.9, 1.1);
        }
    }
    return placed;
}

/// @param uniform  the same membrane everywhere: hh with its defaults
inline RandomCell random_cell(Dice& dice, std::int32_t n_sections, bool uniform)
{
    RandomCell made;
    made.morphology = random_morphology(dice, n_sections);
    std::vector<std::int32_t> counts(static_cast<std::size_t>(n_sections));
    for (auto& count : counts) {
        count = dice.chance(0.2) ? dice.whole(10, 30) : dice.whole(1, 6);
    }
    auto& cell = made.cell;
    cell.layout = std::make_shared<const discretise::Layout>(discretise::lay_out(made.morphology, counts));
    const auto n = static_cast<std::size_t>(cell.layout->n_nodes());
    std::vector<double> cm(n, 1.0);
    made.ra_ohm_cm.assign(n, 100.0);
    cell.v_init_mV.assign(n, -65.0);
    if (uniform) {
        cell.mechanisms.push_back(CellMaker::everywhere(*cell.layout, "hh"));
    } else {
        for (std::size_t i = 0; i < n; ++i) {
            cm[i] = dice.between(0.7, 1.5);
            made.ra_ohm_cm[i] = dice.between(60.0, 200.0);
            cell.v_init_mV[i] = dice.between(-75.0, -55.0);
        }
        for (const auto* name : {"hh", "pas"}) {
            auto placed = random_mechanism(dice, *cell.layout, name, 0.6);
            if (!placed.node.empty()) {
                cell.mechanisms.push_back(std::move(placed));
            }
        }
    }
    cell.cable = discretise::make_cable_tree(*cell.layout, cm, made.ra_ohm_cm);
    return made;
}

}  // namespace axolemma::test
