/// The cells of one entry of `cells:`: their common shape, and how to make each of them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "discretise/discretised_cell.hpp"
#include "discretise/ions.hpp"
#include "model/model.hpp"

namespace axolemma::run {

/// A shape and where it came from.
struct Shape {
    std::shared_ptr<const morphology::Morphology> morphology;
    std::string source;     ///< SWC file, or the shape in words
    std::string sha256;     ///< of the SWC file; empty otherwise
    std::string soma_rule;  ///< sentence; empty for shapes without a file
};

/// Reads or makes the morphology of a cell. Problems go to `diagnostics`; the shape is empty after an error.
Shape make_shape(const model::MorphologySpec& spec, base::Diagnostics& diagnostics);

/// Shapes and layouts that were made already, for populations that are alike to share: cells lie side by side in lanes
/// only where they have one layout (run/group_filler.hpp).
class ShapeCache {
public:
    /// As make_shape().
    Shape shape(const model::MorphologySpec& spec, base::Diagnostics& diagnostics);
    /// `morphology` cut into compartments.
    std::shared_ptr<const discretise::Layout> layout(const std::shared_ptr<const morphology::Morphology>& morphology,
                                                     const std::vector<std::int32_t>& counts);

private:
    struct Cut {
        std::vector<std::int32_t> counts;
        std::shared_ptr<const discretise::Layout> layout;
    };
    struct Made {
        model::MorphologySpec spec;
        Shape shape;
        std::vector<Cut> cuts;
    };
    std::vector<Made> made_;
};

/// The cells of one CellSpec without anything plugged in.
class Population {
public:
    /// Reads the shape, cuts it into compartments and finds out what is painted where. Problems go to `diagnostics`;
    /// usable() tells whether cells can be made.
    /// @param seed  of the run, for uniform() and normal() in parameter expressions
    /// @param catalogue         of the model, which must outlive the population
    /// @param temperature_degC  of the model
    Population(const model::CellSpec& spec, const mechanisms::Catalogue& catalogue, double temperature_degC,
               std::uint64_t seed, std::int64_t first_cell, ShapeCache& shapes, base::Diagnostics& diagnostics);

    const model::CellSpec& spec() const { return *spec_; }
    const std::string& name() const { return spec_->name; }
    std::int64_t count() const { return spec_->count; }
    std::int64_t first_cell() const { return first_cell_; }  ///< over all cells of the model
    bool usable() const { return layout_ != nullptr; }
    const Shape& shape() const { return shape_; }
    const morphology::Morphology& morphology() const { return *shape_.morphology; }
    const discretise::Layout& layout() const { return *layout_; }
    /// Do all cells have the same membrane?
    bool identical() const { return identical_; }

    /// Cell `index` (0..count-1) of the population. Throws base::InputError when an expression gives a value out of
    /// range.
    discretise::DiscretisedCell make_cell(std::int64_t index) const;
    /// Axial resistivity at every node of the cell, for placing taps.   [ohm cm]
    std::shared_ptr<const std::vector<double>> axial_resistivity(std::int64_t index) const;
    /// A place of these cells as messages and recordings call it: "apic[3](0.25)".
    std::string place_text(morphology::Location where) const;
    /// A value at some nodes of one cell.
    /// @param place  what the value is: random numbers belong to it
    std::vector<double> values_at(const model::Value& value, std::string_view place,
                                  const std::vector<std::int32_t>& nodes, std::int64_t index) const;
    /// Compartments whose centre lies in the region; an error when there are none.
    std::vector<std::int32_t> compartments_in(const model::RegionRef& region, base::Diagnostics& diagnostics) const;
    /// Where the cells are: CellSpec::x_um, y_um, z_um of each.
    std::vector<std::array<double, 3>> positions_um(base::Diagnostics& diagnostics) const;
    /// Does the channel occur at this node?
    bool has_channel(std::string_view channel, std::int32_t node) const;
    /// Does a channel use the ion at this node?
    bool has_ion(std::string_view ion, std::int32_t node) const;
    /// A channel with one set of values of its MechanismInfo::rate_parameters (none: they differ) and, for every node that
    /// carries it, the painting that applies there.
    struct Painted {
        const mechanisms::MechanismInfo* info;
        std::optional<std::vector<double>> rate_values;
        std::vector<std::int32_t> node;
        std::vector<const model::Paint*> paint;
    };
    const std::vector<Painted>& painted() const { return painted_; }
    /// Lets the cells have the ions that a point process uses at these nodes.
    void add_point_process(const mechanisms::MechanismInfo& info, std::vector<std::int32_t> nodes);

private:
    void cut(ShapeCache& shapes, base::Diagnostics& diagnostics);
    void paint_channels(base::Diagnostics& diagnostics);
    void paint_channel(const mechanisms::MechanismInfo& info, base::Diagnostics& diagnostics);
    void check_ions(base::Diagnostics& diagnostics) const;
    std::vector<discretise::PlacedIon> place_ions(const discretise::DiscretisedCell& cell, std::int64_t index) const;
    void set_ion(discretise::PlacedIon& ion, const model::IonSpec& spec, std::size_t entry, std::int64_t index,
                 std::vector<discretise::ReversalBy>& by) const;
    void check_values(base::Diagnostics& diagnostics);
    bool uses_cell() const;
    void set_layout(std::shared_ptr<const discretise::Layout> layout);
    std::vector<std::int32_t> nodes_in(const model::RegionRef& region) const;
    void refuse_empty(const model::RegionRef& region, base::Diagnostics& diagnostics) const;
    std::vector<double> membrane(std::optional<model::Value> model::MembraneSpec::*member, std::string_view what,
                                 double default_value, std::int64_t index) const;
    discretise::PlacedMechanism place_mechanism(const Painted& painted, std::int64_t index) const;

    const model::CellSpec* spec_;
    const mechanisms::Catalogue* catalogue_;
    double temperature_degC_;
    std::uint64_t seed_;
    std::int64_t first_cell_;
    Shape shape_;
    std::shared_ptr<const discretise::Layout> layout_;
    std::vector<std::vector<std::int32_t>> membrane_nodes_;  ///< nodes of each entry of CellSpec::membrane
    std::vector<std::vector<std::int32_t>> ion_nodes_;       ///< nodes of each entry of CellSpec::ions
    std::vector<Painted> painted_;
    std::vector<discretise::PlacedMechanism> point_processes_;  ///< those that use ions, without parameters
    bool identical_ = true;
    std::shared_ptr<const std::vector<double>> shared_ra_;  ///< of all cells when they are identical
};

/// Do all channels agree about the charges of ions?
void check_valences(const std::vector<Population>& populations, base::Diagnostics& diagnostics);

}  // namespace axolemma::run
