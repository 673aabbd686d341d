#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "run/wiring_parts.hpp"

namespace axolemma::run {

namespace {

using base::CellStream;
using base::Diagnostics;
using base::SourcePos;

/// Goes through the cells of a in ascending order; each has its own random numbers.
class GapWiring {
public:
    GapWiring(const model::GapJunctionSpec& spec, const WiringEnd& a, const WiringEnd& b, bool same_population,
              std::uint64_t seed, Diagnostics& diagnostics)
        : spec_(spec),
          a_end_(a),
          b_end_(b),
          a_(a),
          b_(b),
          same_population_(same_population),
          needs_distance_(spec.conductance_uS.expression.uses("distance")),
          seed_(seed),
          out_(diagnostics)
    {}

    std::vector<GapWire> all()
    {
        std::visit([&](const auto& rule) { choose(rule); }, spec_.rule);
        std::stable_sort(pairs_.begin(), pairs_.end(),
                         [](const Pair& p, const Pair& q) { return p.i != q.i ? p.i < q.i : p.j < q.j; });
        std::vector<GapWire> out;
        std::uint64_t ordinal = 0;  // among the pairs of i
        for (std::size_t k = 0; ok_ && k < pairs_.size(); ++k) {
            ordinal = k > 0 && pairs_[k].i == pairs_[k - 1].i ? ordinal + 1 : 0;
            out.push_back({pairs_[k].i, pairs_[k].j, conductance_uS(pairs_[k], ordinal)});
        }
        return ok_ ? out : std::vector<GapWire>{};
    }

private:
    struct Pair {
        std::int64_t i = 0, j = 0;
    };

    void fail(const SourcePos& pos, std::string message, std::string hint = {})
    {
        if (ok_) {
            out_.error(pos, std::move(message), std::move(hint));
        }
        ok_ = false;
    }

    CellStream stream(std::int64_t i, std::string_view what) const
    {
        return {seed_, a_end_.first_gid + i, fmt::format("gap_junctions/{}/{}", spec_.name, what)};
    }

    /// Does this pair count? Of (i, j) and (j, i) only the first does where the rule would take both.
    bool counts(std::int64_t i, std::int64_t j) const
    {
        return !same_population_ || i < j || (i > j && !(a_.has(j) && b_.has(i)));
    }

    // ---- rules -----------------------------------------------------------------------------------------------------

    void choose(const model::AllToAll& /*rule*/) { choose_with(1.0); }

    void choose_with(double p)
    {
        for (std::int64_t k = 0; k < a_.size(); ++k) {
            const std::int64_t i = a_.id(k);
            pick_each(p, b_.size(), stream(i, "chance"), [&](std::int64_t m) {
                if (counts(i, b_.id(m))) {
                    pairs_.push_back({i, b_.id(m)});
                }
            });
        }
    }

    void choose(const model::WithProbability& rule)
    {
        const base::Expression& expression = rule.probability.expression;
        if (expression.is_constant()) {
            if (is_probability(expression.value(), rule)) {
                choose_with(expression.value());
            }
            return;
        }
        for (std::int64_t k = 0; ok_ && k < a_.size(); ++k) {
            test_pairs_of(a_.id(k), rule);
        }
    }

    void test_pairs_of(std::int64_t i, const model::WithProbability& rule)
    {
        const CellStream chance = stream(i, "chance"), numbers = stream(i, "probability");
        const bool needs_distance = rule.probability.expression.uses("distance");
        for (std::int64_t m = 0; ok_ && m < b_.size(); ++m) {
            const std::int64_t j = b_.id(m);
            if (!counts(i, j)) {
                continue;
            }
            const PartOfStream part(numbers, static_cast<std::uint64_t>(j));
            const double p = rule.probability.expression.evaluate(values({i, j}, needs_distance), &part);
            if (is_probability(p, rule) && chance.uniform(static_cast<std::uint32_t>(j)) < p) {
                pairs_.push_back({i, j});
            }
        }
    }

