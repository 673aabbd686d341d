#include "report/encode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace axolemma::report {

static_assert(std::endian::native == std::endian::little, "typed arrays of the page are little-endian");

double Quantised::value(std::size_t i) const
{
    return step[i] == missing ? std::numeric_limits<double>::quiet_NaN() : offset + scale * step[i];
}

Quantised quantise(std::span<const double> values)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double v : values) {
        if (!std::isfinite(v)) continue;
        low = std::min(low, v);
        high = std::max(high, v);
    }
    Quantised out;
    if (low > high) low = high = 0.0;
    out.offset = 0.5 * low + 0.5 * high;
    out.scale = (0.5 * high - 0.5 * low) / 32767.0;
    const double steps_per_unit = out.scale > 0.0 ? 1.0 / out.scale : 0.0;
    out.step.reserve(values.size());
    for (const double v : values) {
        const double step = std::clamp(std::round((v - out.offset) * steps_per_unit), -32767.0, 32767.0);
        out.step.push_back(std::isfinite(v) ? static_cast<std::int16_t>(step) : Quantised::missing);
    }
    return out;
}

std::string base64(std::span<const std::uint8_t> bytes)
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = static_cast<std::uint32_t>(bytes[i]) << 16U;
        if (n > 1) word |= static_cast<std::uint32_t>(bytes[i + 1]) << 8U;
        if (n > 2) word |= bytes[i + 2];
        out += digits[word >> 18U];
        out += digits[(word >> 12U) & 63U];
        out += n > 1 ? digits[(word >> 6U) & 63U] : '=';
        out += n > 2 ? digits[word & 63U] : '=';
    }
    return out;
}

std::string escape_html(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
                out += "\xEF\xBF\xBD";
            } else {
                out += c;
            }
        }
    }
    return out;
}

std::string pretty(double value, int digits)
{
    if (std::isnan(value)) return "–";
    if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (std::abs(value) >= std::pow(10.0, digits) && std::abs(value) < 1e15) text = fmt::format("{:.0f}", value);
    if (const auto e = text.find('e'); e != std::string::npos) {
        const int exponent = std::stoi(text.substr(e + 1));
        text = fmt::format("{} × 10^{}", text.substr(0, e), exponent);
    } else if (text.find('.') == std::string::npos) {
        const std::size_t first = text[0] == '-' ? 1 : 0;
        if (text.size() - first > 4) {
            for (std::size_t i = text.size(); i > first + 3; i -= 3) text.insert(i - 3, "\u202f");
        }
    }
    for (std::size_t i = text.find('-'); i != std::string::npos; i = text.find('-', i)) text.replace(i, 1, "−");
    return text;
}

void JsonWriter::separate()
{
    if (need_comma_) text_ += ',';
    need_comma_ = true;
}

void JsonWriter::begin_object()
{
    separate();
    text_ += '{';
    need_comma_ = false;
}

void JsonWriter::end_object()
{
    text_ += '}';
    need_comma_ = true;
}

void JsonWriter::begin_array()
{
    separate();
    text_ += '[';
    need_comma_ = false;
}

void JsonWriter::end_array()
{
    text_ += ']';
    need_comma_ = true;
}

void JsonWriter::key(std::string_view name)
{
    value(name);
    text_ += ':';
    need_comma_ = false;
}

void JsonWriter::value(std::string_view text)
{
    separate();
    text_ += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (byte < 0x20 || byte == 0x7f || c == '<' || c == '>' || c == '&') {
            text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
        } else {
            text_ += c;
        }
    }
    text_ += '"';
}

void JsonWriter::value(double number)
{
    separate();
    text_ += std::isfinite(number) ? fmt::format("{:.9g}", number) : "null";
}

void JsonWriter::value(std::int64_t number)
{
    separate();
    text_ += std::to_string(number);
}

void JsonWriter::value(bool truth)
{
    separate();
    text_ += truth ? "true" : "false";
}

}  // namespace axolemma::report
