#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <set>

#include "group/packing.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/forests.hpp"

using namespace axolemma;
using group::lanes;
using group::Operation;
using group::Packing;
using group::TreeToPack;
using test::CellMaker;
using test::Dice;

namespace {

using Ints = std::vector<std::int32_t>;
using Shapes = std::vector<discretise::Layout>;

std::vector<TreeToPack> trees_of(const Shapes& shapes, bool cut)
{
    std::vector<TreeToPack> trees;
    for (const auto& shape : shapes) {
        trees.push_back({shape.parent, shape.area_um2, {}, cut});
    }
    return trees;
}

Shapes random_shapes(Dice& dice, std::int32_t n_cells)
{
    Shapes shapes;
    for (std::int32_t c = 0; c < n_cells; ++c) {
        const auto n_sections = dice.whole(1, 15);
        Ints counts(static_cast<std::size_t>(n_sections));
        for (auto& count : counts) {
            count = dice.chance(0.2) ? dice.whole(10, 60) : dice.whole(1, 6);
        }
        shapes.push_back(discretise::lay_out(test::random_morphology(dice, n_sections), counts));
    }
    return shapes;
}

/// A packing seen from its slots and nodes.
struct View {
    explicit View(const Packing& of) : packing(of), node_at(static_cast<std::size_t>(of.n_all_rows()) * 8, -1)
    {
        for (std::int32_t node = 0; node < packing.n_nodes(); ++node) {
            node_at.at(static_cast<std::size_t>(slot(node))) = node;
        }
        std::int32_t position = 0;
        for (std::size_t k = 0; k < packing.operations.size(); ++k) {
            const auto& operation = packing.operations[k];
            for (std::int32_t row = operation.last_row(); row >= operation.top_row; --row) {
                row_position[row] = position++;
                row_operation[row] = static_cast<std::int32_t>(k);
            }
        }
        children.resize(static_cast<std::size_t>(packing.n_nodes()));
        for (std::int32_t node = 0; node < packing.n_nodes(); ++node) {
            if (parent(node) >= 0) {
                children[static_cast<std::size_t>(parent(node))].push_back(node);
            }
        }
    }

    std::int32_t slot(std::int32_t node) const { return packing.slot[static_cast<std::size_t>(node)]; }
    std::int32_t parent(std::int32_t node) const { return packing.parent[static_cast<std::size_t>(node)]; }
    std::int32_t row(std::int32_t node) const { return slot(node) / lanes; }
    const Ints& children_of(std::int32_t node) const { return children[static_cast<std::size_t>(node)]; }
    bool is_junction(std::int32_t node) const { return row(node) >= packing.n_rows; }
    bool mask(std::int32_t k, std::int32_t lane) const
    {
        return k >= 0 && std::bit_cast<std::uint64_t>(packing.masks[static_cast<std::size_t>(k * lanes + lane)]) != 0;
    }
    /// Node whose sums stand at each place of the outbox.
    std::map<std::int32_t, std::int32_t> node_of_pair() const
    {
        std::map<std::int32_t, std::int32_t> result;
        for (const auto& operation : packing.operations) {
            if (operation.end < 0) {
                continue;
            }
            const auto& end = packing.ends[static_cast<std::size_t>(operation.end)];
            for (std::int32_t lane = 0; lane < lanes; ++lane) {
                const auto node = node_at[static_cast<std::size_t>(operation.top_row * lanes + lane)];
                if (end.out >= 0 && node >= 0 && !mask(end.keep, lane)) {
                    result[end.out * lanes + lane] = node;
                }
            }
        }
        return result;
    }

