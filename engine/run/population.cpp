#include "run/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/index.hpp"
#include "base/random.hpp"
#include "mechanisms/catalogue.hpp"
#include "model/variables.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;
using discretise::Layout;

constexpr double default_cm_uF_per_cm2 = 1.0;
constexpr double default_ra_ohm_cm = 35.4;
constexpr double default_v_init_mV = -65.0;

/// Values of the parameters on which the channel's tables depend, where this painting makes them the same everywhere.
std::optional<std::vector<double>> rate_values(const mechanisms::MechanismInfo& info, const model::Paint& paint)
{
    std::vector<double> values;
    for (const std::size_t p : info.rate_parameters) {
        if (info.parameters[p].from != mechanisms::ParameterInfo::From::user) {
            return std::nullopt;
        }
        values.push_back(info.parameters[p].default_value);
        for (const auto& setting : paint.parameters) {
            if (setting.name == info.parameters[p].name && !setting.value.expression.is_constant()) {
                return std::nullopt;
            }
            values.back() = setting.name == info.parameters[p].name ? setting.value.expression.value() : values.back();
        }
    }
    return values;
}

}  // namespace

Shape ShapeCache::shape(const model::MorphologySpec& spec, Diagnostics& diagnostics)
{
    const auto same = [&](const Made& made) { return made.spec.shape == spec.shape; };
    const auto found = std::find_if(made_.begin(), made_.end(), same);
    if (found != made_.end()) {
        return found->shape;
    }
    made_.push_back({spec, make_shape(spec, diagnostics), {}});
    return made_.back().shape;
}

std::shared_ptr<const Layout> ShapeCache::layout(const std::shared_ptr<const morphology::Morphology>& morphology,
                                                 const std::vector<std::int32_t>& counts)
{
    const auto of_shape =
        std::find_if(made_.begin(), made_.end(), [&](const Made& made) { return made.shape.morphology == morphology; });
    auto& cuts = of_shape->cuts;
    const auto cut = std::find_if(cuts.begin(), cuts.end(), [&](const Cut& one) { return one.counts == counts; });
    if (cut != cuts.end()) {
        return cut->layout;
    }
    cuts.push_back({counts, std::make_shared<const Layout>(discretise::lay_out(*morphology, counts))});
    return cuts.back().layout;
}

Population::Population(const model::CellSpec& spec, const mechanisms::Catalogue& catalogue, double temperature_degC,
                       std::uint64_t seed, std::int64_t first_cell, ShapeCache& shapes, Diagnostics& diagnostics)
    : spec_(&spec), catalogue_(&catalogue), temperature_degC_(temperature_degC), seed_(seed), first_cell_(first_cell)
{
    shape_ = shapes.shape(spec.morphology, diagnostics);
    if (!shape_.morphology) {
        return;
    }
    cut(shapes, diagnostics);
    paint_channels(diagnostics);
    check_ions(diagnostics);
    identical_ = !uses_cell();
    check_values(diagnostics);
}

bool Population::uses_cell() const
{
    const auto varies = [](const model::Value& value) {
        return value.expression.uses("cell") || value.expression.uses("count") || value.expression.uses_random();
    };
    for (const auto& membrane : spec_->membrane) {
        for (const auto* value : {&membrane.cm_uF_per_cm2, &membrane.ra_ohm_cm, &membrane.v_init_mV}) {
            if (*value && varies(**value)) {
                return true;
            }
        }
    }
    for (const auto& ion : spec_->ions) {
        for (const auto* value : {&ion.reversal_mV, &ion.inside_mM, &ion.outside_mM}) {
            if (*value && varies(**value)) {
                return true;
            }
        }
    }
    return std::any_of(spec_->channels.begin(), spec_->channels.end(), [&](const model::Paint& paint) {
        return std::any_of(paint.parameters.begin(), paint.parameters.end(),
                           [&](const model::ParameterSetting& setting) { return varies(setting.value); });
    });
}

