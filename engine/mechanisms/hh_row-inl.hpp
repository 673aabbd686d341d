/// The squid axon's membrane on one row of eight compartments; the lane form of mechanisms/hh.cpp.
#if defined(AXOLEMMA_MECHANISMS_HH_ROW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_MECHANISMS_HH_ROW_INL
#undef AXOLEMMA_MECHANISMS_HH_ROW_INL
#else
#define AXOLEMMA_MECHANISMS_HH_ROW_INL
#endif

#include "mechanisms/gate.hpp"
#include "mechanisms/gates-inl.hpp"
#include "mechanisms/hh_columns.hpp"
#include "mechanisms/hh_rates-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

/// Ionic current density as g v - s.
struct Linear {
    Row g_S_per_cm2, s_mA_per_cm2;
};

/// Gates by table.
struct HhByTable {
    using Ahead = Places;

    explicit HhByTable(const HhColumns& columns) : view(*columns.table) {}
    HWY_INLINE void look_ahead(std::size_t row, const Row& v_mV, Places& places) const
    {
        find_place(view, v_mV, places.of(row));
    }
    HWY_INLINE void advance(std::size_t row, const Places& places, const double* v_mV, Row gates[3]) const
    {
        advance_by_table<3>(view, places.of(row), v_mV, gates);
    }

    TableView view;
};

/// Nothing can be prepared before the row itself.
struct NothingAhead {};

/// Gates by formula.
struct HhByFormula {
    using Ahead = NothingAhead;

    explicit HhByFormula(const HhColumns& columns)
        : minus_dt(-columns.dt_ms * q10_factor(hh_q10, columns.temperature_degC, hh_reference_degC))
    {}
    HWY_INLINE void look_ahead(std::size_t, const Row&, NothingAhead&) const {}
    HWY_INLINE Row advanced(const Row& x, const HhRates<Row>& rates) const
    {
        const Row sum = rates.alpha + rates.beta;
        const Row steady = rates.alpha / sum;
        return base::HWY_NAMESPACE::fma(x - steady, exp(minus_dt * sum), steady);
    }
    HWY_INLINE void advance(std::size_t, const NothingAhead&, const double* v, Row gates[3]) const
    {
        const Row v_mV = base::HWY_NAMESPACE::load(v);
        gates[0] = advanced(gates[0], hh_rates_m(v_mV));
        gates[1] = advanced(gates[1], hh_rates_h(v_mV));
        gates[2] = advanced(gates[2], hh_rates_n(v_mV));
    }

    double minus_dt;
};

/// The gates stay as they are.
struct HhFrozen {
    using Ahead = NothingAhead;

    explicit HhFrozen(const HhColumns&) {}
    HWY_INLINE void look_ahead(std::size_t, const Row&, NothingAhead&) const {}
    HWY_INLINE void advance(std::size_t, const NothingAhead&, const double*, Row[3]) const {}
};

/// Parameters that are the same everywhere, in registers; or columns.
template <bool uniform>
struct HhParameters;

template <>
struct HhParameters<true> {
    explicit HhParameters(const HhColumns& columns)
    {
        for (std::size_t p = 0; p < 6; ++p) {
            value[p] = base::HWY_NAMESPACE::load(columns.parameters[p].values);
        }
    }
    HWY_INLINE Row at(std::size_t p, std::size_t, std::size_t) const { return value[p]; }

    Row value[6];
};

template <>
struct HhParameters<false> {
    explicit HhParameters(const HhColumns& of) : columns(of.parameters.data()) {}
    HWY_INLINE Row at(std::size_t p, std::size_t k, std::size_t shift) const
    {
        const HhColumns::Parameter& column = columns[p];
        return base::HWY_NAMESPACE::load(column.values + (k + (shift & column.follows_v)) * column.stride);
    }

    const HhColumns::Parameter* columns;
};

