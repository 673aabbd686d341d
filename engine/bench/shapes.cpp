#include "bench/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numbers>
#include <system_error>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/random.hpp"
#include "morphology/morphology.hpp"

namespace axolemma::bench {

namespace {

using morphology::Point;

/// Lines of an SWC file, numbered as they are added.
class SwcText {
public:
    /// @returns the sample's id, from 1
    int add(std::int32_t type, const Point& p, int parent)
    {
        fmt::format_to(std::back_inserter(text_), "{} {} {} {} {} {} {}\n", ++n_, type, p.x_um, p.y_um, p.z_um,
                       p.radius_um, parent);
        return n_;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    int n_ = 0;
};

Point moved(const Point& from, double length_um, double azimuth, double elevation, double radius_um)
{
    return {from.x_um + length_um * std::cos(azimuth) * std::cos(elevation),
            from.y_um + length_um * std::sin(azimuth) * std::cos(elevation),
            from.z_um + length_um * std::sin(elevation), radius_um};
}

/// A branch that is yet to be drawn.
struct Tip {
    int parent = 0;
    Point start;
    double azimuth = 0, elevation = 0;
    int generation = 0;
};

constexpr double pi = std::numbers::pi;

/// A cylinder that is narrower than its parent. In SWC a segment runs from the parent's radius to the sample's own. The
/// soma rule `neuron` makes no section of a lone sample at its parent's place, and what hangs on it starts with its
/// radius: such a sample, told apart by its type, is the cylinder's first point.
int add_cylinder(SwcText& swc, const Tip& tip, double length_um, double radius_um)
{
    Point start = tip.start;
    start.radius_um = radius_um;
    const int joint = swc.add(morphology::custom, start, tip.parent);
    return swc.add(morphology::dend, moved(start, length_um, tip.azimuth, tip.elevation, radius_um), joint);
}

/// Random numbers of one tree, the same on every machine.
class Dice {
public:
    explicit Dice(std::int64_t number) : stream_(1, number, "bench/tree") {}
    /// Evenly distributed in the open interval.
    double between(double low, double high) { return low + (high - low) * stream_.uniform(next_++); }

private:
    base::CellStream stream_;
    std::uint32_t next_ = 0;
};

/// A soma, and the 3 to 7 stems that leave its two ends.
std::vector<Tip> stems(SwcText& swc, Dice& dice)
{
    const double radius_um = dice.between(6.0, 12.0);
    const Point far{2.0 * radius_um, 0, 0, radius_um};
    const int centre = swc.add(morphology::soma, {0, 0, 0, radius_um}, -1);
    const int end = swc.add(morphology::soma, far, centre);
    std::vector<Tip> tips;
    const auto n = static_cast<int>(dice.between(3.0, 8.0));
    for (int k = 0; k < n; ++k) {
        Tip tip{centre, {}, dice.between(-pi, pi), dice.between(-0.5 * pi, 0.5 * pi), 0};
        if (k % 2 == 1) {
            tip.parent = end;
            tip.start = far;
        }
        tip.start.radius_um = dice.between(0.8, 2.0);
        tips.push_back(tip);
    }
    return tips;
}

/// One section: eight steps in a direction that drifts.
Tip wander(SwcText& swc, Dice& dice, Tip tip)
{
    const double step_um = dice.between(8.0, 25.0);
    for (int i = 0; i < 8; ++i) {
        const double radius_um = std::max(0.15, tip.start.radius_um * dice.between(0.95, 1.01));
        tip.azimuth += dice.between(-0.3, 0.3);
        tip.elevation += dice.between(-0.3, 0.3);
        tip.start = moved(tip.start, step_um, tip.azimuth, tip.elevation, radius_um);
        tip.parent = swc.add(morphology::dend, tip.start, tip.parent);
    }
    return tip;
}

}  // namespace

std::string forked_cell_swc(int soma_sections)
{
    constexpr int last_generation = 6;
    constexpr double soma_um = 20.0;
    SwcText swc;
    int id = swc.add(morphology::soma, {0, 0, 0, 0.5 * soma_um}, -1);
    for (int k = 1; k <= soma_sections; ++k) {
        // A change of type is what ends a section of a soma.
        const std::int32_t type = k == 1 ? morphology::soma : 10 + k;
        id = swc.add(type, {soma_um * k / soma_sections, 0, 0, 0.5 * soma_um}, id);
    }
    std::vector<Tip> tips{{id, {soma_um, 0, 0, 0}, 0.0, 0.0, 0}};
    while (!tips.empty()) {
        const Tip tip = tips.back();
        tips.pop_back();
        constexpr double length_um = 80.0;
        const double radius_um = 2.0 * std::pow(2.0, -2.0 / 3.0 * tip.generation);
        const int end = add_cylinder(swc, tip, length_um, radius_um);
        if (tip.generation == last_generation) {
            continue;
        }
        // Half the angle at every generation, so that no two branches cross.
        const double spread = pi / 4.0 * std::pow(0.5, tip.generation);
        const Point fork = moved(tip.start, length_um, tip.azimuth, tip.elevation, radius_um);
        tips.push_back({end, fork, tip.azimuth - spread, 0.0, tip.generation + 1});
        tips.push_back({end, fork, tip.azimuth + spread, 0.0, tip.generation + 1});
    }
    return swc.text();
}

std::string random_tree_swc(std::int64_t number, int n_sections)
{
    Dice dice(number);
    SwcText swc;
    auto tips = stems(swc, dice);
    for (std::size_t k = 0; k < tips.size(); ++k) {
        const Tip end = wander(swc, dice, tips[k]);
        const bool room = static_cast<int>(tips.size()) + 2 <= n_sections;
        const bool last_one = k + 1 == tips.size();
        if (room && (last_one || dice.between(0.0, 1.0) < 0.7)) {
            for (const double side : {-1.0, 1.0}) {
                Tip branch = end;
                branch.azimuth += side * dice.between(0.2, 0.8);
                branch.elevation += side * dice.between(-0.4, 0.4);
                branch.start.radius_um *= dice.between(0.6, 0.9);
                tips.push_back(branch);
            }
        }
    }
    return swc.text();
}

ScratchFolder::ScratchFolder()
{
    std::error_code error;
    auto pattern = (std::filesystem::temp_directory_path(error) / "axolemma_bench_XXXXXX").string();
    if (error || mkdtemp(pattern.data()) == nullptr) {
        throw base::EngineError("cannot make a temporary folder for the shapes of a workload; TMPDIR names its place");
    }
    path_ = pattern;
}

ScratchFolder::~ScratchFolder()
{
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

std::string ScratchFolder::write(const std::string& name, const std::string& text) const
{
    const auto path = (path_ / name).string();
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw base::EngineError(fmt::format("cannot write '{}'", path));
    }
    return path;
}

}  // namespace axolemma::bench
