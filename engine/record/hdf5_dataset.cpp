#include <algorithm>
#include <functional>
#include <numeric>

#include "record/hdf5_internal.hpp"

namespace axolemma::record::hdf5 {
namespace {

// No table of a result file comes near this; a damaged file may claim anything.
constexpr std::uint64_t max_elements = std::uint64_t{1} << 32;

}  // namespace

std::uint64_t Block::size() const
{
    return std::accumulate(count.begin(), count.end(), std::uint64_t{1}, std::multiplies<>());
}

Shape Dataset::shape() const
{
    const Scoped space(H5Dget_space(id()), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) fail(path_);
    Shape shape(static_cast<std::size_t>(rank));
    if (H5Sget_simple_extent_dims(space, reinterpret_cast<hsize_t*>(shape.data()), nullptr) < 0) fail(path_);
    return shape;
}

void Dataset::resize(const Shape& shape)
{
    if (H5Dset_extent(id(), dims(shape)) < 0) fail(path_);
}

void Dataset::write_rows_raw(std::uint64_t first, NumberType type, const void* values, std::uint64_t n_values)
{
    if (n_values == 0) return;
    Shape count = shape();
    Shape start(count.size(), 0);
    const std::uint64_t per_row =
        std::accumulate(count.begin() + 1, count.end(), std::uint64_t{1}, std::multiplies<>());
    start[0] = first;
    count[0] = n_values / per_row;
    const Scoped file_space(H5Dget_space(id()), H5Sclose);
    const Scoped memory_space = space_of(count);
    if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, dims(start), nullptr, dims(count), nullptr) < 0 ||
        H5Dwrite(id(), memory_type(type), memory_space, file_space, H5P_DEFAULT, values) < 0) {
        fail(path_);
    }
}

std::size_t Dataset::whole_size() const
{
    std::uint64_t n = 1;
    for (const std::uint64_t extent : shape()) {
        if (extent > max_elements || n * std::max<std::uint64_t>(extent, 1) > max_elements) {
            throw_failure(*file_, path_, "it claims to have more than 4294967296 values");
        }
        n *= extent;
    }
    return static_cast<std::size_t>(n);
}

std::size_t Dataset::checked_size(const Block& block) const
{
    const Shape whole = shape();
    if (block.start.size() != whole.size()) throw_failure(*file_, path_, "it has the wrong number of dimensions");
    for (std::size_t d = 0; d < whole.size(); ++d) {
        if (block.count[d] == 0) continue;
        if (block.start[d] + (block.count[d] - 1) * block.stride[d] >= whole[d]) {
            throw_failure(*file_, path_, "a part outside the dataset was asked for");
        }
    }
    return static_cast<std::size_t>(block.size());
}

void Dataset::read_raw(const Block* block, NumberType type, void* values) const
{
    if (block && block->size() == 0) return;
    const Scoped file_space(H5Dget_space(id()), H5Sclose);
    herr_t status = 0;
    if (block) {
        status = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, dims(block->start), dims(block->stride),
                                     dims(block->count), nullptr);
    }
    const Scoped memory_space = space_of(block ? block->count : shape());
    if (status >= 0) status = H5Dread(id(), memory_type(type), memory_space, file_space, H5P_DEFAULT, values);
    if (status < 0) fail(path_);
}

std::vector<std::string> Dataset::read_text() const
{
    const Scoped stored(H5Dget_type(id()), H5Tclose);
    if (H5Tis_variable_str(stored) <= 0) throw_failure(*file_, path_, "it does not hold texts");
    std::vector<char*> raw(whole_size(), nullptr);
    const Scoped type(make_text_type(), H5Tclose);
    if (!raw.empty() && H5Dread(id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) fail(path_);
    std::vector<std::string> texts;
    texts.reserve(raw.size());
    for (char* text : raw) {
        texts.emplace_back(text ? text : "");
        H5free_memory(text);
    }
    return texts;
}

bool Dataset::is_f32() const
{
    const Scoped type(H5Dget_type(id()), H5Tclose);
    return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == sizeof(float);
}

bool Dataset::is_integer() const
{
    const Scoped type(H5Dget_type(id()), H5Tclose);
    return H5Tget_class(type) == H5T_INTEGER;
}

bool Dataset::is_text() const
{
    const Scoped type(H5Dget_type(id()), H5Tclose);
    return H5Tget_class(type) == H5T_STRING;
}

Shape Dataset::chunk() const
{
    const Scoped layout(H5Dget_create_plist(id()), H5Pclose);
    if (H5Pget_layout(layout) != H5D_CHUNKED) return {};
    Shape chunk(shape().size());
    if (H5Pget_chunk(layout, static_cast<int>(chunk.size()), reinterpret_cast<hsize_t*>(chunk.data())) < 0) fail(path_);
    return chunk;
}

}  // namespace axolemma::record::hdf5