    const Packing& packing;
    Ints node_at;
    std::map<std::int32_t, std::int32_t> row_position, row_operation;
    std::vector<Ints> children;
};

/// What holds for every packing, cut or not.
void check_slots(const Packing& packing, const std::vector<TreeToPack>& trees)
{
    std::set<std::int32_t> slots(packing.slot.begin(), packing.slot.end());
    CHECK(slots.size() == packing.slot.size());
    CHECK(*slots.rbegin() < packing.empty_slot());
    std::int32_t node = 0;
    for (const auto& tree : trees) {
        const auto first = node;
        for (std::size_t i = 0; i < tree.parent.size(); ++i, ++node) {
            const auto slot = packing.slot[static_cast<std::size_t>(node)];
            const bool junction = tree.area_um2[i] == 0.0;
            CHECK((slot / lanes >= packing.n_rows) == junction);
            CHECK(packing.parent[static_cast<std::size_t>(node)] == (tree.parent[i] < 0 ? -1 : tree.parent[i] + first));
        }
    }
    CHECK(node == packing.n_nodes());
    // Every row is eliminated once.
    Ints rows;
    for (const auto& operation : packing.operations) {
        CHECK(operation.n_rows >= 1);
        for (std::int32_t row = operation.top_row; row <= operation.last_row(); ++row) {
            rows.push_back(row);
            CHECK((row >= packing.n_rows) == (operation.kind == Operation::Kind::junctions));
        }
    }
    std::sort(rows.begin(), rows.end());
    CHECK(static_cast<std::int32_t>(rows.size()) == packing.n_all_rows());
    CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
}

void check_uncut(const Packing& packing)
{
    const View view(packing);
    const auto node_of_pair = view.node_of_pair();
    for (std::int32_t node = 0; node < packing.n_nodes(); ++node) {
        const auto& children = view.children_of(node);
        for (const auto child : children) {
            CHECK(view.row_position.at(view.row(child)) < view.row_position.at(view.row(node)));
        }
        const bool in_a_chain = children.size() == 1 && !view.is_junction(node) && !view.is_junction(children[0]);
        if (in_a_chain) {
            CHECK(view.slot(children[0]) == view.slot(node) + lanes);
            continue;
        }
        // Otherwise it takes up its children's sums, in the order of their numbers.
        const auto& operation = packing.operations[static_cast<std::size_t>(view.row_operation.at(view.row(node)))];
        REQUIRE(operation.last_row() == view.row(node));
        REQUIRE(operation.start >= 0);
        const auto& start = packing.starts[static_cast<std::size_t>(operation.start)];
        const auto lane = view.slot(node) % lanes;
        CHECK_FALSE(view.mask(start.keep, lane));
        Ints summed;
        if (start.from_junctions) {
            // What the operation before handed over, lane by lane, without the outbox.
            const auto& before =
                packing.operations[static_cast<std::size_t>(view.row_operation.at(view.row(node)) - 1)];
            REQUIRE(before.kind == Operation::Kind::junctions);
            REQUIRE(packing.ends[static_cast<std::size_t>(before.end)].out == -1);
            summed.push_back(view.node_at[static_cast<std::size_t>(before.top_row * lanes + lane)]);
        }
        for (std::int32_t k = 0; k < start.lists && !start.from_junctions; ++k) {
            const auto pair = packing.child_pairs[static_cast<std::size_t>((start.first_list + k) * lanes + lane)];
            if (pair != 0) {
                summed.push_back(node_of_pair.at(pair));
            }
        }
        CHECK(summed == children);
    }
    // Where a chain ends, it is known where its parent is.
    for (const auto& [pair, node] : node_of_pair) {
        const auto& operation = packing.operations[static_cast<std::size_t>(view.row_operation.at(view.row(node)))];
        const auto& end = packing.ends[static_cast<std::size_t>(operation.end)];
        const auto place = packing.places[static_cast<std::size_t>(end.parents * lanes + view.slot(node) % lanes)];
        CHECK(place == (view.parent(node) < 0 ? packing.empty_slot() : view.slot(view.parent(node))));
    }
    CHECK(packing.bridge_starts.empty());
    CHECK(packing.constant_pairs.empty());
    CHECK(packing.n_link_blocks == 1);
    for (const auto& operation : packing.operations) {
        CHECK_FALSE(operation.bridged);
        CHECK(operation.kind != Operation::Kind::separators);
    }
}

/// Separators, in the cell's own numbers.
std::set<std::int32_t> separators_of(const Packing& packing, std::int32_t first, std::int32_t n)
{
    std::set<std::int32_t> result;
    const View view(packing);
    for (const auto& operation : packing.operations) {
        for (std::int32_t lane = 0; lane < lanes && operation.kind == Operation::Kind::separators; ++lane) {
            const auto node = view.node_at[static_cast<std::size_t>(operation.top_row * lanes + lane)];
            if (node >= first && node < first + n) {
                result.insert(node - first);
            }
        }
    }
    return result;
}

discretise::Layout cable(std::int32_t n)
{
    return discretise::lay_out(morphology::make_cable(10.0 * n, 2.0, 2.0), {n});
}

/// The cell of the benchmark W2: a soma and a binary tree of depth 6, sections of three compartments.
discretise::Layout bushy_cell()
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 20.0, 10.0);
    double radius_um = 2.0;
    std::int32_t first = 1;
    tree.add(0, 1.0, 80.0, radius_um);
    for (int level = 1; level < 6; ++level) {
        radius_um *= 0.63;
        const std::int32_t n = 1 << (level - 1);
        for (std::int32_t k = 0; k < n; ++k) {
            tree.add(first + k, 1.0, 80.0, radius_um);
            tree.add(first + k, 1.0, 80.0, radius_um);
        }
        first += n;
    }
    Ints counts(64, 3);
    counts[0] = 1;
    return discretise::lay_out(tree.make(), counts);
}

}  // namespace

