// Real and malformed files of other people, with facts measured by other programs. They lie outside the project.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "morphology/facts.hpp"
#include "morphology/peers.hpp"
#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

double number(const std::string& text)
{
    return std::stod(text);
}

std::int64_t integer(const std::string& text)
{
    return std::stoll(text);
}

/// Value of `type` in {"1":2.5,...}; 0 if it is not there.
double of_type(const std::string& json, std::int32_t type)
{
    const std::string key = "\"" + std::to_string(type) + "\":";
    const std::size_t at = json.find(key);
    return at == std::string::npos ? 0.0 : std::stod(json.substr(at + key.size()));
}

void check_file_facts(const SwcFile& file, const Row& expected)
{
    const FileFacts facts = measure_file(file);
    const auto near = [](double value) { return Catch::Approx(value).epsilon(1e-10).margin(1e-12); };
    CHECK(static_cast<std::int64_t>(file.samples.size()) == integer(expected.at("n_samples")));
    CHECK(file.n_comment_lines == integer(expected.at("n_comment_lines")));
    CHECK(file.sha256 == expected.at("sha256"));
    CHECK(facts.n_tips == integer(expected.at("n_terminals")));
    CHECK(facts.n_branch_points == integer(expected.at("n_bifurcations")));
    CHECK(facts.largest_fan_out == integer(expected.at("max_children")));
    CHECK(facts.largest_branch_order == integer(expected.at("max_branch_order")));
    CHECK(facts.n_zero_length == integer(expected.at("n_zero_length_edges")));
    CHECK(facts.n_zero_radius == integer(expected.at("n_zero_radius")));
    CHECK(facts.longest_path_um == near(number(expected.at("max_path_length"))));
    CHECK(facts.smallest_radius_um == near(number(expected.at("radius_min"))));
    CHECK(facts.largest_radius_um == near(number(expected.at("radius_max"))));
    for (const auto& [type, sums] : facts.by_type) {
        CHECK(sums.n_samples == static_cast<std::int64_t>(of_type(expected.at("n_samples_by_type"), type)));
        CHECK(sums.length_um == near(of_type(expected.at("length_by_type"), type)));
        CHECK(sums.area_um2 == near(of_type(expected.at("area_by_type"), type)));
    }
}

/// accept, warn or reject
std::string verdict_on(const std::string& path)
{
    try {
        const SwcFile file = read_swc(path);
        const BuiltMorphology built = build_morphology(file);
        CHECK(built.morphology.sample_locations.size() == file.samples.size());
        return built.warnings.empty() ? "accept" : "warn";
    } catch (const base::InputError&) {
        return "reject";
    }
}

void check_peer(const PeerResult& result, const std::string& length, const std::string& area, double tolerance)
{
    INFO(result.tool << " " << result.reason);
    CHECK(result.accepts);
    CHECK(result.length_um == Catch::Approx(number(length)).epsilon(tolerance));
    CHECK(result.area_um2 == Catch::Approx(number(area)).epsilon(tolerance));
}

double sum_of(const std::string& json)
{
    double sum = 0.0;
    for (std::size_t at = json.find(':'); at != std::string::npos; at = json.find(':', at + 1)) {
        sum += std::stod(json.substr(at + 1));
    }
    return sum;
}

}  // namespace

TEST_CASE("every real file gets its verdict and its facts", "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    int n = 0;
    for (const Row& row : read_csv(*folder + "/swc/facts_direct.csv")) {
        const std::string path = *folder + "/swc/real/" + row.at("name");
        INFO(path);
        CHECK(verdict_on(path) == row.at("expected"));
        if (row.at("expected") != "reject") {
            check_file_facts(read_swc(path), row);
        }
        ++n;
    }
    CHECK(n > 50);
}

