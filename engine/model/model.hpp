/// What to simulate, as the user described it: plain structs, no logic. Every item knows where it was written.
///
/// Expressions carry the unit in their member's name; they may use the variables of model/variables.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mechanisms/catalogue.hpp"
#include "model/network.hpp"
#include "model/places.hpp"
#include "model/sweep.hpp"
#include "morphology/axon_stub.hpp"
#include "morphology/swc.hpp"

namespace axolemma::model {

// ---- cells ---------------------------------------------------------------------------------------------------------

struct SwcShape {
    std::string path;  ///< resolved: relative paths are relative to the configuration file
    morphology::SwcOptions options;
    morphology::SomaRule soma_rule = morphology::SomaRule::automatic;
    std::optional<morphology::AxonStub> axon_stub;  ///< in place of the axon of the file
    friend bool operator==(const SwcShape&, const SwcShape&) = default;
};
struct PatchShape {
    double length_um = 0, diameter_um = 0;
    friend bool operator==(const PatchShape&, const PatchShape&) = default;
};
struct CableShape {
    double length_um = 0, diameter_start_um = 0, diameter_end_um = 0;
    std::int32_t type = morphology::axon;
    friend bool operator==(const CableShape&, const CableShape&) = default;
};
struct BallAndStickShape {
    double soma_diameter_um = 0, dend_length_um = 0, dend_diameter_um = 0;
    friend bool operator==(const BallAndStickShape&, const BallAndStickShape&) = default;
};
/// Rall-equivalent binary tree of cylinders: level k = 0..levels-1 has 2^k sections.
struct BinaryTreeShape {
    std::int32_t levels = 1;
    double length_um = 0, diameter_um = 0;        ///< of the root section
    double length_ratio = 1, diameter_ratio = 1;  ///< child / parent
    friend bool operator==(const BinaryTreeShape&, const BinaryTreeShape&) = default;
};
struct MorphologySpec {
    std::variant<SwcShape, PatchShape, CableShape, BallAndStickShape, BinaryTreeShape> shape;
    SourcePos pos;
};

/// How a section is cut into compartments; the largest count asked for by any of the rules that are set wins.
struct DiscretisationSpec {
    std::optional<double> max_length_um;
    std::optional<std::int32_t> count;    ///< compartments per section
    std::optional<double> odd_length_um;  ///< 1 + 2 floor(L / this), as scripts for NEURON have it
    std::optional<double> d_lambda;       ///< fraction of the AC length constant at d_lambda_frequency_Hz
    double d_lambda_frequency_Hz = 100.0;
    SourcePos pos;
};

/// Passive properties; later entries override earlier ones where their regions overlap.
struct MembraneSpec {
    RegionRef region;
    std::optional<Value> cm_uF_per_cm2, ra_ohm_cm, v_init_mV;
    SourcePos pos;
};

/// A channel painted on a region; a later painting of the same channel replaces an earlier one where they overlap.
struct Paint {
    std::string channel;
    RegionRef region;
    std::vector<ParameterSetting> parameters;
    SourcePos pos;
};

/// What random numbers of a population or stimulus belong to, where that is not its own place in the model: models that
/// were merged into one draw what each would draw alone.
struct StreamIdentity {
    std::string name;             ///< in place of the name
    std::int64_t first_cell = 0;  ///< in place of the first cell of the population over the model
    std::uint64_t seed = 1;       ///< in place of the run's
};

/// Values of an ion on a region; later entries override earlier ones where their regions overlap.
struct IonSpec {
    std::string ion;
    RegionRef region;
    std::optional<Value> reversal_mV, inside_mM, outside_mM;
    bool reversal_is_nernst = false;  ///< reversal_mV follows from the concentrations
    SourcePos pos;
};

struct CellSpec {
    std::string name;  ///< population name
    std::int64_t count = 1;
    MorphologySpec morphology;
    DiscretisationSpec discretisation;
    std::vector<MembraneSpec> membrane;
    std::vector<Paint> channels;
    std::vector<IonSpec> ions;
    /// Where cells are, for connections that depend on the distance between them; expressions of cell_variables().
    std::optional<Value> x_um, y_um, z_um;
    std::optional<StreamIdentity> identity;
    SourcePos pos;
};

// ---- stimuli -------------------------------------------------------------------------------------------------------

// Waveforms. Values are nA for a current clamp and mV for a voltage clamp.
struct PulseWave {
    Value delay_ms, duration_ms, amplitude;
};
struct TrainWave {
    Value delay_ms, duration_ms, amplitude, period_ms;
    std::int64_t count = 1;
};
struct RampWave {
    Value delay_ms, duration_ms, from, to;
};
struct SineWave {
    Value delay_ms, duration_ms, amplitude, frequency_Hz, phase_rad, offset;
};
struct Step {
    Value duration_ms, level;
};
struct StepsWave {
    Value delay_ms;
    std::vector<Step> steps;
};
/// Piecewise linear through the points of a two-column text file (time in ms, value).
struct FileWave {
    std::string path;
    std::vector<double> t_ms, value;
    double delay_ms = 0, scale = 1;
};
using Waveform = std::variant<PulseWave, TrainWave, RampWave, SineWave, StepsWave, FileWave>;

struct StimulusSpec {
    enum class Kind { current_clamp, voltage_clamp } kind = Kind::current_clamp;
    std::string name;
    CellSelection target;
    LocationRef at;
    Waveform waveform;
    double series_resistance_Mohm = 0.0;     ///< voltage clamp; 0 = ideal
    std::optional<StreamIdentity> identity;  ///< first_cell: of the target population
    SourcePos pos;
};

// ---- recordings ----------------------------------------------------------------------------------------------------

/// A quantity over time: "v" (mV), "i_ion" (mA/cm2), "<channel>.<state>", "<channel>.<current>" (mA/cm2), "<channel>.<output>",
/// "<ion>.inside", "<ion>.outside" (mM), "<ion>.reversal" (mV), "<ion>.current" (mA/cm2) at locations or in every compartment of
/// a region, or "stimulus.<name>" (nA), "<synapse>.g" (uS) and "<synapse>.i" (nA, positive outwards) by
/// the name of a stimulus or synapse, which have places of their own: all its instances on the target's cells.
struct RecordSpec {
    std::string name;
    std::string quantity;
    CellSelection target;
    std::vector<LocationRef> at;      ///< either these
    std::optional<RegionRef> region;  ///< or every compartment of this region
    std::optional<double> every_ms;   ///< default: every step
    double start_ms = 0;
    std::optional<double> stop_ms;
    SourcePos pos;
};

/// Upward crossings of a threshold at locations, interpolated inside the step.
struct SpikeSpec {
    std::string name;
    CellSelection target;
    std::vector<LocationRef> at;
    double threshold_mV = 0.0;
    SourcePos pos;
};

/// Firing rate over stimulus amplitude for a population whose cells get different currents.
struct FICurveSpec {
    std::string cells, stimulus, spikes;  ///< population, stimulus name, spike recording name
    double from_ms = 0;
    std::optional<double> to_ms;
    std::optional<std::string> file;  ///< CSV to write beside the result
    SourcePos pos;
};

// ---- run and output ------------------------------------------------------------------------------------------------

enum class Method { backward_euler, crank_nicolson };
/// How voltage-only gates advance: by table (mechanisms/gate_table.hpp) or by their formulas.
enum class GateEvaluation { tables, exact };
/// Which code takes the steps: rows of eight lanes, or the slow and short reference.
enum class Kernel { lanes, reference };
/// May long unbranched cables be cut, so that the pieces fill the lanes? Automatic: in models of fewer than eight cells.
enum class SplitCables { automatic, always, never };
enum class Precision { single, full, compact };

struct RunSpec {
    double stop_ms = 0;
    double dt_ms = 0.025;
    Method method = Method::crank_nicolson;
    std::uint64_t seed = 1;
    std::optional<std::int64_t>
        group_cells;  ///< cells per group; default chosen by the engine, results never depend on it
    GateEvaluation gate_evaluation = GateEvaluation::tables;
    double gate_table_error = 1e-7;  ///< bound, see mechanisms/gate_table.hpp
    Kernel kernel = Kernel::lanes;
    SplitCables split_cables = SplitCables::automatic;
    SourcePos pos;
    friend bool operator==(const RunSpec&, const RunSpec&) = default;
};

struct OutputSpec {
    std::string file;  ///< HDF5 file; default: results/<configuration name>.h5
    Precision precision = Precision::single;
    bool overwrite = true;
    SourcePos pos;
};

/// When the state of a run is saved, so that a later run can go on from there.
struct CheckpointSpec {
    std::optional<double> every_wall_s;    ///< of computing time by the clock
    std::optional<double> every_model_ms;  ///< of simulated time
    std::string file;                      ///< default: the result file's name with ".checkpoint"
    SourcePos pos;
};

struct Model {
    std::string title;
    std::string config_path;             ///< as given
    std::string config_text;             ///< whole text, for provenance
    std::vector<std::string> overrides;  ///< "path=value" arguments that were laid over the text, in order
    double temperature_degC = 6.3;
    std::vector<std::string> channel_files;  ///< that were read for the catalogue
    base::Diagnostics warnings;              ///< what a person should look at although it can be simulated
    mechanisms::Catalogue catalogue;         ///< the channels and synapses that the model may name
    std::vector<CellSpec> cells;
    std::vector<StimulusSpec> stimuli;
    std::vector<SynapseSpec> synapses;
    std::vector<GeneratorSpec> generators;
    std::vector<ConnectionSpec> connections;
    std::vector<GapJunctionSpec> gap_junctions;
    std::vector<RecordSpec> recordings;
    std::vector<SpikeSpec> spikes;
    std::vector<FICurveSpec> f_i_curves;
    RunSpec run;
    OutputSpec output;
    CheckpointSpec checkpoint;
    std::optional<SweepSpec> sweep;
};

}  // namespace axolemma::model
