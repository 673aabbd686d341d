#include "neuroml/channels.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "kinetics/gates.hpp"
#include "kinetics/ions.hpp"
#include "neuroml/document.hpp"

namespace axolemma::neuroml {

namespace {

using base::Diagnostics;
using kinetics::Value;

/// Elements that say nothing about what a channel does.
bool is_comment(std::string_view name)
{
    return name == "notes" || name == "annotation" || name == "property";
}

/// A standard rate or variable by its type; nothing for other types.
std::optional<kinetics::RateForm> form_of(std::string_view type)
{
    static constexpr std::array<std::pair<std::string_view, kinetics::RateForm>, 3> forms{
        {{"HHExp", kinetics::RateForm::exponential},
         {"HHSigmoid", kinetics::RateForm::sigmoid},
         {"HHExpLinear", kinetics::RateForm::exp_linear}}};
    for (const auto& [stem, form] : forms) {
        if (type == fmt::format("{}Rate", stem) || type == fmt::format("{}Variable", stem)) {
            return form;
        }
    }
    return std::nullopt;
}

/// Reads one channel into equations.
class ChannelReader {
public:
    ChannelReader(const Element& channel, Diagnostics& out) : channel_(channel), out_(out) {}

    kinetics::Equations read()
    {
        equations_.info.name = attribute(channel_, "id");
        equations_.info.pos = channel_.pos;
        if (const Element* notes = channel_.child("notes")) {
            equations_.info.meaning = in_one_line(notes->text);
        }
        equations_.info.source = "NeuroML file " + channel_.pos.file;
        equations_.info.parameters.push_back(
            {"gbar", "S/cm2", 0.0, 0.0, 1e30,
             "conductance per area with all gates open; NeuroML keeps it with the cell"});
        Value conductance = graph().input(kinetics::InputKind::parameter, 0);
        for (const Element& child : channel_.children) {
            if (child.name == "q10ConductanceScaling") {
                conductance = graph().multiply(conductance, exponential_q10(child));
            } else if (child.name.starts_with("gate")) {
                const Value open = gate(child);
                conductance = open.is_valid() ? graph().multiply(conductance, open) : conductance;
            } else if (!is_comment(child.name)) {
                refuse(child, channel_.name);
            }
        }
        add_current(conductance);
        return std::move(equations_);
    }

private:
    kinetics::Graph& graph() { return equations_.graph; }

    static std::string in_one_line(std::string_view text)
    {
        std::string out;
        for (const char c : text) {
            const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
            if (!space || (!out.empty() && out.back() != ' ')) {
                out += space ? ' ' : c;
            }
        }
        return out.substr(0, out.find_last_not_of(' ') + 1);
    }

    void refuse(const Element& element, std::string_view where)
    {
        out_.error(element.pos, fmt::format("'{}' in '{}' is not supported", element.name, where),
                   "supported are the standard gates (gateHHrates, gateHHtauInf, gateHHratesTau, gateHHratesInf, "
                   "gateHHratesTauInf, gateHHInstantaneous, gateFractional) and rates of NeuroML 2");
    }

    std::string attribute(const Element& element, std::string_view key)
    {
        const std::string* const text = element.attribute(key);
        if (text == nullptr || text->empty()) {
            out_.error(element.pos, fmt::format("'{}' lacks the attribute '{}'", element.name, key));
        }
        return text == nullptr ? std::string{} : *text;
    }

    Value quantity(const Element& element, std::string_view key, std::string_view unit)
    {
        const std::string text = attribute(element, key);
        if (text.empty()) {
            return graph().constant(1.0);
        }
        try {
            return graph().constant(parse_quantity(text, base::parse_unit(unit), fmt::format("'{}'", key)));
        } catch (const base::UnitError& error) {
            out_.error(element.pos, error.message, error.hint);
            return graph().constant(1.0);
        }
    }

    /// A child that a gate needs.
    const Element* part(const Element& gate, std::string_view name)
    {
        const Element* const found = gate.child(name);
        if (found == nullptr) {
            out_.error(gate.pos, fmt::format("'{}' lacks its '{}'", gate.name, name));
        }
        return found;
    }

    /// forwardRate, reverseRate (1/ms) and steadyState (1).
    Value standard(const Element& gate, std::string_view name, std::string_view unit)
    {
        const Element* const element = part(gate, name);
        if (element == nullptr) {
            return {};
        }
        const std::string type = attribute(*element, "type");
        const auto form = form_of(type);
        if (!form) {
            out_.error(element->pos, fmt::format("the type '{}' of '{}' is not supported", type, name),
                       "supported are HHExpRate, HHSigmoidRate, HHExpLinearRate and the same with Variable");
            return {};
        }
        const Value scale = quantity(*element, "scale", "mV");
        if (graph().is_constant(scale, 0.0)) {
            out_.error(element->pos, fmt::format("the scale of '{}' is 0", name),
                       "rates are formulas of (v - midpoint)/scale");
        }
        return kinetics::rate_form(graph(), *form, quantity(*element, "rate", unit),
                                   quantity(*element, "midpoint", "mV"), scale);
    }

