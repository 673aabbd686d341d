#include "group/packing.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/index.hpp"
#include "group/chains.hpp"
#include "group/ready_pool.hpp"
#include "group/row_numbers.hpp"
#include "group/side_by_side.hpp"

namespace axolemma::group {

namespace {

using base::index;

using Eight = std::array<std::int32_t, base::lanes>;

/// List scheduling: of the units whose givers are done, those farthest from the end of the elimination go first.
class Packer {
public:
    explicit Packer(std::span<const TreeToPack> trees) : units_(take_apart(trees))
    {
        packing_.parent = units_.parent;
        packing_.slot.assign(units_.parent.size(), 0);
        collect_injected(trees);
        out_.assign(units_.units.size(), 0);
        bridge_out_.assign(units_.units.size(), 0);
        link_.assign(units_.units.size(), 0);
        waits_.assign(units_.units.size(), 0);
        lane_unit_.fill(-1);
        last_junctions_.fill(-1);
        for (std::size_t u = 0; u < units_.units.size(); ++u) {
            nodes_left_ += units_.units[u].kind == Unit::Kind::junction ? 0 : units_.units[u].n;
            waits_[u] = units_.first_giver[u + 1] - units_.first_giver[u] + (units_.units[u].bridge >= 0 ? 1 : 0);
            if (waits_[u] == 0) {
                make_ready(static_cast<std::int32_t>(u));
            }
        }
    }

    Packing take()
    {
        while (true) {
            fill_lanes();
            if (std::all_of(lane_unit_.begin(), lane_unit_.end(), [](std::int32_t u) { return u < 0; })) {
                break;  // fill_lanes has emitted all junctions and separators that were ready, so nothing is left
            }
            emit_rows();
        }
        number_rows();
        return std::move(packing_);
    }

private:
    const Unit& unit(std::int32_t u) const { return units_.units[index(u)]; }
    std::int32_t node(std::int32_t u, std::int32_t k) const { return units_.nodes[index(unit(u).first + k)]; }

    void collect_injected(std::span<const TreeToPack> trees)
    {
        std::int32_t first = 0;
        for (const auto& tree : trees) {
            for (const std::int32_t i : tree.injected) {
                packing_.injections.push_back({i + first, -1, 0});
            }
            first += static_cast<std::int32_t>(tree.parent.size());
        }
    }
    Injection* injection_at(std::int32_t node)
    {
        const auto found = std::lower_bound(packing_.injections.begin(), packing_.injections.end(), node,
                                            [](const Injection& a, std::int32_t b) { return a.node < b; });
        return found != packing_.injections.end() && found->node == node ? &*found : nullptr;
    }

    void make_ready(std::int32_t u)
    {
        switch (unit(u).kind) {
        case Unit::Kind::chain: chains_.add(u, unit(u).height, unit(u).n); break;
        case Unit::Kind::junction: junctions_.add(u, unit(u).height, length_above(u)); break;
        case Unit::Kind::separator: separators_.add(u, unit(u).height, 1); break;
        }
    }
    /// Rows of the chain that begins at a junction and at nothing else; 0 if the junction hands over to something else.
    std::int32_t length_above(std::int32_t junction) const
    {
        const std::int32_t above = unit(junction).above;
        return above >= 0 && begins_at_one_junction(above) ? unit(above).n : 0;
    }
    bool begins_at_one_junction(std::int32_t u) const
    {
        const std::int32_t first = units_.first_giver[index(u)];
        return unit(u).kind == Unit::Kind::chain && !unit(u).is_bridge() && unit(u).bridge < 0 &&
               units_.first_giver[index(u) + 1] - first == 1 &&
               unit(units_.giver[index(first)]).kind == Unit::Kind::junction;
    }
    void done(std::int32_t u)
    {
        for (const std::int32_t next : {unit(u).above, unit(u).below}) {
            if (next >= 0 && --waits_[index(next)] == 0) {
                make_ready(next);
            }
        }
    }

