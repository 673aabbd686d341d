/// Feeds bytes to everything that reads a morphology: SWC text, soma rules, doctor, regions and locations.
///
/// Wrong input must end in InputError, never in another exception, a crash or a long wait. What is accepted must be a
/// sound tree that lost no sample.
#include "morphology_claims.hpp"

using namespace axolemma::morphology;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::try_bytes(data, size, [](std::string_view text, const SwcOptions& options) {
        return parse_swc(text, "fuzz.swc", options);
    });
    return 0;
}
