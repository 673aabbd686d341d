#include "solve/lane_kernel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "solve/lane_kernel.cpp"
#include "base/simd_targets.hpp"

#include "mechanisms/hh_row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::solve::HWY_NAMESPACE {

using namespace base::HWY_NAMESPACE;
using group::End;
using group::Operation;
using group::Packing;
using group::Start;
using group::Stretch;
using mechanisms::HWY_NAMESPACE::HhByFormula;
using mechanisms::HWY_NAMESPACE::HhByTable;
using mechanisms::HWY_NAMESPACE::HhFrozen;
using mechanisms::HWY_NAMESPACE::HhMembrane;
using mechanisms::HWY_NAMESPACE::Linear;

constexpr std::size_t n_lanes = base::lanes;

HWY_INLINE std::size_t at(std::int32_t block)
{
    return static_cast<std::size_t>(block) * n_lanes;
}

/// Where the numbers of a sweep lie. A copy of its own, which the compiler can keep in registers: vector stores might change
/// anything that is in memory.
struct Arrays {
    explicit Arrays(const Sweep& sweep)
        : v_mV(sweep.v_mV),
          f(sweep.f),
          r_mV(sweep.r_mV),
          bridge_f(sweep.bridge_f),
          outbox(sweep.outbox),
          links_uS(sweep.links_uS),
          injected(sweep.injected),
          point_uS(sweep.point_uS),
          point_nA(sweep.point_nA),
          axial_uS(sweep.plan->axial_uS.data()),
          scale_uS(sweep.plan->scale_uS.data()),
          child_pairs(sweep.plan->packing->child_pairs.data()),
          child_blocks(sweep.plan->packing->child_blocks.data()),
          masks(sweep.plan->packing->masks.data()),
          starts(sweep.plan->packing->starts.data()),
          ends(sweep.plan->packing->ends.data()),
          c(sweep.c_S_per_cm2.values),
          c_mask(sweep.c_S_per_cm2.stride == 0 ? 0 : ~std::size_t{0})
    {}

    double* v_mV;
    double* f;
    double* r_mV;
    double* bridge_f;
    double* outbox;
    double* links_uS;
    const double* injected;
    const double* point_uS;
    const double* point_nA;
    const double* axial_uS;
    const double* scale_uS;
    const std::int32_t* child_pairs;
    const std::int32_t* child_blocks;
    const double* masks;
    const Start* starts;
    const End* ends;
    const double* c;
    std::size_t c_mask;  ///< 0 where one row of c is that of all
};

/// What the lanes hand from row to row: into the parent's diagonal [uS] and right-hand side [nA].
struct Carry {
    Row g, i;
};

/// What bridges hand on beside it: the coupling of the coming row to the separator below [uS], and what goes into the
/// separator's diagonal and right-hand side.
struct BridgeCarry {
    Row link, below_g, below_i;
};

HWY_INLINE Row mask(const Arrays& a, std::int32_t k)
{
    return k < 0 ? splat(0.0) : load(a.masks + at(k));
}

/// What electrodes put into the row that comes.
HWY_INLINE void add_injected(const Arrays& a, const Start& start, Carry& carry)
{
    if (start.injection >= 0) {
        const double* injected = a.injected + 2 * at(start.injection);
        carry.g = carry.g + load(injected);
        carry.i = carry.i + load(injected + n_lanes);
    }
}

/// Sums of what the children of a row handed over, and injected currents.
/// @param junctions  what the operation before handed over, if it was one of junctions
HWY_INLINE void take_up(const Arrays& a, const Start& start, const Carry& junctions, Carry& carry)
{
    if (start.lists > 0) {
        Carry taken = junctions;
        if (!start.from_junctions) {
            gather_pairs(a.outbox, a.child_pairs + at(start.first_list), start.lists, taken.g, taken.i);
        }
        if (start.keep >= 0) {
            const Row keep = load(a.masks + at(start.keep));
            carry.g = where_set(carry.g, keep) + taken.g;
            carry.i = where_set(carry.i, keep) + taken.i;
        } else {
            carry = taken;
        }
    }
    add_injected(a, start, carry);
}