TEST_CASE("every node has one slot, junctions have rows of their own, and every row is eliminated once",
          "[group][packing]")
{
    Dice dice(1);
    for (int round = 0; round < 60; ++round) {
        const auto shapes = random_shapes(dice, dice.whole(1, 12));
        for (const bool cut : {false, true}) {
            const auto trees = trees_of(shapes, cut);
            check_slots(group::pack(trees), trees);
        }
    }
}

TEST_CASE("children are eliminated before parents, chains stay in their lane, and sums run in the order of the nodes",
          "[group][packing]")
{
    Dice dice(2);
    for (int round = 0; round < 60; ++round) {
        const auto shapes = random_shapes(dice, dice.whole(1, 12));
        check_uncut(group::pack(trees_of(shapes, false)));
    }
}

TEST_CASE("eight copies lie side by side: equal slots in every lane, children before parents, sums in order",
          "[group][packing]")
{
    Dice dice(5);
    for (int round = 0; round < 40; ++round) {
        const auto shape = random_shapes(dice, 1);
        const auto one = trees_of(shape, false);
        std::vector<TreeToPack> trees(16, one.front());
        trees[3].injected = {0};
        const auto packing = group::pack(trees);
        REQUIRE(packing.side_by_side);
        check_slots(packing, trees);
        CHECK(packing.fill() == 1.0);
        const View view(packing);
        const auto n = static_cast<std::int32_t>(one.front().parent.size());
        std::int32_t carried = -1;  // lowest node of lane 0 that the operation before handed over
        std::map<std::int32_t, std::int32_t> node_of_block;
        for (const auto& operation : packing.operations) {
            const auto node = view.node_at[static_cast<std::size_t>(operation.last_row() * lanes)];
            const auto top = view.node_at[static_cast<std::size_t>(operation.top_row * lanes)];
            for (std::int32_t lane = 0; lane < lanes; ++lane) {
                CHECK(view.slot(node + lane * n) == view.slot(node) + lane);
            }
            Ints summed;
            const bool goes_on = operation.start < 0;
            if (!goes_on) {
                const auto& start = packing.starts[static_cast<std::size_t>(operation.start)];
                for (std::int32_t k = 0; k < start.lists; ++k) {
                    summed.push_back(
                        node_of_block.at(packing.child_blocks[static_cast<std::size_t>(start.first_list + k)]));
                }
                if (start.carried) {
                    summed.push_back(carried);
                }
            } else {
                summed.push_back(carried);
            }
            CHECK(summed == view.children_of(node));
            carried = top;
            if (operation.end >= 0) {
                const auto& end = packing.ends[static_cast<std::size_t>(operation.end)];
                CHECK(end.parent_slot == (view.parent(top) < 0 ? packing.empty_slot() : view.slot(view.parent(top))));
                if (end.out >= 0) {
                    node_of_block[end.out] = top;
                }
            }
        }
    }
}

