#include "base/math.hpp"

#include "base/fma_clones.hpp"
#include "base/functions-inl.hpp"
#include "base/log-inl.hpp"
#include "base/vmath-inl.hpp"

namespace axolemma::base {

AXOLEMMA_WITH_FMA double exp(double x)
{
    return HWY_NAMESPACE::exp(x);
}

AXOLEMMA_WITH_FMA double exprelr(double x)
{
    return HWY_NAMESPACE::exprelr(x);
}

AXOLEMMA_WITH_FMA double expm1(double x)
{
    return HWY_NAMESPACE::expm1(x);
}

AXOLEMMA_WITH_FMA double log(double x)
{
    return HWY_NAMESPACE::log(x);
}

AXOLEMMA_WITH_FMA double log10(double x)
{
    return HWY_NAMESPACE::log10(x);
}

AXOLEMMA_WITH_FMA double power(double a, double b)
{
    return HWY_NAMESPACE::power(a, b);
}

AXOLEMMA_WITH_FMA double sinh(double x)
{
    return HWY_NAMESPACE::sinh(x);
}

AXOLEMMA_WITH_FMA double cosh(double x)
{
    return HWY_NAMESPACE::cosh(x);
}

AXOLEMMA_WITH_FMA double tanh(double x)
{
    return HWY_NAMESPACE::tanh(x);
}

}  // namespace axolemma::base