/// The same where copies lie side by side: whole rows.
HWY_INLINE void take_up_rows(const Arrays& a, const Start& start, Carry& carry)
{
    Carry sum{splat(0.0), splat(0.0)};
    if (start.lists > 0) {
        const std::int32_t* block = a.child_blocks + start.first_list;
        const double* from = a.outbox + 2 * at(*block);
        sum = {load(from), load(from + n_lanes)};
        for (std::int32_t k = 1; k < start.lists; ++k) {
            from = a.outbox + 2 * at(*++block);
            sum = {sum.g + load(from), sum.i + load(from + n_lanes)};
        }
        carry = start.carried ? Carry{sum.g + carry.g, sum.i + carry.i} : sum;
    } else if (!start.carried) {
        carry = sum;
    }
    add_injected(a, start, carry);
}

/// Diagonal and right-hand side of a row of the membrane.
struct Equation {
    Row d, b;
};
HWY_INLINE Equation equation(const Arrays& a, std::size_t slot, const Row& axial, const Linear& ionic,
                             const Carry& carry)
{
    const Row scale = load(a.scale_uS + slot);
    const Row c = load(a.c + (slot & a.c_mask));
    const Row v = load(a.v_mV + slot);
    Equation row{fma(scale, c + ionic.g_S_per_cm2, axial + carry.g),
                 fma(scale, fma(c, v, ionic.s_mA_per_cm2), carry.i)};
    if (a.point_uS != nullptr) {
        row.d = row.d + load(a.point_uS + slot);
        row.b = row.b + load(a.point_nA + slot);
    }
    return row;
}

template <bool bridged>
HWY_INLINE void eliminate_row(const Arrays& a, std::size_t slot, const Linear& ionic, Carry& carry, BridgeCarry* bridge)
{
    const Row g = load(a.axial_uS + slot);
    const Equation row = equation(a, slot, g, ionic, carry);
    const Row inverse = 1.0 / row.d;
    const Row f = g * inverse;
    const Row r = row.b * inverse;
    store(f, a.f + slot);
    store(r, a.r_mV + slot);
    carry.g = nfma(g, f, g);
    carry.i = g * r;
    if constexpr (bridged) {
        const Row bridge_f = bridge->link * inverse;
        store(bridge_f, a.bridge_f + slot);
        bridge->below_g = nfma(bridge->link, bridge_f, bridge->below_g);
        bridge->below_i = fma(bridge->link, r, bridge->below_i);
        bridge->link = g * bridge_f;
    }
}

/// The ionic current of rows that are not fused; of the membrane row where it is asked for.
class Prepared {
public:
    struct Ahead {};

    Prepared(const double* g, const double* s) : g_(g), s_(s) {}
    HWY_INLINE void begin(std::size_t, std::size_t, std::size_t, Ahead&) {}
    HWY_INLINE Linear take(std::size_t k, Ahead&) { return {load(g_ + k * n_lanes), load(s_ + k * n_lanes)}; }

private:
    const double* g_;
    const double* s_;
};

template <bool bridged, class Membrane>
HWY_INLINE void eliminate_rows(const Arrays& a, const Operation& operation, Membrane& membrane,
                               typename Membrane::Ahead& ahead, std::size_t first_place_row, Carry& carry,
                               BridgeCarry* bridge)
{
    const auto top = static_cast<std::size_t>(operation.top_row);
    for (auto k = static_cast<std::size_t>(operation.n_rows); k-- > 0;) {
        const Linear ionic = membrane.take(first_place_row + k, ahead);
        eliminate_row<bridged>(a, (top + k) * n_lanes, ionic, carry, bridge);
    }
}

HWY_NOINLINE void start_bridges(const Sweep& s, const Arrays& a, const Start& start, BridgeCarry& bridge)
{
    const std::int32_t* below = s.plan->packing->bridge_starts.data() + at(start.bridge_start);
    alignas(64) double links[n_lanes];
    for (std::size_t lane = 0; lane < n_lanes; ++lane) {
        links[lane] = below[lane] < 0 ? 0.0 : s.plan->axial_uS_of(below[lane]);
    }
    const Row keep = mask(a, start.keep_bridge);
    bridge.link = where_set(bridge.link, keep) + load(links);
    bridge.below_g = where_set(bridge.below_g, keep);
    bridge.below_i = where_set(bridge.below_i, keep);
}

/// Separators: coupled to what is above the bridge that has just been eliminated, by what the bridge says.
HWY_NOINLINE void eliminate_separators(const Sweep& s, const Arrays& a, const Operation& operation, const Linear& ionic)
{
    const Start& start = a.starts[operation.start];
    const std::size_t slot = at(operation.top_row);
    Carry carry{splat(0.0), splat(0.0)};
    take_up(a, start, carry, carry);
    const Row link = gather(a.links_uS, s.plan->packing->link_places.data() + at(start.links));
    const Equation row = equation(a, slot, load(a.axial_uS + slot), ionic, carry);
    const Row inverse = 1.0 / row.d;
    const Row f = link * inverse;
    const Row r = row.b * inverse;
    store(f, a.f + slot);
    store(r, a.r_mV + slot);
    store_pairs(-(link * f), link * r, a.outbox + 2 * at(a.ends[operation.end].out));
}

