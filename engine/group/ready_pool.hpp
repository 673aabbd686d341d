/// Units that wait for a lane, by how long they will occupy it.
#pragma once

#include <cstdint>
#include <map>
#include <queue>
#include <utility>

namespace axolemma::group {

/// The order in which units are taken decides how well lanes are filled and how often they change; it never changes a result.
class ReadyPool {
public:
    static constexpr std::int32_t none = -1;

    /// @param length  rows that the unit, or what follows it in its lane, takes
    void add(std::int32_t unit, std::int32_t height, std::int32_t length);

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    /// Height of the most urgent unit, or of the most urgent one of a length; 0 if there is none.
    std::int32_t urgency() const;
    std::int32_t urgency(std::int32_t length) const;
    /// Length of the most urgent unit. Needs one.
    std::int32_t urgent_length() const;
    /// The length of which eight or more units wait, and the most urgent one among them; `none` if there is no such length.
    std::int32_t full_length() const;

    /// The most urgent unit. Needs one.
    std::int32_t take_urgent() { return take(urgent_length()); }
    /// A unit of this length; or of the next shorter one, or else of the next longer. Needs one.
    std::int32_t take_near(std::int32_t length);

private:
    using Queue = std::priority_queue<std::pair<std::int32_t, std::int32_t>>;  ///< height, then the earlier unit
    std::int32_t take(std::int32_t length);

    std::map<std::int32_t, Queue> by_length_;  ///< none of them empty
    std::size_t size_ = 0;
};

}  // namespace axolemma::group
