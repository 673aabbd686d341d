/// A JSON value that can be written as text; object keys keep their order.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace axolemma::config {

class Json {
public:
    static Json text(std::string_view value);
    static Json number(double value);
    static Json boolean(bool value);
    static Json object(std::vector<std::pair<std::string, Json>> members = {});
    static Json array(std::vector<Json> items = {});

    Json& add(std::string key, Json value);  ///< of an object; returns *this
    Json& add(Json value);                   ///< of an array; returns *this
    /// With an indent of two spaces per level; short arrays stay on one line.
    std::string dump(int level = 0) const;

private:
    enum class Kind { plain, object, array } kind_ = Kind::plain;
    std::string plain_;  // ready to print
    std::vector<std::pair<std::string, Json>> members_;
    std::vector<Json> items_;
};

}  // namespace axolemma::config
