/// What the tests of Neurolucida files share.
#pragma once

#include <string>

#include "swc_support.hpp"

namespace axolemma::morphology::testing {

/// An outline, three trees of several depths, a spine, markers, end tags, a set and a note.
inline const std::string drawn_cell = R"asc(; made for this test
(ImageCoords)
("Section 1" (Color Red) (0 0 0 1) (9 0 0 1) (9 9 0 1))
("CellBody" (Color RGB (255, 0, 0)) (CellBody)
  (0 0 0 0.3 S1) (10 0 0 0.3 S1) (14 6 0 0.3 S1) (9 12 0 0.3) (1 11 0 0.3) (-3 5 0 0.3))
( (Color Blue) (Dendrite)
  (12 6 0 2 S1) (20, 6, 0, 2) <(21 7 0 0.3)> (30 6 0 1.5)
  (Cross (Color Red) (Name "Marker (1") (25 6 0 1) (26 6 0 1))
  ( (30 6 0 1.2) (40 10 0 1) Normal
  | (40 0 0 1) (50 -5 1 0.8)
    ( (60 -5 1 0.5) Incomplete
    | (50 -5 1 0.4) (55 -15 1 0.4)
      ( (60 -20 1 .4) (61 -21 1 .3) ) ) ) )
((Axon) (3 -0.4 0 1)
  ( (3 -20 0 1) (3 -40 0 1) | (10 -20 0 1) (20 -20 0 1) ))
(Set "later" ((Apical) (100 50 0 3) (100 90 0 2) (100 95 5 1)))
((Color Red) (5 5 5 5) "a note")
)asc";

/// A hexagon: an outline of a cell body.
inline const std::string hexagon = "(\"CellBody\" (0 0 0 0) (10 0 0 0) (14 6 0 0) (9 12 0 0) (1 11 0 0) (-3 5 0 0))\n";

/// The whole text of the InputError that reading must raise; "" if it raises none.
inline std::string asc_errors_of(const std::string& text, const SwcOptions& options = {})
{
    try {
        parse_asc(text, "cell.asc", options);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return {};
}

inline BuiltMorphology build_asc(const std::string& text, SomaRule rule = SomaRule::automatic)
{
    return build_morphology(parse_asc(text, "cell.asc"), rule);
}

}  // namespace axolemma::morphology::testing
