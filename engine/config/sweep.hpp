/// The points of a sweep, made one by one when they are asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace axolemma::config {

struct Node;

/// The value of every parameter at point `index` (0 .. n_points - 1), as YAML text.
std::vector<std::string> point_values(const model::SweepSpec& sweep, std::int64_t index);
/// What makes point `index` out of the configuration.
std::vector<Override> point_overrides(const model::SweepSpec& sweep, std::int64_t index);

/// A configuration with a sweep, read once for all its points.
class Sweep {
public:
    /// Throws InputError: as parse_model(), or when there is no sweep in it.
    Sweep(std::string_view text, const std::string& name, std::span<const Override> overrides = {},
          const ReadOptions& options = {});
    /// Reads a file.
    static Sweep read(const std::string& path, std::span<const Override> overrides = {});

    /// The model with the values of the configuration.
    const model::Model& base() const { return base_; }
    const model::SweepSpec& spec() const { return *base_.sweep; }
    std::int64_t n_points() const { return spec().n_points; }
    /// The model of one point. Throws InputError.
    model::Model point(std::int64_t index) const;

private:
    ReadOptions options_;
    model::Model base_;
    std::shared_ptr<const Node> tree_;
};

}  // namespace axolemma::config