    bool is_probability(double p, const model::WithProbability& rule)
    {
        if (p >= 0.0 && p <= 1.0) {
            return true;
        }
        fail(rule.probability.pos, fmt::format("the probability of a gap junction is {}", p),
             "it must be from 0 to 1; min(1, ...) bounds it");
        return false;
    }

    void choose(const model::OneToOne& /*rule*/) { choose_ring("one_to_one", 0); }
    void choose(const model::RingOffset& rule) { choose_ring("offset", rule.offset); }

    void choose_ring(std::string_view rule, std::int64_t offset)
    {
        if (const std::string complaint = unequal_ends(rule, a_.size(), b_.size()); !complaint.empty()) {
            fail(spec_.pos, complaint, "choose among them with ids and to_ids");
            return;
        }
        for (std::int64_t k = 0; k < a_.size(); ++k) {
            take_once(a_.id(k), b_.id(around(k, offset, b_.size())));
        }
    }

    /// Unless it is a cell with itself, or was there before.
    void take_once(std::int64_t i, std::int64_t j)
    {
        const bool is_new = !same_population_ || (i != j && taken_.emplace(std::min(i, j), std::max(i, j)).second);
        if (is_new) {
            pairs_.push_back({i, j});
        }
    }

    void choose(const model::ListedPairs& rule)
    {
        for (std::size_t row = 0; ok_ && row < rule.source.size(); ++row) {
            const std::int64_t i = rule.source[row], j = rule.target[row];
            const SourcePos pos{rule.path, row < rule.line.size() ? rule.line[row] : 0, 0};
            if (!a_.has(i) || !b_.has(j)) {
                const bool of_a = !a_.has(i);
                fail(pos,
                     fmt::format("this pair names {} {}, which does not exist", of_a ? "source" : "target",
                                 of_a ? i : j),
                     fmt::format("there are {} of them, counted from 0", of_a ? a_end_.count : b_end_.count));
            } else if (same_population_ && i == j) {
                fail(pos, fmt::format("this pair joins cell {} to itself", i));
            } else {
                take_once(i, j);
            }
        }
    }

    void choose(const model::InDegree& /*rule*/) { refuse_rule("in_degree"); }
    void choose(const model::SonataEdges& /*rule*/) { refuse_rule("edges"); }
    void refuse_rule(std::string_view rule)
    {
        fail(spec_.pos, fmt::format("'{}' is for connections, not for gap junctions", rule));
    }

    // ---- conductances ----------------------------------------------------------------------------------------------

    std::array<double, 3> values(const Pair& pair, bool with_distance) const
    {
        const double far_um = with_distance ? distance_um(a_end_, pair.i, b_end_, pair.j) : 0.0;
        return {far_um, static_cast<double>(pair.i), static_cast<double>(pair.j)};
    }

    double conductance_uS(const Pair& pair, std::uint64_t ordinal)
    {
        const CellStream numbers = stream(pair.i, "conductance");
        const PartOfStream part(numbers, ordinal);
        const double value = spec_.conductance_uS.expression.evaluate(values(pair, needs_distance_), &part);
        if (!(value > 0.0 && std::isfinite(value))) {
            fail(spec_.conductance_uS.pos,
                 fmt::format("the conductance between cells {} and {} is {} uS", pair.i, pair.j, value),
                 "it must be finite and above 0");
        }
        return value;
    }

    const model::GapJunctionSpec& spec_;
    const WiringEnd &a_end_, &b_end_;
    Chosen a_, b_;
    bool same_population_, needs_distance_, ok_ = true;
    std::uint64_t seed_;
    Diagnostics& out_;
    std::vector<Pair> pairs_;
    std::set<std::pair<std::int64_t, std::int64_t>> taken_;  ///< unordered pairs, the smaller cell first
};

}  // namespace

std::vector<GapWire> wire_gaps(const model::GapJunctionSpec& spec, const WiringEnd& a, const WiringEnd& b,
                               bool same_population, std::uint64_t seed, Diagnostics& diagnostics)
{
    return GapWiring(spec, a, b, same_population, seed, diagnostics).all();
}

}  // namespace axolemma::run
