#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "model/variables.hpp"
#include "run/wiring.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using run::GapWire;
using run::Wire;
using run::WiringEnd;

namespace {

constexpr std::uint64_t seed = 7;

model::Value value(const std::string& text, const char* unit)
{
    return {base::Expression::parse(text, base::parse_unit(unit), model::connection_variables()), {"net.yaml", 20, 5}};
}

model::ConnectionSpec connection(model::Rule rule, const std::string& weight = "1 nS",
                                 const std::string& delay = "1 ms")
{
    model::ConnectionSpec spec;
    spec.name = "test";
    spec.from = "E";
    spec.synapse = "exc";
    spec.rule = std::move(rule);
    spec.weight_uS = value(weight, "uS");
    spec.delay_ms = value(delay, "ms");
    spec.pos = {"net.yaml", 10, 3};
    return spec;
}

model::GapJunctionSpec gap(model::Rule rule, const std::string& conductance = "1 nS")
{
    model::GapJunctionSpec spec;
    spec.name = "test";
    spec.rule = std::move(rule);
    spec.conductance_uS = value(conductance, "uS");
    spec.pos = {"net.yaml", 30, 3};
    return spec;
}

model::WithProbability probability(const std::string& text)
{
    return {value(text, "1")};
}

WiringEnd end_of(std::int64_t count, std::vector<std::int64_t> ids = {}, std::int64_t first_gid = 100)
{
    WiringEnd out;
    out.count = count;
    out.first_gid = first_gid;
    out.ids = std::move(ids);
    return out;
}

/// One population onto itself; the test fails on a finding.
std::vector<Wire> onto_itself(const model::ConnectionSpec& spec, const WiringEnd& cells, std::uint64_t s = seed)
{
    base::Diagnostics out;
    auto wires = run::wire(spec, cells, cells, true, 0, cells.count, s, out);
    CHECK(out.text() == "");
    return wires;
}

/// Generators onto cells.
std::vector<Wire> between(const model::ConnectionSpec& spec, const WiringEnd& source, const WiringEnd& target)
{
    base::Diagnostics out;
    auto wires = run::wire(spec, source, target, false, 0, target.count, seed, out);
    CHECK(out.text() == "");
    return wires;
}

/// What is said about a connection of five cells with themselves.
std::string complaint(const model::ConnectionSpec& spec, const WiringEnd& source = end_of(5),
                      const WiringEnd& target = end_of(5), const run::EdgeArrays* edges = nullptr)
{
    base::Diagnostics out;
    const auto wires = run::wire(spec, source, target, true, 0, target.count, seed, out, edges);
    CHECK(wires.empty());
    return out.text();
}

std::string gap_complaint(const model::GapJunctionSpec& spec, const WiringEnd& a = end_of(5),
                          const WiringEnd& b = end_of(5))
{
    base::Diagnostics out;
    CHECK(run::wire_gaps(spec, a, b, true, seed, out).empty());
    return out.text();
}

std::vector<GapWire> gaps(const model::GapJunctionSpec& spec, const WiringEnd& a, const WiringEnd& b, bool same)
{
    base::Diagnostics out;
    auto wires = run::wire_gaps(spec, a, b, same, seed, out);
    CHECK(out.text() == "");
    return wires;
}

model::ListedPairs listed(std::vector<std::int64_t> source, std::vector<std::int64_t> target)
{
    model::ListedPairs pairs;
    pairs.path = "pairs.csv";
    for (std::size_t k = 0; k < source.size(); ++k) {
        pairs.line.push_back(static_cast<std::int64_t>(k) + 2);
    }
    pairs.source = std::move(source);
    pairs.target = std::move(target);
    return pairs;
}

/// Source and target of each wire.
std::vector<std::pair<std::int64_t, std::int64_t>> ends(const std::vector<Wire>& wires)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (const Wire& wire : wires) {
        out.emplace_back(wire.source, wire.target);
    }
    return out;
}

std::vector<std::pair<std::int64_t, std::int64_t>> ends(const std::vector<GapWire>& wires)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (const GapWire& wire : wires) {
        out.emplace_back(wire.a, wire.b);
    }
    return out;
}

