#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::TemporaryFile;

namespace {

/// Ten cells that carry a synapse, and three generators.
std::string network(const std::string& generator, const std::string& connection)
{
    return "axolemma: 1\n"
           "cells: [{name: E, count: 10, morphology: {patch: {area: 1000 um2}}}]\n"
           "synapses: [{name: exc, type: exp_syn, at: soma}]\n"
           "generators: [{name: in, count: 3, " +
           generator + "}]\nconnections: [{from: in, synapse: exc, " + connection + "}]\nrun: {stop: 10 ms}\n";
}

std::string with_spikes(const std::string& path)
{
    return network("file: {path: '" + path + "'}", "rule: all_to_all, weight: 1 nS, delay: 1 ms");
}

std::string with_pairs(const std::string& path, const std::string& values = "weight: 1 nS, delay: 1 ms, ")
{
    return network("times: [1 ms]", values + "pairs: '" + path + "'");
}

/// The messages with the file called file.csv, or "accepted".
std::string failure(const std::string& text, const std::string& path)
{
    std::string out = "accepted";
    try {
        config::parse_model(text, "net.yaml");
    } catch (const base::InputError& error) {
        out = error.what();
    }
    for (std::size_t at = out.find(path); at != std::string::npos; at = out.find(path)) {
        out.replace(at, path.size(), "file.csv");
    }
    return out;
}

std::string spikes_failure(std::string_view text)
{
    const TemporaryFile file(text);
    return failure(with_spikes(file.path()), file.path());
}

std::string pairs_failure(std::string_view text, const std::string& values = "weight: 1 nS, delay: 1 ms, ")
{
    const TemporaryFile file(text);
    return failure(with_pairs(file.path(), values), file.path());
}

}  // namespace

TEST_CASE("a file of spikes may have its rows in any order", "[config][network]")
{
    const TemporaryFile file("generator,time_ms\n2, 5\n0 3.5 # late\n\n# nothing for 1\n2\t1e-1\n0,0\n");
    const model::Model m = config::parse_model(with_spikes(file.path()), "net.yaml");
    const auto& train = std::get<model::FileTrain>(m.generators[0].train);
    CHECK(train.generator == std::vector<std::int64_t>{0, 0, 2, 2});
    CHECK(train.t_ms == std::vector<double>{0.0, 3.5, 0.1, 5.0});
}

TEST_CASE("errors in a file of spikes name its lines, all in one go", "[config][network][errors]")
{
    CHECK(spikes_failure("0,1\n3,1\n-1,1\n1.5,2\n1,x\n1,-2\n1\n") ==
          "file.csv:2: error: there is no generator 3: 'in' has 3 generators, 0 to 2\n"
          "file.csv:3: error: there is no generator -1: 'in' has 3 generators, 0 to 2\n"
          "file.csv:4: error: '1.5' is not the number of a generator\n"
          "  hint: generators are counted from 0\n"
          "file.csv:5: error: 'x' is not a time\n"
          "  hint: times are plain numbers in ms, not below 0\n"
          "file.csv:6: error: '-2' is not a time\n"
          "  hint: times are plain numbers in ms, not below 0\n"
          "file.csv:7: error: this line has 1 columns; a file of spikes has two, generator and time in ms\n");
    CHECK(spikes_failure("generator,t\n") ==
          "net.yaml:4:48: error: the file 'file.csv' has no spikes\n"
          "  hint: it needs lines with generator and time (ms)\n");
}

TEST_CASE("a file of pairs has the columns that its first line names", "[config][network]")
{
    const TemporaryFile plain("# made by hand\nsource,target\n0,9\n2,0\n");
    model::Model m = config::parse_model(with_pairs(plain.path()), "net.yaml");
    const auto& pairs = std::get<model::ListedPairs>(m.connections[0].rule);
    CHECK(pairs.source == std::vector<std::int64_t>{0, 2});
    CHECK(pairs.target == std::vector<std::int64_t>{9, 0});
    CHECK(pairs.line == std::vector<std::int64_t>{3, 4});
    CHECK(pairs.weight_uS.empty());
    CHECK(pairs.delay_ms.empty());

    const TemporaryFile full("delay_ms target source weight_uS\n1.5 9 0 0.001\n2 8 1 0.002\n");
    m = config::parse_model(with_pairs(full.path(), ""), "net.yaml");
    const auto& valued = std::get<model::ListedPairs>(m.connections[0].rule);
    CHECK(valued.source == std::vector<std::int64_t>{0, 1});
    CHECK(valued.target == std::vector<std::int64_t>{9, 8});
    CHECK(valued.weight_uS == std::vector<double>{0.001, 0.002});
    CHECK(valued.delay_ms == std::vector<double>{1.5, 2.0});
    CHECK_FALSE(m.connections[0].weight_uS.has_value());
}

