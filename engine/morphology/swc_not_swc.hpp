/// Recognising files that are not SWC at all, so that the message can say what they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace axolemma::morphology {

struct NotSwc {
    std::string message;
    std::string hint;
    std::int64_t line = 1;
};

/// What the bytes look like when they cannot be an SWC file (HTML, gzip, UTF-16, ASC, ...); nothing if they may be one.
std::optional<NotSwc> recognise_other_format(std::string_view bytes);

}  // namespace axolemma::morphology
