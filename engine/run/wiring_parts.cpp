#include "run/wiring_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace axolemma::run {

std::int64_t Chosen::size() const
{
    return end_->ids.empty() ? end_->count : static_cast<std::int64_t>(end_->ids.size());
}

std::int64_t Chosen::id(std::int64_t position) const
{
    return end_->ids.empty() ? position : end_->ids[static_cast<std::size_t>(position)];
}

std::int64_t Chosen::position(std::int64_t id) const
{
    if (id < 0 || id >= end_->count) {
        return -1;
    }
    if (end_->ids.empty()) {
        return id;
    }
    const auto at = std::lower_bound(end_->ids.begin(), end_->ids.end(), id);
    return at != end_->ids.end() && *at == id ? at - end_->ids.begin() : -1;
}

double distance_um(const WiringEnd& a, std::int64_t i, const WiringEnd& b, std::int64_t j)
{
    const auto position = [](const WiringEnd& end, std::int64_t id) {
        return end.position_um == nullptr ? std::array<double, 3>{} : (*end.position_um)[static_cast<std::size_t>(id)];
    };
    const std::array<double, 3> p = position(a, i), q = position(b, j);
    return std::sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2]));
}

std::string unequal_ends(std::string_view rule, std::int64_t n_sources, std::int64_t n_targets)
{
    return n_sources == n_targets
               ? std::string{}
               : fmt::format("{} needs as many sources as targets; here are {} and {}", rule, n_sources, n_targets);
}

std::int64_t around(std::int64_t position, std::int64_t offset, std::int64_t n)
{
    return ((position + offset) % n + n) % n;
}

}  // namespace axolemma::run
