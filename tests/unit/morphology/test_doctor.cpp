#include <string>

#include "morphology/doctor.hpp"
#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

const std::string cell_text = "1 1 0 0 0 4 -1\n2 1 0 10 0 4 1\n3 3 0 20 0 1 2\n4 3 0 40 0 0 3\n";

}  // namespace

TEST_CASE("the doctor's report for people has the facts, the rule, the other programs and the warnings", "[morphology]")
{
    const SwcFile file = parse_swc(cell_text, "cell.swc");
    CHECK(
        doctor_text(file, build_morphology(file)) ==
        "cell.swc: 4 samples, 0 comment lines, sha256 " + file.sha256 +
            "\n\n"
            "soma: 2 soma samples: stacked truncated cones (length 10 um, area 251.327 um2)\n\n"
            "type            samples  sections   length [um]      area [um2]\n"
            "soma (1)              2         1            10         251.327\n"
            "dend (3)              2         1            30         125.742\n"
            "all                   4         2            40          377.07\n\n"
            "tips 1, branch points 0 (largest order 0, most children 1), longest path from the soma 35 um\n"
            "radii 0 to 4 um (1 of radius 0); box x 0 to 0, y 0 to 40, z 0 to 0 um\n\n"
            "other programs           length [um]      area [um2]\n"
            "  Axolemma (above)                40          377.07  2 sections\n"
            "  NEURON                          40          377.07  2 sections\n"
            "  Arbor, rule arbor               40         478.234\n"
            "  Arbor, rule neuron              30         314.238\n"
            "  MorphIO                         20         314.238  length of the neurites alone, soma area 251.327\n\n"
            "cell.swc:4: warning: radius of sample 4 is 0\n"
            "  hint: a cable needs a radius: correct it, or set a smallest one with the option min_radius\n");
}

TEST_CASE("the doctor's JSON holds the same facts with all digits", "[morphology]")
{
    const SwcFile file = parse_swc("1 3 0 0 0 1 -1\n2 3 4 0 0 1 1\n", "a \"b\"\\\n\xFF\xC3\xA9.swc");
    const std::string json = doctor_json(file, build_morphology(file));
    CHECK(json ==
          "{\"file\": \"a \\\"b\\\"\\\\\\u000a\\ufffd\xC3\xA9.swc\", \"format\": \"swc\", \"sha256\": \"" +
              file.sha256 +
              "\", \"samples\": 2, \"comment_lines\": 0, \"soma\": \"no soma sample: the tree starts at sample 1 (line "
              "1)\", \"types\": [{\"type\": 3, \"name\": \"dend\", \"samples\": 2, \"sections\": 1, \"length_um\": 4, "
              "\"area_um2\": 25.132741228718345, \"volume_um3\": 12.566370614359172, \"file_length_um\": 4, "
              "\"file_area_um2\": 25.132741228718345}], \"sections\": 1, \"length_um\": 4, \"area_um2\": "
              "25.132741228718345, \"volume_um3\": 12.566370614359172, \"longest_path_um\": 4, \"tips\": 1, "
              "\"branch_points\": 0, \"largest_branch_order\": 0, \"most_children\": 1, \"zero_length_segments\": 0, "
              "\"zero_radius_samples\": 0, \"smallest_radius_um\": 1, \"largest_radius_um\": 1, \"box_low_um\": [0, 0, "
              "0], \"box_high_um\": [4, 0, 0], \"other_programs\": [{\"program\": \"NEURON\", \"accepts\": true, "
              "\"length_um\": 4, \"area_um2\": 25.132741228718345, \"sections\": 1}, {\"program\": \"Arbor, rule "
              "arbor\", \"accepts\": true, \"length_um\": 4, \"area_um2\": 25.132741228718345}, {\"program\": \"Arbor, "
              "rule neuron\", \"accepts\": true, \"length_um\": 4, \"area_um2\": 25.132741228718345}, {\"program\": "
              "\"MorphIO\", \"accepts\": true, \"length_um\": 4, \"area_um2\": 25.132741228718345, \"soma_area_um2\": "
              "0}], \"warnings\": []}");
}

TEST_CASE("the doctor says why another program does not read a file", "[morphology]")
{
    const auto report = [](const std::string& text) {
        const SwcFile file = parse_swc(text, "cell.swc");
        return doctor_text(file, build_morphology(file));
    };
    const auto says = [](const std::string& text, const std::string& part) {
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    };
    says(report(small_cell),
         "  Arbor, rule arbor   does not read it: error: the root needs a second sample of its type (no spherical "
         "somas)\n");
    says(report("1 1 0 0 0 5 -1\n\n2 3 5 0 0 1 1\n"),
         "  Arbor, rule neuron  does not read it: it stops without a message at line 2 (a blank line or comment) and "
         "keeps 1 of "
         "2 samples\n");
    says(report("3 1 0 0 0 5 -1\n2 3 5 0 0 1 3\n"),
         "  NEURON              does not read it: its reader stops where ids do not increase (line 2)\n");
    says(report("1 1 0 0 0 5 -1\n2 0 5 0 0 1 1\n"),
         "  MorphIO             does not read it: error: type 0 on line 2 is not "
         "supported\n");
    says(report("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 2 9 0 0 1 2\n"),
         "  Arbor, rule neuron  does not read it: error: the type changes along a neurite (line 3)\n");
    says(report("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 2 9 0 0 1 2\n"),
         "  MorphIO             does not read it: error: the type changes without a branch point (line 3)\n");
}
