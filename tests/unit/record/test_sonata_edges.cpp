#include <fmt/format.h>
#include <hdf5.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"
#include "record/sonata_edges.hpp"
#include "support/catch.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

/// Five edges in two groups, their attributes in an order of their own.
struct EdgesFile {
    std::vector<std::int64_t> source{0, 4, 2, 9, 9}, target{1, 1, 0, 3, 2};
    std::vector<std::int64_t> type{100, 100, 100, 101, 101};
    std::vector<std::int32_t> group{0, 0, 1, 0, 1};
    std::vector<std::int64_t> index{2, 0, 1, 1, 0};
    std::vector<double> weight0{0.1, 0.2, 0.3}, weight1{1.1, 1.2}, delay0{1, 2, 3}, delay1{11, 12};
    bool weight_in_group_1 = true, delays = true;

    void write_population(hdf5::Group edges, const std::string& name) const
    {
        hdf5::Group population = edges.create_group(name);
        add(population, "source_node_id", source).set_text("node_population", "from here");
        add(population, "target_node_id", target).set_text("node_population", "to there");
        add(population, "edge_type_id", type);
        add(population, "edge_group_id", group);
        add(population, "edge_group_index", index);
        hdf5::Group first = population.create_group("0"), second = population.create_group("1");
        add(first, "syn_weight", weight0);
        if (weight_in_group_1) add(second, "syn_weight", weight1);
        if (!delays) return;
        add(first, "delay", delay0);
        add(second, "delay", delay1);
    }
    const std::string& write(const std::string& path, const std::vector<std::string>& populations = {"local"}) const
    {
        hdf5::File file = hdf5::File::create(path);
        hdf5::Group edges = file.root().create_group("edges");
        for (const std::string& name : populations) write_population(edges, name);
        file.close();
        return path;
    }

private:
    template <class T>
    static hdf5::Dataset add(hdf5::Group& group, const char* name, const std::vector<T>& values)
    {
        return group.create<T>(name, std::span<const T>(values));
    }
};

std::string refusal(const std::string& path, const std::string& population = {})
{
    try {
        read_sonata_edges(path, population);
    } catch (const base::InputError& error) {
        const std::string text = error.what();
        REQUIRE(text.starts_with(path + ": error: "));
        return text.substr(path.size() + 9, text.size() - path.size() - 10);
    }
    return "no error";
}

const std::string layout =
    "\n  hint: SONATA keeps edges in /edges/<population> with source_node_id, target_node_id, edge_group_id and "
    "edge_group_index";
const std::string damaged = "\n  hint: the file is damaged or was put together wrongly";

}  // namespace

TEST_CASE("edges of a SONATA file come with the weight and delay of their group and row", "[record]")
{
    const Scratch scratch;
    const SonataEdges edges = read_sonata_edges(EdgesFile{}.write(scratch / "e.h5"));
    CHECK(edges.population == "local");
    CHECK(edges.source_population == "from here");
    CHECK(edges.target_population == "to there");
    CHECK(edges.source == std::vector<std::int64_t>{0, 4, 2, 9, 9});
    CHECK(edges.target == std::vector<std::int64_t>{1, 1, 0, 3, 2});
    CHECK(edges.weight_uS == std::vector<double>{0.3, 0.1, 1.2, 0.2, 1.1});
    CHECK(edges.delay_ms == std::vector<double>{3, 1, 12, 2, 11});
}

TEST_CASE("a population of edges is found by name", "[record]")
{
    const Scratch scratch;
    EdgesFile file;
    file.delays = false;
    const SonataEdges edges = read_sonata_edges(file.write(scratch / "e.h5", {"far", "near"}), "near");
    CHECK(edges.population == "near");
    CHECK(edges.source.size() == 5);
    CHECK(edges.delay_ms.empty());
}

