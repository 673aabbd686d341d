#include "record/result_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <random>

#include "base/diagnostics.hpp"
#include "base/errno_text.hpp"
#include "record/result_writer.hpp"

namespace axolemma::record {

namespace fs = std::filesystem;
using base::errno_text;

namespace {

[[noreturn]] void fail_to_create(const std::string& path, const std::string& reason)
{
    throw base::EngineError(fmt::format("cannot create the result file '{}': {}", path, reason));
}

/// Takes the lock of a file; it is of a kind that HDF5 readers do not mind, so a file can be looked at while the run
/// is going on.
/// @returns false when another process holds it
bool lock_file([[maybe_unused]] int fd)
{
#ifdef F_OFD_SETLK
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return fcntl(fd, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
#else
    return true;
#endif
}

}  // namespace

void create_directories_for(const std::string& path)
{
    const fs::path directory = fs::path(path).parent_path();
    if (directory.empty()) return;
    std::error_code error;
    fs::create_directories(directory, error);
    if (!error && fs::is_directory(directory, error)) return;
    fail_to_create(path, fmt::format("cannot create the directory '{}': {}", directory.string(),
                                     error ? errno_text(error.value()) : "a file of that name is in the way"));
}

void refuse_existing(const std::string& path, const std::string& partial)
{
    std::error_code error;
    if (fs::exists(path, error)) {
        throw base::InputError({path, 0, 0}, "the result file is already there and overwriting is off",
                               "move it away, choose another name, or set 'overwrite: true'");
    }
    if (fs::exists(partial, error)) {
        throw base::InputError({partial, 0, 0}, "an unfinished run left this file and overwriting is off",
                               "move it away, choose another name, or set 'overwrite: true'");
    }
}

int open_and_lock(const std::string& path, const std::string& partial)
{
    std::error_code error;
    if (fs::is_directory(path, error)) fail_to_create(path, "it is a directory");
    for (const std::string& name : {path, partial}) {
        if (fs::exists(name, error) && !fs::is_regular_file(name, error))
            fail_to_create(name, "it is not a regular file");
    }
    const int fd = open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) fail_to_create(path, errno_text(errno));
    if (lock_file(fd)) return fd;
    close(fd);
    fail_to_create(path, fmt::format("another run is writing '{}'", partial));
}

int open_and_lock_existing(const std::string& partial)
{
    const auto fail = [&](const std::string& reason) {
        throw base::EngineError(fmt::format("cannot continue the result file '{}': {}", partial, reason));
    };
    const int fd = open(partial.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) fail(errno_text(errno));
    if (!lock_file(fd)) {
        close(fd);
        fail("another run is writing it");
    }
    return fd;
}

void require_run(const std::string& path, const std::string& partial, const std::string& run_id)
{
    std::error_code error;
    if (!fs::exists(partial, error)) {
        throw base::InputError({partial, 0, 0}, "the unfinished result file is missing",
                               is_finished_result(path, run_id)
                                   ? fmt::format("the run has finished: its result is '{}'", path)
                                   : "the run cannot be resumed without it; put it back or run from the start");
    }
    const std::string found = read_run_id(partial);
    if (found.empty()) {
        throw base::InputError({partial, 0, 0}, "this result file has no run_id and cannot be continued",
                               "it was written by an older axolemma; run from the start");
    }
    if (found != run_id) {
        throw base::InputError({partial, 0, 0},
                               fmt::format("this file was written by run {}, the checkpoint by run {}", found, run_id),
                               "put back the file that belongs to the checkpoint or run from the start");
    }
}

std::string make_run_id()
{
    std::random_device random;
    std::string id;
    for (int word = 0; word < 4; ++word) id += fmt::format("{:08x}", std::uint32_t{random()});
    return id;
}

}  // namespace axolemma::record
