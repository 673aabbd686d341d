#include "support.hpp"

using namespace axolemma;
using nmodl::to_text;
using test::statement;
using test::statements;
using test::texts;

TEST_CASE("assignments, derivatives and calls", "[nmodl]")
{
    CHECK(to_text(statement<nmodl::Assignment>("x[i + 1] = 3").target) == "x[i + 1]");
    const auto second = statement<nmodl::Derivative>("ca''[2] = -ca[2]", "DERIVATIVE d");
    CHECK(to_text(second.state) == "ca[2]");
    CHECK(second.order == 2);
    CHECK(to_text(*second.value) == "-ca[2]");
    CHECK(to_text(statement<nmodl::Derivative>("ca[i]' = 1").state) == "ca[i]");
    CHECK(to_text(*statement<nmodl::CallStatement>("net_send(1, 2)").call) == "net_send(1, 2)");
    CHECK(to_text(*statement<nmodl::CallStatement>("printf(\"%g\\n\", x)").call) == "printf(\"%g\\n\", x)");
    CHECK(statements("a = 1 b = 2 f() c' = 3").size() == 4);
    CHECK(std::holds_alternative<nmodl::Assignment>(statements("PROTECT n = n + 1").at(0).what));
    CHECK(statements("MUTEXLOCK MUTEXUNLOCK").empty());
}

TEST_CASE("conditions and loops", "[nmodl]")
{
    const auto chain =
        statement<nmodl::If>("if (a < 1) { x = 1 } else if (b) { } ELSE IF (c) { } else { x = 2 x = 3 }");
    REQUIRE(chain.branches.size() == 3);
    CHECK(to_text(*chain.branches[0].condition) == "a < 1");
    CHECK(chain.branches[0].body.size() == 1);
    CHECK(chain.has_else);
    CHECK(chain.otherwise.size() == 2);
    CHECK_FALSE(statement<nmodl::If>("IF (a) { }").has_else);

    const auto loop = statement<nmodl::From>("FROM i = 0 TO n - 1 BY 2 { x[i] = i }");
    CHECK(loop.variable.text == "i");
    CHECK(to_text(*loop.last) == "n - 1");
    CHECK(to_text(*loop.step) == "2");
    CHECK(statement<nmodl::From>("FROM i = 0 TO 1 { }").step == nullptr);
    CHECK(to_text(*statement<nmodl::While>("while (x > 1) { x = x/2 }").condition) == "x > 1");
}

TEST_CASE("braces alone are a scope of their own", "[nmodl]")
{
    const auto scope = statement<nmodl::If>("{ LOCAL a a = 1 }");
    REQUIRE(scope.branches.size() == 1);
    CHECK(to_text(*scope.branches[0].condition) == "1");
    CHECK(scope.branches[0].body.size() == 2);
}

TEST_CASE("SOLVE, TABLE, LOCAL, CONDUCTANCE and UNITSOFF", "[nmodl]")
{
    const auto solve = statement<nmodl::Solve>("SOLVE s METHOD cnexp");
    CHECK(solve.block.text == "s");
    CHECK(solve.method->text == "cnexp");
    CHECK(statement<nmodl::Solve>("SOLVE s STEADYSTATE sparse").steady_state->text == "sparse");
    CHECK_FALSE(statement<nmodl::Solve>("SOLVE s").method.has_value());
    CHECK(statement<nmodl::Solve>("SOLVE s METHOD newton IFERROR { x = 1 }").if_error.size() == 1);

    const auto table = statement<nmodl::TableStatement>("TABLE a, b DEPEND dt, celsius FROM -100 TO n*2 WITH 200");
    CHECK(texts(table.names) == "a b");
    CHECK(texts(table.depends) == "dt celsius");
    CHECK(to_text(*table.from) == "-100");
    CHECK(to_text(*table.to) == "n*2");
    CHECK(to_text(*table.with) == "200");
    CHECK(statement<nmodl::TableStatement>("TABLE FROM 0 TO 1 WITH 2").names.empty());

    const auto local = statement<nmodl::Local>("LOCAL a, b[3]");
    REQUIRE(local.items.size() == 2);
    CHECK(local.items[1].size == 3);
    CHECK(statement<nmodl::ConductanceHint>("CONDUCTANCE g USEION k").ion->text == "k");
    CHECK_FALSE(statement<nmodl::ConductanceHint>("CONDUCTANCE g").ion.has_value());
    CHECK_FALSE(statement<nmodl::UnitsSwitch>("UNITSOFF").on);
    CHECK(statement<nmodl::Verbatim>("VERBATIM\nreturn 0;\nENDVERBATIM").does_nothing);
    CHECK_FALSE(statement<nmodl::Verbatim>("VERBATIM\nx = 0;\nENDVERBATIM").does_nothing);
}

