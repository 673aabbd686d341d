#include "run/wiring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "run/wiring_parts.hpp"

namespace axolemma::run {

namespace {

using base::CellStream;
using base::Diagnostics;
using base::SourcePos;
using model::Value;

/// One way of joining for each rule; each takes the sources of one target.
class Wiring {
public:
    Wiring(const model::ConnectionSpec& spec, const WiringEnd& source, const WiringEnd& target, bool same_population,
           std::uint64_t seed, Diagnostics& diagnostics, const EdgeArrays* edges)
        : spec_(spec),
          source_end_(source),
          target_end_(target),
          sources_(source),
          targets_(target),
          no_self_(same_population && !spec.allow_self),
          seed_(seed),
          out_(diagnostics),
          edges_(edges)
    {
        needs_distance_ = (spec.weight_uS && spec.weight_uS->expression.uses("distance")) ||
                          (spec.delay_ms && spec.delay_ms->expression.uses("distance"));
        find_list();
    }

    std::vector<Wire> onto(std::int64_t first, std::int64_t end)
    {
        check_numbers();
        sort_rows(first, end);
        for (std::int64_t t = std::max(first, std::int64_t{0}); ok_ && t < std::min(end, target_end_.count); ++t) {
            if (const std::int64_t position = targets_.position(t); position >= 0) {
                chosen_.clear();
                std::visit([&](const auto& rule) { choose(rule, t, position); }, spec_.rule);
                add_wires(t);
            }
        }
        return ok_ ? std::move(wires_) : std::vector<Wire>{};
    }

private:
    /// A source and, for rules that read a list, the row that names it.
    struct Choice {
        std::int64_t source = 0;
        std::size_t row = 0;
    };
    /// A list of pairs, wherever it comes from; null members are not there.
    struct List {
        const std::vector<std::int64_t>*source = nullptr, *target = nullptr, *line = nullptr;
        const std::vector<double>*weight_uS = nullptr, *delay_ms = nullptr;
        std::string path;
    };

    void find_list()
    {
        const auto if_any = [](const std::vector<double>& values) { return values.empty() ? nullptr : &values; };
        if (const auto* pairs = std::get_if<model::ListedPairs>(&spec_.rule)) {
            list_ = {&pairs->source,           &pairs->target,          &pairs->line,
                     if_any(pairs->weight_uS), if_any(pairs->delay_ms), pairs->path};
        } else if (const auto* file = std::get_if<model::SonataEdges>(&spec_.rule);
                   file != nullptr && edges_ != nullptr) {
            list_ = {&edges_->source,           &edges_->target,          nullptr,
                     if_any(edges_->weight_uS), if_any(edges_->delay_ms), file->path};
        }
    }

    void fail(const SourcePos& pos, std::string message, std::string hint = {})
    {
        if (ok_) {
            out_.error(pos, std::move(message), std::move(hint));
        }
        ok_ = false;
    }

    CellStream stream(std::int64_t target, std::string_view what) const
    {
        return {seed_, target_end_.first_gid + target, fmt::format("connections/{}/{}", spec_.name, what)};
    }

    void check_numbers()
    {
        const bool one_to_one = std::holds_alternative<model::OneToOne>(spec_.rule);
        if (!one_to_one && !std::holds_alternative<model::RingOffset>(spec_.rule)) {
            return;
        }
        const std::string complaint =
            unequal_ends(one_to_one ? "one_to_one" : "offset", sources_.size(), targets_.size());
        if (!complaint.empty()) {
            fail(spec_.pos, complaint, "choose among them with from_ids and to_ids");
        }
    }

    // ---- rules -----------------------------------------------------------------------------------------------------

    void take(std::int64_t source, std::int64_t target, std::size_t row = 0)
    {
        if (!(no_self_ && source == target)) {
            chosen_.push_back({source, row});
        }
    }

    void choose(const model::AllToAll& /*rule*/, std::int64_t target, std::int64_t /*position*/)
    {
        for (std::int64_t k = 0; k < sources_.size(); ++k) {
            take(sources_.id(k), target);
        }
    }

    void choose(const model::OneToOne& /*rule*/, std::int64_t target, std::int64_t position)
    {
        take(sources_.id(position), target);
    }