TEST_CASE("only whole eights of copies lie side by side", "[group][packing]")
{
    const Shapes shapes{cable(5), cable(5)};
    const auto trees = trees_of(shapes, false);
    CHECK_FALSE(group::pack(std::vector<TreeToPack>(7, trees[0])).side_by_side);
    CHECK_FALSE(group::pack(std::vector<TreeToPack>(12, trees[0])).side_by_side);
    CHECK(group::pack(std::vector<TreeToPack>(8, trees[0])).side_by_side);
    // As many compartments, but another shape.
    std::vector<TreeToPack> mixed(8, trees[0]);
    mixed[7] = trees[1];
    CHECK_FALSE(group::pack(mixed).side_by_side);
}

TEST_CASE("packing the same trees again gives the same packing", "[group][packing]")
{
    Dice dice(3);
    const auto shapes = random_shapes(dice, 8);
    for (const bool cut : {false, true}) {
        const auto a = group::pack(trees_of(shapes, cut));
        const auto b = group::pack(trees_of(shapes, cut));
        CHECK(a.slot == b.slot);
        CHECK(a.child_pairs == b.child_pairs);
        CHECK(a.places == b.places);
        CHECK(a.masks.size() == b.masks.size());
        CHECK(std::memcmp(a.masks.data(), b.masks.data(), a.masks.size() * sizeof(double)) == 0);
        CHECK(a.operations.size() == b.operations.size());
    }
}

TEST_CASE("a long cable is cut when asked, and only then", "[group][packing]")
{
    const Shapes shapes{cable(1000)};
    const auto whole = group::pack(trees_of(shapes, false));
    CHECK(whole.n_rows == 1000);
    check_uncut(whole);
    const auto cut = group::pack(trees_of(shapes, true));
    // Eight pieces beside each other would be 125 rows and a few for what joins them.
    CHECK(cut.n_rows < 150);
    CHECK(cut.fill() > 0.85);
    CHECK_FALSE(separators_of(cut, 0, 1000).empty());
}

TEST_CASE("nothing is cut that fills the lanes or is short", "[group][packing]")
{
    for (const auto& shapes : {Shapes{bushy_cell()}, Shapes{cable(5)}, Shapes{cable(1)}}) {
        const auto packing = group::pack(trees_of(shapes, true));
        CHECK(separators_of(packing, 0, packing.n_nodes()).empty());
        check_uncut(packing);
    }
}

TEST_CASE("where a cell is cut does not depend on who else is in the group", "[group][packing]")
{
    Dice dice(4);
    std::size_t n_separators = 0;
    for (int round = 0; round < 20; ++round) {
        auto shapes = random_shapes(dice, 5);
        shapes.push_back(cable(dice.whole(40, 400)));
        const auto together = group::pack(trees_of(shapes, true));
        std::int32_t first = 0;
        for (const auto& shape : shapes) {
            const auto alone = group::pack(trees_of({shape}, true));
            const auto own = separators_of(alone, 0, shape.n_nodes());
            n_separators += own.size();
            CHECK(separators_of(together, first, shape.n_nodes()) == own);
            first += shape.n_nodes();
        }
    }
    CHECK(n_separators > 40);
}

