#include "record/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace axolemma::record {
namespace {

int sync(const std::string& path, int flags)
{
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0) return errno;
    const int error = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return error;
}

}  // namespace

int sync_file(const std::string& path)
{
    return sync(path, 0);
}

int sync_directory_of(const std::string& path)
{
    const std::string directory = std::filesystem::path(path).parent_path().string();
    const int error = sync(directory.empty() ? "." : directory, O_DIRECTORY);
    return error == EINVAL || error == ENOTSUP || error == EACCES ? 0 : error;
}

}  // namespace axolemma::record
