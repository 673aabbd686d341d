#include <cmath>
#include <filesystem>
#include <string>

#include "bench/reconstructions.hpp"
#include "bench/shapes.hpp"
#include "bench/workloads.hpp"
#include "run/simulation.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using namespace axolemma::bench;

namespace {

run::Simulation built(const std::string& name, const Settings& settings = {})
{
    return run::Simulation(make_workload(name, settings).model);
}

/// Message of the error that making a workload ends with, or "accepted".
std::string message(const std::string& name, const Settings& settings = {})
{
    try {
        make_workload(name, settings);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

morphology::Morphology shape_of(const std::string& swc)
{
    return morphology::build_morphology(morphology::parse_swc(swc, "shape.swc"), morphology::SomaRule::neuron)
        .morphology;
}

}  // namespace

TEST_CASE("workloads have the sizes that their definitions say", "[bench]")
{
    struct Size {
        std::string name;
        std::int64_t cells, compartments, steps;
    };
    const auto size = GENERATE(values<Size>({{"W1", 1, 1000, 4000},
                                             {"W2", 256, 256 * 382, 4000},
                                             {"W3", 1, 1000, 5000},
                                             {"W6", 2600, 2600 * 386, 200},
                                             {"W7", 256, 256 * 382, 4000}}));
    CAPTURE(size.name);
    const auto simulation = built(size.name);
    CHECK(simulation.facts().n_cells == size.cells);
    CHECK(simulation.facts().n_compartments == size.compartments);
    CHECK(simulation.facts().n_steps == size.steps);
    CHECK(simulation.facts().n_recorded == 0);
    CHECK(simulation.model().run.method == model::Method::backward_euler);
}

TEST_CASE("without reconstructions, W4 has different trees and W5 at least 5000 compartments", "[bench]")
{
    Settings settings;
    settings.n_trees = 12;
    const auto forest = built("W4", settings);
    CHECK(forest.facts().n_cells == 12);
    for (std::size_t k = 1; k < forest.populations().size(); ++k) {
        CHECK(forest.populations()[k].layout().area_um2 != forest.populations()[k - 1].layout().area_um2);
    }
    const auto tree = built("W5");
    CHECK(tree.facts().n_cells == 1);
    CHECK(tree.facts().n_compartments >= 5000);
}

TEST_CASE("made-up trees are the same text every time and differ by number", "[bench]")
{
    CHECK(random_tree_swc(3, 100) == random_tree_swc(3, 100));
    CHECK(random_tree_swc(3, 100) != random_tree_swc(4, 100));
    CHECK(shape_of(random_tree_swc(3, 100)).n_sections() > 50);
}

TEST_CASE("the forked cell is a soma and 127 cylinders, thinner by 2^(-2/3) at every fork", "[bench]")
{
    const auto shape = shape_of(forked_cell_swc(1));
    REQUIRE(shape.n_sections() == 128);
    double area_um2 = 20.0 * 20.0;
    for (int generation = 0; generation <= 6; ++generation) {
        area_um2 += std::pow(2.0, generation) * 80.0 * 4.0 * std::pow(2.0, -2.0 / 3.0 * generation);
    }
    area_um2 *= 3.14159265358979323846;
    double sum_um2 = 0.0;
    for (std::int32_t s = 0; s < shape.n_sections(); ++s) {
        sum_um2 += shape.area_um2(s, 0.0, 1.0);
        CHECK(shape.section(s).length_um == Approx(s == 0 ? 20.0 : 80.0).epsilon(1e-12));
        CHECK(shape.points(s).front().radius_um == shape.points(s).back().radius_um);
        CHECK((s == 0 || shape.section(s).parent_position == 1.0));
    }
    CHECK(sum_um2 == Approx(area_um2).epsilon(1e-12));
    CHECK(shape_of(forked_cell_swc(5)).n_sections() == 132);
}

TEST_CASE("a folder's files are used again with another size, and refused ones are counted", "[bench]")
{
    const ScratchFolder folder;
    const auto path = std::filesystem::path(folder.write("a.swc", random_tree_swc(0, 60)));
    folder.write("b.swc", random_tree_swc(1, 60));
    folder.write("broken.swc", "1 1 0 0 0 5 -1\n2 3 1 0 0 1 7\n");
    folder.write("small.swc", "1 1 0 0 0 5 -1\n2 3 50 0 0 1 1\n");
    Settings settings;
    settings.swc_folder = path.parent_path().string();
    settings.n_trees = 5;
    const auto workload = make_workload("W4", settings);
    CHECK(workload.note ==
          "5 cells from 2 files, used again with sizes scaled by up to 2 %; left out: 1 refused, 1 under 50 "
          "compartments, 0 not in um");
    const run::Simulation simulation(workload.model);
    const auto length_um = [&](std::size_t p) { return simulation.populations()[p].morphology().section(1).length_um; };
    CHECK(length_um(2) == Approx(1.02 * length_um(0)).epsilon(1e-12));
    CHECK(length_um(4) == Approx(0.98 * length_um(0)).epsilon(1e-12));
}

TEST_CASE("settings change a workload's duration and method, and --set comes last", "[bench]")
{
    Settings settings;
    settings.stop = "2 ms";
    settings.method = "crank_nicolson";
    settings.sets = {"run.dt=0.05 ms"};
    const auto model = make_workload("W1", settings).model;
    CHECK(model.run.stop_ms == 2.0);
    CHECK(model.run.dt_ms == 0.05);
    CHECK(model.run.method == model::Method::crank_nicolson);
}

TEST_CASE("what is no workload and no folder is refused with a hint", "[bench]")
{
    CHECK(message("W9") ==
          "error: there is no workload 'W9'\n"
          "  hint: did you mean 'W1'? workloads: W1, W2, W3, W4, W5, W6, W7, or name a configuration file (*.yaml)\n");
    const ScratchFolder folder;
    Settings settings;
    settings.swc_folder = std::filesystem::path(folder.write("x.txt", "")).parent_path().string();
    CHECK_THAT(message("W5", settings),
               Catch::Matchers::ContainsSubstring("holds no SWC file of at least 50 compartments"));
}

TEST_CASE("temporary shapes are gone with the last workload that needs them", "[bench]")
{
    std::string path;
    {
        const auto workload = make_workload("W2", {});
        path = std::get<model::SwcShape>(workload.model.cells.at(0).morphology.shape).path;
        CHECK(std::filesystem::exists(path));
    }
    CHECK_FALSE(std::filesystem::exists(std::filesystem::path(path).parent_path()));
}