HWY_INLINE Carry eliminate_junction_row(const Arrays& a, std::size_t slot, const Carry& carry)
{
    const Row g = load(a.axial_uS + slot);
    const Row inverse = 1.0 / (g + carry.g);
    const Row f = g * inverse;
    const Row r = carry.i * inverse;
    store(f, a.f + slot);
    store(r, a.r_mV + slot);
    return {nfma(g, f, g), g * r};
}

HWY_INLINE void eliminate_junctions(const Arrays& a, const Operation& operation, Carry& junctions)
{
    Carry carry{splat(0.0), splat(0.0)};
    take_up(a, a.starts[operation.start], carry, carry);
    junctions = eliminate_junction_row(a, at(operation.top_row), carry);
    if (const End& end = a.ends[operation.end]; end.out >= 0) {
        store_pairs(junctions.g, junctions.i, a.outbox + 2 * at(end.out));
    }
}

/// Where the rows do not follow those of the stretch before, the membrane's pipeline is filled anew.
template <class Membrane>
HWY_INLINE void begin_run(const Stretch& stretch, Membrane& membrane, typename Membrane::Ahead& ahead,
                          std::size_t first_place_row)
{
    const auto& operation = stretch.operation;
    if (HWY_UNLIKELY(!stretch.continues)) {
        membrane.begin(first_place_row + static_cast<std::size_t>(operation.n_rows) - 1,
                       first_place_row - static_cast<std::size_t>(stretch.rows_to_come),
                       static_cast<std::size_t>(operation.top_row) - first_place_row, ahead);
    }
}

/// @tparam cut  are there bridges and separators in the group?
template <bool cut, class Membrane>
HWY_INLINE void eliminate_stretch(const Sweep& s, const Arrays& a, const Stretch& stretch, Membrane& membrane,
                                  typename Membrane::Ahead& ahead, std::size_t first_place_row, const Carry& junctions,
                                  Carry& carry, BridgeCarry& bridge)
{
    const auto& operation = stretch.operation;
    begin_run(stretch, membrane, ahead, first_place_row);
    if (cut && HWY_UNLIKELY(operation.kind == Operation::Kind::separators)) {
        const Linear ionic = membrane.take(first_place_row, ahead);
        eliminate_separators(s, a, operation, ionic);
        return;
    }
    if (operation.start >= 0) {
        const Start& start = a.starts[operation.start];
        take_up(a, start, junctions, carry);
        if (cut && start.bridge_start >= 0) {
            BridgeCarry begun = bridge;
            start_bridges(s, a, start, begun);
            bridge = begun;
        }
    }
    if (cut && operation.bridged) {
        eliminate_rows<true>(a, operation, membrane, ahead, first_place_row, carry, &bridge);
    } else {
        eliminate_rows<false>(a, operation, membrane, ahead, first_place_row, carry, nullptr);
    }
    if (operation.end >= 0) {
        const End& end = a.ends[operation.end];
        store_pairs(carry.g, carry.i, a.outbox + 2 * at(end.out));
        if (cut && end.bridge_out >= 0) {
            store_pairs(bridge.below_g, bridge.below_i, a.outbox + 2 * at(end.bridge_out));
            store(bridge.link, a.links_uS + at(end.link_block));
        }
    }
}

/// Of copies that lie side by side.
template <class Membrane>
HWY_INLINE void eliminate_rows_of_copies(const Arrays& a, const Stretch& stretch, Membrane& membrane,
                                         typename Membrane::Ahead& ahead, std::size_t first_place_row, Carry& carry)
{
    const auto& operation = stretch.operation;
    begin_run(stretch, membrane, ahead, first_place_row);
    if (operation.start >= 0) {
        take_up_rows(a, a.starts[operation.start], carry);
    }
    eliminate_rows<false>(a, operation, membrane, ahead, first_place_row, carry, nullptr);
    if (operation.end >= 0) {
        if (const End& end = a.ends[operation.end]; end.out >= 0) {
            store(carry.g, a.outbox + 2 * at(end.out));
            store(carry.i, a.outbox + 2 * at(end.out) + n_lanes);
        }
    }
}