using Ends = std::vector<std::pair<std::int64_t, std::int64_t>>;

std::vector<std::array<double, 3>> along_a_line(std::int64_t n, double step_um)
{
    std::vector<std::array<double, 3>> out;
    for (std::int64_t k = 0; k < n; ++k) {
        out.push_back({static_cast<double>(k) * step_um, 0.0, 0.0});
    }
    return out;
}

}  // namespace

TEST_CASE("wiring: a target's wires do not depend on the range that is asked for", "[run][wiring]")
{
    const std::int64_t n = 50;
    const auto line = along_a_line(n, 10.0);
    WiringEnd cells = end_of(n, {0, 1, 2, 5, 6, 9, 12, 20, 21, 22, 30, 31, 40, 44, 48, 49});
    cells.position_um = &line;
    const std::string weight = "uniform(0 nS, 1 nS) + normal(3 nS, 0.1 nS)", delay = "1 ms + distance/100 um * 1 ms";
    const std::vector<model::Rule> rules = {model::AllToAll{},
                                            model::OneToOne{},
                                            model::RingOffset{3},
                                            probability("0.3"),
                                            probability("0.5*exp(-distance/100 um)*uniform(0, 1)"),
                                            model::InDegree{7},
                                            listed({0, 49, 5, 5, 1}, {48, 1, 48, 2, 48})};
    for (std::size_t k = 0; k < rules.size(); ++k) {
        INFO("rule " << k);
        auto spec = connection(rules[k], weight, delay);
        spec.allow_self = std::holds_alternative<model::OneToOne>(rules[k]);
        const std::vector<Wire> whole = onto_itself(spec, cells);
        REQUIRE_FALSE(whole.empty());
        for (const std::int64_t n_pieces : {2, 3, 7}) {
            std::vector<Wire> joined;
            base::Diagnostics out;
            for (std::int64_t p = n_pieces - 1; p >= 0; --p) {  // the order of asking does not matter either
                const auto piece =
                    run::wire(spec, cells, cells, true, p * n / n_pieces, (p + 1) * n / n_pieces, seed, out);
                joined.insert(joined.begin(), piece.begin(), piece.end());
            }
            CHECK(joined == whole);
        }
        for (std::size_t w = 1; w < whole.size(); ++w) {
            const bool same_target = whole[w].target == whole[w - 1].target;
            CHECK(whole[w].target >= whole[w - 1].target);
            CHECK(whole[w].ordinal == (same_target ? whole[w - 1].ordinal + 1 : 0));
        }
    }
}

TEST_CASE("wiring: all_to_all joins every pair, and a cell with itself only when it may", "[run][wiring]")
{
    auto spec = connection(model::AllToAll{});
    CHECK(ends(onto_itself(spec, end_of(3))) == Ends{{1, 0}, {2, 0}, {0, 1}, {2, 1}, {0, 2}, {1, 2}});
    spec.allow_self = true;
    CHECK(onto_itself(spec, end_of(3)).size() == 9);
    spec.allow_self = false;
    CHECK(between(spec, end_of(2), end_of(3)).size() == 6);  // another population's cell 0 is not oneself
}

TEST_CASE("wiring: one_to_one and offset count within the chosen cells, and offset goes around", "[run][wiring]")
{
    CHECK(ends(onto_itself(connection(model::RingOffset{1}), end_of(4))) == Ends{{3, 0}, {0, 1}, {1, 2}, {2, 3}});
    CHECK(ends(onto_itself(connection(model::RingOffset{-1}), end_of(4))) == Ends{{1, 0}, {2, 1}, {3, 2}, {0, 3}});
    CHECK(ends(onto_itself(connection(model::RingOffset{-9}), end_of(4))) == Ends{{1, 0}, {2, 1}, {3, 2}, {0, 3}});
    CHECK(onto_itself(connection(model::RingOffset{4}), end_of(4)).empty());
    CHECK(ends(between(connection(model::OneToOne{}), end_of(9, {2, 4}), end_of(9, {0, 7}))) == Ends{{2, 0}, {4, 7}});
    CHECK(ends(between(connection(model::RingOffset{1}), end_of(9, {2, 4}), end_of(9, {0, 7}))) ==
          Ends{{4, 0}, {2, 7}});
}

