#include "run_case.hpp"
#include "support/catch.hpp"

TEST_CASE("RC patch: both schemes are their own closed form to 1e-11 mV and of order 1 and 2", "[validation]")
{
    run_case("rc_patch");
}

TEST_CASE("Hines elimination agrees with a dense LU on random forests to 1e-12", "[validation]")
{
    run_case("hines");
}

TEST_CASE("sealed cable: steady state and transient converge with order 2 in space", "[validation]")
{
    run_case("sealed_cable");
}

TEST_CASE("tapered cable: the steady state converges with order 2 in space", "[validation]")
{
    run_case("tapered_cable");
}

TEST_CASE("any passive tree follows the matrix exponential with order 1 and 2 in time", "[validation]")
{
    run_case("passive_trees");
}

TEST_CASE("Rallpack 1: the driven end neither errs by 2e-5 nor rings", "[validation]")
{
    run_case("rallpack1");
}

TEST_CASE("Rallpack 2: the binary tree is its equivalent cylinder", "[validation]")
{
    run_case("rallpack2");
}

TEST_CASE("HH patch: voltage, gates and spike times converge with order 1 and 2", "[validation]")
{
    run_case("hh_patch");
}

TEST_CASE("squid axon: the velocity converges with order 2 to that of the travelling wave", "[validation]")
{
    run_case("squid_axon");
}

TEST_CASE("a reconstructed cell has the known compartments and fires as an adaptive integrator says", "[validation]")
{
    run_case("swc_cell");
}

TEST_CASE("voltage clamps deliver the Hodgkin-Huxley currents", "[validation]")
{
    run_case("voltage_clamp");
}

TEST_CASE("a synapse follows its definition, and its patch with order 1 and 2 wherever in a step an event falls",
          "[validation]")
{
    run_case("synapse_patch");
}

TEST_CASE("two synapses on a dendrite: voltages and currents converge with order 1 and 2", "[validation]")
{
    run_case("synapses_on_cable");
}

TEST_CASE("gap junctions: passive and spiking pairs converge with order 1 and 2", "[validation]")
{
    run_case("gap_junctions");
}

TEST_CASE("a ring of two patches: spike times converge with order 1 and 2", "[validation]")
{
    run_case("ring_of_patches");
}

TEST_CASE("any number of threads and any grouping of cells give the same bits", "[validation]")
{
    run_case("same_bits");
}
