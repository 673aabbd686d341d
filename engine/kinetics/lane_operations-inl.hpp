/// The operations of graphs on chunks of rows.
#if defined(AXOLEMMA_KINETICS_LANE_OPERATIONS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_KINETICS_LANE_OPERATIONS_INL
#undef AXOLEMMA_KINETICS_LANE_OPERATIONS_INL
#else
#define AXOLEMMA_KINETICS_LANE_OPERATIONS_INL
#endif

#include "base/functions-inl.hpp"
#include "base/log-inl.hpp"
#include "base/vmath-inl.hpp"
#include "kinetics/lane_memory.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::kinetics::HWY_NAMESPACE {

namespace row = base::HWY_NAMESPACE;
using base::lanes;
using row::Row;

/// to <- f(operands) for n rows, two at a time: so there is always something to do while one waits for a division.
template <class Row_k>
HWY_INLINE void in_twos(std::size_t n, double* to, Row_k row_k)
{
    std::size_t k = 0;
    for (; k + 1 < n; k += 2, to += 2 * lanes) {
        const Row first = row_k();
        const Row second = row_k();
        row::store(first, to);
        row::store(second, to + lanes);
    }
    if (k < n) {
        row::store(row_k(), to);
    }
}

/// The rows of an operand, one after the other.
struct Walk {
    explicit HWY_INLINE Walk(const ChunkColumn& column) : at(column.at), stride(column.stride) {}
    HWY_INLINE Row next()
    {
        const Row x = row::load(at);
        at += stride;
        return x;
    }

    const double* at;
    std::size_t stride;
};

template <class F>
HWY_INLINE void each_row(std::size_t n, double* to, const ChunkColumn& a, F f)
{
    Walk x(a);
    in_twos(n, to, [&]() HWY_ATTR { return f(x.next()); });
}
template <class F>
HWY_INLINE void each_row(std::size_t n, double* to, const ChunkColumn& a, const ChunkColumn& b, F f)
{
    Walk x(a);
    Walk y(b);
    in_twos(n, to, [&]() HWY_ATTR {
        const Row first = x.next();
        return f(first, y.next());
    });
}
template <class F>
HWY_INLINE void each_row(std::size_t n, double* to, const ChunkColumn& a, const ChunkColumn& b, const ChunkColumn& c,
                         F f)
{
    Walk x(a);
    Walk y(b);
    Walk z(c);
    in_twos(n, to, [&]() HWY_ATTR {
        const Row first = x.next();
        const Row second = y.next();
        return f(first, second, z.next());
    });
}

/// One function per operation, so that each is compiled by itself.
#define AXOLEMMA_LANE_UNARY(name, expression)                                             \
    inline HWY_NOINLINE void name##_rows(std::size_t n, double* to, const ChunkColumn& a) \
    {                                                                                     \
        each_row(n, to, a, [](const Row& x) HWY_ATTR { return expression; });             \
    }
#define AXOLEMMA_LANE_BINARY(name, expression)                                                                  \
    inline HWY_NOINLINE void name##_rows(std::size_t n, double* to, const ChunkColumn& a, const ChunkColumn& b) \
    {                                                                                                           \
        each_row(n, to, a, b, [](const Row& x, const Row& y) HWY_ATTR { return expression; });                  \
    }
#define AXOLEMMA_LANE_TERNARY(name, expression)                                                                 \
    inline HWY_NOINLINE void name##_rows(std::size_t n, double* to, const ChunkColumn& a, const ChunkColumn& b, \
                                         const ChunkColumn& c)                                                  \
    {                                                                                                           \
        each_row(n, to, a, b, c, [](const Row& x, const Row& y, const Row& z) HWY_ATTR { return expression; }); \
    }

