#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/diagnostics.hpp"
#include "report/report.hpp"
#include "support/catch.hpp"
#include "support/synthetic_result.hpp"
#include "unit/record/scratch.hpp"
#include "unit/report/cases.hpp"

using namespace axolemma;

namespace {

// Tests run at the same time as processes of their own: each has its own folder.
std::string file(const std::string& name)
{
    static const test::Scratch scratch;
    return scratch / name;
}

std::string page_of(const std::string& result, const report::Options& options = {})
{
    const std::string path = file("page.html");
    report::write_report(record::ResultReader(result), path, options);
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

void check_self_contained(const std::string& page)
{
    for (const char* loads : {"src=", "@import", "<link", "<iframe", "url(", "fetch(", "XMLHttpRequest", "import(",
                              "href='http", "href=\"http", "WebSocket", "sendBeacon"}) {
        INFO(loads);
        CHECK_FALSE(has(page, loads));
    }
    CHECK(has(page,
              "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\""));
}

}  // namespace

TEST_CASE("a page loads nothing from elsewhere", "[report]")
{
    test::write_synthetic_result(file("everything.h5"));
    check_self_contained(page_of(file("everything.h5")));
    test::write_patch_result(file("patch.h5"));
    check_self_contained(page_of(file("patch.h5")));
}

TEST_CASE("the headline facts stand in the page as text", "[report]")
{
    test::write_synthetic_result(file("everything.h5"));
    const std::string page = page_of(file("everything.h5"));
    CHECK(has(page, "<h1>A travelling pulse, from formulas</h1>"));
    CHECK(has(page, "<title>A travelling pulse, from formulas · Axolemma report</title>"));
    CHECK(has(page, "<p class='state good'>Complete run</p>"));
    CHECK(has(page, "<dt>Spikes per cell, axon</dt><dd>3<small>at axon[0](0.25)</small></dd>"));
    CHECK(has(page,
              "<dt>Conduction velocity, axon</dt><dd>0.5 m/s<small>over 500 µm, axon[0](0.25) to "
              "axon[0](0.50)</small></dd>"));
    CHECK(has(page, "<dt>Resting voltage, cell</dt><dd>−65 mV</dd>"));
    CHECK(has(page, "<dt>Temperature</dt><dd>6.3 °C</dd>"));
    CHECK(has(page, "<dt>Method</dt><dd>formula</dd>"));
    CHECK(has(page, "<dt>Simulated time</dt><dd>20 ms<small>time step 0.05 ms</small></dd>"));
    // 0.25 s / (400 steps * 290 compartments)
    CHECK(has(page, "<dt>Wall time</dt><dd>0.25 s<small>on 1 thread; 2155 ns per compartment-step</small></dd>"));
    CHECK(has(page, "<th scope='row'>Result hash</th><td>0123456789abcdef</td>"));
    CHECK(has(page,
              "<th "
              "scope='row'>synthetic_cell.swc</"
              "th><td>b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184</td>"));
    CHECK(has(page, "dt: 0.05 ms  # &lt;&amp;&gt;"));
}

TEST_CASE("markup in titles, configurations and commands stays text", "[report]")
{
    test::write_hostile_cable_result(file("cable.h5"), 100);
    const std::string page = page_of(file("cable.h5"));
    CHECK(count(page, "<script") == 3);  // head, data, views
    CHECK(count(page, "</script>") == 3);
    CHECK(has(page, "<h1>&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt;</h1>"));
    CHECK(has(page,
              "# &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\ntitle: &quot;{{main}} &amp; "
              "&lt;b&gt;&#39;x&#39;&lt;/b&gt;&quot;"));
    CHECK_FALSE(has(page, "<img"));
}

TEST_CASE("an incomplete run says so and shows what there is", "[report]")
{
    const std::string left = test::write_synthetic_result(file("killed.h5"), 20.0, false);
    const std::string page = page_of(left);
    CHECK(has(page,
              "<strong>Incomplete run.</strong> The run did not reach its end; the samples end at 19.95 ms of 20 ms."));
    CHECK_FALSE(has(page, "Complete run</p>"));
    CHECK(has(page, "<section id='traces'"));
}

TEST_CASE("a page shows the views its result has data for", "[report]")
{
    test::write_patch_result(file("patch.h5"));
    const std::string patch = page_of(file("patch.h5"));
    CHECK(has(patch, "<section id='traces'"));
    CHECK_FALSE(has(patch, "<section id='space-time'"));
    CHECK_FALSE(has(patch, "<section id='morphology'"));
    CHECK_FALSE(has(patch, "<section id='raster'"));

    test::write_f_i_result(file("f_i.h5"));
    const std::string f_i = page_of(file("f_i.h5"));
    CHECK(has(f_i, "<section id='f-i'"));
    CHECK(has(f_i, "<summary>Table of 60 rows</summary>"));
    CHECK(has(f_i, "<tr><td>0.035</td><td>–</td></tr>"));
    CHECK_FALSE(has(f_i, "<section id='traces'"));

    test::write_population_result(file("population.h5"), 100);
    const std::string population = page_of(file("population.h5"));
    CHECK(has(population, "<section id='raster'"));
    CHECK(has(population, "<section id='morphology'"));
    CHECK(count(population, "<figure class='static'>") == 3);
}

TEST_CASE("still figures stand in for every view, for paper and without a script", "[report]")
{
    test::write_synthetic_result(file("everything.h5"));
    const std::string page = page_of(file("everything.h5"));
    // Traces, two space-time pictures, two trees, one raster; the f-I curve is one figure for all uses.
    CHECK(count(page, "<div class='live'") == 6);
    CHECK(count(page, "<figure class='static'><svg class='fig'") == 6);
    CHECK(count(page, "<figure class='both'") == 1);
    CHECK(count(page, "href='data:image/png;base64,") == 2);
    CHECK_FALSE(has(page, " nan"));
    CHECK_FALSE(has(page, "nan "));
}

TEST_CASE("a page keeps its size and says what it leaves out", "[report]")
{
    test::write_tree_result(file("big.h5"), 6000, 1500);
    const std::string page = page_of(file("big.h5"));
    CHECK(page.size() < 5'000'000);
    CHECK(has(page, "<h3>What this page leaves out</h3>"));
    CHECK(has(page, "<li>Movie of cell: "));
    report::Options small;
    small.size_MB = 1.0;
    const std::string less = page_of(file("big.h5"), small);
    CHECK(less.size() < 1'000'000);
    CHECK(less.size() < page.size());
}

TEST_CASE("a title given by the user wins", "[report]")
{
    test::write_patch_result(file("patch.h5"));
    report::Options options;
    options.title = "Figure <3>";
    CHECK(has(page_of(file("patch.h5"), options), "<h1>Figure &lt;3&gt;</h1>"));
}

TEST_CASE("a report that cannot be written says where and why", "[report]")
{
    test::write_patch_result(file("patch.h5"));
    const record::ResultReader result(file("patch.h5"));
    const std::string blocked = file("patch.h5") + "/folder";
    CHECK_THROWS_WITH(report::write_report(result, blocked + "/page.html"),
                      "cannot create the directory '" + blocked + "' for the report: Not a directory");
    const std::string folder = std::filesystem::path(file("x")).parent_path().string();
    CHECK_THROWS_WITH(report::write_report(result, folder), "cannot write the report '" + folder + "': Is a directory");
    report::Options options;
    options.size_MB = 50;
    CHECK_THROWS_WITH(report::write_report(result, file("page.html"), options),
                      "error: the size of a report must be 0.5 to 20 MB, not 50\n  hint: the default is 5\n");
    options.size_MB = 5;
    options.max_lines = 0;
    CHECK_THROWS_WITH(report::write_report(result, file("page.html"), options),
                      "error: a panel of a report needs at least 1 line\n");
}