void Population::cut(ShapeCache& shapes, Diagnostics& diagnostics)
{
    // The rule of d_lambda needs cm and Ra before there are compartments: one per section, at its middle, of cell 0.
    const auto& shape = *shape_.morphology;
    set_layout(shapes.layout(shape_.morphology, std::vector<std::int32_t>(base::index(shape.n_sections()), 1)));
    try {
        const auto cm = membrane(&model::MembraneSpec::cm_uF_per_cm2, "cm", default_cm_uF_per_cm2, 0);
        const auto ra = membrane(&model::MembraneSpec::ra_ohm_cm, "Ra", default_ra_ohm_cm, 0);
        const auto counts = discretise::count_compartments(shape, spec_->discretisation, [&](std::int32_t s) {
            const auto node = base::index(layout_->first_node[base::index(s)]);
            return discretise::PassiveSample{cm[node], ra[node]};
        });
        const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
        if (total > 1e9) {
            diagnostics.error(spec_->discretisation.pos.line > 0 ? spec_->discretisation.pos : spec_->pos,
                              fmt::format("'{}' would have more than 1e9 compartments per cell", name()),
                              "make max_length or d_lambda larger");
            layout_.reset();
            return;
        }
        set_layout(shapes.layout(shape_.morphology, counts));
    } catch (const base::InputError& error) {
        diagnostics.append(error.diagnostics());
        layout_.reset();
    }
}

void Population::set_layout(std::shared_ptr<const Layout> layout)
{
    layout_ = std::move(layout);
    membrane_nodes_.clear();
    for (const auto& membrane : spec_->membrane) {
        membrane_nodes_.push_back(nodes_in(membrane.region));
    }
    ion_nodes_.clear();
    for (const auto& ion : spec_->ions) {
        ion_nodes_.push_back(nodes_in(ion.region));
    }
}

std::vector<std::int32_t> Population::nodes_in(const model::RegionRef& region) const
{
    std::vector<std::int32_t> nodes;
    for (std::int32_t i = 0; i < layout_->n_nodes(); ++i) {
        if (morphology::contains(region.region, morphology(), layout_->centre(i))) {
            nodes.push_back(i);
        }
    }
    return nodes;
}

void Population::refuse_empty(const model::RegionRef& region, Diagnostics& diagnostics) const
{
    diagnostics.error(region.pos, fmt::format("region '{}' holds no compartment of '{}'", region.text, name()),
                      "`axolemma morphology` lists the section types of a file; a compartment belongs to a region if "
                      "its centre does");
}

std::string Population::place_text(morphology::Location where) const
{
    return fmt::format("{}({:.4g})", morphology().section(where.section).name, where.position);
}

void Population::paint_channels(Diagnostics& diagnostics)
{
    if (!layout_) {
        return;
    }
    for (const mechanisms::MechanismInfo* info : catalogue_->channels()) {
        paint_channel(*info, diagnostics);
    }
    for (std::size_t entry = 0; entry < spec_->membrane.size(); ++entry) {
        if (membrane_nodes_[entry].empty()) {
            refuse_empty(spec_->membrane[entry].region, diagnostics);
        }
    }
}

void Population::paint_channel(const mechanisms::MechanismInfo& info, Diagnostics& diagnostics)
{
    std::vector<const model::Paint*> paint_at(base::index(layout_->n_nodes()), nullptr);
    for (const auto& paint : spec_->channels) {
        if (paint.channel != info.name) {
            continue;
        }
        bool hit = false;
        for (const std::int32_t i : nodes_in(paint.region)) {
            if (!layout_->is_junction(i)) {
                paint_at[base::index(i)] = &paint;
                hit = true;
            }
        }
        if (!hit) {
            refuse_empty(paint.region, diagnostics);
        }
    }
    std::map<std::optional<std::vector<double>>, Painted> by_rates;
    const model::Paint* last = nullptr;
    Painted* painted = nullptr;
    for (std::int32_t i = 0; i < layout_->n_nodes(); ++i) {
        const auto* paint = paint_at[base::index(i)];
        if (paint == nullptr) {
            continue;
        }
        if (paint != last) {  // neighbours mostly share one
            const auto rates = rate_values(info, *paint);
            painted = &by_rates.try_emplace(rates, Painted{&info, rates, {}, {}}).first->second;
            last = paint;
        }
        painted->node.push_back(i);
        painted->paint.push_back(paint);
    }
    for (auto& [rates, made] : by_rates) {
        painted_.push_back(std::move(made));
    }
}

