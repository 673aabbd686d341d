#include "base/errno_text.hpp"

#include <cerrno>
#include <cstring>

namespace axolemma::base {

std::string errno_text(int error)
{
    const char* name = "";
    switch (error) {
    case ENOSPC: name = " (ENOSPC)"; break;
    case EDQUOT: name = " (EDQUOT)"; break;
    case EFBIG: name = " (EFBIG)"; break;
    case EIO: name = " (EIO)"; break;
    case EROFS: name = " (EROFS)"; break;
    case EACCES: name = " (EACCES)"; break;
    default: break;
    }
    return std::string(std::strerror(error)) + name;
}

}  // namespace axolemma::base