    /// Gives the free lanes chains, as far as there are any; junctions and separators go in between where lanes would stay
    /// empty otherwise.
    ///
    /// Every beginning and end of a chain costs about as much as a row. So chains of one length are started together, as long
    /// as nothing is urgent: as long as the rest of the work takes longer than the longest path.
    void fill_lanes()
    {
        starting_.fill(-1);
        const auto n_free = static_cast<std::size_t>(std::count(lane_unit_.begin(), lane_unit_.end(), -1));
        std::int32_t length = longest_left();
        if (n_free == base::lanes && !is_urgent()) {
            length = choose_length();
        }
        while (chains_.size() < n_free && !(junctions_.empty() && separators_.empty())) {
            emit_single(junctions_.empty() ? separators_ : junctions_, length);
        }
        const bool urgent = is_urgent();
        Eight chosen;
        chosen.fill(-1);
        for (std::size_t k = 0; k < n_free && !chains_.empty(); ++k) {
            length = length == ReadyPool::none ? chains_.urgent_length() : length;
            chosen[k] = urgent ? chains_.take_urgent() : chains_.take_near(length);
        }
        // A chain above a junction that has just been eliminated stays in the junction's lane if it can.
        for (auto& u : chosen) {
            if (const std::int32_t lane = u < 0 ? -1 : lane_of_junction_below(u);
                lane >= 0 && lane_unit_[index(lane)] < 0) {
                start_in(index(lane), u);
                u = -1;
            }
        }
        for (std::size_t lane = 0, k = 0; lane < base::lanes; ++lane) {
            if (lane_unit_[lane] < 0) {
                while (k < base::lanes && chosen[k] < 0) {
                    ++k;
                }
                if (k < base::lanes) {
                    start_in(lane, chosen[k++]);
                }
            }
        }
    }

    /// Would the longest path through what is ready take as long as all that is left to do?
    bool is_urgent() const
    {
        const std::int32_t urgency = std::max({chains_.urgency(), junctions_.urgency(), separators_.urgency()});
        return urgency >= nodes_left_ / lanes;
    }

    /// Rows until the last of the lanes at work has ended its chain; `none` if all are free.
    std::int32_t longest_left() const
    {
        std::int32_t longest = ReadyPool::none;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (lane_unit_[lane] >= 0) {
                longest = std::max(longest, unit(lane_unit_[lane]).n - position_[lane]);
            }
        }
        return longest;
    }

    /// A length of which eight chains can start together; those may need eight junctions first, which are then emitted.
    std::int32_t choose_length()
    {
        const std::int32_t of_chains = chains_.full_length();
        const std::int32_t of_junctions = junctions_.full_length();
        if (of_junctions > 0 &&
            (of_chains == ReadyPool::none || junctions_.urgency(of_junctions) >= chains_.urgency(of_chains))) {
            emit_single(junctions_, of_junctions);
            return of_junctions;
        }
        return of_chains;
    }

    void start_in(std::size_t lane, std::int32_t u)
    {
        lane_unit_[lane] = starting_[lane] = u;
        position_[lane] = 0;
    }

    /// Lane of the last operation in which the junction is that a chain begins at, and nothing else; or -1.
    std::int32_t lane_of_junction_below(std::int32_t u) const
    {
        if (!begins_at_one_junction(u)) {
            return -1;
        }
        const std::int32_t junction = units_.giver[index(units_.first_giver[index(u)])];
        const auto found = std::find(last_junctions_.begin(), last_junctions_.end(), junction);
        return found == last_junctions_.end() ? -1 : static_cast<std::int32_t>(found - last_junctions_.begin());
    }