/// Rows of the membrane from the last to the first, in a pipeline: while the solver works on row k, the conductances of row
/// k-1 are computed, the gates of row k-2 advance, and a row farther on is looked up in the table. A row's way from voltage
/// to conductance is longer than what a processor keeps in flight, so it must be cut into pieces that do not wait for each
/// other.
template <class Gates, bool uniform>
class HhMembrane {
public:
    /// What is on the way from row to row through memory. Apart from the rest, so that the rest stays in registers.
    using Ahead = typename Gates::Ahead;

    /// @param columns  must outlive it
    explicit HhMembrane(const HhColumns& columns)
        : gates_(columns),
          parameters_(columns),
          m_(columns.states[0]),
          h_(columns.states[1]),
          n_(columns.states[2]),
          v_mV_(columns.v_mV)
    {}

    /// Begins a run of rows that goes from row k of the columns down to row `first`; the voltages lie `shift` rows later.
    HWY_INLINE void begin(std::size_t k, std::size_t first, std::size_t shift, Ahead& ahead)
    {
        first_ = first;
        shift_ = shift;
        for (std::size_t n = 0; n < 2 + Places::rows_ahead - 1; ++n) {
            look_up(before(k, n), ahead);
        }
        advance(k, ahead);
        conduct(k);
        if (k > first_) {
            advance(k - 1, ahead);
        }
        look_up(before(k, 1 + Places::rows_ahead), ahead);
    }
    /// Row k of the run, which is the one after that of the last call.
    HWY_INLINE Linear take(std::size_t k, Ahead& ahead)
    {
        const Linear result = ready_;
        conduct(before(k, 1));
        if (HWY_LIKELY(k >= first_ + 2)) {
            advance(k - 2, ahead);
        }
        look_up(before(k, 2 + Places::rows_ahead), ahead);
        return result;
    }

private:
    /// Row k - n, or the first of the run.
    HWY_INLINE std::size_t before(std::size_t k, std::size_t n) const { return k >= first_ + n ? k - n : first_; }
    HWY_INLINE Row voltage(std::size_t k) const { return base::HWY_NAMESPACE::load(v_mV_ + (k + shift_) * lanes); }

    HWY_INLINE void look_up(std::size_t k, Ahead& ahead) { gates_.look_ahead(k, voltage(k), ahead); }
    /// The gates of row k forward by dt with v held.
    HWY_INLINE void advance(std::size_t k, const Ahead& ahead)
    {
        using namespace base::HWY_NAMESPACE;
        const std::size_t at = k * lanes;
        Row x[3] = {load(m_ + at), load(h_ + at), load(n_ + at)};
        gates_.advance(k, ahead, v_mV_ + (k + shift_) * lanes, x);
        store(x[0], m_ + at);
        store(x[1], h_ + at);
        store(x[2], n_ + at);
        m3h_ = (x[0] * x[0]) * (x[0] * x[1]);
        n2_ = x[2] * x[2];
    }
    /// The current that the gates which were advanced last carry; they are those of row k.
    HWY_INLINE void conduct(std::size_t k)
    {
        using namespace base::HWY_NAMESPACE;
        const Row g_na = parameters_.at(0, k, shift_) * m3h_;
        const Row g_k = parameters_.at(1, k, shift_) * (n2_ * n2_);
        const Row g_l = parameters_.at(2, k, shift_);
        ready_.g_S_per_cm2 = g_na + g_k + g_l;
        ready_.s_mA_per_cm2 = fma(g_na, parameters_.at(3, k, shift_),
                                  fma(g_k, parameters_.at(4, k, shift_), g_l * parameters_.at(5, k, shift_)));
    }

    Gates gates_;
    HhParameters<uniform> parameters_;
    double* m_;
    double* h_;
    double* n_;
    const double* v_mV_;
    std::size_t first_ = 0, shift_ = 0;
    Row m3h_, n2_;
    Linear ready_;
};

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
