#include "kinetics/ions.hpp"

#include <fmt/format.h>

#include "base/physical_constants.hpp"
#include "kinetics/gates.hpp"

namespace axolemma::kinetics {

int usual_valence(std::string_view ion)
{
    return ion == "na" || ion == "k" ? 1 : ion == "ca" || ion == "mg" ? 2 : ion == "cl" ? -1 : 0;
}

std::size_t ion_index(Equations& equations, const mechanisms::IonUse& ion)
{
    std::vector<mechanisms::IonUse>& ions = equations.info.ions;
    for (std::size_t k = 0; k < ions.size(); ++k) {
        if (ions[k].name == ion.name) {
            return k;
        }
    }
    ions.push_back(ion);
    return ions.size() - 1;
}

Value ion_value(Equations& equations, const mechanisms::IonUse& ion, mechanisms::IonQuantity what)
{
    const mechanisms::IonColumn column{ion_index(equations, ion), what};
    std::vector<mechanisms::IonColumn>& reads = equations.info.ion_reads;
    std::size_t k = 0;
    while (k < reads.size() && !(reads[k] == column)) {
        ++k;
    }
    if (k == reads.size()) {
        reads.push_back(column);
    }
    return equations.graph.input(InputKind::ion, k);
}

Value constant_field_current(Graph& graph, const ConstantField& field)
{
    // x/(1 - exp(-x)) = exprelr(-x), with x = z F v/(R T)
    const Value kelvin = graph.add(graph.input(InputKind::temperature), graph.constant(base::zero_degC_K));
    const Value thermal_mV =
        graph.multiply(graph.constant(1e3 * base::gas_constant_J_per_mol_K / base::faraday_C_per_mol), kelvin);
    const Value x = graph.divide(
        graph.multiply(graph.constant(static_cast<double>(field.valence)), graph.input(InputKind::voltage)),
        thermal_mV);
    const Value in = graph.multiply(field.inside_mM, graph.apply(Op::exprelr, graph.negate(x)));
    const Value out = graph.multiply(field.outside_mM, graph.apply(Op::exprelr, x));
    // cm/s * C/mol * mM = 1e-6 A/cm2
    const Value charge = graph.constant(1e-3 * base::faraday_C_per_mol * static_cast<double>(field.valence));
    return graph.multiply(graph.multiply(field.permeability_cm_per_s, charge), graph.subtract(in, out));
}

void add_pool(Equations& equations, const Pool& pool, base::SourcePos pos)
{
    Graph& graph = equations.graph;
    const Value current = ion_value(equations, pool.ion, mechanisms::IonQuantity::current_mA_per_cm2);
    // mA/cm2 / (C/mol um) = 10^4 mM/ms
    const Value charge = graph.multiply(
        graph.constant(static_cast<double>(pool.ion.valence) * base::faraday_C_per_mol / 1e4), pool.depth_um);
    Value inflow = graph.divide(graph.negate(graph.multiply(pool.free_share, current)), charge);
    if (pool.inward_only) {
        inflow = graph.apply(Op::maximum, inflow, graph.constant(0.0));
    }
    const std::string name = pool.ion.name + "i";
    const std::size_t state = equations.info.states.size();
    const Value inside = add_state(equations, {name, "concentration inside", "mM"}, pool.initial_mM,
                                   fmt::format("{0}' = -free_share*i{1}/({2}*F*depth) - ({0} - minimum)/decay", name,
                                               pool.ion.name, pool.ion.valence));
    const Value loss = graph.divide(graph.subtract(inside, pool.minimum_mM), pool.decay_ms);
    add_derivative(equations, state, graph.subtract(inflow, loss), std::move(pos));
    equations.info.ion_writes.push_back({ion_index(equations, pool.ion), mechanisms::IonQuantity::inside_mM});
    equations.concentrations.push_back(inside);
    equations.initial_concentrations.push_back(pool.initial_mM);
}

}  // namespace axolemma::kinetics
