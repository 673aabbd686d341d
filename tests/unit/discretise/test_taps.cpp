#include <cmath>
#include <map>
#include <numbers>

#include "discretise/cable.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using namespace axolemma::discretise;

namespace {

using Counts = std::vector<std::int32_t>;

/// The same cable as a network in which every place of interest is a node of its own, built without Layout's neighbours.
class Network {
public:
    Network(const Morphology& morphology, const Layout& layout, const std::vector<double>& ra_ohm_cm,
            const std::vector<Location>& places)
    {
        for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
            std::map<double, std::size_t> stations;
            const auto& section = morphology.section(s);
            if (section.parent >= 0) {
                stations[0.0] = attachment(layout, section.parent, section.parent_position);
            }
            const std::int32_t n = layout.n_cv[static_cast<std::size_t>(s)];
            for (std::int32_t k = 0; k < n; ++k) {
                const std::int32_t node = layout.first_node[static_cast<std::size_t>(s)] + k;
                const auto i = static_cast<std::size_t>(node);
                station(stations, layout.from[i]);
                node_station_[node] = station(stations, layout.centre(node).position);
                station(stations, layout.to[i]);
            }
            for (const auto& place : places) {
                if (place.section == s) {
                    station(stations, place.position);
                }
            }
            for (auto a = stations.begin(), b = std::next(a); b != stations.end(); ++a, ++b) {
                const auto node = layout.compartment_at({s, 0.5 * (a->first + b->first)});
                const double per_um = morphology.axial_per_um(s, a->first, b->first);
                edges_.push_back(
                    {a->second, b->second, 1.0 / (0.01 * ra_ohm_cm[static_cast<std::size_t>(node)] * per_um)});
            }
            stations_.push_back(std::move(stations));
        }
    }

    /// Voltages for 1 nA injected at a place; ask with at().
    void inject(Location where, const std::vector<double>& leak_uS)
    {
        test::Matrix a(n_, std::vector<double>(n_, 0.0));
        std::vector<double> b(n_, 0.0);
        for (const auto& [i, j, g] : edges_) {
            a[i][i] += g;
            a[j][j] += g;
            a[i][j] -= g;
            a[j][i] -= g;
        }
        for (const auto& [node, i] : node_station_) {
            a[i][i] += leak_uS[static_cast<std::size_t>(node)];
        }
        b[index(where)] = 1.0;
        v_ = test::solve_dense(a, b);
    }
    double at(Location where) const { return v_[index(where)]; }

private:
    struct Edge {
        std::size_t i, j;
        double g_uS;
    };
    std::size_t index(Location where) const
    {
        return stations_[static_cast<std::size_t>(where.section)].at(where.position);
    }
    std::size_t station(std::map<double, std::size_t>& stations, double position)
    {
        const auto [found, is_new] = stations.try_emplace(position, n_);
        n_ += is_new ? 1 : 0;
        return found->second;
    }
    /// A section that hangs inside another one hangs on the centre of the compartment there.
    std::size_t attachment(const Layout& layout, std::int32_t parent, double position)
    {
        auto& stations = stations_[static_cast<std::size_t>(parent)];
        const bool inside = position > 0.0 && position < 1.0;
        return inside ? stations.at(layout.centre(layout.compartment_at({parent, position})).position)
                      : stations.at(position);
    }

    std::size_t n_ = 0;
    std::vector<std::map<double, std::size_t>> stations_;
    std::map<std::int32_t, std::size_t> node_station_;
    std::vector<Edge> edges_;
    std::vector<double> v_;
};