    /// One row of up to eight junctions, or of separators.
    /// @param length  rows that the chains above junctions should have, or ReadyPool::none
    void emit_single(ReadyPool& pool, std::int32_t length)
    {
        Eight who;
        who.fill(-1);
        for (std::size_t lane = 0; lane < base::lanes && !pool.empty(); ++lane) {
            who[lane] = length == ReadyPool::none ? pool.take_urgent() : pool.take_near(length);
        }
        const bool separators = unit(who[0]).kind == Unit::Kind::separator;
        Operation operation;
        operation.kind = separators ? Operation::Kind::separators : Operation::Kind::junctions;
        operation.n_rows = 1;
        auto& counter = separators ? packing_.n_rows : packing_.n_junction_rows;
        operation.top_row = counter++;
        operation.start = add_start(who, operation);
        operation.end = add_end(who, operation.kind);
        packing_.starts[index(operation.start)].injection = place_nodes(who, Eight{}, operation.top_row, separators);
        packing_.operations.push_back(operation);
        last_junctions_.fill(-1);
        if (!separators) {
            last_junctions_ = who;
        }
        for (const std::int32_t u : who) {
            if (u >= 0) {
                done(u);
            }
        }
    }

    void emit_rows()
    {
        Operation operation;
        std::int32_t n = rows_until_change();
        const bool any_start = std::any_of(starting_.begin(), starting_.end(), [](std::int32_t u) { return u >= 0; });
        for (const std::int32_t u : lane_unit_) {
            operation.bridged = operation.bridged || (u >= 0 && unit(u).is_bridge());
        }
        operation.top_row = packing_.n_rows;  // in order of emission; turned round in number_rows()
        operation.n_rows = n;
        packing_.n_rows += n;
        if (any_start) {
            operation.start = add_start(starting_, operation);
            take_junctions_directly(packing_.starts[index(operation.start)]);
        }
        last_junctions_.fill(-1);
        std::int32_t injection = -1;
        for (std::int32_t row = 0; row < n; ++row) {
            const std::int32_t block = place_nodes(lane_unit_, position_, operation.top_row + row, true);
            injection = row == 0 ? block : injection;
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                position_[lane] += lane_unit_[lane] >= 0 ? 1 : 0;
            }
        }
        if (injection >= 0) {
            operation.start = operation.start < 0 ? add_empty_start() : operation.start;
            packing_.starts[index(operation.start)].injection = injection;
        }
        Eight ending;
        ending.fill(-1);
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (lane_unit_[lane] >= 0 && position_[lane] == unit(lane_unit_[lane]).n) {
                ending[lane] = lane_unit_[lane];
                lane_unit_[lane] = -1;
            }
        }
        if (std::any_of(ending.begin(), ending.end(), [](std::int32_t u) { return u >= 0; })) {
            operation.end = add_end(ending, operation.kind);
        }
        packing_.operations.push_back(operation);
        for (const std::int32_t u : ending) {
            if (u >= 0) {
                done(u);
            }
        }
    }

    /// Where each starting lane takes up the junction of its own lane, and every junction is taken up: no outbox.
    void take_junctions_directly(Start& start)
    {
        bool all = true;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            const std::int32_t u = starting_[lane];
            const bool junction = last_junctions_[lane] >= 0;
            all =
                all && junction == (u >= 0) && (u < 0 || lane_of_junction_below(u) == static_cast<std::int32_t>(lane));
        }
        if (all) {
            start.from_junctions = true;
            packing_.ends[index(packing_.operations.back().end)].out = -1;
        }
    }

    /// Rows until a lane ends its chain or comes to a node where an electrode acts.
    std::int32_t rows_until_change()
    {
        std::int32_t n = -1;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (const std::int32_t u = lane_unit_[lane]; u >= 0) {
                const std::int32_t left = unit(u).n - position_[lane];
                n = n < 0 ? left : std::min(n, left);
            }
        }
        for (std::size_t lane = 0; lane < base::lanes && !packing_.injections.empty(); ++lane) {
            for (std::int32_t ahead = 1; lane_unit_[lane] >= 0 && ahead < n; ++ahead) {
                if (injection_at(node(lane_unit_[lane], position_[lane] + ahead)) != nullptr) {
                    n = ahead;
                }
            }
        }
        return n;
    }

    /// Slots in order of emission, and the block of currents of the row, or -1.
    std::int32_t place_nodes(const Eight& who, const Eight& position, std::int32_t row, bool membrane)
    {
        std::int32_t block = -1;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (who[lane] < 0) {
                continue;
            }
            const std::int32_t n = node(who[lane], position[lane]);
            packing_.slot[index(n)] = counted_slot(row, static_cast<std::int32_t>(lane), membrane);
            nodes_left_ -= membrane ? 1 : 0;
            if (auto* injection = packing_.injections.empty() ? nullptr : injection_at(n); injection != nullptr) {
                block = block < 0 ? packing_.n_injection_blocks++ : block;
                injection->block = block;
                injection->lane = static_cast<std::int32_t>(lane);
            }
        }
        return block;
    }

    /// A mask that is set where `one` holds, or -1 if it would be zero everywhere.
    template <class Predicate>
    std::int32_t add_mask(Predicate one)
    {
        std::array<double, base::lanes> mask{};
        bool any = false;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            mask[lane] = std::bit_cast<double>(one(lane) ? ~std::uint64_t{0} : std::uint64_t{0});
            any = any || one(lane);
        }
        if (!any) {
            return -1;
        }
        packing_.masks.insert(packing_.masks.end(), mask.begin(), mask.end());
        return static_cast<std::int32_t>(packing_.masks.size()) / lanes - 1;
    }

    std::int32_t add_empty_start()
    {
        Start start;
        packing_.starts.push_back(start);
        return static_cast<std::int32_t>(packing_.starts.size()) - 1;
    }

    std::int32_t add_start(const Eight& who, const Operation& operation)
    {
        Start start;
        std::array<std::vector<std::int32_t>, base::lanes> pairs;
        Eight below;
        below.fill(-1);
        std::size_t most = 0;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (who[lane] >= 0) {
                pairs[lane] = pairs_taken_up(who[lane]);
                below[lane] = unit(who[lane]).is_bridge() ? node(unit(who[lane]).below, 0) : -1;
            }
            most = std::max(most, pairs[lane].size());
        }
        start.lists = static_cast<std::int32_t>(std::max<std::size_t>(most, 1));
        start.first_list = static_cast<std::int32_t>(packing_.child_pairs.size()) / lanes;
        for (std::size_t k = 0; k < index(start.lists); ++k) {
            for (const auto& list : pairs) {
                packing_.child_pairs.push_back(k < list.size() ? list[k] : 0);
            }
        }
        const auto goes_on = [&](std::size_t lane) { return lane_unit_[lane] >= 0 && who[lane] < 0; };
        if (operation.kind == Operation::Kind::rows) {
            start.keep = add_mask(goes_on);
        }
        if (operation.bridged) {
            start.bridge_start = static_cast<std::int32_t>(packing_.bridge_starts.size()) / lanes;
            packing_.bridge_starts.insert(packing_.bridge_starts.end(), below.begin(), below.end());
            start.keep_bridge =
                add_mask([&](std::size_t lane) { return goes_on(lane) && unit(lane_unit_[lane]).is_bridge(); });
        }
        if (operation.kind == Operation::Kind::separators) {
            start.links = static_cast<std::int32_t>(packing_.link_places.size()) / lanes;
            for (const std::int32_t u : who) {
                packing_.link_places.push_back(u < 0 ? 0 : link_[index(u)]);
            }
        }
        packing_.starts.push_back(start);
        return static_cast<std::int32_t>(packing_.starts.size()) - 1;
    }

    /// Places in the outbox whose sum is what a unit begins with.
    std::vector<std::int32_t> pairs_taken_up(std::int32_t u)
    {
        std::vector<std::int32_t> pairs;
        if (unit(u).is_bridge()) {
            const std::int32_t pair = packing_.n_out_blocks * lanes;
            ++packing_.n_out_blocks;
            packing_.constant_pairs.push_back({pair, node(unit(u).below, 0)});
            return {pair};
        }
        for (std::int32_t k = units_.first_giver[index(u)]; k < units_.first_giver[index(u) + 1]; ++k) {
            pairs.push_back(out_[index(units_.giver[index(k)])]);
        }
        if (unit(u).bridge >= 0) {
            pairs.push_back(bridge_out_[index(unit(u).bridge)]);
        }
        return pairs;
    }

    std::int32_t add_end(const Eight& who, Operation::Kind kind)
    {
        End end;
        end.out = packing_.n_out_blocks++;
        bool bridges = false;
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if (who[lane] >= 0) {
                out_[index(who[lane])] = end.out * lanes + static_cast<std::int32_t>(lane);
                bridges = bridges || unit(who[lane]).is_bridge();
            }
        }
        // Nodes for now; number_rows() turns them into slots.
        end.parents = add_places(who, [&](std::int32_t u) {
            return unit(u).kind == Unit::Kind::separator ? top_of_above(u) : units_.parent[index(top(u))];
        });
        if (kind == Operation::Kind::rows) {
            end.keep = add_mask([&](std::size_t lane) { return lane_unit_[lane] >= 0; });
        }
        if (bridges) {
            end.bridge_out = packing_.n_out_blocks++;
            const std::int32_t link_block = packing_.n_link_blocks++;
            end.below =
                add_places(who, [&](std::int32_t u) { return unit(u).is_bridge() ? node(unit(u).below, 0) : -1; });
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                if (who[lane] >= 0 && unit(who[lane]).is_bridge()) {
                    bridge_out_[index(who[lane])] = end.bridge_out * lanes + static_cast<std::int32_t>(lane);
                    link_[index(unit(who[lane]).below)] = link_block * lanes + static_cast<std::int32_t>(lane);
                }
            }
            end.link_block = link_block;
        }
        packing_.ends.push_back(end);
        return static_cast<std::int32_t>(packing_.ends.size()) - 1;
    }

    std::int32_t top(std::int32_t u) const { return node(u, unit(u).n - 1); }
    /// The node that a separator is coupled to once the bridge above it is gone: the lowest of the unit above.
    std::int32_t top_of_above(std::int32_t u) const { return unit(u).above < 0 ? -1 : node(unit(u).above, 0); }

    template <class NodeOf>
    std::int32_t add_places(const Eight& who, NodeOf node_of)
    {
        for (const std::int32_t u : who) {
            packing_.places.push_back(u < 0 ? -1 : node_of(u));
        }
        return static_cast<std::int32_t>(packing_.places.size()) / lanes - 1;
    }

    /// Rows were counted in the order of elimination; numbered they are from the root.
    void number_rows()
    {
        number_from_root(packing_);
        for (auto& place : packing_.places) {
            place = place < 0 ? packing_.empty_slot() : packing_.slot[index(place)];
        }
    }

    Units units_;
    Packing packing_;
    std::vector<std::int32_t> out_, bridge_out_, link_;  ///< of each unit: pair in the outbox; place in the links
    std::vector<std::int32_t> waits_;
    ReadyPool chains_, junctions_, separators_;
    std::int32_t nodes_left_ = 0;  ///< with a membrane, not yet placed
    Eight lane_unit_{}, position_{}, starting_{};
    Eight last_junctions_{};  ///< of the last operation, if it was one of junctions
};

}  // namespace

std::size_t Packing::bytes() const
{
    const auto of = [](const auto& list) { return list.capacity() * sizeof(list[0]); };
    return of(slot) + of(parent) + of(operations) + of(starts) + of(ends) + of(child_pairs) + of(child_blocks) +
           of(places) + of(link_places) + of(masks) + of(bridge_starts) + of(constant_pairs) + of(injections);
}

Packing pack(std::span<const TreeToPack> trees)
{
    if (can_lie_side_by_side(trees)) {
        return pack_side_by_side(trees);
    }
    return Packer(trees).take();
}

}  // namespace axolemma::group