void Population::check_values(Diagnostics& diagnostics)
{
    if (!layout_) {
        return;
    }
    try {
        // Expressions may go out of range for some cells only; the others are checked when they are made.
        make_cell(0);
        if (identical_) {
            shared_ra_ = axial_resistivity(0);
        }
    } catch (const base::InputError& error) {
        diagnostics.append(error.diagnostics());
    }
}

std::vector<double> Population::values_at(const model::Value& value, std::string_view place,
                                          const std::vector<std::int32_t>& nodes, std::int64_t index) const
{
    if (value.expression.is_constant()) {
        return std::vector<double>(nodes.size(), value.expression.value());
    }
    const auto identity = spec_->identity.value_or(model::StreamIdentity{name(), first_cell_, seed_});
    const base::CellStream stream(identity.seed, identity.first_cell + index,
                                  fmt::format("{}/{}", identity.name, place));
    std::vector<double> values;
    values.reserve(nodes.size());
    for (const std::int32_t node : nodes) {
        const auto where = layout_->centre(node);
        const auto point = morphology().at(where);
        const std::array<double, 10> variables{layout_->distance_um[base::index(node)],
                                               layout_->diameter_um[base::index(node)],
                                               point.x_um,
                                               point.y_um,
                                               point.z_um,
                                               where.position,
                                               morphology().section(where.section).length_um,
                                               static_cast<double>(layout_->n_cv[base::index(where.section)]),
                                               static_cast<double>(index),
                                               static_cast<double>(count())};
        values.push_back(value.expression.evaluate(variables, &stream));
    }
    return values;
}

std::vector<double> Population::membrane(std::optional<model::Value> model::MembraneSpec::*member,
                                         std::string_view what, double default_value, std::int64_t index) const
{
    std::vector<double> result(base::index(layout_->n_nodes()), default_value);
    const bool positive = what != "v_init";
    for (std::size_t entry = 0; entry < spec_->membrane.size(); ++entry) {
        const auto& value = spec_->membrane[entry].*member;
        if (!value) {
            continue;
        }
        const auto& nodes = membrane_nodes_[entry];
        const auto values = values_at(*value, fmt::format("membrane/{}/{}", entry, what), nodes, index);
        for (std::size_t k = 0; k < nodes.size(); ++k) {
            if (!std::isfinite(values[k]) || (positive && values[k] <= 0.0)) {
                throw base::InputError(
                    value->pos,
                    fmt::format("{} is {:g} at {} of cell {} of '{}'", what, values[k],
                                place_text(layout_->centre(nodes[k])), index, name()),
                    positive ? "it must be greater than 0 everywhere" : "it must be a finite voltage");
            }
            result[base::index(nodes[k])] = values[k];
        }
    }
    return result;
}