    Value time_course(const Element& gate)
    {
        const Element* const element = part(gate, "timeCourse");
        if (element == nullptr) {
            return {};
        }
        if (const std::string type = attribute(*element, "type"); type != "fixedTimeCourse") {
            out_.error(element->pos, fmt::format("the type '{}' of 'timeCourse' is not supported", type),
                       "supported is fixedTimeCourse");
            return {};
        }
        return quantity(*element, "tau", "ms");
    }

    Value exponential_q10(const Element& element)
    {
        const Value at = quantity(element, "experimentalTemp", "degC");
        const Value warmer = graph().subtract(graph().input(kinetics::InputKind::temperature), at);
        return graph().power(quantity(element, "q10Factor", "1"), graph().divide(warmer, graph().constant(10.0)));
    }

    /// Product of the q10Settings; invalid: none.
    Value speed(const Element& gate)
    {
        Value product;
        for (const Element& child : gate.children) {
            if (child.name != "q10Settings") {
                continue;
            }
            const std::string type = attribute(child, "type");
            Value factor;
            if (type == "q10ExpTemp") {
                factor = exponential_q10(child);
            } else if (type == "q10Fixed") {
                factor = quantity(child, "fixedQ10", "1");
            } else {
                out_.error(child.pos, fmt::format("the type '{}' of 'q10Settings' is not supported", type),
                           "supported are q10Fixed and q10ExpTemp");
                continue;
            }
            product = product.is_valid() ? graph().multiply(product, factor) : factor;
        }
        return product;
    }

    void check_children(const Element& gate, std::initializer_list<std::string_view> known)
    {
        for (const Element& child : gate.children) {
            if (!is_comment(child.name) && std::find(known.begin(), known.end(), child.name) == known.end()) {
                refuse(child, gate.name);
            }
        }
    }

    Value add_gate(const kinetics::Gate& gate, const Element& element, std::string as_written)
    {
        if (out_.has_errors()) {
            return {};
        }
        const Value inf = kinetics::steady_state(graph(), gate);
        if (gate.instantaneous) {
            return inf;
        }
        const std::size_t state = equations_.info.states.size();
        const Value x = kinetics::add_state(equations_, {gate.name, gate.meaning}, inf, std::move(as_written));
        kinetics::add_derivative(equations_, state, kinetics::gate_derivative(graph(), gate, x), element.pos);
        return x;
    }

    /// "HHExpRate rate=0.07per_ms midpoint=-65mV scale=-20mV"
    static std::string written(const Element& element)
    {
        std::string text;
        for (const auto& [key, value] : element.attributes) {
            text += text.empty() ? "" : " ";
            text += key == "type" ? value : fmt::format("{}={}", key, value);
        }
        return text;
    }

    static std::string written_gate(const std::string& name, const Element& element)
    {
        const bool rates = element.child("steadyState") == nullptr && element.child("timeCourse") == nullptr;
        std::string text = rates ? fmt::format("{0}' = alpha (1 - {0}) - beta {0}", name)
                                 : fmt::format("{0}' = (inf - {0})/tau", name);
        for (const auto& [child, symbol] : {std::pair{"forwardRate", "alpha"}, std::pair{"reverseRate", "beta"},
                                            std::pair{"steadyState", "inf"}, std::pair{"timeCourse", "tau"}}) {
            if (const Element* const found = element.child(child)) {
                text += fmt::format("; {} = {}", symbol, written(*found));
            }
        }
        return text;
    }

    /// The gate to the power of its instances; invalid after an error.
    Value gate(const Element& element)
    {
        const std::string* const own_type = element.attribute("type");
        const std::string type = element.name == "gate" && own_type != nullptr ? *own_type : element.name;
        const std::string name = attribute(element, "id");
        const Value x = type == "gateFractional" ? fractional_gate(element, name) : simple_gate(element, name, type);
        const std::string* const instances = element.attribute("instances");
        int power = 1;
        if (instances != nullptr) {
            const auto [end, status] = std::from_chars(instances->data(), instances->data() + instances->size(), power);
            if (status != std::errc{} || end != instances->data() + instances->size() || power < 0 || power > 12) {
                out_.error(element.pos,
                           fmt::format("'instances' needs a whole number from 0 to 12, not '{}'", *instances));
            }
        }
        return x.is_valid() ? graph().power(x, graph().constant(static_cast<double>(power))) : x;
    }

