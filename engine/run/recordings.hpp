/// From recordings as written to columns that groups fill.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "group/plan.hpp"
#include "mechanisms/point_kernels.hpp"
#include "record/probe.hpp"
#include "record/result_tables.hpp"
#include "run/places.hpp"
#include "run/population.hpp"
#include "run/synapse_places.hpp"

namespace axolemma::run {

/// One column of a recording: a place of a cell, or a compartment.
struct Element {
    std::int64_t cell = 0;  ///< in its population
    morphology::Location where;
    std::int32_t node = 0;   ///< compartment that contains the place
    std::int32_t place = 0;  ///< of a synapse: number among its places
};

/// A recording with everything about it settled.
struct Report {
    record::ReportDescription description;
    std::int32_t population = 0;
    enum class Kind { voltage, state, current, output, ion, ionic_current, stimulus, synapse } kind = Kind::voltage;
    bool whole_compartments = false;
    std::string channel;        ///< state, current and output
    std::string ion;            ///< ion
    int what = 0;               ///< index of the state, current or output in the channel; mechanisms::IonQuantity
    std::int32_t stimulus = 0;  ///< stimulus: index in the model
    std::int32_t synapse = 0;   ///< synapse: index in the model
    mechanisms::PointQuantity of_synapse;  ///< what of it
    std::vector<Element> elements;         ///< in column order, cells ascending
    std::int64_t first_step = 0, every_steps = 1, last_step = 0;

    bool due(std::int64_t step) const
    {
        return step >= first_step && step <= last_step && (step - first_step) % every_steps == 0;
    }
    /// Rows due at steps 0..step-1.
    std::int64_t rows_before(std::int64_t step) const;
};

/// A place watched for spikes.
struct Source {
    std::int32_t population = 0;
    std::int64_t cell = 0;
    std::int32_t site = 0;
    morphology::Location where;
    double threshold_mV = 0;
    bool recorded = true;  ///< false: only connections look at it, and `site` is in no table
};

struct Recordings {
    std::vector<Report> reports;
    std::vector<record::SpikeSites> sites;  ///< one table per population
    std::vector<Source> sources;            ///< cells ascending over the model
    /// Where the sites of each entry of model::Model::spikes begin; population -1 after an error.
    struct FirstSite {
        std::int32_t population = -1, site = 0;
    };
    std::vector<FirstSite> first_sites;
    /// Where the spikes of each entry of model::Model::connections arise; population -1 for generators, and after an error.
    std::vector<FirstSite> detectors;

    /// Index in `sources`, or -1.
    std::int32_t find_source(std::int32_t population, std::int64_t cell, std::int32_t site) const;
};

/// Settles all recordings of a model. Problems go to `diagnostics`.
Recordings plan_recordings(const model::Model& model, const std::vector<Population>& populations,
                           const std::vector<SynapsePlaces>& synapses, std::int64_t n_steps,
                           base::Diagnostics& diagnostics);

/// Adds the columns of `report` that belong to the cells of this group, numbered from `first_column` on.
void add_columns(record::GroupProbe& probe, const Report& report, const group::Plan& plan,
                 const std::vector<Population>& populations, std::size_t first_column);

}  // namespace axolemma::run
