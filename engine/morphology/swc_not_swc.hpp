/// Recognising files that are not of the wanted format at all, so that the message can say what they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

struct NotSwc {
    std::string message;
    std::string hint;
    std::int64_t line = 1;
};

/// What the bytes look like when they cannot be a file of the wanted format (HTML, gzip, UTF-16, SWC for Neurolucida or
/// the other way round, ...); nothing if they may be one.
std::optional<NotSwc> recognise_other_format(std::string_view bytes, FileFormat wanted);

}  // namespace axolemma::morphology
