/// Feeds bytes to the Neurolucida reader and to all that follows it: see fuzz_swc.cpp.
#include "morphology_claims.hpp"

using namespace axolemma::morphology;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::try_bytes(data, size, [](std::string_view text, const SwcOptions& options) {
        return parse_asc(text, "fuzz.asc", options);
    });
    return 0;
}
