#include "neuroml/document.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace axolemma::neuroml {

namespace {

using base::SourcePos;

constexpr std::size_t max_elements = 200'000;
constexpr int max_depth = 64;

/// Lines and columns of byte offsets.
class Places {
public:
    Places(std::string_view text, const std::string& path) : text_(text), path_(path)
    {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
            line_starts_.push_back(at + 1);
        }
    }

    SourcePos at(std::ptrdiff_t offset) const
    {
        if (offset < 0) {
            return {path_, 0, 0};
        }
        const auto byte = std::min(static_cast<std::size_t>(offset), text_.size());
        const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
        const std::string_view before = text_.substr(*std::prev(next), byte - *std::prev(next));
        const auto characters = std::count_if(before.begin(), before.end(),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
        return {path_, next - line_starts_.begin(), characters + 1};
    }

private:
    std::string_view text_;
    std::string path_;
    std::vector<std::size_t> line_starts_ = {0};
};

/// "ns:gate" -> "gate"
std::string without_prefix(std::string_view name)
{
    const std::size_t colon = name.find(':');
    return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

Element copy_of(const pugi::xml_node& node, const Places& places, std::size_t& n_elements, int depth,
                base::Diagnostics& out)
{
    Element element{without_prefix(node.name()), places.at(node.offset_debug() - 1), {}, {}, node.child_value()};
    if (++n_elements > max_elements || depth > max_depth) {
        if (!out.has_errors()) {
            out.error(element.pos, "this file has too many elements, or they are nested too deeply");
        }
        return element;
    }
    for (const pugi::xml_attribute& attribute : node.attributes()) {
        element.attributes.emplace_back(attribute.name(), attribute.value());
    }
    for (const pugi::xml_node& child : node.children()) {
        if (child.type() == pugi::node_element && !out.has_errors()) {
            element.children.push_back(copy_of(child, places, n_elements, depth + 1, out));
        }
    }
    return element;
}

/// "mS_per_cm2" -> "mS/cm2", "per_ms" -> "1/ms"
std::string usual_unit_text(std::string_view unit)
{
    std::string out(unit);
    if (out.starts_with("per_")) {
        out = "1/" + out.substr(4);
    }
    for (std::size_t at = out.find("_per_"); at != std::string::npos; at = out.find("_per_")) {
        out.replace(at, 5, "/");
    }
    std::replace(out.begin(), out.end(), '_', '*');
    return out;
}

}  // namespace

const std::string* Element::attribute(std::string_view key) const
{
    const auto at = std::find_if(attributes.begin(), attributes.end(), [&](const auto& a) { return a.first == key; });
    return at == attributes.end() ? nullptr : &at->second;
}

const Element* Element::child(std::string_view child_name) const
{
    const auto at =
        std::find_if(children.begin(), children.end(), [&](const Element& c) { return c.name == child_name; });
    return at == children.end() ? nullptr : &*at;
}

std::optional<Element> parse_document(std::string_view text, const std::string& path, base::Diagnostics& out)
{
    const Places places(text, path);
    pugi::xml_document document;
    const pugi::xml_parse_result result =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!result) {
        out.error(places.at(result.offset), fmt::format("this is no XML: {}", result.description()));
        return std::nullopt;
    }
    const std::int64_t errors_before = out.n_errors();
    std::size_t n_elements = 0;
    base::Diagnostics found;
    Element root = copy_of(document.document_element(), places, n_elements, 0, found);
    out.append(found);
    return out.n_errors() > errors_before ? std::nullopt : std::optional(std::move(root));
}

double parse_quantity(std::string_view text, const base::Unit& unit, std::string_view subject)
{
    std::size_t at = 0;
    const auto skip = [&] {
        while (at < text.size() && text[at] == ' ') {
            ++at;
        }
    };
    skip();
    const bool negative = at < text.size() && text[at] == '-';
    if (negative || (at < text.size() && text[at] == '+')) {
        ++at;
    }
    const base::NumberPrefix number = base::parse_number_prefix(text.substr(at));
    at += number.length;
    skip();
    const std::string rest(text.substr(at));
    base::Quantity quantity{negative ? -number.value : number.value, {}};
    if (!rest.empty()) {
        quantity.unit = base::parse_unit(usual_unit_text(rest));
    }
    if (quantity.unit.dimension != unit.dimension) {
        throw base::wrong_dimension(text, quantity.unit.dimension, unit, subject);
    }
    return base::value_in(quantity, unit);
}

}  // namespace axolemma::neuroml
