/// Catch2 2 (Debian 12) and 3 (newer systems) behind one header.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch {
using Detail::Approx;
namespace Matchers {
inline auto ContainsSubstring(std::string const& text)
{
    return Contains(text);
}
}  // namespace Matchers
}  // namespace Catch
#endif
