#include "block.hpp"
#include "mechanisms/catalogue.hpp"
#include "mechanisms/lane_block.hpp"
#include "support/catch.hpp"

using namespace axolemma::mechanisms;

TEST_CASE("pas is Ohm's law", "[mechanisms][pas]")
{
    const auto& pas = *Catalogue().find_channel("pas");
    Block block(pas, {-70.0, -60.0});
    CHECK(block.currents()[0][0] == 0.0);
    CHECK(block.currents()[0][1] == Approx(0.01).epsilon(1e-15));
    block.parameters = {{0.002, 0.002}, {-50.0, -50.0}};
    CHECK(block.currents()[0][0] == Approx(-0.04).epsilon(1e-15));
}

TEST_CASE("the catalogue finds every mechanism by its name and nothing else", "[mechanisms]")
{
    const Catalogue catalogue;
    CHECK(catalogue.channel_names() == std::vector<std::string>{"hh", "pas"});
    for (const auto& name : catalogue.channel_names()) {
        REQUIRE(catalogue.find_channel(name) != nullptr);
        CHECK(catalogue.find_channel(name)->name == name);
    }
    CHECK(catalogue.find_channel("") == nullptr);
    CHECK(catalogue.find_channel("HH") == nullptr);
    CHECK(catalogue.find_channel("hh ") == nullptr);
    CHECK(catalogue.find_channel("exp_syn") == nullptr);
}

TEST_CASE("a channel that is added to a catalogue comes last, and is not in other catalogues", "[mechanisms]")
{
    Catalogue catalogue;
    auto channel = std::make_shared<MechanismInfo>(*catalogue.find_channel("pas"));
    channel->name = "leak";
    catalogue.add(std::shared_ptr<const MechanismInfo>(channel));
    const Catalogue copy = catalogue;
    CHECK(copy.channel_names() == std::vector<std::string>{"hh", "pas", "leak"});
    CHECK(copy.find_channel("leak") == channel.get());
    CHECK(Catalogue().find_channel("leak") == nullptr);
    const std::weak_ptr<const MechanismInfo> watched = channel;
    channel.reset();
    catalogue = Catalogue();
    CHECK_FALSE(watched.expired());  // plans may still point at it
}

TEST_CASE("every mechanism is complete: defaults in range, units, meanings, kernels", "[mechanisms]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        const auto& info = *channel;
        INFO(info.name);
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
        REQUIRE(info.kernels != nullptr);
        CHECK(info.kernels->lane_kernel({}) != nullptr);
    }
}
