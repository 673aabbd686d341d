/// One row of gates from t to t + dt by table.
#if defined(AXOLEMMA_MECHANISMS_GATES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_MECHANISMS_GATES_INL
#undef AXOLEMMA_MECHANISMS_GATES_INL
#else
#define AXOLEMMA_MECHANISMS_GATES_INL
#endif

#include "base/records-inl.hpp"
#include "base/simd-inl.hpp"
#include "mechanisms/gate_table.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

using base::lanes;
using base::HWY_NAMESPACE::RecordOf;
using base::HWY_NAMESPACE::Row;

/// What of a GateTable the kernel keeps in registers.
struct TableView {
    explicit TableView(const GateTable& of) : table(&of), middle(of.middle()), shift(0x1.8p52 / of.intervals_per_mV())
    {}
    const GateTable* table;
    const double* middle;
    double shift;  ///< v + shift has its last bit where the middles of the intervals have theirs, and so rounds to one
};

/// Lanes whose voltage lies outside the grid, from the formulas. Rare, and never in a hurry.
template <std::size_t n_gates>
HWY_NOINLINE void advance_outside(const TableView& view, const double* v, const Row before[n_gates], Row gates[n_gates])
{
    for (std::size_t g = 0; g < n_gates; ++g) {
        alignas(64) double old[lanes];
        alignas(64) double advanced[lanes];
        base::HWY_NAMESPACE::store(before[g], old);
        base::HWY_NAMESPACE::store(gates[g], advanced);
        for (std::size_t i = 0; i < lanes; ++i) {
            if (!(std::fabs(v[i]) <= GateTable::limit_mV)) {
                const auto step = view.table->exact(g, v[i]);
                advanced[i] = std::fma(step.a, old[i], step.b);
            }
        }
        gates[g] = base::HWY_NAMESPACE::load(advanced);
    }
}

/// Where in the table the lanes of a row look.
struct Place {
    alignas(64) double distance_mV[lanes];  ///< from the middle of the interval
    alignas(64) double shifted[lanes];      ///< its number is in the low bits
    bool inside;                            ///< are all lanes inside the grid?
};

/// Places of the rows ahead. They are found some rows before they are used: the lanes are read back one by one, and
/// numbers that have only just been stored as a vector are slow to read.
struct Places {
    static constexpr std::size_t rows_ahead = 3;

    HWY_INLINE Place& of(std::size_t row) { return ring[row % 4]; }
    HWY_INLINE const Place& of(std::size_t row) const { return ring[row % 4]; }

    Place ring[4];
};

HWY_INLINE void find_place(const TableView& view, const Row& v_mV, Place& place)
{
    using namespace base::HWY_NAMESPACE;
    const Row shift = splat(view.shift);
    const Row shifted = v_mV + shift;
    store(shifted, place.shifted);
    store(v_mV - (shifted - shift), place.distance_mV);
    place.inside = all_within(v_mV, GateTable::limit_mV);
    if (HWY_UNLIKELY(!place.inside)) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const bool in = std::fabs(place.shifted[i] - view.shift) <= GateTable::limit_mV;
            place.shifted[i] = in ? place.shifted[i] : view.shift;
            place.distance_mV[i] = in ? place.distance_mV[i] : 0.0;
        }
    }
    // A compiler that sees through the store picks the lanes out of the register, which takes three instructions each.
    forget_contents(place);
}

/// Columns of a record of `capacity` a and as many b: those of each lane where it looks.
template <std::size_t capacity>
HWY_INLINE void look_up(const TableView& view, const Place& place, Row column[2 * capacity])
{
    using namespace base::HWY_NAMESPACE;
    constexpr std::size_t width = 2 * capacity;
    using Record = RecordOf<width>;
    typename Record::Type record[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        const double* c =
            view.middle + low_bits(place.shifted[i]) * static_cast<std::ptrdiff_t>(GateTable::stride(capacity));
        const auto u = Record::splat(place.distance_mV[i]);
        record[i] = Record::load(c + GateTable::degree * width);
        for (std::size_t power = GateTable::degree; power-- > 0;) {
            record[i] = fma(record[i], u, Record::load(c + power * width));
        }
    }
    transpose(record, column);
}

/// x <- a(V) x + b(V) for the first n_gates gates of the table.
template <std::size_t n_gates, std::size_t capacity = GateTable::max_gates>
HWY_INLINE void advance_by_table(const TableView& view, const Place& place, const double* v_mV, Row gates[n_gates])
{
    using namespace base::HWY_NAMESPACE;
    Row column[2 * capacity];
    look_up<capacity>(view, place, column);
    Row advanced[n_gates];
    for (std::size_t g = 0; g < n_gates; ++g) {
        advanced[g] = fma(column[g], gates[g], column[capacity + g]);
    }
    if (HWY_UNLIKELY(!place.inside)) {
        // Copies, so that the rows themselves need not lie in memory.
        Row before[n_gates];
        Row patched[n_gates];
        for (std::size_t g = 0; g < n_gates; ++g) {
            before[g] = gates[g];
            patched[g] = advanced[g];
        }
        const TableView copy = view;
        advance_outside<n_gates>(copy, v_mV, before, patched);
        for (std::size_t g = 0; g < n_gates; ++g) {
            advanced[g] = patched[g];
        }
    }
    for (std::size_t g = 0; g < n_gates; ++g) {
        gates[g] = advanced[g];
    }
}

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