    void choose(const model::RingOffset& rule, std::int64_t target, std::int64_t position)
    {
        take(sources_.id(around(position, -rule.offset, sources_.size())), target);
    }

    void choose(const model::WithProbability& rule, std::int64_t target, std::int64_t /*position*/)
    {
        const base::Expression& expression = rule.probability.expression;
        const CellStream chance = stream(target, "chance");
        if (expression.is_constant() && is_probability(expression.value(), rule, -1, target)) {
            pick_each(expression.value(), sources_.size(), chance,
                      [&](std::int64_t k) { take(sources_.id(k), target); });
            return;
        }
        const CellStream numbers = stream(target, "probability");
        const bool needs_distance = expression.uses("distance");
        for (std::int64_t k = 0; ok_ && k < sources_.size(); ++k) {
            const std::int64_t source = sources_.id(k);
            if (no_self_ && source == target) {
                continue;
            }
            const PartOfStream part(numbers, static_cast<std::uint64_t>(source));
            const double p = expression.evaluate(values(source, target, needs_distance), &part);
            if (is_probability(p, rule, source, target) && chance.uniform(static_cast<std::uint32_t>(source)) < p) {
                take(source, target);
            }
        }
    }

    bool is_probability(double p, const model::WithProbability& rule, std::int64_t source, std::int64_t target)
    {
        if (p >= 0.0 && p <= 1.0) {
            return true;
        }
        fail(rule.probability.pos,
             source < 0 ? fmt::format("the probability is {}", p)
                        : fmt::format("the probability from source {} to target {} is {}", source, target, p),
             "it must be from 0 to 1; min(1, ...) bounds it");
        return false;
    }

    void choose(const model::InDegree& rule, std::int64_t target, std::int64_t /*position*/)
    {
        const std::int64_t self = no_self_ ? sources_.position(target) : -1;
        const std::int64_t n = sources_.size() - (self >= 0 ? 1 : 0);
        if (n <= 0) {
            fail(spec_.pos, fmt::format("no source is left for cell {} of the targets", target),
                 "a cell is its own source only with allow_self: true");
            return;
        }
        const CellStream draws = stream(target, "in_degree");
        for (std::int64_t k = 0; k < rule.count; ++k) {
            const double u = draws.uniform(static_cast<std::uint32_t>(k));
            const auto drawn = std::min(static_cast<std::int64_t>(u * static_cast<double>(n)), n - 1);
            take(sources_.id(self >= 0 && drawn >= self ? drawn + 1 : drawn), target);
        }
    }

    void choose(const model::ListedPairs& /*rule*/, std::int64_t target, std::int64_t /*position*/)
    {
        choose_listed(target);
    }

    void choose(const model::SonataEdges& /*rule*/, std::int64_t target, std::int64_t /*position*/)
    {
        choose_listed(target);
    }

    void choose_listed(std::int64_t target)
    {
        for (; next_row_ < rows_.size() && (*list_.target)[rows_[next_row_]] == target; ++next_row_) {
            const std::size_t row = rows_[next_row_];
            take((*list_.source)[row], target, row);
        }
    }

    // ---- lists -----------------------------------------------------------------------------------------------------

    /// Where a row stands: a line of the file of pairs, or the connection in the configuration.
    SourcePos row_pos(std::size_t row) const
    {
        return list_.line != nullptr ? SourcePos{list_.path, (*list_.line)[row], 0} : spec_.pos;
    }

    std::string row_words(std::size_t row) const
    {
        return list_.line != nullptr ? "this pair" : fmt::format("edge {} of '{}'", row, list_.path);
    }

    void check_row(std::size_t row)
    {
        const std::int64_t source = (*list_.source)[row], target = (*list_.target)[row];
        if (source < 0 || source >= source_end_.count || target < 0 || target >= target_end_.count) {
            const bool of_source = source < 0 || source >= source_end_.count;
            fail(
                row_pos(row),
                fmt::format("{} names {} {}, which does not exist", row_words(row), of_source ? "source" : "target",
                            of_source ? source : target),
                fmt::format("there are {} of them, counted from 0", of_source ? source_end_.count : target_end_.count));
        } else if (!sources_.has(source)) {
            fail(row_pos(row),
                 fmt::format("{} names source {}, which this connection leaves out", row_words(row), source));
        } else if (!targets_.has(target)) {
            fail(row_pos(row), fmt::format("{} names target {}, which does not carry the synapse '{}'", row_words(row),
                                           target, spec_.synapse));
        } else if (no_self_ && source == target) {
            fail(row_pos(row), fmt::format("{} joins cell {} to itself", row_words(row), source),
                 "write allow_self: true if this is meant");
        }
    }

