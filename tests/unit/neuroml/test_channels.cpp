/// Expected values are of the formulas of NeuroML2CoreTypes/Channels.xml, worked out here.
#include <cmath>

#include "kinetics/evaluate.hpp"
#include "neuroml/channels.hpp"
#include "support/catch.hpp"

namespace axolemma {

namespace {

std::string file_with(const std::string& channel)
{
    return "<?xml version=\"1.0\"?>\n<neuroml xmlns=\"http://www.neuroml.org/schema/neuroml2\" id=\"test\">\n" +
           channel + "</neuroml>\n";
}

std::string channel_with(const std::string& gates)
{
    return file_with("<ionChannelHH id=\"test\" conductance=\"10pS\" species=\"na\">\n" + gates + "</ionChannelHH>\n");
}

kinetics::Equations only_channel(const std::string& text)
{
    base::Diagnostics out;
    std::vector<kinetics::Equations> channels = neuroml::read_channels(text, "test.nml", out);
    INFO(out.text());
    REQUIRE(channels.size() == 1);
    return std::move(channels[0]);
}

std::string messages(const std::string& text)
{
    base::Diagnostics out;
    neuroml::read_channels(text, "test.nml", out);
    return out.text();
}

constexpr double v_mV = -33.0, temperature_degC = 27.0, reversal_mV = 50.0;

/// With gbar = 2 S/cm2, every state at 0.25 and e = 0.
double value_of(const kinetics::Equations& equations, kinetics::Value value)
{
    return kinetics::evaluate(equations.graph, value, [&](kinetics::Input input) {
        switch (input.kind) {
        case kinetics::InputKind::voltage: return v_mV;
        case kinetics::InputKind::temperature: return temperature_degC;
        case kinetics::InputKind::state: return 0.25;
        case kinetics::InputKind::ion: return reversal_mV;
        case kinetics::InputKind::parameter: return equations.info.parameters[input.index].name == "gbar" ? 2.0 : 0.0;
        default: return 0.0;
        }
    });
}

double derivative(const kinetics::Equations& equations)
{
    return value_of(equations, std::get<kinetics::OdeSystem>(equations.stages.at(0)).derivatives.at(0));
}

bool close(double a, double b)
{
    return std::abs(a - b) <= 1e-14 * std::abs(b);
}

const std::string forward =
    "<forwardRate type=\"HHExpLinearRate\" rate=\"1per_ms\" midpoint=\"-40 mV\" scale=\"10mV\"/>\n";
const std::string reverse =
    "<reverseRate type=\"HHExpRate\" rate=\"4000 per_s\" midpoint=\"-65mV\" scale=\"-18mV\"/>\n";
const std::string steady = "<steadyState type=\"HHSigmoidVariable\" rate=\"1\" midpoint=\"-40mV\" scale=\"5mV\"/>\n";
const std::string course = "<timeCourse type=\"fixedTimeCourse\" tau=\"2ms\"/>\n";

const double alpha = 0.7 / (1.0 - std::exp(-0.7));
const double beta = 4.0 * std::exp(-32.0 / 18.0);
const double inf = 1.0 / (1.0 + std::exp(-7.0 / 5.0));

std::string gate(const std::string& type, const std::string& parts)
{
    return "<" + type + " id=\"m\" instances=\"3\">\n" + parts + "</" + type + ">\n";
}

}  // namespace

TEST_CASE("NeuroML: each gate type has its own steady state and time constant", "[neuroml]")
{
    const auto slope = [&](const std::string& type, const std::string& parts) {
        return derivative(only_channel(channel_with(gate(type, parts))));
    };
    CHECK(close(slope("gateHHrates", forward + reverse), alpha * 0.75 - beta * 0.25));
    CHECK(close(slope("gateHHtauInf", steady + course), (inf - 0.25) / 2.0));
    CHECK(close(slope("gateHHratesTau", forward + reverse + course), (alpha / (alpha + beta) - 0.25) / 2.0));
    CHECK(close(slope("gateHHratesInf", forward + reverse + steady), (inf - 0.25) * (alpha + beta)));
    CHECK(close(slope("gateHHratesTauInf", forward + reverse + steady + course), (inf - 0.25) / 2.0));
}

TEST_CASE("NeuroML: a gate counts with its instances, and the species gives the reversal potential", "[neuroml]")
{
    const kinetics::Equations equations = only_channel(channel_with(gate("gateHHrates", forward + reverse)));
    CHECK(close(value_of(equations, equations.currents.at(0)), 2.0 * 0.015625 * (v_mV - reversal_mV)));
    CHECK(equations.info.currents.at(0).name == "ina");
    CHECK(equations.info.name == "test");
}

TEST_CASE("NeuroML: an instantaneous gate is no state", "[neuroml]")
{
    const kinetics::Equations equations = only_channel(channel_with(gate("gateHHInstantaneous", steady)));
    CHECK(equations.info.states.empty());
    CHECK(close(value_of(equations, equations.currents.at(0)), 2.0 * inf * inf * inf * (v_mV - reversal_mV)));
}

TEST_CASE("NeuroML: a fractional gate is the sum of its sub-gates", "[neuroml]")
{
    const auto sub = [&](const std::string& id, const std::string& share) {
        return "<subGate id=\"" + id + "\" fractionalConductance=\"" + share + "\">" + steady + course + "</subGate>\n";
    };
    const kinetics::Equations equations = only_channel(channel_with(
        "<gateFractional id=\"h\" instances=\"1\">" + sub("a", "0.75") + sub("b", "0.25") + "</gateFractional>"));
    REQUIRE(equations.info.states.size() == 2);
    CHECK(equations.info.states[1].name == "h_b");
    CHECK(close(value_of(equations, equations.currents.at(0)), 2.0 * 0.25 * (v_mV - reversal_mV)));
}

TEST_CASE("NeuroML: q10Settings multiply the rates", "[neuroml]")
{
    const std::string fixed = "<q10Settings type=\"q10Fixed\" fixedQ10=\"2\"/>\n";
    const std::string warm = "<q10Settings type=\"q10ExpTemp\" q10Factor=\"3\" experimentalTemp=\"17 degC\"/>\n";
    const double plain = alpha * 0.75 - beta * 0.25;
    CHECK(close(derivative(only_channel(channel_with(gate("gateHHrates", fixed + forward + reverse)))), 2.0 * plain));
    CHECK(close(derivative(only_channel(channel_with(gate("gateHHrates", warm + forward + reverse)))), 3.0 * plain));
    CHECK(close(derivative(only_channel(channel_with(gate("gateHHrates", warm + fixed + forward + reverse)))),
                6.0 * plain));
}

TEST_CASE("NeuroML: a passive channel has a conductance and a reversal potential", "[neuroml]")
{
    const kinetics::Equations equations =
        only_channel(file_with("<ionChannelPassive id=\"leak\" conductance=\"10pS\"/>\n"));
    CHECK(equations.info.parameters.at(1).name == "e");
    CHECK(close(value_of(equations, equations.currents.at(0)), 2.0 * v_mV));
}

TEST_CASE("NeuroML: what is not supported is refused by name and place", "[neuroml]")
{
    const auto starts = [](const std::string& text, const std::string& message) {
        const std::string found = messages(text);
        CAPTURE(found);
        CHECK(found.rfind(message, 0) == 0);
    };
    starts(channel_with("<gateKS id=\"m\" instances=\"1\"/>\n"),
           "test.nml:4:1: error: the gate type 'gateKS' is not supported");
    starts(file_with("<ionChannelKS id=\"k\"/>\n"), "test.nml:3:1: error: 'ionChannelKS' is not supported");
    starts(file_with("<ComponentType name=\"rate\"/>\n"), "test.nml:3:1: error: 'ComponentType' is not supported");
    starts(channel_with(gate("gateHHrates", "<forwardRate type=\"own\"/>" + reverse)),
           "test.nml:5:1: error: the type 'own' of 'forwardRate' is not supported");
    starts(channel_with(gate("gateHHrates", forward)), "test.nml:4:1: error: 'gateHHrates' lacks its 'reverseRate'");
    starts(channel_with(gate("gateHHtauInf", steady + "<timeCourse type=\"fixedTimeCourse\" tau=\"2mV\"/>")),
           "test.nml:6:1: error: '2mV' is a voltage; 'tau' needs a time");
    starts(channel_with("<vShift/>\n"), "test.nml:4:1: error: 'vShift' in 'ionChannelHH' is not supported");
    starts(file_with(""), "test.nml: error: this file has no channel");
    starts("<neuroml", "test.nml:1:");
    starts("<lems/>", "test.nml:1:1: error: the root element is 'lems', not 'neuroml'");
}

TEST_CASE("NeuroML: parts of a model that are no channels are left aside with a warning", "[neuroml]")
{
    const std::string found = messages(file_with("<ionChannelPassive id=\"leak\"/>\n<cell id=\"c\"/>\n"));
    CHECK(found.rfind("test.nml:4:1: warning: 'cell' is no channel and is left aside", 0) == 0);
}

}  // namespace axolemma