TEST_CASE("every malformed file gets its verdict, at the right line", "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    int n = 0;
    for (const Row& row : read_csv(*folder + "/swc/malformed.csv")) {
        const std::string path = *folder + "/swc/malformed/" + row.at("file");
        INFO(path);
        CHECK(verdict_on(path) == row.at("verdict"));
        ++n;
        base::Diagnostics said;
        try {
            said = read_swc(path).warnings;
        } catch (const base::InputError& error) {
            said = error.diagnostics();
        }
        if (row.at("verdict") == "accept") {
            CHECK(said.empty());
            continue;
        }
        REQUIRE_FALSE(said.empty());
        CHECK_FALSE(said.list().front().message.empty());
        if (!row.at("line").empty()) {
            CHECK(said.list().front().pos.line == integer(row.at("line")));
        }
    }
    CHECK(n > 70);
}

TEST_CASE("the rule neuron builds NEURON's sections, and auto the same where the file leaves no doubt",
          "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    // NEURON keeps coordinates in single precision: 1e-5.
    constexpr double tolerance = 1e-5;
    // auto: cut by file order; soma below a neurite; root inflated; fork labels cut the cable; soma without length.
    const std::vector<std::string> auto_differs{"jaxley__morph_ca1_n120.swc",
                                                "neurom__soma_with_neurite_parent.swc",
                                                "tmd__neuron.swc",
                                                "navis__1734350788.swc",
                                                "navis__722817260.swc",
                                                "neurobox__linearCylinders.swc"};
    int n = 0;
    for (const Row& row : read_csv(*folder + "/swc/facts_loaders.csv")) {
        const std::string path = *folder + "/swc/real/" + row.at("name");
        INFO(path);
        if (row.at("neuron_status") != "ok" || verdict_on(path) == "reject") {
            continue;
        }
        const SwcFile file = read_swc(path);
        for (const SomaRule rule : {SomaRule::neuron, SomaRule::automatic}) {
            const bool differs = std::count(auto_differs.begin(), auto_differs.end(), row.at("name")) > 0;
            if (rule == SomaRule::automatic && differs) {
                continue;
            }
            const Morphology cell = build_morphology(file, rule).morphology;
            CHECK(cell.n_sections() == integer(row.at("neuron_sections")));
            CHECK(total_length_um(cell) == Catch::Approx(number(row.at("neuron_length"))).epsilon(tolerance));
            CHECK(total_area_um2(cell) == Catch::Approx(number(row.at("neuron_area"))).epsilon(tolerance));
        }
        ++n;
    }
    CHECK(n > 45);
}

TEST_CASE("the largest branch order of the sections is that of the samples", "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    int n = 0;
    for (const Row& row : read_csv(*folder + "/swc/facts_direct.csv")) {
        // A soma of several samples is one branch point here and may be several there; a lone root is made a cylinder.
        const bool root_is_inflated = row.at("name") == "tmd__neuron.swc";
        if (row.at("expected") == "reject" || integer(row.at("n_soma_samples")) > 1 || root_is_inflated) {
            continue;
        }
        const std::string path = *folder + "/swc/real/" + row.at("name");
        INFO(path);
        std::int32_t largest = 0;
        const Morphology cell = build_morphology(read_swc(path), SomaRule::neuron).morphology;
        for (const Section& section : cell.sections()) {
            largest = std::max(largest, section.branch_order);
        }
        CHECK(largest == integer(row.at("max_branch_order")));
        ++n;
    }
    CHECK(n > 30);
}

