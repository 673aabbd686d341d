/// A short cable in place of a reconstructed axon, as many published models have it.
#pragma once

#include <cstdint>

#include "morphology/morphology.hpp"

namespace axolemma::morphology {

/// Cylinders one behind the other, the first at the centre of the soma.
struct AxonStub {
    std::int32_t sections = 2;
    double length_um = 30.0;  ///< of each
    double diameter_um = 1.0;

    friend bool operator==(const AxonStub&, const AxonStub&) = default;
};

/// The shape without its sections of type axon and all that hangs on them, and with the stub instead: axon[0], axon[1]...
/// behind all other sections. The root must not be an axon.
Morphology replace_axon(const Morphology& morphology, const AxonStub& stub);

}  // namespace axolemma::morphology
