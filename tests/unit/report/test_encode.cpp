#include <cmath>
#include <limits>
#include <vector>

#include "report/axes.hpp"
#include "report/colour.hpp"
#include "report/encode.hpp"
#include "report/png.hpp"
#include "support/catch.hpp"

using namespace axolemma::report;

namespace {

std::string base64_text(const std::string& text)
{
    return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

double distance(Rgb a, Rgb b)
{
    const auto p = oklab(a), q = oklab(b);
    return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

}  // namespace

TEST_CASE("base64 agrees with the examples of RFC 4648", "[report]")
{
    CHECK(base64_text("").empty());
    CHECK(base64_text("f") == "Zg==");
    CHECK(base64_text("fo") == "Zm8=");
    CHECK(base64_text("foo") == "Zm9v");
    CHECK(base64_text("foobar") == "Zm9vYmFy");
}

TEST_CASE("quantised samples are off by at most half a step and keep gaps", "[report]")
{
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    std::vector<double> values{nan, infinity, -infinity};
    for (int k = 0; k < 1000; ++k) values.push_back(-80.0 + 120.0 * std::sin(0.1 * k));
    const Quantised q = quantise(values);
    CHECK(q.scale < 240.0 / 65000.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i < 3) {
            CHECK(std::isnan(q.value(i)));
        } else {
            CHECK(std::abs(q.value(i) - values[i]) <= 0.500001 * q.scale);
        }
    }
    CHECK(quantise(std::vector<double>{7.5, 7.5}).value(1) == 7.5);
    CHECK(std::isnan(quantise(std::vector<double>{nan}).value(0)));
    // A range that overflows a double must not become NaN.
    const Quantised wide = quantise(std::vector<double>{-1.7e308, 1.7e308});
    CHECK(wide.value(0) == Approx(-1.7e308));
}

TEST_CASE("text is escaped for HTML and for a script", "[report]")
{
    CHECK(escape_html("<a href='x'>&\"\x01</a>") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\xEF\xBF\xBD&lt;/a&gt;");
    JsonWriter json;
    json.begin_object();
    json.field("a", "</script>\n\"\\&");
    json.field("b", std::numeric_limits<double>::quiet_NaN());
    json.key("c");
    json.begin_array();
    json.value(1.5);
    json.value(true);
    json.end_array();
    json.end_object();
    CHECK(json.take() == R"({"a":"\u003c/script\u003e\u000a\"\\\u0026","b":null,"c":[1.5,true]})");
}

TEST_CASE("numbers are written for people", "[report]")
{
    CHECK(pretty(18.7302) == "18.73");
    CHECK(pretty(-65.0) == "−65");
    CHECK(pretty(97024, 9) == "97\u202f024");
    CHECK(pretty(1.5e-9) == "1.5 × 10^−9");
    CHECK(pretty(std::numeric_limits<double>::quiet_NaN()) == "–");
    CHECK(tick_label(-0.5, 0.05) == "−0.50");
    CHECK(ticks(0, 10, 5) == std::vector<double>{0, 2, 4, 6, 8, 10});
    CHECK(ticks(3, 3, 5) == std::vector<double>{3});
}

TEST_CASE("colour maps change by equal steps and in lightness in one direction", "[report]")
{
    for (const Paper paper : {Paper::light, Paper::dark}) {
        for (const ColourMap* map : {&voltage_map(paper), &arrival_map(paper)}) {
            double least = 1e9, most = 0;
            const double direction = oklab(map->back())[0] - oklab(map->front())[0];
            CHECK(std::abs(direction) > 0.4);
            for (std::size_t i = 0; i + 16 < map->size(); i += 8) {
                const double step = distance((*map)[i], (*map)[i + 16]);
                least = std::min(least, step);
                most = std::max(most, step);
                CHECK((oklab((*map)[i + 16])[0] - oklab((*map)[i])[0]) * direction > 0);
            }
            // Even by construction; rounding to bytes and the edge of sRGB leave this much.
            CHECK(most / least < 1.8);
        }
    }
}

TEST_CASE("a picture is a PNG of the right size with valid check sums", "[report]")
{
    const std::vector<std::uint8_t> pixels(300 * 250, 7);  // more than one stored block
    const auto bytes = png(pixels, 300, 250, voltage_map(Paper::light));
    const std::string text(bytes.begin(), bytes.end());
    CHECK(text.substr(0, 8) == "\x89PNG\r\n\x1A\n");
    CHECK(text.substr(16, 8) == std::string("\0\0\x01\x2C\0\0\0\xFA", 8));
    CHECK(text.substr(text.size() - 8) == "IEND\xAE\x42\x60\x82");  // the check sum every PNG ends with
    CHECK(bytes.size() == 8 + 25 + 12 + 768 + 12 + (2 + 2 * 5 + 250 * 301 + 4) + 12);
}
