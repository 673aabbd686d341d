/// What equations take from ions and do to them: columns, currents in a constant field, pools.
#pragma once

#include <string_view>

#include "kinetics/equations.hpp"

namespace axolemma::kinetics {

/// Where the value of an ion's column comes from; declares the ion and the column when they are new.
Value ion_value(Equations& equations, const mechanisms::IonUse& ion, mechanisms::IonQuantity what);
/// Index of an ion in MechanismInfo::ions, which is added when it is new.
std::size_t ion_index(Equations& equations, const mechanisms::IonUse& ion);
/// Charge number of the ions that everybody knows (na, k, ca, cl, mg); else 0.
int usual_valence(std::string_view ion);

/// Current of an ion through a membrane in a constant field.   [mA/cm2]
/// Goldman, J. Gen. Physiol. 27 (1943) 37-60, eq. 11; Hodgkin and Katz, J. Physiol. 108 (1949) 37-77, appendix.
struct ConstantField {
    Value permeability_cm_per_s, inside_mM, outside_mM;
    int valence = 1;
};
Value constant_field_current(Graph& graph, const ConstantField& field);

/// A thin shell under the membrane, which an ion's current fills and which empties into what lies behind it:
/// c' = -share i/(z F depth) - (c - minimum)/decay.
struct Pool {
    mechanisms::IonUse ion;
    Value depth_um, free_share, decay_ms, minimum_mM, initial_mM;
    bool inward_only = false;  ///< outward current takes nothing away
};
void add_pool(Equations& equations, const Pool& pool, base::SourcePos pos);

}  // namespace axolemma::kinetics
