#include <fmt/format.h>

#include "morphology/shapes.hpp"
#include "run/population.hpp"

namespace axolemma::run {

namespace {

using morphology::Morphology;

Shape from_file(const model::SwcShape& swc, base::Diagnostics& diagnostics)
{
    Shape shape;
    try {
        const auto file = morphology::read_morphology(swc.path, swc.options);
        auto built = morphology::build_morphology(file, swc.soma_rule);
        diagnostics.append(built.warnings);
        auto made = std::move(built.morphology);
        if (swc.axon_stub) {
            if (made.section(0).type == morphology::axon) {
                throw base::InputError({swc.path, 0, 0},
                                       "the tree begins with an axon, so 'axon_stub' has no soma to hang on");
            }
            made = morphology::replace_axon(made, *swc.axon_stub);
        }
        shape.morphology = std::make_shared<const Morphology>(std::move(made));
        shape.source = swc.path;
        shape.sha256 = file.sha256;
        shape.soma_rule = built.soma_rule_used;
    } catch (const base::InputError& error) {
        diagnostics.append(error.diagnostics());
    }
    return shape;
}

Shape from_numbers(Morphology made, std::string words)
{
    Shape shape;
    shape.morphology = std::make_shared<const Morphology>(std::move(made));
    shape.source = std::move(words);
    return shape;
}

Shape make(const model::SwcShape& swc, base::Diagnostics& diagnostics)
{
    return from_file(swc, diagnostics);
}

Shape make(const model::PatchShape& p, base::Diagnostics& /*diagnostics*/)
{
    return from_numbers(morphology::make_patch(p.length_um, p.diameter_um),
                        fmt::format("patch, cylinder {:g} um x {:g} um", p.length_um, p.diameter_um));
}

Shape make(const model::CableShape& c, base::Diagnostics& /*diagnostics*/)
{
    auto words =
        c.diameter_start_um == c.diameter_end_um
            ? fmt::format("cable {:g} um x {:g} um", c.length_um, c.diameter_start_um)
            : fmt::format("cable {:g} um, {:g} to {:g} um wide", c.length_um, c.diameter_start_um, c.diameter_end_um);
    return from_numbers(morphology::make_cable(c.length_um, c.diameter_start_um, c.diameter_end_um, c.type),
                        std::move(words));
}

Shape make(const model::BallAndStickShape& b, base::Diagnostics& /*diagnostics*/)
{
    return from_numbers(morphology::make_ball_and_stick(b.soma_diameter_um, b.dend_length_um, b.dend_diameter_um),
                        fmt::format("ball and stick, soma {:g} um, dendrite {:g} um x {:g} um", b.soma_diameter_um,
                                    b.dend_length_um, b.dend_diameter_um));
}

Shape make(const model::BinaryTreeShape& t, base::Diagnostics& /*diagnostics*/)
{
    return from_numbers(
        morphology::make_binary_tree(t.levels, t.length_um, t.diameter_um, t.length_ratio, t.diameter_ratio),
        fmt::format("binary tree of {} levels, root {:g} um x {:g} um", t.levels, t.length_um, t.diameter_um));
}

}  // namespace

Shape make_shape(const model::MorphologySpec& spec, base::Diagnostics& diagnostics)
{
    Shape shape = std::visit([&](const auto& s) { return make(s, diagnostics); }, spec.shape);
    if (shape.morphology) {
        const auto problems = morphology::check_cable(*shape.morphology, spec.pos);
        diagnostics.append(problems);
        if (problems.has_errors()) {
            shape.morphology.reset();
        }
    }
    return shape;
}

}  // namespace axolemma::run