TEST_CASE("wiring: in_degree gives every target exactly so many sources, evenly drawn and never itself",
          "[run][wiring]")
{
    const std::int64_t n = 200, degree = 80;
    const auto wires = onto_itself(connection(model::InDegree{degree}), end_of(n));
    REQUIRE(wires.size() == static_cast<std::size_t>(n * degree));
    std::vector<double> in(static_cast<std::size_t>(n)), out(static_cast<std::size_t>(n));
    bool twice = false;
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (const Wire& wire : wires) {
        in[static_cast<std::size_t>(wire.target)] += 1.0;
        out[static_cast<std::size_t>(wire.source)] += 1.0;
        CHECK(wire.source != wire.target);
        twice = twice || !seen.emplace(wire.source, wire.target).second;
    }
    CHECK(std::all_of(in.begin(), in.end(), [&](double x) { return x == static_cast<double>(degree); }));
    CHECK(twice);  // drawn with replacement
    // Out-degrees are nearly Poisson: chi2 of n - 1 degrees of freedom within 5 standard deviations of its mean.
    double chi2 = 0.0;
    for (const double x : out) {
        chi2 += (x - static_cast<double>(degree)) * (x - static_cast<double>(degree)) / static_cast<double>(degree);
    }
    CHECK(std::fabs(chi2 - static_cast<double>(n - 1)) < 5.0 * std::sqrt(2.0 * static_cast<double>(n - 1)));
}

TEST_CASE("wiring: a probability gives its mean number of wires, as a number and as an expression", "[run][wiring]")
{
    const std::int64_t n = 400;
    for (const char* text : {"0.02", "0.02 + 0*source", "0.7", "0.7 + 0*source"}) {
        INFO(text);
        const double p = std::string(text)[2] == '0' ? 0.02 : 0.7;
        const auto wires = onto_itself(connection(probability(text)), end_of(n));
        const double pairs = static_cast<double>(n * (n - 1));
        // Binomial: 5 standard deviations.
        CHECK(std::fabs(static_cast<double>(wires.size()) - p * pairs) < 5.0 * std::sqrt(pairs * p * (1.0 - p)));
        std::vector<double> per_source(static_cast<std::size_t>(n));
        for (const Wire& wire : wires) {
            CHECK(wire.source != wire.target);
            per_source[static_cast<std::size_t>(wire.source)] += 1.0;
        }
        for (const double x : per_source) {  // first and last sources as often as the others
            CHECK(std::fabs(x - p * static_cast<double>(n - 1)) <
                  6.0 * std::sqrt(p * (1 - p) * static_cast<double>(n)));
        }
    }
    CHECK(onto_itself(connection(probability("0")), end_of(n)).empty());
    CHECK(onto_itself(connection(probability("1")), end_of(20)).size() == 20 * 19);
    CHECK(onto_itself(connection(probability("1e-300")), end_of(20)).empty());
}

