#include "report/report.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/diagnostics.hpp"
#include "report/load.hpp"
#include "report/page.hpp"

namespace axolemma::report {
namespace {

void write_file(const std::string& path, const std::string& text)
{
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code reason;
    if (!folder.empty() && !std::filesystem::create_directories(folder, reason) && reason) {
        throw base::EngineError(
            fmt::format("cannot create the directory '{}' for the report: {}", folder.string(), reason.message()));
    }
    errno = 0;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) throw base::EngineError(fmt::format("cannot write the report '{}': {}", path, std::strerror(errno)));
}

}  // namespace

void write_report(const record::ResultReader& result, const std::string& html_path, const Options& options)
{
    if (!(options.size_MB >= 0.5 && options.size_MB <= 20.0)) {
        throw base::InputError({}, fmt::format("the size of a report must be 0.5 to 20 MB, not {}", options.size_MB),
                               "the default is 5");
    }
    if (options.max_lines == 0) throw base::InputError({}, "a panel of a report needs at least 1 line");
    write_file(html_path, make_page(load(result, options)));
}

}  // namespace axolemma::report
