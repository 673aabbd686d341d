#include "morphology/swc.hpp"

#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/sha256.hpp"
#include "morphology/swc_findings.hpp"
#include "morphology/swc_not_swc.hpp"
#include "morphology/swc_reader.hpp"
#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

std::string read_bytes(const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw base::InputError({path, 0, 0}, "this is a directory, not a file",
                               "give the path of an SWC or Neurolucida (.asc) file");
    }
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file) {
        const int reason = errno;
        throw base::InputError({path, 0, 0}, fmt::format("cannot open the file: {}", std::strerror(reason)),
                               reason == ENOENT ? "check the path" : "check the permissions of the file");
    }
    std::string bytes;
    constexpr std::size_t block = std::size_t{1} << 18U;
    while (true) {
        const std::size_t before = bytes.size();
        bytes.resize(before + block);
        const std::size_t n = std::fread(bytes.data() + before, 1, block, file.get());
        bytes.resize(before + n);
        if (n < block) {
            break;
        }
    }
    if (std::ferror(file.get()) != 0) {
        throw base::InputError({path, 0, 0}, fmt::format("cannot read the file: {}", std::strerror(errno)),
                               "check the disk, or fetch the file again");
    }
    return bytes;
}

}  // namespace

const std::vector<std::string>& file_format_names()
{
    static const std::vector<std::string> names{"swc", "neurolucida"};
    return names;
}

void check_options(const SwcOptions& options, const std::string& name)
{
    if (!(options.scale > 0.0) || !std::isfinite(options.scale)) {
        throw base::InputError({name, 0, 0}, fmt::format("scale {} is not a positive number", options.scale),
                               "scale multiplies coordinates and radii, for example 0.001 for a file in nanometres");
    }
    if (!(options.min_radius_um >= 0.0) || !std::isfinite(options.min_radius_um)) {
        throw base::InputError({name, 0, 0},
                               fmt::format("min_radius {} um is not a number >= 0", options.min_radius_um),
                               "radii below min_radius are raised to it");
    }
}

void check_count(const SwcFile& file)
{
    // Sections may hold up to two points per sample, and points are numbered with 32 bits.
    constexpr std::size_t most_samples = std::numeric_limits<std::int32_t>::max() / 4;
    if (file.samples.size() > most_samples) {
        throw base::InputError({file.name, 0, 0},
                               fmt::format("{} samples are more than fit into one cell", file.samples.size()),
                               fmt::format("the most is {}", most_samples));
    }
}

SwcFile parse_swc(std::string_view text, const std::string& name, const SwcOptions& options)
{
    check_options(options, name);
    if (const std::optional<NotSwc> other = recognise_other_format(text, FileFormat::swc)) {
        throw base::InputError({name, other->line, 0}, other->message, other->hint);
    }
    SwcFile file;
    file.name = name;
    file.sha256 = base::sha256_hex(text);
    Findings findings(name);
    const UnreadLines unread = read_lines(text, options, file, findings);
    check_count(file);
    if (file.samples.empty() && unread.n == 0) {
        throw base::InputError({name, 0, 0}, "there are no samples in the file",
                               "export it again: an SWC file has lines of id type x y z radius parent");
    }
    link_samples(options, unread, file, findings);
    if (!findings.has_errors()) {
        check_cell(file, findings);
    }
    const base::Diagnostics all = findings.in_line_order();
    all.throw_if_errors();
    file.warnings = all;
    return file;
}

SwcFile read_swc(const std::string& path, const SwcOptions& options)
{
    return parse_swc(read_bytes(path), path, options);
}

SwcFile read_morphology(const std::string& path, const SwcOptions& options)
{
    const bool is_asc = lower_case(std::filesystem::path(path).extension().string()) == ".asc";
    return is_asc ? parse_asc(read_bytes(path), path, options) : read_swc(path, options);
}

}  // namespace axolemma::morphology