TEST_CASE("a group of bushy cells fills its lanes to nine tenths and more", "[group][packing]")
{
    for (const std::size_t n_cells : {4u, 16u, 64u}) {
        const Shapes shapes(n_cells, bushy_cell());
        const auto packing = group::pack(trees_of(shapes, false));
        INFO(n_cells << " cells");
        CHECK(packing.fill() > 0.9);
        CHECK(packing.fill() == Approx(packing.n_nodes() / (8.0 * packing.n_all_rows())));
    }
}

TEST_CASE("currents enter where their node is, in the row that starts an operation", "[group][packing]")
{
    Dice dice(5);
    for (int round = 0; round < 40; ++round) {
        const auto shapes = random_shapes(dice, dice.whole(1, 6));
        auto trees = trees_of(shapes, round % 2 == 0);
        Ints wanted;
        std::int32_t first = 0;
        for (auto& tree : trees) {
            for (std::int32_t i = 0; i < static_cast<std::int32_t>(tree.parent.size()); ++i) {
                if (dice.chance(0.1)) {
                    tree.injected.push_back(i);
                    wanted.push_back(first + i);
                }
            }
            first += static_cast<std::int32_t>(tree.parent.size());
        }
        const auto packing = group::pack(trees);
        check_slots(packing, trees);
        const View view(packing);
        Ints found;
        std::set<std::pair<std::int32_t, std::int32_t>> places;
        for (const auto& injection : packing.injections) {
            found.push_back(injection.node);
            CHECK(injection.lane == view.slot(injection.node) % lanes);
            CHECK((injection.block >= 0 && injection.block < packing.n_injection_blocks));
            places.insert({injection.block, injection.lane});
            const auto row = view.row(injection.node);
            const auto& operation = packing.operations[static_cast<std::size_t>(view.row_operation.at(row))];
            CHECK(operation.last_row() == row);
            REQUIRE(operation.start >= 0);
            CHECK(packing.starts[static_cast<std::size_t>(operation.start)].injection == injection.block);
        }
        CHECK(found == wanted);
        CHECK(places.size() == wanted.size());
    }
}

TEST_CASE("equal groups one after the other share one packing, others do not", "[group][packing]")
{
    CellMaker maker{morphology::make_cable(200.0, 2.0, 2.0), {20}};
    maker.mechanisms = {"hh"};
    auto cell = maker.make();
    auto other = maker.make();  // the same shape, in a layout of its own
    const auto pack = [](group::Planner& planner, std::vector<group::CellToPack> cells) {
        return planner.make_plan(cells, 6.3).packing;
    };
    group::Planner planner;
    const auto first = pack(planner, {{0, &cell}, {1, &cell}});
    CHECK(pack(planner, {{2, &cell}, {3, &cell}}) == first);
    const auto bytes = planner.packing_bytes();
    CHECK(bytes == first->bytes());
    CHECK(pack(planner, {{4, &cell}}) != first);
    CHECK(planner.packing_bytes() > bytes);

    discretise::Plugged clamps;
    clamps.current_clamps.push_back({0, {{3, -1}, {1.0, 0.0}}, test::pulse(0.0, 1.0, 1.0)});
    discretise::Plugged stronger = clamps;
    stronger.current_clamps[0].waveform = test::pulse(0.0, 2.0, 7.0);
    discretise::Plugged elsewhere = clamps;
    elsewhere.current_clamps[0].tap.node[0] = 4;
    const auto clamped = pack(planner, {{5, &cell, &clamps}});
    CHECK(pack(planner, {{6, &cell, &stronger}}) == clamped);
    CHECK(pack(planner, {{7, &cell, &elsewhere}}) != clamped);
    const auto uncut = pack(planner, {{8, &cell}});
    CHECK(pack(planner, {{9, &cell, nullptr, true}}) != uncut);
    const auto of_cell = pack(planner, {{10, &cell}});
    CHECK(pack(planner, {{11, &other}})->slot == of_cell->slot);
}
