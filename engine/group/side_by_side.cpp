#include "group/side_by_side.hpp"

#include <algorithm>

#include "base/index.hpp"
#include "group/chains.hpp"
#include "group/row_numbers.hpp"

namespace axolemma::group {

namespace {

using base::index;

/// Appends eight cells at a time.
class Octets {
public:
    void append(std::span<const TreeToPack> eight)
    {
        units_ = take_apart(eight.first(1));
        first_node_ = packing_.n_nodes();
        n_nodes_ = static_cast<std::int32_t>(eight[0].parent.size());
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            for (const std::int32_t parent : units_.parent) {
                packing_.parent.push_back(parent < 0 ? -1 : parent + first_node_ + lane * n_nodes_);
            }
        }
        packing_.slot.resize(packing_.parent.size(), 0);
        collect_injected(eight);
        out_.assign(units_.units.size(), -1);
        // Units come after the one above them, so those without one are the roots; a cell has one.
        emit_subtree(0);
    }

    Packing take()
    {
        packing_.side_by_side = true;
        number_rows();
        return std::move(packing_);
    }

private:
    void collect_injected(std::span<const TreeToPack> eight)
    {
        injected_.assign(index(n_nodes_), false);
        first_injection_ = packing_.injections.size();
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            for (const std::int32_t i : eight[index(lane)].injected) {
                packing_.injections.push_back({first_node_ + lane * n_nodes_ + i, -1, lane});
                injected_[index(i)] = true;
            }
        }
    }

    /// A unit after everything that hands over to it. An explicit stack: trees may be deep.
    void emit_subtree(std::int32_t root)
    {
        std::vector<std::pair<std::int32_t, std::int32_t>> open{{root, units_.first_giver[index(root)]}};
        while (!open.empty()) {
            auto& [u, next] = open.back();
            if (next < units_.first_giver[index(u) + 1]) {
                const std::int32_t giver = units_.giver[index(next++)];
                open.emplace_back(giver, units_.first_giver[index(giver)]);
            } else {
                emit(u);
                open.pop_back();
            }
        }
    }

    void emit(std::int32_t u)
    {
        const Unit& unit = units_.units[index(u)];
        Operation operation;
        operation.kind = unit.kind == Unit::Kind::junction ? Operation::Kind::junctions : Operation::Kind::rows;
        auto& counter = unit.kind == Unit::Kind::junction ? packing_.n_junction_rows : packing_.n_rows;
        operation.start = add_start(u);
        // A new operation wherever electrodes act: their currents come in with what the children hand over.
        for (std::int32_t k = 0; k < unit.n;) {
            std::int32_t after = k + 1;
            while (after < unit.n && !injected_[index(node(unit, after))]) {
                ++after;
            }
            if (injected_[index(node(unit, k))]) {
                if (operation.start < 0) {
                    operation.start = add_start_that_goes_on();
                }
                packing_.starts[index(operation.start)].injection = add_injection(node(unit, k));
            }
            operation.top_row = counter;  // in order of emission; turned round in number_rows()
            operation.n_rows = after - k;
            for (; k < after; ++k) {
                place(node(unit, k), counter++, unit.kind != Unit::Kind::junction);
            }
            operation.end = after == unit.n ? add_end(u) : -1;
            packing_.operations.push_back(operation);
            operation.start = -1;
        }
    }

    std::int32_t node(const Unit& unit, std::int32_t k) const { return units_.nodes[index(unit.first + k)]; }

    void place(std::int32_t node, std::int32_t row, bool membrane)
    {
        for (std::int32_t lane = 0; lane < lanes; ++lane) {
            packing_.slot[index(first_node_ + lane * n_nodes_ + node)] = counted_slot(row, lane, membrane);
        }
    }

    std::int32_t add_start(std::int32_t u)
    {
        Start start;
        start.first_list = static_cast<std::int32_t>(packing_.child_blocks.size());
        const std::int32_t first = units_.first_giver[index(u)];
        const std::int32_t end = units_.first_giver[index(u) + 1];
        start.carried = end > first;
        start.lists = std::max(end - first - 1, 0);
        for (std::int32_t k = first; k + 1 < end; ++k) {
            packing_.child_blocks.push_back(out_[index(units_.giver[index(k)])]);
        }
        packing_.starts.push_back(start);
        return static_cast<std::int32_t>(packing_.starts.size()) - 1;
    }
    std::int32_t add_start_that_goes_on()
    {
        Start start;
        start.carried = true;
        packing_.starts.push_back(start);
        return static_cast<std::int32_t>(packing_.starts.size()) - 1;
    }

    std::int32_t add_end(std::int32_t u)
    {
        const std::int32_t above = units_.units[index(u)].above;
        const bool last_giver = above >= 0 && units_.giver[index(units_.first_giver[index(above) + 1] - 1)] == u;
        End end;
        // A root hands nothing over; whatever it puts there, nobody takes it up.
        end.out = last_giver ? -1 : packing_.n_out_blocks++;
        out_[index(u)] = end.out;
        end.parent_slot = above < 0 ? -1 : first_node_ + node(units_.units[index(above)], 0);  // a node, for now
        packing_.ends.push_back(end);
        return static_cast<std::int32_t>(packing_.ends.size()) - 1;
    }

    std::int32_t add_injection(std::int32_t node)
    {
        const std::int32_t block = packing_.n_injection_blocks++;
        for (std::size_t k = first_injection_; k < packing_.injections.size(); ++k) {
            auto& injection = packing_.injections[k];
            injection.block = (injection.node - first_node_) % n_nodes_ == node ? block : injection.block;
        }
        return block;
    }

    void number_rows()
    {
        number_from_root(packing_);
        for (auto& end : packing_.ends) {
            end.parent_slot = end.parent_slot < 0 ? packing_.empty_slot() : packing_.slot[index(end.parent_slot)];
        }
    }

    Units units_;  ///< of the one tree that all eight are
    Packing packing_;
    std::int32_t first_node_ = 0, n_nodes_ = 0;
    std::size_t first_injection_ = 0;  ///< of these eight
    std::vector<bool> injected_;       ///< does an electrode act at the node in any lane?
    std::vector<std::int32_t> out_;    ///< block of the outbox of each unit, -1 if none
};

}  // namespace

bool can_lie_side_by_side(std::span<const TreeToPack> trees)
{
    if (trees.empty() || trees.size() % base::lanes != 0) {
        return false;
    }
    for (std::size_t k = 0; k < trees.size(); ++k) {
        const auto& first = trees[k - k % base::lanes];
        if (trees[k].parent.data() != first.parent.data() || trees[k].parent.size() != first.parent.size() ||
            trees[k].cut_long_chains) {
            return false;
        }
    }
    return true;
}

Packing pack_side_by_side(std::span<const TreeToPack> trees)
{
    Octets octets;
    for (std::size_t k = 0; k < trees.size(); k += base::lanes) {
        octets.append(trees.subspan(k, base::lanes));
    }
    return octets.take();
}

}  // namespace axolemma::group