    Value simple_gate(const Element& element, const std::string& name, std::string_view type)
    {
        const bool rates = type.starts_with("gateHHrates");
        const bool tau = type == "gateHHtauInf" || type == "gateHHratesTau" || type == "gateHHratesTauInf";
        const bool instantaneous = type == "gateHHInstantaneous";
        const bool inf =
            type == "gateHHtauInf" || type == "gateHHratesInf" || type == "gateHHratesTauInf" || instantaneous;
        const bool known = type == "gateHHrates" || tau || inf;
        if (!known) {
            out_.error(element.pos, fmt::format("the gate type '{}' is not supported", type),
                       type == "gateKS" ? "kinetic schemes can be written in YAML" : "");
            return {};
        }
        check_children(element, {"q10Settings", "forwardRate", "reverseRate", "steadyState", "timeCourse"});
        kinetics::Gate gate;
        gate.name = name;
        gate.instantaneous = instantaneous;
        if (rates) {
            gate.alpha_per_ms = standard(element, "forwardRate", "1/ms");
            gate.beta_per_ms = standard(element, "reverseRate", "1/ms");
        }
        gate.inf = inf ? standard(element, "steadyState", "1") : Value{};
        gate.tau_ms = tau ? time_course(element) : Value{};
        gate.speed = speed(element);
        return add_gate(gate, element, written_gate(name, element));
    }

    /// The sum of its sub-gates, each with its share of the conductance.
    Value fractional_gate(const Element& element, const std::string& name)
    {
        check_children(element, {"q10Settings", "subGate"});
        Value sum;
        for (const Element& sub : element.children) {
            if (sub.name != "subGate") {
                continue;
            }
            check_children(sub, {"steadyState", "timeCourse", "q10Settings"});
            kinetics::Gate gate;
            gate.name = fmt::format("{}_{}", name, attribute(sub, "id"));
            gate.inf = standard(sub, "steadyState", "1");
            gate.tau_ms = time_course(sub);
            gate.speed = speed(element);
            const Value share = quantity(sub, "fractionalConductance", "1");
            const Value x = add_gate(gate, sub, written_gate(gate.name, sub));
            if (x.is_valid()) {
                const Value term = graph().multiply(share, x);
                sum = sum.is_valid() ? graph().add(sum, term) : term;
            }
        }
        if (!sum.is_valid() && !out_.has_errors()) {
            out_.error(element.pos, "'gateFractional' lacks its 'subGate'");
        }
        return sum;
    }

    void add_current(Value conductance)
    {
        const std::string* const species = channel_.attribute("species");
        const int valence = species == nullptr ? 0 : kinetics::usual_valence(*species);
        const Value v = graph().input(kinetics::InputKind::voltage);
        mechanisms::CurrentInfo current{"i", "current"};
        Value reversal;
        if (valence != 0) {
            const mechanisms::IonUse ion{*species, valence};
            reversal = kinetics::ion_value(equations_, ion, mechanisms::IonQuantity::reversal_mV);
            current = {"i" + *species, "current", static_cast<int>(kinetics::ion_index(equations_, ion))};
        } else {
            reversal = graph().input(kinetics::InputKind::parameter, equations_.info.parameters.size());
            equations_.info.parameters.push_back(
                {"e", "mV", 0.0, -1e30, 1e30, "reversal potential; NeuroML keeps it with the cell"});
        }
        equations_.info.currents.push_back(std::move(current));
        equations_.currents.push_back(graph().multiply(conductance, graph().subtract(v, reversal)));
    }

    const Element& channel_;
    Diagnostics& out_;
    kinetics::Equations equations_;
};

/// Is it a channel that this reader understands?
bool is_channel(const Element& element)
{
    const std::string* const type = element.attribute("type");
    return element.name == "ionChannelHH" || element.name == "ionChannelPassive" ||
           (element.name == "ionChannel" &&
            (type == nullptr || *type == "ionChannelHH" || *type == "ionChannelPassive"));
}

bool is_other_channel(std::string_view name)
{
    return name == "ionChannel" || name == "ionChannelKS" || name == "ionChannelVShift" || name == "ComponentType";
}

}  // namespace

std::vector<kinetics::Equations> read_channels(std::string_view text, const std::string& path, Diagnostics& out)
{
    const std::optional<Element> root = parse_document(text, path, out);
    std::vector<kinetics::Equations> channels;
    if (!root) {
        return channels;
    }
    if (root->name != "neuroml") {
        out.error(root->pos, fmt::format("the root element is '{}', not 'neuroml'", root->name),
                  "NeuroML 2 files can be read");
        return channels;
    }
    for (const Element& element : root->children) {
        if (is_channel(element)) {
            Diagnostics found;
            kinetics::Equations equations = ChannelReader(element, found).read();
            out.append(found);
            if (!found.has_errors()) {
                channels.push_back(std::move(equations));
            }
        } else if (is_other_channel(element.name)) {
            const std::string* const type = element.attribute("type");
            out.error(element.pos, fmt::format("'{}' is not supported", type != nullptr ? *type : element.name),
                      "supported are ionChannelHH and ionChannelPassive with the standard gates and rates");
        } else if (!is_comment(element.name)) {
            out.warning(element.pos, fmt::format("'{}' is no channel and is left aside", element.name));
        }
    }
    if (channels.empty() && !out.has_errors()) {
        out.error({path, 0, 0}, "this file has no channel", "channels are ionChannelHH and ionChannelPassive");
    }
    return channels;
}

}  // namespace axolemma::neuroml
