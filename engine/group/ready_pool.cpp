#include "group/ready_pool.hpp"

#include <iterator>

#include "base/simd.hpp"

namespace axolemma::group {

void ReadyPool::add(std::int32_t unit, std::int32_t height, std::int32_t length)
{
    by_length_[length].emplace(height, -unit);
    ++size_;
}

std::int32_t ReadyPool::urgency() const
{
    return empty() ? 0 : urgency(urgent_length());
}

std::int32_t ReadyPool::urgency(std::int32_t length) const
{
    const auto found = by_length_.find(length);
    return found == by_length_.end() ? 0 : found->second.top().first;
}

std::int32_t ReadyPool::urgent_length() const
{
    auto best = by_length_.begin();
    for (auto it = best; it != by_length_.end(); ++it) {
        best = it->second.top() > best->second.top() ? it : best;
    }
    return best->first;
}

std::int32_t ReadyPool::full_length() const
{
    auto best = by_length_.end();
    for (auto it = by_length_.begin(); it != by_length_.end(); ++it) {
        if (it->second.size() >= base::lanes && (best == by_length_.end() || it->second.top() > best->second.top())) {
            best = it;
        }
    }
    return best == by_length_.end() ? none : best->first;
}

std::int32_t ReadyPool::take_near(std::int32_t length)
{
    auto it = by_length_.upper_bound(length);
    if (it != by_length_.begin()) {
        it = std::prev(it);
    }
    return take(it->first);
}

std::int32_t ReadyPool::take(std::int32_t length)
{
    const auto found = by_length_.find(length);
    const std::int32_t unit = -found->second.top().second;
    found->second.pop();
    if (found->second.empty()) {
        by_length_.erase(found);
    }
    --size_;
    return unit;
}

}  // namespace axolemma::group
