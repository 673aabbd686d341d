#include "run_case.hpp"
#include "support/catch.hpp"

TEST_CASE("Rallpack 3: spike times converge with order 1 and 2", "[long]")
{
    run_case("rallpack3");
}

TEST_CASE("HH patch: it fires at the currents and rates of the known f-I curve", "[long]")
{
    run_case("hh_f_i_curve");
}

TEST_CASE("squid axon: the velocity over temperature and diameter is that of the travelling wave", "[long]")
{
    run_case("squid_axon_scaling");
}
