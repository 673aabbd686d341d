/// The channel library against numbers from the published formulas, computed apart from the engine.
#include <cmath>

#include "channels.hpp"
#include "support/catch.hpp"

namespace axolemma {

namespace {

struct Expected {
    const char* channel;
    const char* gate;
    double v_mV, temperature_degC, cai_mM;
    double inf, tau_ms;
};

// Twelve digits, by Python from the formulas as the papers and their authors' models write them.
constexpr Expected expected[] = {
    {"squid_hh", "m", -91.0, 21.0, 0.0001, 0.00184140582912, 0.0117073085102},
    {"squid_hh", "m", -43.5, 34.0, 0.001, 0.408070186811, 0.0232983399853},
    {"squid_hh", "m", 12.25, 36.0, 0.0005, 0.989689433933, 0.00721139929466},
    {"squid_hh", "h", -91.0, 21.0, 0.0001, 0.985858944842, 0.763423756369},
    {"squid_hh", "h", -43.5, 34.0, 0.001, 0.073891406172, 0.147481173236},
    {"squid_hh", "h", 12.25, 36.0, 0.0005, 0.0014819278113, 0.0385603811756},
    {"squid_hh", "n", -91.0, 21.0, 0.0001, 0.0552263203813, 1.08618505191},
    {"squid_hh", "n", -43.5, 34.0, 0.001, 0.63786212267, 0.18074017776},
    {"squid_hh", "n", 12.25, 36.0, 0.0005, 0.933981067822, 0.0530974867387},
    {"na_t", "m", -91.0, 21.0, 0.0001, 0.000213938455975, 0.152105949677},
    {"na_t", "m", -43.5, 34.0, 0.001, 0.369831081022, 0.187796060804},
    {"na_t", "m", 12.25, 36.0, 0.0005, 0.999842939927, 0.0313351973174},
    {"na_t", "h", -91.0, 21.0, 0.0001, 0.98473284612, 2.58524184597},
    {"na_t", "h", -43.5, 34.0, 0.001, 0.02297736991, 0.957302105834},
    {"na_t", "h", 12.25, 36.0, 0.0005, 2.16807943619e-06, 0.244247854505},
    {"na_p", "m", -91.0, 21.0, 0.0001, 0.000236854869381, 0.912635698062},
    {"na_p", "m", -43.5, 34.0, 0.001, 0.878495647671, 1.12677636482},
    {"na_p", "m", 12.25, 36.0, 0.0005, 0.999999245965, 0.188011183905},
    {"na_p", "h", -91.0, 21.0, 0.0001, 0.985514276003, 4692.02702425},
    {"na_p", "h", -43.5, 34.0, 0.001, 0.370516888033, 1527.74770661},
    {"na_p", "h", 12.25, 36.0, 0.0005, 0.00222671205825, 538.781044645},
    {"k_m", "m", -91.0, 21.0, 0.0001, 1.36740090846e-05, 1.12054943996},
    {"k_m", "m", -43.5, 34.0, 0.001, 0.154465265084, 37.0869413066},
    {"k_m", "m", 12.25, 36.0, 0.0005, 0.999921316626, 0.770581726538},
    {"k_v3", "m", -91.0, 21.0, 0.0001, 1.22585045963e-05, 1.07042895046},
    {"k_v3", "m", -43.5, 34.0, 0.001, 0.00163843965915, 2.06929712448},
    {"k_v3", "m", 12.25, 36.0, 0.0005, 0.339628887707, 3.16491740948},
    {"ih", "m", -91.0, 21.0, 0.0001, 0.13467586114, 70.0814885993},
    {"ih", "m", -43.5, 34.0, 0.001, 0.0011863966651, 19.2609048269},
    {"ih", "m", 12.25, 36.0, 0.0005, 3.05376464262e-06, 3.57859906739},
    {"ca_hva", "m", -91.0, 21.0, 0.0001, 7.0832679862e-08, 0.415072889135},
    {"ca_hva", "m", -43.5, 34.0, 0.001, 0.0750728553998, 6.27627262376},
    {"ca_hva", "m", 12.25, 36.0, 0.0005, 0.997436437084, 0.462028418011},
    {"ca_hva", "h", -91.0, 21.0, 0.0001, 0.843375568288, 387.797874107},
    {"ca_hva", "h", -43.5, 34.0, 0.001, 0.327717540429, 389.640285346},
    {"ca_hva", "h", 12.25, 36.0, 0.0005, 0.0552350856794, 200.27075972},
    {"sk", "z", -91.0, 21.0, 0.0001, 0.000909821306333, 1},
    {"sk", "z", -43.5, 34.0, 0.001, 0.982893736623, 1},
    {"sk", "z", 12.25, 36.0, 0.0005, 0.673476211805, 1},
    {"k_dr", "n", -91.0, 21.0, 0.0001, 4.51221056769e-06, 2},
    {"k_dr", "n", -43.5, 34.0, 0.001, 0.00165231239863, 7.30962208894},
    {"k_dr", "n", 12.25, 36.0, 0.0005, 0.478898062256, 25.4032223743},
    {"k_a", "n", -91.0, 21.0, 0.0001, 4.27601568645e-05, 0.350492285477},
    {"k_a", "n", -43.5, 34.0, 0.001, 0.0113797955376, 0.530379479742},
    {"k_a", "n", 12.25, 36.0, 0.0005, 0.51758847927, 1.44357309743},
    {"k_a", "l", -91.0, 21.0, 0.0001, 0.984363038165, 2},
    {"k_a", "l", -43.5, 34.0, 0.001, 0.195164085938, 2},
    {"k_a", "l", 12.25, 36.0, 0.0005, 0.000459151691524, 16.185},
    {"ca_l", "m", -91.0, 21.0, 0.0001, 6.9074602097e-08, 9.27572155081},
    {"ca_l", "m", -43.5, 34.0, 0.001, 0.00045885860793, 1.59646762517},
    {"ca_l", "m", 12.25, 36.0, 0.0005, 0.919279458968, 0.632369932683},
    {"ca_n", "m", -91.0, 21.0, 0.0001, 8.99406040171e-05, 35.3484095658},
    {"ca_n", "m", -43.5, 34.0, 0.001, 0.0555955149748, 5.65721826589},
    {"ca_n", "m", 12.25, 36.0, 0.0005, 0.980939899145, 0.836388446602},
    {"ca_n", "h", -91.0, 21.0, 0.0001, 0.99784934703, 80},
    {"ca_n", "h", -43.5, 34.0, 0.001, 0.600772479619, 80},
    {"ca_n", "h", 12.25, 36.0, 0.0005, 0.00192327738843, 80},
    {"ca_t", "m", -91.0, 21.0, 0.0001, 0.00570160115097, 18.0343893578},
    {"ca_t", "m", -43.5, 34.0, 0.001, 0.924141819979, 0.886266074223},
    {"ca_t", "m", 12.25, 36.0, 0.0005, 0.999989787986, 0.115033772087},
    {"ca_t", "h", -91.0, 21.0, 0.0001, 0.880797077978, 405.556161065},
    {"ca_t", "h", -43.5, 34.0, 0.001, 5.14422137422e-05, 11.4684698107},
    {"ca_t", "h", 12.25, 36.0, 0.0005, 4.55368148274e-11, 7.50072888936},
    {"bk", "o", -91.0, 21.0, 0.0001, 2.28804141022e-06, 3.57144512714},
    {"bk", "o", -43.5, 34.0, 0.001, 0.000603611632022, 3.58139759331},
    {"bk", "o", 12.25, 36.0, 0.0005, 0.0112884646613, 3.93372680808},
};

}  // namespace

TEST_CASE("channel library: steady states and time constants are those of the papers", "[config]")
{
    for (const Expected& e : expected) {
        CAPTURE(e.channel, e.gate, e.v_mV);
        kinetics::Equations equations = test::library_channel(e.channel);
        test::Situation at{.v_mV = e.v_mV, .temperature_degC = e.temperature_degC, .inside_mM = e.cai_mM};
        at.states.assign(equations.info.states.size(), 0.0);
        const test::InfTau found = test::inf_tau(equations, e.gate, at);
        CHECK(std::abs(found.inf - e.inf) <= 2e-11 * e.inf);  // the digits printed, and cancellation in some formulas
        CHECK(std::abs(found.tau_ms - e.tau_ms) <= 2e-11 * e.tau_ms);
    }
}

TEST_CASE("channel library: every file reads, is named like its channel and names its source", "[config]")
{
    CHECK(config::library_files().size() >= 15);
    for (const config::LibraryFile& file : config::library_files()) {
        CAPTURE(file.name);
        const kinetics::Equations equations = test::parse_channel(file.text);
        CHECK(equations.info.name == file.name);
        CHECK(!equations.info.meaning.empty());
        CHECK(!equations.info.source.empty());
    }
}

TEST_CASE("channel library: the T current is that of a constant field", "[config]")
{
    const kinetics::Equations equations = test::library_channel("ca_t");
    const test::Situation at{
        .v_mV = -30.0, .temperature_degC = 24.0, .inside_mM = 2.4e-4, .outside_mM = 2.0, .states = {0.5, 0.25}};
    // 1e-3 p m^2 h z^2 F^2 v/(R T) (ci - co exp(-z))/(1 - exp(-z)), z = 2 F v/(R T), in mA/cm2; computed apart
    const double found = test::evaluate(equations, equations.currents.at(0), at);
    CHECK(std::abs(found - (-0.012504655166569)) < 1e-12 * std::abs(found) + 1e-15);
}

TEST_CASE("channel library: the calcium pool fills by the ion's current and empties to its minimum", "[config]")
{
    const kinetics::Equations equations = test::library_channel("ca_pool");
    const auto& system = std::get<kinetics::OdeSystem>(equations.stages.at(0));
    const test::Situation at{.ion_current = -0.01, .states = {3e-4}};
    // 1e4 * 0.01 * 0.05/(2 F 0.1) - (3e-4 - 1e-4)/80
    const double expected_slope = 1e4 * 0.01 * 0.05 / (2.0 * 96485.33212331 * 0.1) - 2e-4 / 80.0;
    CHECK(std::abs(test::evaluate(equations, system.derivatives.at(0), at) - expected_slope) < 1e-15);
    CHECK(equations.info.ion_writes.size() == 1);
    CHECK(test::evaluate(equations, equations.initial_concentrations.at(0), at) == 1e-4);
}

}  // namespace axolemma