discretise::PlacedMechanism Population::place_mechanism(const Painted& painted, std::int64_t index) const
{
    discretise::PlacedMechanism placed;
    placed.info = painted.info;
    placed.node = painted.node;
    const std::size_t n = painted.node.size();
    placed.rate_values = painted.rate_values;
    for (const auto& parameter : painted.info->parameters) {
        auto& column = placed.parameters.emplace_back(n, parameter.default_value);
        for (std::size_t k = 0; k < n && parameter.from != mechanisms::ParameterInfo::From::user; ++k) {
            const auto& of_layout = parameter.from == mechanisms::ParameterInfo::From::diameter_um
                                        ? layout_->diameter_um
                                        : layout_->area_um2;
            column[k] = of_layout[base::index(painted.node[k])];
        }
    }
    for (std::size_t entry = 0; entry < spec_->channels.size(); ++entry) {
        const auto& paint = spec_->channels[entry];
        if (paint.channel != painted.info->name) {
            continue;
        }
        std::vector<std::int32_t> nodes;
        std::vector<std::size_t> rows;
        for (std::size_t k = 0; k < n; ++k) {
            if (painted.paint[k] == &paint) {
                nodes.push_back(painted.node[k]);
                rows.push_back(k);
            }
        }
        for (const auto& setting : paint.parameters) {
            const auto p = static_cast<std::size_t>(painted.info->parameter_index(setting.name));
            const auto& info = painted.info->parameters[p];
            const auto values =
                values_at(setting.value, fmt::format("channels/{}/{}", entry, setting.name), nodes, index);
            for (std::size_t k = 0; k < values.size(); ++k) {
                if (!(values[k] >= info.low && values[k] <= info.high)) {
                    throw base::InputError(setting.value.pos,
                                           fmt::format("'{}' of channel '{}' is {:g} {} at {} of cell {} of '{}'",
                                                       info.name, paint.channel, values[k], info.unit,
                                                       place_text(layout_->centre(nodes[k])), index, name()),
                                           fmt::format("allowed are {:g} to {:g} {}", info.low, info.high, info.unit));
                }
                placed.parameters[p][rows[k]] = values[k];
            }
        }
    }
    return placed;
}

std::shared_ptr<const std::vector<double>> Population::axial_resistivity(std::int64_t index) const
{
    if (shared_ra_) {
        return shared_ra_;
    }
    return std::make_shared<const std::vector<double>>(
        membrane(&model::MembraneSpec::ra_ohm_cm, "Ra", default_ra_ohm_cm, index));
}

discretise::DiscretisedCell Population::make_cell(std::int64_t index) const
{
    discretise::DiscretisedCell cell;
    cell.layout = layout_;
    const auto cm = membrane(&model::MembraneSpec::cm_uF_per_cm2, "cm", default_cm_uF_per_cm2, index);
    cell.cable = discretise::make_cable_tree(*layout_, cm, *axial_resistivity(index));
    cell.v_init_mV = membrane(&model::MembraneSpec::v_init_mV, "v_init", default_v_init_mV, index);
    for (const auto& painted : painted_) {
        cell.mechanisms.push_back(place_mechanism(painted, index));
    }
    cell.ions = place_ions(cell, index);
    return cell;
}

std::vector<std::int32_t> Population::compartments_in(const model::RegionRef& region, Diagnostics& diagnostics) const
{
    auto nodes = nodes_in(region);
    nodes.erase(std::remove_if(nodes.begin(), nodes.end(), [&](std::int32_t i) { return layout_->is_junction(i); }),
                nodes.end());
    if (nodes.empty()) {
        refuse_empty(region, diagnostics);
    }
    return nodes;
}

std::vector<std::array<double, 3>> Population::positions_um(Diagnostics& diagnostics) const
{
    std::vector<std::array<double, 3>> positions(base::index(count()));
    const std::array<const std::optional<model::Value>*, 3> values{&spec_->x_um, &spec_->y_um, &spec_->z_um};
    constexpr std::array<std::string_view, 3> names{"x", "y", "z"};
    for (std::int64_t cell = 0; cell < count(); ++cell) {
        const std::array<double, 2> variables{static_cast<double>(cell), static_cast<double>(count())};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (const auto& value = *values[axis]) {
                const base::CellStream stream(seed_, first_cell_ + cell,
                                              fmt::format("{}/position/{}", name(), names[axis]));
                const double x_um = value->expression.evaluate(variables, &stream);
                if (!std::isfinite(x_um)) {
                    diagnostics.error(value->pos,
                                      fmt::format("the position {} of cell {} of '{}' is not a finite number",
                                                  names[axis], cell, name()));
                    return positions;
                }
                positions[base::index(cell)][axis] = x_um;
            }
        }
    }
    return positions;
}

bool Population::has_channel(std::string_view channel, std::int32_t node) const
{
    return std::any_of(painted_.begin(), painted_.end(), [&](const Painted& painted) {
        return painted.info->name == channel && std::binary_search(painted.node.begin(), painted.node.end(), node);
    });
}

}  // namespace axolemma::run
