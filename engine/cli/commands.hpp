/// What the program can do; one function per command, each in its own file. All return an exit code.
#pragma once

#include <string>
#include <vector>

#include "network/ranks.hpp"

namespace axolemma::cli {

/// Exit codes of the program.
enum ExitCode : int {
    success = 0,
    engine_failed = 1,  ///< numerics, disk
    input_wrong = 2,
    stopped = 75  ///< asked to stop before the end; what was recorded is saved
};

struct RunArguments {
    std::string config;
    std::string output;  ///< empty: as the configuration says
    std::vector<std::string> sets;
    int threads = 0;
    bool resume = false;  ///< go on from the checkpoint of an earlier run, if there is one
    bool json = false;
    bool quiet = false;
    std::string command_line;
};
int run_command(const RunArguments& arguments, network::Ranks& ranks);

struct CheckArguments {
    std::string config;
    std::vector<std::string> sets;
    int ranks = 0, threads = 0;  ///< to estimate the cost for; 0: nobody asks
    bool json = false;
};
int check_command(const CheckArguments& arguments);

struct MorphologyArguments {
    std::string file;
    std::string soma = "auto";
    std::string fragments = "reject";
    bool absolute_radius = false;
    double scale = 1.0;
    double min_radius_um = 0.0;
    bool json = false;
};
int morphology_command(const MorphologyArguments& arguments);

struct ReportArguments {
    std::string file;
    std::string output;  ///< empty: the result's name with .html
};
int report_command(const ReportArguments& arguments);

struct VerifyArguments {
    std::string data;    ///< folder with reference data; empty: environment AXOLEMMA_TEST_DATA, or none
    std::string filter;  ///< only cases whose name contains this
    bool json = false;
};
int verify_command(const VerifyArguments& arguments);

struct BenchArguments {
    std::vector<std::string> what;  ///< workloads, configuration files, or "exchange"; none: the list
    std::string stop, method;       ///< as in --set run.stop=..; empty: as they are
    std::vector<std::string> sets;
    std::string swc;          ///< folder of reconstructions; empty: environment AXOLEMMA_TEST_DATA + /swc/real, or none
    std::string write_model;  ///< file to describe the workload in, for other simulators; empty: measure
    std::string simd;         ///< instruction set, one of base::simd_names(); empty: the best
    int threads = 0;
    int repeats = 3;
    bool json = false;
};
int bench_command(const BenchArguments& arguments, network::Ranks& ranks);
/// The one thing to measure that needs several ranks.
bool is_bench_of_exchange(const BenchArguments& arguments);

struct ChannelsArguments {
    std::string name;         ///< of a channel or synapse, or a file with channels; empty: the list
    std::string temperature;  ///< for rates, with its unit; empty: 6.3 degC
    bool json = false;        ///< of a file: whether it can be used, for scripts
    bool plot = false;        ///< draw steady states and time constants
    bool strict_units = false;
};
int channels_command(const ChannelsArguments& arguments);
int schema_command(bool markdown, bool channel);

}  // namespace axolemma::cli