TEST_CASE("reactions of all kinds", "[nmodl]")
{
    const auto both = statement<nmodl::Reaction>("~ a[0] + 2 b <-> 3c + d (kf*x, kb)", "KINETIC k");
    CHECK(both.kind == nmodl::Reaction::Kind::both);
    REQUIRE(both.left.size() == 2);
    CHECK(to_text(both.left[0].state) == "a[0]");
    CHECK(both.left[0].count == nullptr);
    CHECK(to_text(*both.left[1].count) == "2");
    REQUIRE(both.right.size() == 2);
    CHECK(to_text(*both.right[0].count) == "3");
    CHECK(to_text(*both.forward) == "kf*x");
    CHECK(to_text(*both.backward) == "kb");

    const auto sink = statement<nmodl::Reaction>("~ a -> (k)", "KINETIC k");
    CHECK(sink.kind == nmodl::Reaction::Kind::one_way);
    CHECK(sink.right.empty());
    CHECK(sink.backward == nullptr);
    CHECK(statement<nmodl::Reaction>("~ a -> b (k)", "KINETIC k").right.size() == 1);

    const auto flux = statement<nmodl::Reaction>("~ cai << (-ica/2)", "KINETIC k");
    CHECK(flux.kind == nmodl::Reaction::Kind::flux);
    CHECK(to_text(*flux.forward) == "-ica/2");

    const auto conserve = statement<nmodl::Conserve>("CONSERVE a + 2 b = 1 - c", "KINETIC k");
    CHECK(conserve.left.size() == 2);
    CHECK(to_text(*conserve.total) == "1 - c");
}

TEST_CASE("volumes and diffusion, with and without an index", "[nmodl]")
{
    const auto volumes = statement<nmodl::Compartment>("COMPARTMENT i, d*d*vol[i] { ca buf }", "KINETIC k");
    CHECK(volumes.index->text == "i");
    CHECK(to_text(*volumes.volume) == "d*d*vol[i]");
    CHECK(volumes.states.size() == 2);
    CHECK_FALSE(statement<nmodl::Compartment>("COMPARTMENT vol { ca }", "KINETIC k").index.has_value());
    const auto diffusion = statement<nmodl::Diffusion>("LONGITUDINAL_DIFFUSION i, D { ca }", "KINETIC k");
    CHECK(diffusion.index->text == "i");
    CHECK(to_text(*diffusion.rate) == "D");
}

TEST_CASE("equations of LINEAR and NONLINEAR blocks", "[nmodl]")
{
    const nmodl::Statements list = statements("~ 2*x + y = 3\n~ x^2 = y\n~+ x = z", "NONLINEAR n");
    REQUIRE(list.size() == 3);
    CHECK(to_text(*std::get<nmodl::Equation>(list[0].what).left) == "2*x + y");
    CHECK(to_text(*std::get<nmodl::Equation>(list[1].what).right) == "y");
    CHECK(to_text(*std::get<nmodl::Equation>(list[2].what).right) == "z");
}

TEST_CASE("what only NET_RECEIVE has", "[nmodl]")
{
    const nmodl::Statements list = statements(
        "INITIAL { u = 1 }\nWATCH (v > 0) 2, (v < -5 (mV)) 3\n"
        "FOR_NETCONS (a, b (ms)) { a = 0 }",
        "NET_RECEIVE (w)");
    REQUIRE(list.size() == 4);
    CHECK(std::get<nmodl::InnerInitial>(list[0].what).body.size() == 1);
    CHECK(to_text(*std::get<nmodl::WatchStatement>(list[1].what).condition) == "v > 0");
    CHECK(to_text(*std::get<nmodl::WatchStatement>(list[2].what).flag) == "3");
    CHECK(list[2].pos.column == 18);
    CHECK(texts(std::get<nmodl::ForNetcons>(list[3].what).arguments) == "a b");
}
