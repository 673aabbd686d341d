/// What the hdf5_*.cpp files share; nobody else includes this.
#pragma once

#include <hdf5.h>

#include <memory>
#include <string>
#include <utility>

#include "record/hdf5_file.hpp"

namespace axolemma::record::hdf5 {

static_assert(sizeof(hid_t) == sizeof(std::int64_t), "HDF5 1.10 or newer");
static_assert(sizeof(hsize_t) == sizeof(std::uint64_t));

namespace detail {

struct Identifier {
    hid_t id;
    herr_t (*close)(hid_t);
    std::shared_ptr<Identifier> parent;  // keeps the file open while its objects are in use

    Identifier(hid_t id_in, herr_t (*close_in)(hid_t), std::shared_ptr<Identifier> parent_in = nullptr)
        : id(id_in), close(close_in), parent(std::move(parent_in))
    {}
    Identifier(const Identifier&) = delete;
    Identifier& operator=(const Identifier&) = delete;
    ~Identifier()
    {
        if (id >= 0) close(id);
    }
};

struct FileInfo {
    std::string path;
    bool reading = false;
};

}  // namespace detail

using detail::FileInfo;
using detail::Identifier;

/// A property list, dataspace or type that lives as long as the block it is used in.
class Scoped {
public:
    Scoped(hid_t id, herr_t (*close)(hid_t)) : handle_(id, close) {}
    operator hid_t() const { return handle_.id; }

private:
    Identifier handle_;
};

hid_t memory_type(NumberType type);
hid_t stored_type(NumberType type);
/// Type of a text of any length; the caller closes it.
hid_t make_text_type();

inline const hsize_t* dims(const Shape& shape)
{
    return reinterpret_cast<const hsize_t*>(shape.data());
}
inline Scoped space_of(const Shape& shape)
{
    return {H5Screate_simple(static_cast<int>(shape.size()), dims(shape), nullptr), H5Sclose};
}

/// What the library's error stack says: the errno where there is one, else the innermost message.
struct Reason {
    int error = 0;
    std::string innermost;
    bool truncated = false;
    bool not_hdf5 = false;

    std::string text() const;
};
/// Of the call that failed just now; to be asked before the next call.
Reason last_reason();

/// Throws InputError or EngineError, as the file is being read or written.
/// @param what  the part of the file, as in "cannot read <what>"
[[noreturn]] void throw_failure(const FileInfo& file, const std::string& what, const std::string& reason);

}  // namespace axolemma::record::hdf5
