#include "config/json_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_quoted.hpp"

namespace axolemma::config {

namespace {

std::string lines(const std::vector<std::string>& parts, char open, char close, int level)
{
    const std::string indent(static_cast<std::size_t>(2 * (level + 1)), ' ');
    std::string out(1, open);
    for (std::size_t k = 0; k < parts.size(); ++k) {
        out += (k == 0 ? "\n" : ",\n") + indent + parts[k];
    }
    return out + "\n" + std::string(static_cast<std::size_t>(2 * level), ' ') + close;
}

}  // namespace

Json Json::text(std::string_view value)
{
    Json out;
    out.plain_ = base::json_quoted(value);
    return out;
}

Json Json::number(double value)
{
    Json out;
    out.plain_ = fmt::format("{}", value);
    return out;
}

Json Json::boolean(bool value)
{
    Json out;
    out.plain_ = value ? "true" : "false";
    return out;
}

Json Json::object(std::vector<std::pair<std::string, Json>> members)
{
    Json out;
    out.kind_ = Kind::object;
    out.members_ = std::move(members);
    return out;
}

Json Json::array(std::vector<Json> items)
{
    Json out;
    out.kind_ = Kind::array;
    out.items_ = std::move(items);
    return out;
}

Json& Json::add(std::string key, Json value)
{
    members_.emplace_back(std::move(key), std::move(value));
    return *this;
}

Json& Json::add(Json value)
{
    items_.push_back(std::move(value));
    return *this;
}

std::string Json::dump(int level) const
{
    constexpr std::size_t longest_line = 100;
    std::vector<std::string> parts;
    if (kind_ == Kind::object) {
        for (const auto& [key, value] : members_) {
            parts.push_back(base::json_quoted(key) + ": " + value.dump(level + 1));
        }
        return parts.empty() ? "{}" : lines(parts, '{', '}', level);
    }
    if (kind_ == Kind::plain) {
        return plain_;
    }
    for (const Json& item : items_) {
        parts.push_back(item.dump(level + 1));
    }
    const std::string one_line = fmt::format("[{}]", fmt::join(parts, ", "));
    return one_line.size() < longest_line && one_line.find('\n') == std::string::npos ? one_line
                                                                                      : lines(parts, '[', ']', level);
}

}  // namespace axolemma::config
