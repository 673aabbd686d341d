#include <cstddef>
#include <type_traits>

#include "model/model.hpp"
#include "model/variables.hpp"
#include "support/catch.hpp"

using namespace axolemma;

TEST_CASE("place values lie in memory in the order of the place variables", "[model]")
{
    const auto names = model::place_variables();
    REQUIRE(sizeof(model::PlaceValues) == names.size() * sizeof(double));
    REQUIRE(std::is_standard_layout_v<model::PlaceValues>);
    CHECK(names[offsetof(model::PlaceValues, distance_um) / sizeof(double)].name == "distance");
    CHECK(names[offsetof(model::PlaceValues, diameter_um) / sizeof(double)].name == "diameter");
    CHECK(names[offsetof(model::PlaceValues, z_um) / sizeof(double)].name == "z");
    CHECK(names[offsetof(model::PlaceValues, position) / sizeof(double)].name == "position");
    CHECK(names[offsetof(model::PlaceValues, cell) / sizeof(double)].name == "cell");
    CHECK(names[offsetof(model::PlaceValues, count) / sizeof(double)].name == "count");
}

TEST_CASE("cell variables are cell and count", "[model]")
{
    const auto names = model::cell_variables();
    REQUIRE(names.size() == 2);
    CHECK(names[0].name == "cell");
    CHECK(names[1].name == "count");
}
