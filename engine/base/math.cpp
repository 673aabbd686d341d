#include "base/math.hpp"

#include "base/fma_clones.hpp"
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

double expm1(double x)
{
    if (x < -40.0) {
        return -1.0;  // to the last digit; -inf would become -inf / inf
    }
    return x == 0.0 ? x : x / exprelr(x);
}

}  // namespace axolemma::base