HWY_NOINLINE void eliminate_prepared_copies(const Sweep& s, const Arrays& a, const Stretch& stretch, Carry& carry)
{
    Prepared prepared(s.g_S_per_cm2, s.s_mA_per_cm2);
    Prepared::Ahead nothing;
    eliminate_rows_of_copies(a, stretch, prepared, nothing, static_cast<std::size_t>(stretch.operation.top_row), carry);
}

template <class Hh>
void eliminate_copies(const Sweep& s, const Hh& of_hh)
{
    const Arrays a(s);
    Hh hh = of_hh;
    typename Hh::Ahead ahead;
    Carry carry{splat(0.0), splat(0.0)};
    const Stretch* const end = s.plan->stretches.data() + s.plan->stretches.size();
    const std::int32_t fused = s.fused;
    for (const Stretch* stretch = s.plan->stretches.data(); stretch != end; ++stretch) {
        if (stretch->operation.kind == Operation::Kind::junctions) {
            take_up_rows(a, a.starts[stretch->operation.start], carry);
            carry = eliminate_junction_row(a, at(stretch->operation.top_row), carry);
            if (const End& out = a.ends[stretch->operation.end]; out.out >= 0) {
                store(carry.g, a.outbox + 2 * at(out.out));
                store(carry.i, a.outbox + 2 * at(out.out) + n_lanes);
            }
        } else if (fused >= 0 && HWY_LIKELY(stretch->mechanism == fused)) {
            eliminate_rows_of_copies(a, *stretch, hh, ahead, static_cast<std::size_t>(stretch->first_place_row), carry);
        } else {
            Carry carried = carry;
            eliminate_prepared_copies(s, a, *stretch, carried);
            carry = carried;
        }
    }
}

/// Rows with several mechanisms, or one that has no kernel here.
HWY_NOINLINE void eliminate_prepared(const Sweep& s, const Arrays& a, const Stretch& stretch, const Carry& junctions,
                                     Carry& carry, BridgeCarry& bridge)
{
    Prepared prepared(s.g_S_per_cm2, s.s_mA_per_cm2);
    Prepared::Ahead nothing;
    eliminate_stretch<true>(s, a, stretch, prepared, nothing, static_cast<std::size_t>(stretch.operation.top_row),
                            junctions, carry, bridge);
}

template <bool cut, class Hh>
void eliminate_all(const Sweep& s, const Hh& of_hh)
{
    const Arrays a(s);
    Hh hh = of_hh;
    typename Hh::Ahead ahead;
    Carry carry{splat(0.0), splat(0.0)};
    Carry junctions = carry;
    BridgeCarry bridge{splat(0.0), splat(0.0), splat(0.0)};
    const Stretch* const end = s.plan->stretches.data() + s.plan->stretches.size();
    const std::int32_t fused = s.fused;
    for (const Stretch* stretch = s.plan->stretches.data(); stretch != end; ++stretch) {
        if (stretch->operation.kind == Operation::Kind::junctions) {
            eliminate_junctions(a, stretch->operation, junctions);
        } else if (fused >= 0 && HWY_LIKELY(stretch->mechanism == fused)) {
            eliminate_stretch<cut>(s, a, *stretch, hh, ahead, static_cast<std::size_t>(stretch->first_place_row),
                                   junctions, carry, bridge);
        } else {
            // Copies, so that the rows themselves need not lie in memory.
            const Carry handed = junctions;
            Carry carried = carry;
            BridgeCarry bridged = bridge;
            eliminate_prepared(s, a, *stretch, handed, carried, bridged);
            carry = carried;
            bridge = bridged;
        }
    }
}

/// No row is fused.
struct NoHh {
    struct Ahead {};
    HWY_INLINE void begin(std::size_t, std::size_t, std::size_t, Ahead&) {}
    HWY_INLINE Linear take(std::size_t, Ahead&) { return {splat(0.0), splat(0.0)}; }
};

template <class Hh>
void eliminate_packed(const Sweep& s, const Hh& hh)
{
    if (s.plan->packing->side_by_side) {
        eliminate_copies(s, hh);
    } else if (s.bridge_f != nullptr) {
        eliminate_all<true>(s, hh);
    } else {
        eliminate_all<false>(s, hh);
    }
}

template <class Gates>
void eliminate_with(const Sweep& s)
{
    if (s.hh.uniform()) {
        eliminate_packed(s, HhMembrane<Gates, true>(s.hh));
    } else {
        eliminate_packed(s, HhMembrane<Gates, false>(s.hh));
    }
}

