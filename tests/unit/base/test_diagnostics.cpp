#include "base/diagnostics.hpp"
#include "support/catch.hpp"

using namespace axolemma::base;

TEST_CASE("a position prints what is known of it", "[base]")
{
    CHECK(SourcePos{"a.yaml", 14, 9}.text() == "a.yaml:14:9");
    CHECK(SourcePos{"a.swc", 812, 0}.text() == "a.swc:812");
    CHECK(SourcePos{"a.swc", 0, 0}.text() == "a.swc");
}

TEST_CASE("a diagnostic prints place, severity, message and hint", "[base]")
{
    CHECK(Diagnostic{Severity::error, {"a.yaml", 1, 2}, "bad", "fix it", 0}.text() ==
          "a.yaml:1:2: error: bad\n  hint: fix it");
    CHECK(Diagnostic{Severity::warning, {"a.yaml", 1, 0}, "odd", "", 0}.text() == "a.yaml:1: warning: odd");
    CHECK(Diagnostic{Severity::error, {}, "bad", "", 12}.text() == "error: bad (and 12 more like this)");
}

TEST_CASE("only errors throw, and the exception carries every finding", "[base]")
{
    Diagnostics found;
    CHECK_NOTHROW(found.throw_if_errors());
    found.warning({"f", 1, 0}, "odd");
    CHECK_NOTHROW(found.throw_if_errors());
    found.error({"f", 2, 0}, "bad", "mend");
    CHECK(found.n_errors() == 1);
    try {
        found.throw_if_errors();
        FAIL("did not throw");
    } catch (const InputError& error) {
        CHECK(std::string(error.what()) == "f:1: warning: odd\nf:2: error: bad\n  hint: mend\n");
        CHECK(error.diagnostics().list().size() == 2);
    }
    found.append(found);
    CHECK(found.list().size() == 4);
}

TEST_CASE("the nearest name is a likely typing mistake or nothing", "[base]")
{
    const std::vector<std::string> names = {"gnabar", "gkbar", "gl", "el"};
    CHECK(nearest_name("gnabr", names) == "gnabar");
    CHECK(nearest_name("gnbaar", names) == "gnabar");
    CHECK(nearest_name("GKBAR", names) == "gkbar");
    CHECK(nearest_name("conductance", names).empty());
    CHECK(nearest_name("Exp2Syn", {"exp_syn", "exp2_syn"}) == "exp2_syn");
    CHECK(nearest_name("x", {"y", "z"}).empty());
    CHECK(nearest_name("", names).empty());
    CHECK(nearest_name(std::string(100'000, 'g'), names).empty());
    CHECK(name_hint("gnabr", names, "hh has") == "did you mean 'gnabar'? hh has: gnabar, gkbar, gl, el");
    CHECK(name_hint("zzzzz", names, "hh has") == "hh has: gnabar, gkbar, gl, el");
    CHECK(name_hint("zzzzz", names, "").empty());
    CHECK(name_hint("zzzzz", std::vector<std::string>(41, "a"), "it has").ends_with(", a, a, ..."));
}
