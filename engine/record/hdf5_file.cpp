#include "record/hdf5_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/diagnostics.hpp"
#include "record/hdf5_driver.hpp"

namespace axolemma::record::hdf5 {

static_assert(std::is_same_v<hid_t, std::int64_t> || sizeof(hid_t) == sizeof(std::int64_t), "HDF5 1.10 or newer");
static_assert(sizeof(hsize_t) == sizeof(std::uint64_t));

namespace detail {

struct Identifier {
    hid_t id;
    herr_t (*close)(hid_t);
    std::shared_ptr<Identifier> file;  // keeps the file open while its objects are in use

    Identifier(hid_t id_in, herr_t (*close_in)(hid_t), std::shared_ptr<Identifier> file_in = nullptr)
        : id(id_in), close(close_in), file(std::move(file_in)) {}
    Identifier(const Identifier&) = delete;
    Identifier& operator=(const Identifier&) = delete;
    ~Identifier() {
        if (id >= 0) close(id);
    }
};

struct FileInfo {
    std::string path;
    bool reading = false;
};

}  // namespace detail

namespace {

using detail::FileInfo;
using detail::Identifier;

// No table of a result file comes near this; a damaged file may claim anything.
constexpr std::uint64_t max_elements = std::uint64_t{1} << 32;

/// A property list, dataspace or type that lives as long as the block it is used in.
class Scoped {
public:
    Scoped(hid_t id, herr_t (*close)(hid_t)) : handle_(id, close) {}
    operator hid_t() const { return handle_.id; }

private:
    Identifier handle_;
};

hid_t memory_type(NumberType type) {
    switch (type) {
        case NumberType::u8:
            return H5T_NATIVE_UINT8;
        case NumberType::i32:
            return H5T_NATIVE_INT32;
        case NumberType::u32:
            return H5T_NATIVE_UINT32;
        case NumberType::i64:
            return H5T_NATIVE_INT64;
        case NumberType::u64:
            return H5T_NATIVE_UINT64;
        case NumberType::f32:
            return H5T_NATIVE_FLOAT;
        case NumberType::f64:
            return H5T_NATIVE_DOUBLE;
    }
    return H5I_INVALID_HID;
}

hid_t stored_type(NumberType type) {
    switch (type) {
        case NumberType::u8:
            return H5T_STD_U8LE;
        case NumberType::i32:
            return H5T_STD_I32LE;
        case NumberType::u32:
            return H5T_STD_U32LE;
        case NumberType::i64:
            return H5T_STD_I64LE;
        case NumberType::u64:
            return H5T_STD_U64LE;
        case NumberType::f32:
            return H5T_IEEE_F32LE;
        case NumberType::f64:
            return H5T_IEEE_F64LE;
    }
    return H5I_INVALID_HID;
}

hid_t make_text_type() {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

Scoped space_of(const Shape& shape) {
    return {H5Screate_simple(static_cast<int>(shape.size()), reinterpret_cast<const hsize_t*>(shape.data()), nullptr),
            H5Sclose};
}

/// What the library's error stack says: the errno where there is one, else the innermost message.
struct Reason {
    int error = 0;
    std::string innermost;
    bool truncated = false;
    bool not_hdf5 = false;
};

herr_t collect(unsigned, const H5E_error2_t* entry, void* out) {
    auto& reason = *static_cast<Reason*>(out);
    const std::string text = entry->desc ? entry->desc : "";
    if (reason.innermost.empty()) reason.innermost = text;
    if (const auto at = text.find("errno = "); at != std::string::npos && reason.error == 0) {
        reason.error = std::atoi(text.c_str() + at + 8);
    }
    reason.truncated = reason.truncated || text.find("truncated file") != std::string::npos;
    reason.not_hdf5 = reason.not_hdf5 || entry->min_num == H5E_NOTHDF5;
    return 0;
}

Reason last_reason() {
    Reason reason;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reason);
    H5Eclear2(H5E_DEFAULT);
    return reason;
}

std::string reason_text(const Reason& reason) {
    if (reason.error != 0) return errno_text(reason.error);
    return reason.innermost.empty() ? "unknown reason" : reason.innermost;
}

/// The library must not print its error stack: it is read by last_reason(). The setting belongs to the calling thread.
void quiet() {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

[[noreturn]] void throw_failure(const FileInfo& file, const std::string& what, const std::string& reason) {
    if (file.reading) {
        throw base::InputError({file.path, 0, 0}, fmt::format("cannot read {}: {}", what, reason),
                               "the file is damaged or was changed by another program");
    }
    throw base::EngineError(fmt::format("cannot write {} of '{}': {}", what, file.path, reason));
}

std::string joined(const std::string& parent, const std::string& name) {
    return parent == "/" ? parent + name : parent + "/" + name;
}

/// First error of the ordered driver of this file, 0 if there was none.
int driver_error(hid_t file) {
    void* handle = nullptr;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == nullptr) return 0;
    return *static_cast<const int*>(handle);
}

}  // namespace

std::string errno_text(int error) {
    const char* name = "";
    switch (error) {
        case ENOSPC:
            name = " (ENOSPC)";
            break;
        case EDQUOT:
            name = " (EDQUOT)";
            break;
        case EFBIG:
            name = " (EFBIG)";
            break;
        case EIO:
            name = " (EIO)";
            break;
        case EROFS:
            name = " (EROFS)";
            break;
        case EACCES:
            name = " (EACCES)";
            break;
        default:
            break;
    }
    return std::string(std::strerror(error)) + name;
}

// ---- objects and attributes
// ------------------------------------------------------------------------------------------

Object::Object(std::shared_ptr<Identifier> id, std::shared_ptr<const FileInfo> file, std::string path)
    : id_(std::move(id)), file_(std::move(file)), path_(std::move(path)) {}

std::int64_t Object::id() const {
    return id_->id;
}

void Object::fail(const std::string& what) const {
    throw_failure(*file_, what, reason_text(last_reason()));
}

bool Object::has_attribute(const std::string& name) const {
    return H5Aexists(id(), name.c_str()) > 0;
}

std::vector<std::string> Object::attribute_names() const {
    std::vector<std::string> names;
    hsize_t next = 0;
    const auto add = [](hid_t, const char* name, const H5A_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
    };
    if (H5Aiterate2(id(), H5_INDEX_NAME, H5_ITER_INC, &next, add, &names) < 0) fail("the attributes of " + path_);
    return names;
}

void Object::set_text(const std::string& name, std::string_view value) {
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    if (has_attribute(name) && H5Adelete(id(), name.c_str()) < 0) fail(what);
    const Scoped type(make_text_type(), H5Tclose);
    const Scoped space(H5Screate(H5S_SCALAR), H5Sclose);
    const Scoped attribute(H5Acreate2(id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const std::string copy(value.substr(0, value.find('\0')));
    const char* text = copy.c_str();
    if (attribute < 0 || H5Awrite(attribute, type, &text) < 0) fail(what);
}

void Object::set_numbers_raw(const std::string& name, NumberType type, const Shape* shape, const void* values) {
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    if (!shape && has_attribute(name)) {  // in place when it fits: the rounding error changes with every block
        const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
        if (attribute < 0) fail(what);
        const Scoped stored(H5Aget_type(attribute), H5Tclose);
        if (H5Tequal(stored, stored_type(type)) > 0) {
            if (H5Awrite(attribute, memory_type(type), values) < 0) fail(what);
            return;
        }
    }
    if (has_attribute(name) && H5Adelete(id(), name.c_str()) < 0) fail(what);
    const Scoped space = shape ? space_of(*shape) : Scoped(H5Screate(H5S_SCALAR), H5Sclose);
    const Scoped attribute(H5Acreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (attribute < 0 || H5Awrite(attribute, memory_type(type), values) < 0) fail(what);
}

std::string Object::text(const std::string& name) const {
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(what);
    const Scoped stored(H5Aget_type(attribute), H5Tclose);
    const Scoped space(H5Aget_space(attribute), H5Sclose);
    if (H5Tis_variable_str(stored) <= 0 || H5Sget_simple_extent_npoints(space) != 1) {
        throw_failure(*file_, what, "it is not a text");
    }
    const Scoped type(make_text_type(), H5Tclose);
    char* value = nullptr;
    if (H5Aread(attribute, type, &value) < 0) fail(what);
    std::string text = value ? value : "";
    H5free_memory(value);
    return text;
}

void Object::read_number_raw(const std::string& name, NumberType type, void* value) const {
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(what);
    const Scoped space(H5Aget_space(attribute), H5Sclose);
    if (H5Sget_simple_extent_npoints(space) != 1) throw_failure(*file_, what, "it is not a single number");
    if (H5Aread(attribute, memory_type(type), value) < 0) fail(what);
}

std::string Object::as_text(const std::string& name) const {
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(fmt::format("attribute '{}' of {}", name, path_));
    const Scoped type(H5Aget_type(attribute), H5Tclose);
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            return fmt::format("{}", number<std::int64_t>(name));
        case H5T_FLOAT:
            return fmt::format("{}", number<double>(name));
        default:
            return text(name);
    }
}

// ---- datasets
// --------------------------------------------------------------------------------------------------------

std::uint64_t Block::size() const {
    return std::accumulate(count.begin(), count.end(), std::uint64_t{1}, std::multiplies<>());
}

Shape Dataset::shape() const {
    const Scoped space(H5Dget_space(id()), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) fail(path_);
    Shape shape(static_cast<std::size_t>(rank));
    if (H5Sget_simple_extent_dims(space, reinterpret_cast<hsize_t*>(shape.data()), nullptr) < 0) fail(path_);
    return shape;
}

void Dataset::resize(const Shape& shape) {
    if (H5Dset_extent(id(), reinterpret_cast<const hsize_t*>(shape.data())) < 0) fail(path_);
}

void Dataset::write_rows_raw(std::uint64_t first, NumberType type, const void* values, std::uint64_t n_values) {
    if (n_values == 0) return;
    Shape count = shape();
    Shape start(count.size(), 0);
    const std::uint64_t per_row =
        std::accumulate(count.begin() + 1, count.end(), std::uint64_t{1}, std::multiplies<>());
    start[0] = first;
    count[0] = n_values / per_row;
    const Scoped file_space(H5Dget_space(id()), H5Sclose);
    const Scoped memory_space = space_of(count);
    if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, reinterpret_cast<const hsize_t*>(start.data()), nullptr,
                            reinterpret_cast<const hsize_t*>(count.data()), nullptr) < 0 ||
        H5Dwrite(id(), memory_type(type), memory_space, file_space, H5P_DEFAULT, values) < 0) {
        fail(path_);
    }
}

std::size_t Dataset::whole_size() const {
    std::uint64_t n = 1;
    for (const std::uint64_t extent : shape()) {
        if (extent > max_elements || n * std::max<std::uint64_t>(extent, 1) > max_elements) {
            throw_failure(*file_, path_, "it claims to have more than 4294967296 values");
        }
        n *= extent;
    }
    return static_cast<std::size_t>(n);
}

std::size_t Dataset::checked_size(const Block& block) const {
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

void Dataset::read_raw(const Block* block, NumberType type, void* values) const {
    if (block && block->size() == 0) return;
    const Scoped file_space(H5Dget_space(id()), H5Sclose);
    herr_t status = 0;
    if (block) {
        status = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, reinterpret_cast<const hsize_t*>(block->start.data()),
                                     reinterpret_cast<const hsize_t*>(block->stride.data()),
                                     reinterpret_cast<const hsize_t*>(block->count.data()), nullptr);
    }
    const Scoped memory_space = space_of(block ? block->count : shape());
    if (status >= 0) status = H5Dread(id(), memory_type(type), memory_space, file_space, H5P_DEFAULT, values);
    if (status < 0) fail(path_);
}

std::vector<std::string> Dataset::read_text() const {
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

bool Dataset::is_f32() const {
    const Scoped type(H5Dget_type(id()), H5Tclose);
    return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == sizeof(float);
}

// ---- groups
// ----------------------------------------------------------------------------------------------------------

bool Group::has(const std::string& name) const {
    return H5Lexists(id(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Group::names() const {
    std::vector<std::string> names;
    hsize_t next = 0;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
    };
    if (H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, &next, add, &names) < 0) fail(path_);
    return names;
}

Group Group::group(const std::string& name) const {
    const std::string path = joined(path_, name);
    auto found = std::make_shared<Identifier>(H5Gopen2(id(), name.c_str(), H5P_DEFAULT), H5Gclose, id_);
    if (found->id < 0) fail(path);
    return {std::move(found), file_, path};
}

Dataset Group::dataset(const std::string& name) const {
    const std::string path = joined(path_, name);
    auto found = std::make_shared<Identifier>(H5Dopen2(id(), name.c_str(), H5P_DEFAULT), H5Dclose, id_);
    if (found->id < 0) fail(path);
    return {std::move(found), file_, path};
}

Group Group::create_group(const std::string& name) {
    const std::string path = joined(path_, name);
    auto made = std::make_shared<Identifier>(H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                                             H5Gclose, id_);
    if (made->id < 0) fail(path);
    return {std::move(made), file_, path};
}

Dataset Group::create_raw(const std::string& name, NumberType type, const Shape& shape, const void* values) {
    const std::string path = joined(path_, name);
    const Scoped space = space_of(shape);
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    if (H5Sget_simple_extent_npoints(space) > 0 &&
        H5Dwrite(made->id, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        fail(path);
    }
    return {std::move(made), file_, path};
}

Dataset Group::create_text(const std::string& name, std::span<const std::string> values) {
    const std::string path = joined(path_, name);
    const Scoped type(make_text_type(), H5Tclose);
    const Scoped space = space_of({values.size()});
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    std::vector<const char*> raw;
    raw.reserve(values.size());
    for (const std::string& value : values) raw.push_back(value.c_str());
    if (!raw.empty() && H5Dwrite(made->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) fail(path);
    return {std::move(made), file_, path};
}

Dataset Group::create_extendible(const std::string& name, NumberType type, const Shape& chunk, std::uint64_t columns,
                                 bool compress) {
    const std::string path = joined(path_, name);
    Shape now{0}, most{H5S_UNLIMITED};
    if (chunk.size() == 2) {
        now.push_back(columns);
        most.push_back(columns);
    }
    const Scoped space(H5Screate_simple(static_cast<int>(now.size()), reinterpret_cast<const hsize_t*>(now.data()),
                                        reinterpret_cast<const hsize_t*>(most.data())),
                       H5Sclose);
    const Scoped layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(layout, static_cast<int>(chunk.size()), reinterpret_cast<const hsize_t*>(chunk.data()));
    if (compress) {
        H5Pset_shuffle(layout);
        H5Pset_deflate(layout, 1);
    }
    if (type == NumberType::f32 ||
        type == NumberType::f64) {  // a sample that was never written must not look like 0 mV
        const double none = std::numeric_limits<double>::quiet_NaN();
        H5Pset_fill_value(layout, H5T_NATIVE_DOUBLE, &none);
    }
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, layout, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    return {std::move(made), file_, path};
}

void Group::hard_link(const std::string& existing, const std::string& name) {
    if (H5Lcreate_hard(id(), existing.c_str(), id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0) {
        fail(joined(path_, name));
    }
}

void Group::remove(const std::string& name) {
    if (H5Ldelete(id(), name.c_str(), H5P_DEFAULT) < 0) fail(joined(path_, name));
}

// ---- files
// -----------------------------------------------------------------------------------------------------------

File File::create(const std::string& path) {
    quiet();
    const auto info = std::make_shared<const FileInfo>(FileInfo{path, false});
    const Scoped access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    // Old structures only: newer ones need repair after a kill, and every reader knows these.
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    File file;
    file.file_ = info;
    const hid_t driver = ordered_driver();
    if (driver < 0 || H5Pset_driver(access, driver, nullptr) < 0) throw_failure(*info, "/", reason_text(last_reason()));
    // Freed space is never used again: the last commit may still refer to it.
    const Scoped creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
    H5Pset_file_space_strategy(creation, H5F_FSPACE_STRATEGY_NONE, 0, 1);
    const hid_t id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
    if (id < 0) throw_failure(*info, "/", reason_text(last_reason()));
    file.id_ = std::make_shared<Identifier>(id, H5Fclose);
    return file;
}

File File::open(const std::string& path, OpenFailure& failure, std::string& reason) {
    quiet();
    File file;
    file.file_ = std::make_shared<const FileInfo>(FileInfo{path, true});
    failure = OpenFailure::none;
    const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (id >= 0) {
        file.id_ = std::make_shared<Identifier>(id, H5Fclose);
        return file;
    }
    const Reason why = last_reason();
    reason = reason_text(why);
    failure = why.error != 0  ? OpenFailure::no_access
              : why.not_hdf5  ? OpenFailure::not_hdf5
              : why.truncated ? OpenFailure::truncated
                              : OpenFailure::damaged;
    return file;
}

Group File::root() const {
    auto found = std::make_shared<Identifier>(H5Gopen2(id_->id, "/", H5P_DEFAULT), H5Gclose, id_);
    if (found->id < 0) throw_failure(*file_, "/", reason_text(last_reason()));
    return {std::move(found), file_, "/"};
}

void File::flush() {
    if (H5Fflush(id_->id, H5F_SCOPE_LOCAL) < 0) throw_failure(*file_, "the last block", reason_text(last_reason()));
    if (const int error = driver_error(id_->id)) throw_failure(*file_, "the last block", errno_text(error));
}

void File::close() {
    flush();
    const hid_t id = id_->id;
    id_->id = H5I_INVALID_HID;
    const bool closed = H5Fclose(id) >= 0;
    if (!closed) throw_failure(*file_, "the end", reason_text(last_reason()));
    const int fd = ::open(file_->path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool safe = fd >= 0 && fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!safe) throw_failure(*file_, "the end", errno_text(error));
}

}  // namespace axolemma::record::hdf5
