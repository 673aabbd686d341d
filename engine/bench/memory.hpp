/// What the process holds in main memory.
#pragma once

#include <cstdint>

namespace axolemma::bench {

/// Resident set of this process, after memory that was freed has been given back where the C library can.   [bytes]
/// 0 where the operating system does not tell.
std::int64_t resident_bytes();

}  // namespace axolemma::bench
