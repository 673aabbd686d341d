/// How numbers and text get into the page: 16-bit steps, base64, escaped HTML, JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/content.hpp"

namespace axolemma::report {

/// Samples in 65 535 steps between their smallest and largest finite value; the error is at most half a step.
Quantised quantise(std::span<const double> values);

std::string base64(std::span<const std::uint8_t> bytes);

/// Little-endian bytes of `values` in base64, for a JavaScript typed array.
template <typename Number>
std::string base64_of(std::span<const Number> values)
{
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());  // object representation, always allowed
    return base64({bytes, values.size_bytes()});
}

/// Text for an HTML element or a quoted attribute. Control characters that HTML forbids become U+FFFD.
std::string escape_html(std::string_view text);

/// A number for people: `digits` significant digits, a real minus sign, thin spaces between thousands, "–" for NaN.
std::string pretty(double value, int digits = 4);

/// Writes JSON that may stand inside <script>: '<', '>' and '&' leave as \u escapes, NaN and infinities as null.
class JsonWriter {
public:
    void begin_object();
    void end_object();
    void begin_array();
    void end_array();
    void key(std::string_view name);
    void value(std::string_view text);
    void value(const char* text) { value(std::string_view(text)); }
    void value(double number);
    void value(std::int64_t number);
    void value(bool truth);
    template <typename Value>
    void field(std::string_view name, const Value& content)
    {
        key(name);
        value(content);
    }
    std::string take() { return std::move(text_); }

private:
    void separate();
    std::string text_;
    bool need_comma_ = false;
};

}  // namespace axolemma::report