TEST_CASE("wiring: a rare constant probability costs what is taken, not the number of pairs", "[run][wiring]")
{
    // 1e9 sources onto 100 targets are 1e11 pairs; testing each would take minutes.
    const auto wires = between(connection(probability("1e-8")), end_of(1'000'000'000), end_of(100));
    CHECK(std::fabs(static_cast<double>(wires.size()) - 1000.0) < 5.0 * std::sqrt(1000.0));
}

TEST_CASE("wiring: probability, weight and delay follow the distance between the cells", "[run][wiring]")
{
    const std::int64_t n = 1000;
    const auto line = along_a_line(n, 1.0);
    WiringEnd cells = end_of(n);
    cells.position_um = &line;
    const auto wires = onto_itself(
        connection(probability("0.5*exp(-distance/100 um)"), "1 nS * distance/1 um", "1 ms + distance/(1 mm/ms)"),
        cells);
    double near = 0.0, far = 0.0, expected_near = 0.0, expected_far = 0.0;
    for (std::int64_t a = 0; a < n; ++a) {
        for (std::int64_t b = 0; b < n; ++b) {
            const auto d = static_cast<double>(std::abs(a - b));
            (d < 100.0 ? expected_near : expected_far) += a == b ? 0.0 : 0.5 * std::exp(-d / 100.0);
        }
    }
    for (const Wire& wire : wires) {
        const auto d = static_cast<double>(std::abs(wire.source - wire.target));
        (d < 100.0 ? near : far) += 1.0;
        CHECK(wire.weight_uS == Approx(1e-3 * d).epsilon(1e-14));
        CHECK(wire.delay_ms == Approx(1.0 + d * 1e-3).epsilon(1e-14));
    }
    CHECK(std::fabs(near - expected_near) < 5.0 * std::sqrt(expected_near));  // wider than the binomial's
    CHECK(std::fabs(far - expected_far) < 5.0 * std::sqrt(expected_far));
}

TEST_CASE("wiring: random weights and delays differ from wire to wire and have the mean asked for", "[run][wiring]")
{
    const auto wires =
        onto_itself(connection(model::AllToAll{}, "uniform(0 nS, 2 nS)", "max(0 ms, normal(5 ms, 1 ms))"), end_of(100));
    std::set<double> weights;
    double weight_sum = 0.0, delay_sum = 0.0, delay_squares = 0.0;
    for (const Wire& wire : wires) {
        weights.insert(wire.weight_uS);
        weight_sum += wire.weight_uS;
        delay_sum += wire.delay_ms;
        delay_squares += (wire.delay_ms - 5.0) * (wire.delay_ms - 5.0);
    }
    const auto n = static_cast<double>(wires.size());
    CHECK(weights.size() == wires.size());
    CHECK(std::fabs(weight_sum / n - 1e-3) < 5.0 * 2e-3 / std::sqrt(12.0 * n));
    CHECK(std::fabs(delay_sum / n - 5.0) < 5.0 / std::sqrt(n));
    CHECK(std::fabs(delay_squares / n - 1.0) < 5.0 * std::sqrt(2.0 / n));
}

TEST_CASE("wiring: seed, name and global index of the target choose the random numbers", "[run][wiring]")
{
    const auto spec = connection(model::InDegree{10});
    const auto wires = onto_itself(spec, end_of(50));
    CHECK(onto_itself(spec, end_of(50)) == wires);
    CHECK(ends(onto_itself(spec, end_of(50), seed + 1)) != ends(wires));
    CHECK(ends(onto_itself(spec, end_of(50, {}, 101))) != ends(wires));
    auto other = spec;
    other.name = "other";
    CHECK(ends(onto_itself(other, end_of(50))) != ends(wires));
    // Cell 1 of a population that starts at 100 is cell 0 of one that starts at 101.
    const auto shifted = between(spec, end_of(50), end_of(50, {}, 101));
    const auto here = between(spec, end_of(50), end_of(50));
    for (std::size_t k = 0; k < 10; ++k) {
        CHECK(shifted[k].source == here[k + 10].source);
    }
}

TEST_CASE("wiring: pairs and edges keep the order of their file and its weights and delays", "[run][wiring]")
{
    auto pairs = listed({3, 0, 3}, {1, 2, 1});
    pairs.weight_uS = {0.1, 0.2, 0.3};
    const auto wires = onto_itself(connection(pairs, "9 uS", "2 ms"), end_of(5));
    CHECK(wires == std::vector<Wire>{{3, 1, 0.1, 2.0, 0}, {3, 1, 0.3, 2.0, 1}, {0, 2, 0.2, 2.0, 0}});

    run::EdgeArrays edges{{3, 0, 3}, {1, 2, 1}, {0.1, 0.2, 0.3}, {4.0, 5.0, 6.0}};
    auto spec = connection(model::SonataEdges{"edges.h5", "", {}});
    base::Diagnostics out;
    CHECK(run::wire(spec, end_of(5), end_of(5), true, 0, 5, seed, out, &edges) ==
          std::vector<Wire>{{3, 1, 0.1, 4.0, 0}, {3, 1, 0.3, 6.0, 1}, {0, 2, 0.2, 5.0, 0}});
    edges.weight_uS.clear();
    spec.weight_uS = value("7 uS", "uS");
    CHECK(run::wire(spec, end_of(5), end_of(5), true, 2, 3, seed, out, &edges) ==
          std::vector<Wire>{{0, 2, 7.0, 5.0, 0}});
    CHECK(out.text() == "");
}

TEST_CASE("wiring: what does not fit is said with its place", "[run][wiring][errors]")
{
    CHECK(complaint(connection(model::OneToOne{}), end_of(5), end_of(6)) ==
          "net.yaml:10:3: error: one_to_one needs as many sources as targets; here are 5 and 6\n"
          "  hint: choose among them with from_ids and to_ids\n");
    CHECK(complaint(connection(model::RingOffset{1}), end_of(5, {1, 2}), end_of(5)) ==
          "net.yaml:10:3: error: offset needs as many sources as targets; here are 2 and 5\n"
          "  hint: choose among them with from_ids and to_ids\n");
    CHECK(complaint(connection(model::InDegree{3}), end_of(5, {2}), end_of(5)) ==
          "net.yaml:10:3: error: no source is left for cell 2 of the targets\n"
          "  hint: a cell is its own source only with allow_self: true\n");
    CHECK(complaint(connection(probability("0.5*source"))) ==
          "net.yaml:20:5: error: the probability from source 3 to target 0 is 1.5\n"
          "  hint: it must be from 0 to 1; min(1, ...) bounds it\n");
    CHECK(complaint(connection(model::AllToAll{}, "1 uS * (1 - source)")) ==
          "net.yaml:20:5: error: the weight from source 2 to target 0 is -1 uS\n"
          "  hint: a weight is finite and not below 0: max(0 uS, normal(...)) cuts a distribution off; a synapse "
          "inhibits by its reversal potential\n");
    CHECK(complaint(connection(model::AllToAll{}, "1 uS / target")) ==
          "net.yaml:20:5: error: the weight from source 1 to target 0 is inf uS\n"
          "  hint: a weight is finite and not below 0: max(0 uS, normal(...)) cuts a distribution off; a synapse "
          "inhibits by its reversal potential\n");
    CHECK(complaint(connection(model::AllToAll{}, "1 uS", "1 ms * log(target)")) ==
          "net.yaml:20:5: error: the delay from source 1 to target 0 is -inf ms\n"
          "  hint: a delay is finite and not below 0\n");
}

TEST_CASE("wiring: a wrong row of a list is said with its line or number", "[run][wiring][errors]")
{
    CHECK(complaint(connection(listed({0, 5}, {1, 1}))) ==
          "pairs.csv:3: error: this pair names source 5, which does not exist\n"
          "  hint: there are 5 of them, counted from 0\n");
    CHECK(complaint(connection(listed({0}, {-1}))) ==
          "pairs.csv:2: error: this pair names target -1, which does not exist\n"
          "  hint: there are 5 of them, counted from 0\n");
    CHECK(complaint(connection(listed({0, 1}, {1, 2})), end_of(5), end_of(5, {1})) ==
          "pairs.csv:3: error: this pair names target 2, which does not carry the synapse 'exc'\n");
    CHECK(complaint(connection(listed({1}, {1}))) ==
          "pairs.csv:2: error: this pair joins cell 1 to itself\n"
          "  hint: write allow_self: true if this is meant\n");
    const run::EdgeArrays far{{0, 9}, {1, 1}, {}, {}};
    auto spec = connection(model::SonataEdges{"edges.h5", "", {}});
    CHECK(complaint(spec, end_of(5), end_of(5), &far) ==
          "net.yaml:10:3: error: edge 1 of 'edges.h5' names source 9, which does not exist\n"
          "  hint: there are 5 of them, counted from 0\n");
    const run::EdgeArrays bare{{0}, {1}, {}, {}};
    spec.weight_uS.reset();
    CHECK(complaint(spec, end_of(5), end_of(5), &bare) ==
          "net.yaml:10:3: error: this connection has no weight\n"
          "  hint: 'edges.h5' does not have it; give 'weight' here\n");
}

TEST_CASE("wiring: gap junctions of a population with itself join each pair of cells once", "[run][wiring]")
{
    const auto cells = end_of(4);
    CHECK(ends(gaps(gap(model::AllToAll{}), cells, cells, true)) ==
          Ends{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
    CHECK(ends(gaps(gap(model::RingOffset{1}), cells, cells, true)) == Ends{{0, 1}, {1, 2}, {2, 3}, {3, 0}});
    CHECK(ends(gaps(gap(model::RingOffset{1}), end_of(2), end_of(2), true)) == Ends{{0, 1}});
    CHECK(ends(gaps(gap(model::RingOffset{2}), cells, cells, true)) == Ends{{0, 2}, {1, 3}});
    CHECK(ends(gaps(gap(listed({2, 0, 1, 1}, {1, 3, 2, 2})), cells, cells, true)) == Ends{{0, 3}, {2, 1}});
    CHECK(ends(gaps(gap(model::AllToAll{}), end_of(4, {0, 1, 2}), end_of(4, {1, 3}), true)) ==
          Ends{{0, 1}, {0, 3}, {1, 3}, {2, 1}, {2, 3}});
    CHECK(ends(gaps(gap(model::AllToAll{}), end_of(2), end_of(2), false)) == Ends{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    CHECK(ends(gaps(gap(model::OneToOne{}), end_of(4, {0, 1}), end_of(4, {2, 3}), true)) == Ends{{0, 2}, {1, 3}});
}

TEST_CASE("wiring: gap junctions at random have their mean number, order and conductances", "[run][wiring]")
{
    const std::int64_t n = 300;
    const auto line = along_a_line(n, 1.0);
    WiringEnd cells = end_of(n);
    cells.position_um = &line;
    for (const char* text : {"0.1", "0.1 + 0*source", "0.9 * exp(-distance/10 um)"}) {
        INFO(text);
        const auto wires = gaps(gap(probability(text), "uniform(1 nS, 2 nS)"), cells, cells, true);
        double expected = 0.0;
        for (std::int64_t d = 1; d < n; ++d) {
            expected +=
                static_cast<double>(n - d) * (text[2] == '1' ? 0.1 : 0.9 * std::exp(-static_cast<double>(d) / 10.0));
        }
        CHECK(std::fabs(static_cast<double>(wires.size()) - expected) < 5.0 * std::sqrt(expected));
        std::set<double> conductances;
        for (std::size_t k = 0; k < wires.size(); ++k) {
            CHECK(wires[k].a < wires[k].b);
            CHECK((k == 0 || std::pair(wires[k - 1].a, wires[k - 1].b) < std::pair(wires[k].a, wires[k].b)));
            CHECK((wires[k].conductance_uS > 1e-3 && wires[k].conductance_uS < 2e-3));
            conductances.insert(wires[k].conductance_uS);
        }
        CHECK(conductances.size() == wires.size());
    }
}

TEST_CASE("wiring: gap junctions that do not fit are said with their place", "[run][wiring][errors]")
{
    CHECK(gap_complaint(gap(model::AllToAll{}, "1 uS * (target - 1)")) ==
          "net.yaml:20:5: error: the conductance between cells 0 and 1 is 0 uS\n"
          "  hint: it must be finite and above 0\n");
    CHECK(gap_complaint(gap(model::OneToOne{}), end_of(5), end_of(4)) ==
          "net.yaml:30:3: error: one_to_one needs as many sources as targets; here are 5 and 4\n"
          "  hint: choose among them with ids and to_ids\n");
    CHECK(gap_complaint(gap(listed({0, 2}, {1, 7}))) ==
          "pairs.csv:3: error: this pair names target 7, which does not exist\n"
          "  hint: there are 5 of them, counted from 0\n");
    CHECK(gap_complaint(gap(listed({2}, {2}))) == "pairs.csv:2: error: this pair joins cell 2 to itself\n");
    CHECK(gap_complaint(gap(probability("2 - target"))) ==
          "net.yaml:20:5: error: the probability of a gap junction is -1\n"
          "  hint: it must be from 0 to 1; min(1, ...) bounds it\n");
}
