// Writes the pages that the browser tests open: make_report_pages FOLDER
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include "report/report.hpp"
#include "support/synthetic_result.hpp"
#include "unit/report/cases.hpp"

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: make_report_pages FOLDER\n";
        return 2;
    }
    using namespace axolemma;
    const std::string folder = std::string(argv[1]) + "/";
    try {
        std::filesystem::create_directories(folder);
        const auto make = [&folder](const std::string& result, const std::string& name) {
            report::write_report(record::ResultReader(result), folder + name + ".html");
        };
        make(test::write_synthetic_result(folder + "everything.h5"), "everything");
        make(test::write_synthetic_result(folder + "incomplete.h5", 20.0, false), "incomplete");
        test::write_patch_result(folder + "patch.h5");
        test::write_f_i_result(folder + "f_i.h5");
        test::write_population_result(folder + "population.h5", 100);
        test::write_tree_result(folder + "tree.h5", 10000, 400);
        test::write_hostile_cable_result(folder + "cable.h5", 1000);
        for (const char* name : {"patch", "f_i", "population", "tree", "cable"}) make(folder + name + ".h5", name);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