TEST_CASE("errors in the rows of a file of pairs name its lines", "[config][network][errors]")
{
    CHECK(pairs_failure("source,target\n0,1\n3,1\n0,10\na,1\n1\n") ==
          "file.csv:3: error: there is no generator 3: 'in' has 3 generators, 0 to 2\n"
          "file.csv:4: error: there is no cell 10: population 'E' has 10 cells, 0 to 9\n"
          "file.csv:5: error: 'a' is not the number of a generator\n"
          "  hint: generators are counted from 0\n"
          "file.csv:6: error: this line has 1 columns; the first line names 2\n");
    CHECK(pairs_failure("source,target,weight_uS,delay_ms\n0,1,-1,1\n0,1,1,nan\n", "") ==
          "file.csv:2: error: '-1' is not a weight in uS\n"
          "  hint: it must be a plain number, not below 0\n"
          "file.csv:3: error: 'nan' is not a delay in ms\n"
          "  hint: it must be a plain number, not below 0\n");
}

TEST_CASE("errors in the first line of a file of pairs are explained", "[config][network][errors]")
{
    CHECK(pairs_failure("0,1\n1,2\n") ==
          "file.csv:1: error: unknown column '0'\n"
          "  hint: the first line names the columns: source, target and, where wanted, weight_uS, delay_ms\n");
    CHECK(pairs_failure("source,target,weigth_uS\n0,1,2\n") ==
          "file.csv:1: error: unknown column 'weigth_uS'\n"
          "  hint: did you mean 'weight_uS'?\n");
    CHECK(pairs_failure("source,source\n0,1\n") == "file.csv:1: error: there are two columns 'source'\n");
    CHECK(pairs_failure("source,delay_ms\n0,1\n") ==
          "file.csv:1: error: there is no column 'target'\n"
          "  hint: the first line names the columns: source, target and, where wanted, weight_uS, delay_ms\n");
    CHECK(pairs_failure("source,target\n") ==
          "net.yaml:5:74: error: the file 'file.csv' has no pairs\n"
          "  hint: it needs a line with the names of the columns, then one line per pair\n");
}

TEST_CASE("weight and delay come either from the file of pairs or from the configuration", "[config][network][errors]")
{
    CHECK(pairs_failure("source,target,weight_uS\n0,1,2\n") ==
          "net.yaml:5:40: error: 'weight' is given here and in 'file.csv'\n"
          "  hint: leave it out here, or remove the column weight_uS there\n");
    CHECK(pairs_failure("source,target,weight_uS\n0,1,2\n", "") ==
          "net.yaml:5:15: error: this connection needs the key 'delay'\n"
          "  hint: for example delay: 1 ms, or a column delay_ms in the file\n");
    CHECK(pairs_failure("source,target,weight_uS\n0,1,2\n", "delay: 1 ms, ") == "accepted");
}

TEST_CASE("a file of pairs for gap junctions has no weights", "[config][network][errors]")
{
    const auto with_gaps = [](const std::string& path) {
        return "axolemma: 1\n"
               "cells: [{name: E, count: 10, morphology: {patch: {area: 1000 um2}}}]\n"
               "gap_junctions: [{at: soma, conductance: 1 nS, pairs: '" +
               path + "'}]\nrun: {stop: 10 ms}\n";
    };
    const TemporaryFile plain("source,target\n0,9\n");
    const model::Model m = config::parse_model(with_gaps(plain.path()), "net.yaml");
    CHECK(std::get<model::ListedPairs>(m.gap_junctions[0].rule).target == std::vector<std::int64_t>{9});
    const TemporaryFile valued("source,target,weight_uS\n0,9,1\n");
    CHECK(failure(with_gaps(valued.path()), valued.path()) ==
          "file.csv:1: error: unknown column 'weight_uS'\n"
          "  hint: the first line names the columns: source, target\n");
}
