#include "base/bytes.hpp"

#include <utility>

#include "base/diagnostics.hpp"

namespace axolemma::base {

void ByteWriter::append(const void* from, std::size_t n)
{
    const auto* first = static_cast<const std::byte*>(from);
    if (n > 0) bytes_.insert(bytes_.end(), first, first + n);
}

ByteReader::ByteReader(std::span<const std::byte> bytes, std::string file, std::string part)
    : left_(bytes), file_(std::move(file)), part_(std::move(part))
{}

void ByteReader::require_end() const
{
    if (!left_.empty()) fail(std::to_string(left_.size()) + " bytes too many");
}

std::span<const std::byte> ByteReader::next(std::uint64_t n, std::size_t size_each)
{
    if (n > left_.size() / size_each) fail("it ends too early");
    const auto bytes = left_.first(static_cast<std::size_t>(n) * size_each);
    left_ = left_.subspan(bytes.size());
    return bytes;
}

void ByteReader::fail(const std::string& reason) const
{
    throw InputError({file_, 0, 0}, "cannot read " + part_ + ": " + reason,
                     "the file is damaged or was written by another version of the program");
}

}  // namespace axolemma::base