/// Injects at every place and reads at every place, through taps and in the network.
void check_all_pairs(const Morphology& morphology, const Counts& counts)
{
    const auto layout = lay_out(morphology, counts);
    std::vector<double> cm, ra, leak;
    for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
        cm.push_back(1.0);
        ra.push_back(80.0 + 37.0 * (i % 4));  // every compartment its own
        leak.push_back(1e-4 * layout.area_um2[static_cast<std::size_t>(i)]);
    }
    std::vector<Location> places;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        for (const double x : {0.0, 0.03, 0.21, 0.25, 0.5, 0.55, 0.8, 0.97, 1.0}) {
            places.push_back({s, x});
        }
    }
    Network network(morphology, layout, ra, places);
    const auto matrix = test::tree_matrix(layout, make_cable_tree(layout, cm, ra), leak);
    for (const auto source_at : places) {
        network.inject(source_at, leak);
        const Tap source = tap_at(layout, morphology, ra, source_at);
        std::vector<double> b(matrix.size(), 0.0);
        for (std::size_t k = 0; k < 2; ++k) {
            if (source.node[k] >= 0) {
                b[static_cast<std::size_t>(source.node[k])] += source.weight[k];
            }
        }
        const auto v = test::solve_dense(matrix, b);
        for (const auto reader_at : places) {
            const Tap reader = tap_at(layout, morphology, ra, reader_at);
            double read = shared_resistance_Mohm(reader, source);
            for (std::size_t k = 0; k < 2; ++k) {
                read += reader.node[k] >= 0 ? reader.weight[k] * v[static_cast<std::size_t>(reader.node[k])] : 0.0;
            }
            INFO("inject at " << source_at.section << "(" << source_at.position << "), read at " << reader_at.section
                              << "(" << reader_at.position << ")");
            CHECK(read == Approx(network.at(reader_at)).epsilon(1e-10));
        }
    }
}

}  // namespace

TEST_CASE("taps are exact on a cable: between centres, on borders and towards its sealed ends", "[discretise][tap]")
{
    check_all_pairs(morphology::make_cable(300.0, 2.0, 0.8), {4});
    check_all_pairs(morphology::make_cable(300.0, 2.0, 2.0), {2});
}

TEST_CASE("taps are exact on a single compartment, whose two ends do not share a resistor", "[discretise][tap]")
{
    check_all_pairs(morphology::make_cable(300.0, 2.0, 2.0), {1});
}

TEST_CASE("taps are exact across a joint of two sections", "[discretise][tap]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.0);
    tree.add(0, 1.0, 80.0, 0.4);
    check_all_pairs(tree.make(), {2, 3});
    check_all_pairs(tree.make(), {1, 1});
}

TEST_CASE("taps are exact around a junction", "[discretise][tap]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.0);
    tree.add(0, 1.0, 80.0, 0.4);
    tree.add(0, 1.0, 120.0, 0.6, 0.3);
    check_all_pairs(tree.make(), {2, 1, 3});
}

TEST_CASE("taps are exact where sections hang on the root's start", "[discretise][tap]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.0);
    tree.add(0, 0.0, 80.0, 0.4);
    check_all_pairs(tree.make(), {2, 2});
    tree.add(0, 0.0, 60.0, 0.4);
    check_all_pairs(tree.make(), {1, 2, 1});
}

TEST_CASE("taps are exact where sections hang inside another", "[discretise][tap]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.0);
    tree.add(0, 0.4, 80.0, 0.4);
    tree.add(0, 0.4, 70.0, 0.5);
    tree.add(1, 1.0, 30.0, 0.2);
    check_all_pairs(tree.make(), {3, 2, 1, 2});
}

TEST_CASE("a tap at a centre is the node itself", "[discretise][tap]")
{
    const auto cable = morphology::make_cable(30.0, 2.0, 2.0);
    const auto layout = lay_out(cable, {3});
    const std::vector<double> ra(3, 100.0);
    const Tap tap = tap_at(layout, cable, ra, {0, 0.5});
    CHECK(tap.node == std::array<std::int32_t, 2>{1, -1});
    CHECK(tap.weight[0] == 1.0);
    CHECK(tap.resistance_Mohm == 0.0);
}

TEST_CASE("a tap a quarter of the way between two centres takes three quarters from the nearer", "[discretise][tap]")
{
    const auto cable = morphology::make_cable(20.0, 2.0, 2.0);
    const auto layout = lay_out(cable, {2});
    const std::vector<double> ra(2, 100.0);
    const Tap tap = tap_at(layout, cable, ra, {0, 0.375});  // 7.5 um; centres at 5 and 15
    CHECK(tap.node == std::array<std::int32_t, 2>{0, 1});
    CHECK(tap.weight[0] == Approx(0.75).epsilon(1e-14));
    CHECK(tap.weight[1] == Approx(0.25).epsilon(1e-14));
    CHECK(tap.resistance_Mohm == Approx(0.25 * 0.75 * 10.0 / std::numbers::pi).epsilon(1e-14));
}
