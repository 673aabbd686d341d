#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::messages;
using test::SwcFile;

namespace {

std::string config_of(const SwcFile& file, const std::string& options = {})
{
    return "axolemma: 1\n"
           "cells:\n"
           "  - name: cell\n"
           "    morphology: {file: \"" +
           file.path() + "\"" + options +
           "}\n"
           "    channels: [{channel: pas}]\n"
           "run: {stop: 1 ms, dt: 0.025 ms}\n";
}

constexpr const char* good_root = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n";

}  // namespace

TEST_CASE("what is wrong in an SWC file is said with that file's line", "[run][swc]")
{
    const SwcFile file(std::string(good_root) + "3 3 55 0 0 1 7\n");
    CHECK(messages(config_of(file)) == file.path() +
                                           ":3: error: sample 3 names parent 7, which is not in the file\n"
                                           "  hint: the largest sample id is 3 (line 3); the file may be truncated\n");
}

TEST_CASE("all errors of an SWC file are said at once", "[run][swc]")
{
    const SwcFile file(std::string(good_root) + "3 3 55 0 0 1 7\n4 3 60 0 0 1 8\n");
    const auto text = messages(config_of(file));
    CHECK(text.find(":3: error: sample 3 names parent 7") != std::string::npos);
    CHECK(text.find(":4: error: sample 4 names parent 8") != std::string::npos);
}

TEST_CASE("a radius of zero is a warning for the file and an error for a cable", "[run][swc]")
{
    const SwcFile file(std::string(good_root) + "3 3 55 0 0 0 2\n");
    CHECK(
        messages(config_of(file)) ==
        file.path() +
            ":3: warning: radius of sample 3 is 0\n"
            "  hint: a cable needs a radius: correct it, or set a smallest one with the option min_radius\n"
            "test.yaml:4:5: error: section 'dend[0]' has a point of radius 0, where its axial resistance is infinite\n"
            "  hint: give a smallest radius with the option min_radius, for example min_radius: 0.1 um\n");
}

TEST_CASE("the option min_radius makes a file of zero radii a cable", "[run][swc]")
{
    const SwcFile file(std::string(good_root) + "3 3 55 0 0 0 2\n");
    auto simulation = test::build(config_of(file, ", min_radius: 0.1 um"));
    CHECK(test::simulate(simulation).outcome.complete);
}

TEST_CASE("warnings of an SWC file reach the simulation", "[run][swc]")
{
    const SwcFile file("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n2 3 5 0 0 1 1\n");
    CHECK(messages(config_of(file)).find(file.path() + ":3: ") == 0);
    const SwcFile same_point("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 5 0 0 1 2\n4 3 50 0 0 1 3\n");
    const auto simulation = test::build(config_of(same_point));
    CHECK(simulation.warnings().text().find(same_point.path()) != std::string::npos);
}
