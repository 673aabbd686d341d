#include "block.hpp"
#include "mechanisms/catalogue.hpp"
#include "support/catch.hpp"

using namespace axolemma::mechanisms;

TEST_CASE("pas is Ohm's law", "[mechanisms][pas]")
{
    const auto& pas = *find_mechanism("pas");
    Block block(pas, {-70.0, -60.0});
    CHECK(block.currents()[0][0] == 0.0);
    CHECK(block.currents()[0][1] == Approx(0.01).epsilon(1e-15));
    block.parameters = {{0.002, 0.002}, {-50.0, -50.0}};
    CHECK(block.currents()[0][0] == Approx(-0.04).epsilon(1e-15));
}

TEST_CASE("the catalogue finds every mechanism by its name and nothing else", "[mechanisms]")
{
    CHECK(mechanism_names() == std::vector<std::string>{"hh", "pas"});
    for (const auto& name : mechanism_names()) {
        REQUIRE(find_mechanism(name) != nullptr);
        CHECK(find_mechanism(name)->name == name);
    }
    CHECK(find_mechanism("") == nullptr);
    CHECK(find_mechanism("HH") == nullptr);
    CHECK(find_mechanism("hh ") == nullptr);
}

TEST_CASE("every mechanism is complete: defaults in range, units, meanings, kernels", "[mechanisms]")
{
    for (const auto& name : mechanism_names()) {
        const auto& info = *find_mechanism(name);
        INFO(name);
        CHECK_FALSE(info.meaning.empty());
        CHECK_FALSE(info.source.empty());
        for (const auto& parameter : info.parameters) {
            INFO(parameter.name);
            CHECK(parameter.low <= parameter.default_value);
            CHECK(parameter.default_value <= parameter.high);
            CHECK_FALSE(parameter.unit.empty());
            CHECK_FALSE(parameter.meaning.empty());
            CHECK(info.parameter_index(parameter.name) == &parameter - info.parameters.data());
            CHECK(info.state_index(parameter.name) == -1);
        }
        for (const auto& state : info.states) {
            CHECK(info.state_index(state.name) == &state - info.states.data());
            CHECK(info.current_index(state.name) == -1);
        }
        CHECK_FALSE(info.currents.empty());
        CHECK(info.parameter_index("") == -1);
        CHECK((info.initialise != nullptr && info.advance != nullptr));
        CHECK((info.linearise != nullptr && info.currents_at != nullptr));
    }
}