    /// The rows of the range, by target; rows of one target stay in the order of the list.
    void sort_rows(std::int64_t first, std::int64_t end)
    {
        if (list_.source == nullptr) {
            return;
        }
        for (std::size_t row = 0; ok_ && row < list_.source->size(); ++row) {
            check_row(row);
            if (const std::int64_t target = (*list_.target)[row]; target >= first && target < end) {
                rows_.push_back(row);
            }
        }
        std::stable_sort(rows_.begin(), rows_.end(),
                         [&](std::size_t a, std::size_t b) { return (*list_.target)[a] < (*list_.target)[b]; });
    }

    // ---- strengths -------------------------------------------------------------------------------------------------

    std::array<double, 3> values(std::int64_t source, std::int64_t target, bool with_distance) const
    {
        const double far_um = with_distance ? distance_um(source_end_, source, target_end_, target) : 0.0;
        return {far_um, static_cast<double>(source), static_cast<double>(target)};
    }

    void add_wires(std::int64_t target)
    {
        const CellStream weight = stream(target, "weight"), delay = stream(target, "delay");
        for (std::size_t k = 0; ok_ && k < chosen_.size(); ++k) {
            Wire wire{chosen_[k].source, target, 0.0, 0.0, static_cast<std::uint32_t>(k)};
            wire.weight_uS = strength("weight", spec_.weight_uS, list_.weight_uS, weight, wire, chosen_[k].row);
            wire.delay_ms = strength("delay", spec_.delay_ms, list_.delay_ms, delay, wire, chosen_[k].row);
            wires_.push_back(wire);
        }
    }

    /// The weight or delay of a wire: from the list where it has such a column, else from the expression.
    double strength(std::string_view what, const std::optional<Value>& given, const std::vector<double>* column,
                    const CellStream& numbers, const Wire& wire, std::size_t row)
    {
        double value = 0.0;
        SourcePos pos = spec_.pos;
        if (column != nullptr) {
            value = (*column)[row];
            pos = row_pos(row);
        } else if (given) {
            const PartOfStream part(numbers, wire.ordinal);
            value = given->expression.evaluate(values(wire.source, wire.target, needs_distance_), &part);
            pos = given->pos;
        } else {
            fail(spec_.pos, fmt::format("this connection has no {}", what),
                 fmt::format("'{}' does not have it; give '{}' here", list_.path, what));
        }
        if (!(value >= 0.0 && std::isfinite(value))) {
            const bool is_weight = what == "weight";
            fail(pos,
                 fmt::format("the {} from source {} to target {} is {} {}", what, wire.source, wire.target, value,
                             is_weight ? "uS" : "ms"),
                 is_weight ? "a weight is finite and not below 0: max(0 uS, normal(...)) cuts a distribution off; a "
                             "synapse inhibits by its reversal potential"
                           : "a delay is finite and not below 0");
        }
        return value;
    }

    const model::ConnectionSpec& spec_;
    const WiringEnd &source_end_, &target_end_;
    Chosen sources_, targets_;
    bool no_self_, needs_distance_ = false, ok_ = true;
    std::uint64_t seed_;
    Diagnostics& out_;
    const EdgeArrays* edges_;
    List list_;
    std::vector<std::size_t> rows_;  ///< of the list, in the range asked for, by target
    std::size_t next_row_ = 0;
    std::vector<Choice> chosen_;  ///< sources of the target at hand
    std::vector<Wire> wires_;
};

}  // namespace

std::vector<Wire> wire(const model::ConnectionSpec& spec, const WiringEnd& source, const WiringEnd& target,
                       bool same_population, std::int64_t first, std::int64_t end, std::uint64_t seed,
                       Diagnostics& diagnostics, const EdgeArrays* edges)
{
    return Wiring(spec, source, target, same_population, seed, diagnostics, edges).onto(first, end);
}

}  // namespace axolemma::run