AXOLEMMA_LANE_UNARY(copy, x)
AXOLEMMA_LANE_UNARY(negate, -x)
AXOLEMMA_LANE_UNARY(logical_not, row::equal(x, row::splat(0.0)))
AXOLEMMA_LANE_UNARY(exp, row::exp(x))
AXOLEMMA_LANE_UNARY(expm1, row::expm1(x))
AXOLEMMA_LANE_UNARY(exprelr, row::exprelr(x))
AXOLEMMA_LANE_UNARY(log, row::log(x))
AXOLEMMA_LANE_UNARY(log10, row::log10(x))
AXOLEMMA_LANE_UNARY(sqrt, row::sqrt(x))
AXOLEMMA_LANE_UNARY(abs, row::abs(x))
AXOLEMMA_LANE_UNARY(sin, row::sin(x))
AXOLEMMA_LANE_UNARY(cos, row::cos(x))
AXOLEMMA_LANE_UNARY(tan, row::tan(x))
AXOLEMMA_LANE_UNARY(asin, row::asin(x))
AXOLEMMA_LANE_UNARY(acos, row::acos(x))
AXOLEMMA_LANE_UNARY(atan, row::atan(x))
AXOLEMMA_LANE_UNARY(sinh, row::sinh(x))
AXOLEMMA_LANE_UNARY(cosh, row::cosh(x))
AXOLEMMA_LANE_UNARY(tanh, row::tanh(x))
AXOLEMMA_LANE_UNARY(floor, row::floor(x))
AXOLEMMA_LANE_UNARY(ceil, row::ceil(x))
AXOLEMMA_LANE_BINARY(add, x + y)
AXOLEMMA_LANE_BINARY(subtract, x - y)
AXOLEMMA_LANE_BINARY(multiply, x* y)
AXOLEMMA_LANE_BINARY(divide, x / y)
AXOLEMMA_LANE_BINARY(modulo, row::modulo(x, y))
AXOLEMMA_LANE_BINARY(minimum, row::minimum(x, y))
AXOLEMMA_LANE_BINARY(maximum, row::maximum(x, y))
AXOLEMMA_LANE_BINARY(less, row::less(x, y))
AXOLEMMA_LANE_BINARY(less_equal, row::less_equal(x, y))
AXOLEMMA_LANE_BINARY(equal, row::equal(x, y))
AXOLEMMA_LANE_BINARY(logical_and, row::logical_and(x, y))
AXOLEMMA_LANE_BINARY(logical_or, row::logical_or(x, y))
AXOLEMMA_LANE_TERNARY(select, row::select(x, y, z))
AXOLEMMA_LANE_TERNARY(multiply_twice, (x * y) * z)
AXOLEMMA_LANE_TERNARY(multiply_add, x* y + z)
AXOLEMMA_LANE_TERNARY(multiply_subtract, x* y - z)
AXOLEMMA_LANE_TERNARY(subtract_product, z - x * y)

#undef AXOLEMMA_LANE_UNARY
#undef AXOLEMMA_LANE_BINARY
#undef AXOLEMMA_LANE_TERNARY

/// One row at a time: two at once do not fit into the registers.
inline HWY_NOINLINE void power_rows(std::size_t n, double* to, const ChunkColumn& a, const ChunkColumn& b)
{
    Walk x(a);
    Walk y(b);
    for (std::size_t k = 0; k < n; ++k, to += lanes) {
        const Row base = x.next();
        row::store(row::power(base, y.next()), to);
    }
}

inline HWY_NOINLINE void look_up_rows(std::size_t n, double* to, const ChunkColumn& a, const PointTable& table)
{
    const double* x = a.at;
    for (std::size_t k = 0; k < n; ++k, x += a.stride, to += lanes) {
        for (std::size_t i = 0; i < lanes; ++i) {
            to[i] = table.at(x[i]);
        }
    }
}

/// to <- op(operands) for n rows.
HWY_INLINE void compute_rows(const LaneProgram& program, const Instruction& what, const ChunkColumn* columns,
                             std::size_t n, double* to)
{
    const ChunkColumn& a = columns[what.a];
    const auto b = [&]() -> const ChunkColumn& { return columns[what.b]; };
    switch (what.op) {
    case Op::constant:
    case Op::input: return;
    case Op::negate: return negate_rows(n, to, a);
    case Op::logical_not: return logical_not_rows(n, to, a);
    case Op::exp: return exp_rows(n, to, a);
    case Op::expm1: return expm1_rows(n, to, a);
    case Op::exprelr: return exprelr_rows(n, to, a);
    case Op::log: return log_rows(n, to, a);
    case Op::log10: return log10_rows(n, to, a);
    case Op::sqrt: return sqrt_rows(n, to, a);
    case Op::abs: return abs_rows(n, to, a);
    case Op::sin: return sin_rows(n, to, a);
    case Op::cos: return cos_rows(n, to, a);
    case Op::tan: return tan_rows(n, to, a);
    case Op::asin: return asin_rows(n, to, a);
    case Op::acos: return acos_rows(n, to, a);
    case Op::atan: return atan_rows(n, to, a);
    case Op::sinh: return sinh_rows(n, to, a);
    case Op::cosh: return cosh_rows(n, to, a);
    case Op::tanh: return tanh_rows(n, to, a);
    case Op::floor: return floor_rows(n, to, a);
    case Op::ceil: return ceil_rows(n, to, a);
    case Op::hold: return copy_rows(n, to, a);
    case Op::add: return add_rows(n, to, a, b());
    case Op::subtract: return subtract_rows(n, to, a, b());
    case Op::multiply: return multiply_rows(n, to, a, b());
    case Op::divide: return divide_rows(n, to, a, b());
    case Op::power: return power_rows(n, to, a, b());
    case Op::modulo: return modulo_rows(n, to, a, b());
    case Op::minimum: return minimum_rows(n, to, a, b());
    case Op::maximum: return maximum_rows(n, to, a, b());
    case Op::less: return less_rows(n, to, a, b());
    case Op::less_equal: return less_equal_rows(n, to, a, b());
    case Op::equal: return equal_rows(n, to, a, b());
    case Op::logical_and: return logical_and_rows(n, to, a, b());
    case Op::logical_or: return logical_or_rows(n, to, a, b());
    case Op::select: return select_rows(n, to, a, b(), columns[what.c]);
    case Op::look_up: return look_up_rows(n, to, a, program.tables[what.index]);
    }
}

}  // namespace axolemma::kinetics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
