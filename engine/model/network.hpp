/// What joins cells: synapses, generators of spikes, connections and gap junctions, as the user described them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/places.hpp"

namespace axolemma::model {

/// A synapse on every selected cell: one instance at each place, or one in every compartment of a region.
struct SynapseSpec {
    std::string name;
    std::string type;  ///< of the synapse catalogue
    CellSelection target;
    std::vector<LocationRef> at;               ///< either these
    std::optional<RegionRef> region;           ///< or every compartment of this region
    std::vector<ParameterSetting> parameters;  ///< expressions of place_variables()
    SourcePos pos;
};

// Trains of spikes. Values are expressions of cell_variables(), `cell` being the index of the generator.
struct RegularTrain {
    Value start_ms, interval_ms;
    std::optional<std::int64_t> count;  ///< spikes; without: to the end of the run
    std::optional<Value> stop_ms;
};
struct PoissonTrain {
    Value rate_Hz, start_ms;
    std::optional<Value> stop_ms;
};
struct ListedTrain {
    std::vector<double> t_ms;  ///< the same for every generator; ascending
};
/// Two columns of a text file: index of the generator, time in ms; ascending by generator, then by time.
struct FileTrain {
    std::string path;
    std::vector<std::int64_t> generator;
    std::vector<double> t_ms;
};
using Train = std::variant<RegularTrain, PoissonTrain, ListedTrain, FileTrain>;

/// Artificial sources of spikes.
struct GeneratorSpec {
    std::string name;
    std::int64_t count = 1;
    Train train;
    SourcePos pos;
};

// Rules: which sources and targets are joined. Sources and targets are numbered within their population.
struct AllToAll {};
/// The first source to the first target, the second to the second, and so on.
struct OneToOne {};
/// The i-th source to the target number (i + offset) modulo their number: offset 1 makes a ring.
struct RingOffset {
    std::int64_t offset = 1;
};
/// Each pair with this probability, an expression of connection_variables().
struct WithProbability {
    Value probability;
};
/// Each target gets this many sources, drawn with replacement.
struct InDegree {
    std::int64_t count = 1;
};
/// One pair per row of a CSV file: source, target and, where the columns are there, weight and delay.
struct ListedPairs {
    std::string path;
    std::vector<std::int64_t> source, target;
    std::vector<double> weight_uS, delay_ms;  ///< empty where the file has no such column
    std::vector<std::int64_t> line;           ///< of the file, from 1, for messages
};
/// The edges of a SONATA file; syn_weight [uS] and delay [ms] are taken where the file has them.
struct SonataEdges {
    std::string path, population;  ///< of edges; empty: the only one
    SourcePos pos;
};
using Rule = std::variant<AllToAll, OneToOne, RingOffset, WithProbability, InDegree, ListedPairs, SonataEdges>;

/// Spikes of a population of cells, or of generators, that reach a synapse.
struct ConnectionSpec {
    std::string name;
    std::string from;                      ///< population or generators
    std::vector<std::int64_t> from_ids;    ///< all when empty
    std::optional<LocationRef> detect_at;  ///< of cells: where spikes arise; default: the middle of the root section
    double threshold_mV = 0.0;
    std::string synapse;               ///< SynapseSpec::name; says which cells are the targets
    std::vector<std::int64_t> to_ids;  ///< all cells that carry the synapse when empty
    Rule rule;
    bool allow_self = false;                   ///< may a cell be its own source?
    std::optional<Value> weight_uS, delay_ms;  ///< expressions of connection_variables(); none: from the rule's file
    SourcePos pos;
};

/// Conductances between places of two cells: the current into a is g (v_b - v_a), and the opposite into b.
struct GapJunctionSpec {
    std::string name;
    CellSelection a, b;  ///< populations (may be the same) and cells
    LocationRef at_a, at_b;
    Rule rule;             ///< pairs of a population with itself count once, whichever comes first
    Value conductance_uS;  ///< expression of connection_variables()
    SourcePos pos;
};

}  // namespace axolemma::model