TEST_CASE("number types and texts as other programs write them are understood", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "foreign.h5";
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);  // closing the file closes all that is in it
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
    const hid_t edges = H5Gcreate2(file, "edges", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t population = H5Gcreate2(edges, "p", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t group = H5Gcreate2(population, "0", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t n = 3;
    const hid_t space = H5Screate_simple(1, &n, nullptr);
    const auto write = [&](hid_t where, const char* name, hid_t stored, hid_t given, const void* values) {
        const hid_t made = H5Dcreate2(where, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        REQUIRE(H5Dwrite(made, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
        return made;
    };
    const std::array<std::uint64_t, 3> ids{7, 8, 9}, zeros{}, rows{0, 1, 2};
    const std::array<float, 3> weights{0.5f, 0.25f, 0.125f};
    const hid_t source = write(population, "source_node_id", H5T_STD_U64BE, H5T_NATIVE_UINT64, ids.data());
    // A text of fixed length in ASCII, as numpy's; a text of any length in ASCII.
    const hid_t fixed = H5Tcopy(H5T_C_S1), any = H5Tcopy(H5T_C_S1), one = H5Screate(H5S_SCALAR);
    H5Tset_size(fixed, 8);
    H5Tset_strpad(fixed, H5T_STR_NULLPAD);
    H5Tset_size(any, H5T_VARIABLE);
    const hid_t from = H5Acreate2(source, "node_population", fixed, one, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(H5Awrite(from, fixed, "thalamus") >= 0);
    const hid_t target = write(population, "target_node_id", H5T_STD_U16LE, H5T_NATIVE_UINT64, ids.data());
    const hid_t to = H5Acreate2(target, "node_population", any, one, H5P_DEFAULT, H5P_DEFAULT);
    const char* cortex = "cortex";
    REQUIRE(H5Awrite(to, any, &cortex) >= 0);
    write(population, "edge_group_id", H5T_STD_U8LE, H5T_NATIVE_UINT64, zeros.data());
    write(population, "edge_group_index", H5T_STD_U32LE, H5T_NATIVE_UINT64, rows.data());
    write(group, "syn_weight", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, weights.data());
    REQUIRE(H5Fclose(file) >= 0);

    const SonataEdges read = read_sonata_edges(path);
    CHECK(read.source == std::vector<std::int64_t>{7, 8, 9});
    CHECK(read.target == std::vector<std::int64_t>{7, 8, 9});
    CHECK(read.source_population == "thalamus");
    CHECK(read.target_population == "cortex");
    CHECK(read.weight_uS == std::vector<double>{0.5, 0.25, 0.125});
    CHECK(read.delay_ms.empty());
}

TEST_CASE("a file without any edge is no error", "[record]")
{
    const Scratch scratch;
    EdgesFile file;
    file.source = file.target = file.type = file.index = {};
    file.group = {};
    const SonataEdges edges = read_sonata_edges(file.write(scratch / "e.h5"));
    CHECK(edges.source.empty());
    CHECK(edges.weight_uS.empty());
}

TEST_CASE("what is not a SONATA edges file is refused with the reason", "[record]")
{
    const Scratch scratch;
    CHECK(refusal(scratch / "none.h5") == "cannot open the edges file: No such file or directory");
    CHECK(refusal(scratch.path().string()) == "this is a directory, not a SONATA edges file");
    std::ofstream(scratch / "text.csv") << "source,target\n";
    CHECK(refusal(scratch / "text.csv") == "this is not an HDF5 file\n  hint: a SONATA edges file is an HDF5 file");
    {
        hdf5::File file = hdf5::File::create(scratch / "other.h5");
        file.root().create_group("nodes");
        file.close();
    }
    CHECK(refusal(scratch / "other.h5") == "this is not a SONATA edges file: it has no group /edges" + layout);
    EdgesFile{}.write(scratch / "cut.h5");
    std::filesystem::resize_file(scratch / "cut.h5", 3000);
    CHECK(refusal(scratch / "cut.h5") ==
          "the end of this HDF5 file is missing\n"
          "  hint: it was not copied or downloaded completely; copy it again");
    CHECK(refusal(EdgesFile{}.write(scratch / "empty.h5", {})) == "/edges holds no population of edges" + layout);
}

TEST_CASE("a population that is not named or not there is answered with those that are", "[record]")
{
    const Scratch scratch;
    const std::string path = EdgesFile{}.write(scratch / "e.h5", {"thalamic", "recurrent"});
    CHECK(refusal(path) ==
          "/edges holds 2 populations of edges and none is named\n  hint: name one of them: recurrent, thalamic");
    CHECK(refusal(path, "recurent") ==
          "/edges has no population of edges 'recurent'\n"
          "  hint: did you mean 'recurrent'? populations in this file: recurrent, thalamic");
}

TEST_CASE("columns of edges must fit together", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "e.h5";
    EdgesFile file;
    file.target.pop_back();
    CHECK(refusal(file.write(path)) == "/edges/local/target_node_id has 4 values where source_node_id has 5" + layout);
    file = {};
    file.type.push_back(1);
    CHECK(refusal(file.write(path)) == "/edges/local/edge_type_id has 6 values where source_node_id has 5" + layout);
    file = {};
    file.group.clear();
    CHECK(refusal(file.write(path)) == "/edges/local/edge_group_id has 0 values where source_node_id has 5" + layout);
    file = {};
    file.weight_in_group_1 = false;
    CHECK(refusal(file.write(path)) ==
          "/edges/local has 'syn_weight' in group 0 and not in group 1\n"
          "  hint: give it to the edges of all groups or of none");
}

TEST_CASE("ids, groups and rows that cannot be are named with their edge", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "e.h5";
    EdgesFile file;
    file.source[3] = -2;
    CHECK(refusal(file.write(path)) ==
          "/edges/local/source_node_id is negative (-2) for edge 3\n  hint: ids and indices count from 0");
    file = {};
    file.group[2] = 7;
    CHECK(refusal(file.write(path)) == "/edges/local has no group '7', to which edge 2 belongs" + layout);
    file = {};
    file.index[4] = 2;
    CHECK(refusal(file.write(path)) ==
          "/edges/local says that edge 4 is row 2 of group 1, whose 'syn_weight' has 2 rows" + damaged);
    file = {};
    file.delay0[2] = std::numeric_limits<double>::quiet_NaN();
    CHECK(refusal(file.write(path)) ==
          "/edges/local has a 'delay' that is not a finite number for edge 0 (row 2 of group 0)" + damaged);
}

TEST_CASE("datasets of edges that are missing or of the wrong kind are named", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "e.h5";
    const auto changed = [&](const std::function<void(hdf5::Group&)>& change) {
        hdf5::File file = hdf5::File::create(path);
        hdf5::Group edges = file.root().create_group("edges");
        EdgesFile{}.write_population(edges, "local");
        hdf5::Group population = edges.group("local");
        change(population);
        file.close();
        return refusal(path);
    };
    CHECK(changed([](hdf5::Group& p) { p.remove("edge_group_index"); }) ==
          "/edges/local has no dataset 'edge_group_index'" + layout);
    const std::array<double, 5> halves{0.5, 1.5, 2.5, 3.5, 4.5};
    CHECK(changed([&](hdf5::Group& p) {
              p.remove("source_node_id");
              p.create<double>("source_node_id", std::span<const double>(halves));
          }) == "/edges/local/source_node_id does not hold whole numbers" + layout);
    CHECK(changed([](hdf5::Group& p) {
              p.remove("target_node_id");
              p.create_group("target_node_id");
          }) == "/edges/local has a group 'target_node_id' where a dataset is expected" + layout);
    const std::array<std::int64_t, 6> square{};
    CHECK(changed([&](hdf5::Group& p) {
              p.remove("source_node_id");
              p.create<std::int64_t>("source_node_id", {3, 2}, square);
          }) == "/edges/local/source_node_id has 2 dimensions where 1 is expected" + layout);
    const std::array<std::string, 3> words{"a", "b", "c"};
    CHECK(changed([&](hdf5::Group& p) {
              hdf5::Group group = p.group("0");
              group.remove("delay");
              group.create_text("delay", words);
          }) == "/edges/local/0/delay is not a column of numbers" + layout);
}
