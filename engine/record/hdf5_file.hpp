/// HDF5 files as C++ objects. The hdf5_*.cpp files are the only ones that know the HDF5 library.
///
/// A failing call throws: base::EngineError for a file being written, base::InputError for a file being read, each
/// naming the file, the object in it and the reason. All objects of a file share it; it is closed with the last of
/// them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/errno_text.hpp"

namespace axolemma::record::hdf5 {

/// Number types that have a fixed form in the file (little endian).
enum class NumberType { u8, i32, u32, i64, u64, f32, f64 };

template <class T>
constexpr NumberType number_type()
{
    if constexpr (std::is_same_v<T, std::uint8_t>)
        return NumberType::u8;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return NumberType::i32;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return NumberType::u32;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return NumberType::i64;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return NumberType::u64;
    else if constexpr (std::is_same_v<T, float>)
        return NumberType::f32;
    else {
        static_assert(std::is_same_v<T, double>, "this type has no form in the file");
        return NumberType::f64;
    }
}

/// Extent of a dataset, slowest dimension first.
using Shape = std::vector<std::uint64_t>;

namespace detail {
struct Identifier;  // an HDF5 id and how to close it
struct FileInfo;    // name and mode, for messages
}  // namespace detail

/// What files, groups and datasets have in common: a path in the file and attributes.
class Object {
public:
    /// Path inside the file, such as "/report/v/data".
    const std::string& path() const { return path_; }

    bool has_attribute(const std::string& name) const;
    std::vector<std::string> attribute_names() const;
    /// Writes an attribute; one of the same name is replaced.
    void set_text(const std::string& name, std::string_view value);
    template <class T>
    void set_number(const std::string& name, T value)
    {
        set_numbers_raw(name, number_type<T>(), nullptr, &value);
    }
    template <class T>
    void set_numbers(const std::string& name, std::span<const T> values)
    {
        const Shape shape{values.size()};
        set_numbers_raw(name, number_type<T>(), &shape, values.data());
    }
    std::string text(const std::string& name) const;
    template <class T>
    T number(const std::string& name) const
    {
        T value{};
        read_number_raw(name, number_type<T>(), &value);
        return value;
    }
    /// A scalar text or number attribute as text (numbers in the shortest form that reads back as the same number).
    std::string as_text(const std::string& name) const;
    /// Name of the file it is in.
    const std::string& file_name() const;

protected:
    Object(std::shared_ptr<detail::Identifier> id, std::shared_ptr<const detail::FileInfo> file, std::string path);
    std::int64_t id() const;
    [[noreturn]] void fail(const std::string& what) const;

    std::shared_ptr<detail::Identifier> id_;
    std::shared_ptr<const detail::FileInfo> file_;
    std::string path_;

private:
    void set_numbers_raw(const std::string& name, NumberType type, const Shape* shape, const void* values);
    void read_number_raw(const std::string& name, NumberType type, void* value) const;
};

/// A rectangle of a dataset: `count` elements from `start`, `stride` apart, along each dimension.
struct Block {
    Shape start, count, stride;
    std::uint64_t size() const;
};

class Dataset : public Object {
public:
    Shape shape() const;
    /// New extent of an extendible dataset.
    void resize(const Shape& shape);
    /// Overwrites rows first .. first + n - 1 (n from the size of `values`); other dimensions in full.
    template <class T>
    void write_rows(std::uint64_t first, std::span<const T> values)
    {
        write_rows_raw(first, number_type<T>(), values.data(), values.size());
    }
    template <class T>
    std::vector<T> read() const
    {
        std::vector<T> values(whole_size());
        read_raw(nullptr, number_type<T>(), values.data());
        return values;
    }
    template <class T>
    std::vector<T> read(const Block& block) const
    {
        std::vector<T> values(checked_size(block));
        read_raw(&block, number_type<T>(), values.data());
        return values;
    }
    std::vector<std::string> read_text() const;
    /// True when the numbers are stored as 32-bit floats.
    bool is_f32() const;
    /// True when the values are whole numbers of any width.
    bool is_integer() const;
    bool is_text() const;
    /// Extent of a chunk; empty when the dataset is not stored in chunks.
    Shape chunk() const;

private:
    friend class Group;
    using Object::Object;
    void write_rows_raw(std::uint64_t first, NumberType type, const void* values, std::uint64_t n_values);
    void read_raw(const Block* block, NumberType type, void* values) const;
    std::size_t whole_size() const;
    std::size_t checked_size(const Block& block) const;
};

class Group : public Object {
public:
    bool has(const std::string& name) const;
    /// Names of what is directly in this group, in alphabetical order.
    std::vector<std::string> names() const;
    /// False when `name` is a dataset.
    bool is_group(const std::string& name) const;
    Group group(const std::string& name) const;
    Dataset dataset(const std::string& name) const;

    Group create_group(const std::string& name);
    template <class T>
    Dataset create(const std::string& name, std::span<const T> values)
    {
        return create_raw(name, number_type<T>(), {values.size()}, values.data());
    }
    template <class T>
    Dataset create(const std::string& name, const Shape& shape, std::span<const T> values)
    {
        return create_raw(name, number_type<T>(), shape, values.data());
    }
    Dataset create_text(const std::string& name, std::span<const std::string> values);
    /// An empty dataset that grows along its first dimension, in chunks of `chunk`.
    /// @param columns   of a two-dimensional dataset; 0: `chunk` has one dimension
    /// @param compress  shuffle and deflate; libsonata from PyPI (0.2.2) is built without deflate and cannot read it
    Dataset create_extendible(const std::string& name, NumberType type, const Shape& chunk, std::uint64_t columns,
                              bool compress);
    /// A second name for `existing` (a path below this group).
    void hard_link(const std::string& existing, const std::string& name);
    void remove(const std::string& name);
    /// Gives `replacement` the name of `name`, which is removed.
    void replace(const std::string& name, const std::string& replacement);

private:
    friend class File;
    using Object::Object;
    Dataset create_raw(const std::string& name, NumberType type, const Shape& shape, const void* values);
};

/// Why a file could not be opened for reading.
enum class OpenFailure { none, no_access, not_hdf5, truncated, damaged };

class File {
public:
    /// Creates or empties a file through the ordered driver (hdf5_driver.hpp): each flush is one commit.
    static File create(const std::string& path);
    /// Opens a file for reading. On failure the returned file is closed and `failure` and `reason` say why.
    static File open(const std::string& path, OpenFailure& failure, std::string& reason);
    /// Opens a file made by create() for changes, through the same driver: what is in the file stays as it is until the
    /// next flush, and then changes in one commit. Failures are those of a file being read until begin_writing().
    static File open_to_continue(const std::string& path);
    /// From here on failures are those of a file being written.
    void begin_writing();

    Group root() const;
    /// Commits everything written so far.
    void flush();
    /// Makes everything committed so far safe against power loss.
    void sync();
    /// Commits, makes the data safe against power loss, and closes. Objects of this file must not be used afterwards.
    void close();

private:
    std::shared_ptr<detail::Identifier> id_;
    std::shared_ptr<detail::FileInfo> file_;
};

using base::errno_text;

}  // namespace axolemma::record::hdf5
