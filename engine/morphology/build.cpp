#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "morphology/section_builder.hpp"
#include "morphology/soma.hpp"
#include "morphology/work_tree.hpp"

namespace axolemma::morphology {

namespace {

const std::string& name_of(SomaRule rule)
{
    return soma_rule_names()[static_cast<std::size_t>(rule)];
}

/// What a rule made of the soma.
struct Built {
    Morphology morphology;
    std::string sentence;
};

std::string count(std::size_t n, std::string_view what)
{
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

Point mean_point(const SwcFile& file, const std::vector<std::int32_t>& samples)
{
    Point mean;
    const auto n = static_cast<double>(samples.size());
    for (const std::int32_t k : samples) {
        const SwcSample& sample = file.samples[static_cast<std::size_t>(k)];
        mean.x_um += sample.x_um / n;
        mean.y_um += sample.y_um / n;
        mean.z_um += sample.z_um / n;
        mean.radius_um = std::max(mean.radius_um, sample.radius_um);
    }
    return mean;
}

class MorphologyBuilder {
public:
    MorphologyBuilder(const SwcFile& file, SomaRule rule) : file_(file), rule_(rule), soma_(describe_soma(file)) {}

    Built build() const;

private:
    Built build_automatic() const;
    Built build_sphere() const;
    Built build_cylinders() const;
    Built build_contour() const;
    Built build_neuron() const;
    Built build_arbor() const;
    Built build_drawn() const;
    Morphology cut(const WorkTree& tree) const;
    EnclosedArea largest_outline() const;
    Built as_sphere(const Point& centre, const std::string& why) const;
    std::string describe_point(const Point& centre) const;
    [[noreturn]] void refuse(const std::string& why, const std::string& hint) const;

    const SwcFile& file_;
    SomaRule rule_;
    SomaFacts soma_;
};

void MorphologyBuilder::refuse(const std::string& why, const std::string& hint) const
{
    const std::int64_t line =
        soma_.samples.empty() ? 0 : file_.samples[static_cast<std::size_t>(soma_.samples.front())].line;
    throw base::InputError({file_.name, line, 0}, fmt::format("the soma rule '{}' {}", name_of(rule_), why), hint);
}

Built MorphologyBuilder::build() const
{
    switch (rule_) {
    case SomaRule::automatic: return build_automatic();
    case SomaRule::sphere: return build_sphere();
    case SomaRule::cylinders: return build_cylinders();
    case SomaRule::contour: return build_contour();
    case SomaRule::neuron: return build_neuron();
    case SomaRule::arbor: return build_arbor();
    }
    return {};
}

std::string MorphologyBuilder::describe_point(const Point& centre) const
{
    const double d_um = 2.0 * centre.radius_um;
    return fmt::format(
        "a sphere of diameter {:.6g} um, made a cylinder of that length and diameter along x (area {:.6g} "
        "um2), with the neurites on its middle",
        d_um, std::numbers::pi * d_um * d_um);
}

Built MorphologyBuilder::as_sphere(const Point& centre, const std::string& why) const
{
    const WorkTree tree = with_soma_as_point(tree_from_soma(file_, soma_), centre);
    return {cut(tree), fmt::format("{}: {}", why, describe_point(centre))};
}

/// Sections of the samples, read as what they are.
Morphology MorphologyBuilder::cut(const WorkTree& tree) const
{
    return file_.format == FileFormat::neurolucida ? sections_as_drawn(file_, tree)
                                                   : sections_as_neuron(file_, tree, {.inflate_lone_root = false});
}

/// A Neurolucida file with its cell body as NEURON makes it.
Built MorphologyBuilder::build_drawn() const
{
    std::string what = "no cell body: the tree starts at its first point";
    if (file_.soma_outlines.size() == 1) {
        what = fmt::format(
            "an outline of {} points, made a stack of truncated cones along its longest axis, as NEURON's "
            "Import3d does (length {:.6g} um, area {:.6g} um2), with the neurites on its middle",
            file_.soma_outlines.front().size(), soma_.length_um, soma_.area_um2);
    } else if (!file_.soma_outlines.empty()) {
        what = fmt::format(
            "{} outlines, each made a point of its mean radius, as NEURON's Import3d does (length {:.6g} "
            "um, area {:.6g} um2), with the neurites on the middle",
            file_.soma_outlines.size(), soma_.length_um, soma_.area_um2);
    }
    return {cut(tree_from_soma(file_, soma_)), std::move(what)};
}

Built MorphologyBuilder::build_automatic() const
{
    switch (soma_.form) {
    case SomaForm::contour: return build_contour();
    case SomaForm::no_length:
        return as_sphere(mean_point(file_, soma_.samples),
                         fmt::format("{} soma samples at one place", soma_.samples.size()));
    case SomaForm::point:
        return as_sphere(file_.samples[static_cast<std::size_t>(soma_.samples[0])].point(), "one soma sample");
    case SomaForm::three_point:
        return as_sphere(file_.samples[static_cast<std::size_t>(soma_.samples[0])].point(),
                         "three soma samples in the NeuroMorpho form");
    case SomaForm::none:
    case SomaForm::three_point_odd:
    case SomaForm::cylinders: break;
    }
    if (file_.format == FileFormat::neurolucida) {
        return build_drawn();
    }
    Built built{cut(tree_from_soma(file_, soma_)), {}};
    if (soma_.form == SomaForm::none) {
        const SwcSample& root = file_.samples[static_cast<std::size_t>(file_.order.front())];
        built.sentence = fmt::format("no soma sample: the tree starts at sample {} (line {})", root.id, root.line);
    } else {
        built.sentence = fmt::format("{}: stacked truncated cones (length {:.6g} um, area {:.6g} um2)",
                                     count(soma_.samples.size(), "soma sample"), soma_.length_um, soma_.area_um2);
    }
    return built;
}

Built MorphologyBuilder::build_sphere() const
{
    switch (soma_.form) {
    case SomaForm::none: refuse("needs a soma, and the file has no sample of type 1", "use the soma rule auto");
    case SomaForm::contour: return build_contour();
    case SomaForm::point:
    case SomaForm::three_point:
    case SomaForm::no_length: return build_automatic();
    case SomaForm::three_point_odd:
    case SomaForm::cylinders: break;
    }
    Point centre = mean_point(file_, soma_.samples);
    centre.radius_um = std::sqrt(soma_.area_um2 / (4.0 * std::numbers::pi));
    return as_sphere(
        centre, fmt::format("{}, replaced by the sphere of equal area", count(soma_.samples.size(), "soma sample")));
}

Built MorphologyBuilder::build_cylinders() const
{
    if (soma_.samples.size() < 2) {
        refuse("needs two soma samples or more, and the file has " + count(soma_.samples.size(), "soma sample"),
               "use the soma rule auto");
    }
    if (file_.format == FileFormat::neurolucida) {
        return build_drawn();
    }
    const NeuronRuleOptions options{.recognise_three_point = false, .inflate_lone_root = false};
    return {sections_as_neuron(file_, tree_from_soma(file_, soma_), options),
            fmt::format("{}, taken as stacked truncated cones (length {:.6g} um, area {:.6g} um2)",
                        count(soma_.samples.size(), "soma sample"), soma_.length_um, soma_.area_um2)};
}

Built MorphologyBuilder::build_contour() const
{
    if (soma_.samples.size() < 3 && file_.soma_outlines.empty()) {
        refuse("needs three soma samples or more, and the file has " + count(soma_.samples.size(), "soma sample"),
               "use the soma rule auto");
    }
    const bool is_drawn = file_.format == FileFormat::neurolucida;
    const EnclosedArea enclosed = is_drawn ? largest_outline() : enclosed_area(file_, soma_.samples);
    // An ellipse 100 times as long as wide has a roundness of 0.02.
    constexpr double least_roundness = 0.02;
    if (!(enclosed.roundness >= least_roundness)) {
        refuse("finds no area inside the soma samples: they lie along a line", "use the soma rule auto or cylinders");
    }
    const std::string what = is_drawn ? count(file_.soma_outlines.size(), "outline") + ", the largest"
                                      : count(soma_.samples.size(), "soma sample") + " as an outline";
    return as_sphere(enclosed.centre, fmt::format("{} of {:.6g} um2", what, enclosed.area_um2));
}

EnclosedArea MorphologyBuilder::largest_outline() const
{
    EnclosedArea largest;
    for (const std::vector<Point>& outline : file_.soma_outlines) {
        const EnclosedArea enclosed = enclosed_area(outline);
        largest = enclosed.area_um2 > largest.area_um2 ? enclosed : largest;
    }
    return largest;
}

Built MorphologyBuilder::build_neuron() const
{
    if (file_.format == FileFormat::neurolucida) {
        return build_drawn();
    }
    return {sections_as_neuron(file_, tree_in_file_order(file_), {}),
            fmt::format("{}, taken as NEURON's Import3d does", count(soma_.samples.size(), "soma sample"))};
}

Built MorphologyBuilder::build_arbor() const
{
    if (file_.format == FileFormat::neurolucida) {
        refuse("is a rule for SWC files, and this is a Neurolucida file", "use the soma rule auto");
    }
    if (file_.samples.size() < 2) {
        refuse("needs two samples or more: every line makes a truncated cone from its parent",
               "use the soma rule auto");
    }
    if (soma_.samples.size() == 1 && soma_.is_root) {
        refuse("cannot take a soma of one sample: it has no length and so no membrane", "use the soma rule auto");
    }
    return {sections_as_graph(file_, tree_in_file_order(file_)),
            fmt::format("{}: every line of the file is a truncated cone from its parent (Arbor)",
                        count(soma_.samples.size(), "soma sample"))};
}

}  // namespace

const std::vector<std::string>& soma_rule_names()
{
    static const std::vector<std::string> names{"auto", "sphere", "cylinders", "contour", "neuron", "arbor"};
    return names;
}

BuiltMorphology build_morphology(const SwcFile& file, SomaRule rule)
{
    Built built = MorphologyBuilder(file, rule).build();
    return {std::move(built.morphology), std::move(built.sentence), file.warnings};
}

}  // namespace axolemma::morphology