void eliminate(const Sweep& s, bool advance_gates)
{
    if (s.fused < 0) {
        eliminate_packed(s, NoHh{});
    } else if (!advance_gates) {
        eliminate_with<HhFrozen>(s);
    } else if (s.hh.table != nullptr) {
        eliminate_with<HhByTable>(s);
    } else {
        eliminate_with<HhByFormula>(s);
    }
}

/// Back-substitution of rows from the top one down the tree; x is that of the row above, x_below that of the separator.
template <bool centred, bool bridged>
HWY_INLINE void substitute_rows(const Arrays& a, const Operation& operation, Within& within, Row& x, const Row& x_below)
{
    const std::size_t end = at(operation.top_row + operation.n_rows);
    for (std::size_t slot = at(operation.top_row); slot < end; slot += n_lanes) {
        x = fma(load(a.f + slot), x, load(a.r_mV + slot));
        if constexpr (bridged) {
            x = fma(load(a.bridge_f + slot), x_below, x);
        }
        Row v = x;
        if constexpr (centred) {
            store(x, a.r_mV + slot);
            v = (x + x) - load(a.v_mV + slot);
        }
        store(v, a.v_mV + slot);
        within.see(v);
    }
}

template <bool centred>
bool substitute_all(const Sweep& s, double limit_mV)
{
    const Arrays a(s);
    const std::int32_t* const places = s.plan->packing->places.data();
    const double* const x_slots = centred ? a.r_mV : a.v_mV;
    Row x = splat(0.0);
    Row x_below = splat(0.0);
    Within within(limit_mV);
    const Stretch* const first = s.plan->stretches.data();
    for (const Stretch* stretch = first + s.plan->stretches.size(); stretch != first;) {
        --stretch;
        const auto& operation = stretch->operation;
        if (operation.end >= 0) {
            const End& end = a.ends[operation.end];
            const Row x_parents = gather(x_slots, places + at(end.parents));
            if (operation.kind != Operation::Kind::rows) {
                Row single = x_parents;
                substitute_rows<centred, false>(a, operation, within, single, x_below);
                continue;
            }
            x = end.keep < 0 ? x_parents : where_set(x, load(a.masks + at(end.keep))) + x_parents;
            if (HWY_UNLIKELY(end.below >= 0)) {
                x_below = where_set(x_below, mask(a, end.keep)) + gather(x_slots, places + at(end.below));
            }
        }
        if (HWY_UNLIKELY(operation.bridged)) {
            substitute_rows<centred, true>(a, operation, within, x, x_below);
        } else {
            substitute_rows<centred, false>(a, operation, within, x, x_below);
        }
    }
    return within.all();
}

template <bool centred>
bool substitute_copies(const Sweep& s, double limit_mV)
{
    const Arrays a(s);
    const double* const x_slots = centred ? a.r_mV : a.v_mV;
    Row x = splat(0.0);
    Within within(limit_mV);
    const Stretch* const first = s.plan->stretches.data();
    for (const Stretch* stretch = first + s.plan->stretches.size(); stretch != first;) {
        --stretch;
        const auto& operation = stretch->operation;
        if (operation.end >= 0) {
            const End& end = a.ends[operation.end];
            // Above the last child the register still holds the parent. A root reads the empty slot.
            x = end.out < 0 ? x : load(x_slots + end.parent_slot);
        }
        substitute_rows<centred, false>(a, operation, within, x, x);
    }
    return within.all();
}

bool substitute_back(const Sweep& s, bool centred, double limit_mV)
{
    if (s.plan->packing->side_by_side) {
        return centred ? substitute_copies<true>(s, limit_mV) : substitute_copies<false>(s, limit_mV);
    }
    return centred ? substitute_all<true>(s, limit_mV) : substitute_all<false>(s, limit_mV);
}

}  // namespace axolemma::solve::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace axolemma::solve {

HWY_EXPORT(eliminate);
HWY_EXPORT(substitute_back);

void eliminate(const Sweep& sweep, bool advance_gates)
{
    HWY_DYNAMIC_DISPATCH(eliminate)(sweep, advance_gates);
}

bool substitute_back(const Sweep& sweep, bool centred, double limit_mV)
{
    return HWY_DYNAMIC_DISPATCH(substitute_back)(sweep, centred, limit_mV);
}

}  // namespace axolemma::solve
#endif