TEST_CASE("the numbers given for NEURON, Arbor and MorphIO are the ones these programs give", "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    for (const Row& row : read_csv(*folder + "/swc/facts_loaders.csv")) {
        const std::string path = *folder + "/swc/real/" + row.at("name");
        INFO(path);
        if (verdict_on(path) == "reject") {
            continue;
        }
        const SwcFile file = read_swc(path);
        const PeerResult neuron = as_neuron(file);
        CHECK(neuron.accepts == (row.at("neuron_status") == "ok"));
        if (neuron.accepts) {
            check_peer(neuron, row.at("neuron_length"), row.at("neuron_area"), 1e-6);
            CHECK(neuron.n_sections == integer(row.at("neuron_sections")));
        }
        const bool arbor_reads_all = row.at("arbor_records_read") == std::to_string(file.samples.size());
        const PeerResult arbor = as_arbor_arbor(file);
        CHECK(arbor.accepts == (arbor_reads_all && row.at("arbor_arbor_status") == "ok"));
        if (arbor.accepts) {
            check_peer(arbor, row.at("arbor_arbor_length"), row.at("arbor_arbor_area"), 1e-7);
        }
        const PeerResult arbor_neuron = as_arbor_neuron(file);
        CHECK(arbor_neuron.accepts == (arbor_reads_all && row.at("arbor_neuron_status") == "ok"));
        if (arbor_neuron.accepts) {
            check_peer(arbor_neuron, row.at("arbor_neuron_length"), row.at("arbor_neuron_area"), 1e-7);
        }
        const PeerResult morphio = as_morphio(file);
        INFO(morphio.reason);
        CHECK(morphio.accepts == row.at("morphio_status").starts_with("ok"));
        if (morphio.accepts) {
            const std::string area = row.at("morphio_soma_area");
            CHECK(morphio.soma_area_um2 == Catch::Approx(area.empty() ? 0.0 : number(area)).epsilon(1e-5));
            CHECK(morphio.length_um == Catch::Approx(sum_of(row.at("morphio_neurite_length_by_type"))).epsilon(1e-4));
            CHECK(morphio.area_um2 - morphio.soma_area_um2 ==
                  Catch::Approx(sum_of(row.at("morphio_neurite_area_by_type"))).epsilon(1e-4));
        }
    }
}

TEST_CASE("a reconstructed pyramidal cell has the sections that NEURON's importer gives it", "[morphology][shared]")
{
    const auto folder = shared_data();
    if (!folder) {
        return;
    }
    const std::string reference = *folder + "/reference/04_swc_cell";
    const Morphology cell = build_morphology(read_swc(reference + "/c91662.swc")).morphology;
    const std::vector<Row> rows = read_csv(reference + "/sections.csv");
    REQUIRE(static_cast<std::size_t>(cell.n_sections()) == rows.size());
    constexpr double tolerance = 1e-5;  // the importer works in single precision
    constexpr double ra_ohm_cm = 100.0;
    for (const Row& row : rows) {  // NEURON lists them by type
        INFO(row.at("name"));
        const std::int32_t s = cell.find_section(row.at("name"));
        REQUIRE(s >= 0);
        const Section& section = cell.section(s);
        CHECK(section.n_points == integer(row.at("n3d")));
        CHECK(section.length_um == Catch::Approx(number(row.at("L_um"))).epsilon(tolerance));
        CHECK(cell.area_um2(s, 0.0, 1.0) == Catch::Approx(number(row.at("area_um2"))).epsilon(tolerance));
        CHECK(cell.volume_um3(s, 0.0, 1.0) == Catch::Approx(number(row.at("volume_um3"))).epsilon(tolerance));
        // 1 ohm cm / um = 1e4 ohm
        const double resistance_MOhm = cell.axial_per_um(s, 0.0, 1.0) * ra_ohm_cm * 1e-2;
        CHECK(resistance_MOhm == Catch::Approx(number(row.at("sum_Ri_MOhm"))).epsilon(tolerance));
        if (s == 0) {
            CHECK(section.parent == -1);
            continue;
        }
        CHECK(cell.section(section.parent).name == row.at("parent"));
        CHECK(section.parent_position == number(row.at("parent_x")));
    }
    // Path distances given with the reference's recordings.
    CHECK(cell.distance_um({cell.find_section("apic[43]"), 1.0}) == Catch::Approx(839.0).margin(0.5));
    CHECK(cell.distance_um({cell.find_section("dend[35]"), 1.0}) == Catch::Approx(284.0).margin(0.5));
}
