#include "record/hdf5_file.hpp"

#include "record/durable.hpp"
#include "record/hdf5_driver.hpp"
#include "record/hdf5_internal.hpp"

namespace axolemma::record::hdf5 {
namespace {

/// The library must not print its error stack: it is read by last_reason(). The setting belongs to the calling
/// thread.
void quiet()
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

/// First error of the ordered driver of this file, 0 if there was none.
int driver_error(hid_t file)
{
    void* handle = nullptr;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == nullptr) return 0;
    return *static_cast<const int*>(handle);
}

/// Property list of files that are written: the ordered driver, and structures that survive a kill.
hid_t make_access(const FileInfo& info)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    // Old structures only: newer ones need repair after a kill, and every reader knows these.
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    const hid_t driver = ordered_driver();
    if (driver < 0 || H5Pset_driver(access, driver, nullptr) < 0) {
        const std::string reason = last_reason().text();
        H5Pclose(access);
        throw_failure(info, "/", reason);
    }
    return access;
}

}  // namespace

File File::create(const std::string& path)
{
    quiet();
    File file;
    file.file_ = std::make_shared<FileInfo>(FileInfo{path, false});
    const Scoped access(make_access(*file.file_), H5Pclose);
    // Freed space is never used again: the last commit may still refer to it.
    const Scoped creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
    H5Pset_file_space_strategy(creation, H5F_FSPACE_STRATEGY_NONE, 0, 1);
    const hid_t id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
    if (id < 0) throw_failure(*file.file_, "/", last_reason().text());
    file.id_ = std::make_shared<Identifier>(id, H5Fclose);
    return file;
}

File File::open_to_continue(const std::string& path)
{
    quiet();
    File file;
    file.file_ = std::make_shared<FileInfo>(FileInfo{path, true});
    const Scoped access(make_access(*file.file_), H5Pclose);
    const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDWR, access);
    if (id < 0) throw_failure(*file.file_, "/", last_reason().text());
    file.id_ = std::make_shared<Identifier>(id, H5Fclose);
    H5F_fspace_strategy_t strategy{};
    const Scoped creation(H5Fget_create_plist(id), H5Pclose);
    hbool_t persist = false;
    hsize_t threshold = 0;
    if (H5Pget_file_space_strategy(creation, &strategy, &persist, &threshold) < 0 ||
        strategy != H5F_FSPACE_STRATEGY_NONE) {
        throw_failure(*file.file_, "/", "freed space in it may be used again, so it cannot be continued safely");
    }
    return file;
}

void File::begin_writing()
{
    file_->reading = false;
}

File File::open(const std::string& path, OpenFailure& failure, std::string& reason)
{
    quiet();
    File file;
    file.file_ = std::make_shared<FileInfo>(FileInfo{path, true});
    failure = OpenFailure::none;
    const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (id >= 0) {
        file.id_ = std::make_shared<Identifier>(id, H5Fclose);
        return file;
    }
    const Reason why = last_reason();
    reason = why.text();
    failure = why.error != 0  ? OpenFailure::no_access
              : why.not_hdf5  ? OpenFailure::not_hdf5
              : why.truncated ? OpenFailure::truncated
                              : OpenFailure::damaged;
    return file;
}

Group File::root() const
{
    auto found = std::make_shared<Identifier>(H5Gopen2(id_->id, "/", H5P_DEFAULT), H5Gclose, id_);
    if (found->id < 0) throw_failure(*file_, "/", last_reason().text());
    return {std::move(found), file_, "/"};
}

void File::flush()
{
    if (H5Fflush(id_->id, H5F_SCOPE_LOCAL) < 0) throw_failure(*file_, "the last block", last_reason().text());
    if (const int error = driver_error(id_->id)) throw_failure(*file_, "the last block", errno_text(error));
}

void File::sync()
{
    if (const int error = sync_file(file_->path)) throw_failure(*file_, "the last block", errno_text(error));
}

void File::close()
{
    flush();
    const hid_t id = id_->id;
    id_->id = H5I_INVALID_HID;
    const bool closed = H5Fclose(id) >= 0;
    if (!closed) throw_failure(*file_, "the end", last_reason().text());
    if (const int error = sync_file(file_->path)) throw_failure(*file_, "the end", errno_text(error));
}

}  // namespace axolemma::record::hdf5
