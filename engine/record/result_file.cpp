#include "record/result_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/diagnostics.hpp"
#include "record/result_tables.hpp"
#include "record/result_writer.hpp"

namespace axolemma::record {

using base::InputError;

hdf5::File open_result(const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw InputError({path, 0, 0}, "this is a directory, not a result file");
    }
    hdf5::OpenFailure failure{};
    std::string reason;
    hdf5::File file = hdf5::File::open(path, failure, reason);
    switch (failure) {
    case hdf5::OpenFailure::none: return file;
    case hdf5::OpenFailure::no_access: throw InputError({path, 0, 0}, "cannot open the result file: " + reason);
    case hdf5::OpenFailure::not_hdf5:
        throw InputError(
            {path, 0, 0}, "this is not an HDF5 file",
            "give a file that 'axolemma run' wrote; a run killed within its first moments leaves an empty one");
    case hdf5::OpenFailure::truncated:
        throw InputError({path, 0, 0}, "the end of this HDF5 file is missing",
                         "it was not copied or downloaded completely; copy it again");
    case hdf5::OpenFailure::damaged: break;
    }
    throw InputError({path, 0, 0}, "this HDF5 file is damaged: " + reason, "copy it again or repeat the run");
}

void check_format(const std::string& path, const hdf5::Group& root)
{
    if (!root.has_attribute("axolemma_format")) {
        throw InputError({path, 0, 0}, "this HDF5 file was not written by axolemma",
                         "its root has no attribute 'axolemma_format'");
    }
    const auto format = root.number<std::int32_t>("axolemma_format");
    if (format > format_version) {
        throw InputError(
            {path, 0, 0},
            fmt::format("this file has format version {}, which is newer than this axolemma reads", format),
            fmt::format("this axolemma reads up to version {}; use a newer one", format_version));
    }
    if (format < 1) {
        throw InputError({path, 0, 0}, fmt::format("this file has format version {}, which never existed", format),
                         "versions count from 1; the file is damaged or was changed by another program");
    }
}

std::string run_id_of(const hdf5::Group& root)
{
    return root.has_attribute("run_id") ? root.text("run_id") : std::string();
}

void refuse_other_run(const hdf5::Object& part, const std::string& reason)
{
    throw InputError({part.file_name(), 0, 0}, fmt::format("cannot continue {}: {}", part.path(), reason),
                     "the file was made by a different simulation than the one to be resumed");
}

void refuse_loss(const hdf5::Object& part, std::uint64_t n, std::uint64_t n_known, const char* what)
{
    throw InputError(
        {part.file_name(), 0, 0},
        fmt::format("cannot continue {}: it has {} {} where the checkpoint knows of {}", part.path(), n, what, n_known),
        "the file is damaged or older than the checkpoint; run from the start");
}

std::string read_run_id(const std::string& path)
{
    const hdf5::File file = open_result(path);
    check_format(path, file.root());
    return run_id_of(file.root());
}

bool is_finished_result(const std::string& path, const std::string& run_id)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return false;
    try {
        const hdf5::File file = open_result(path);
        const hdf5::Group root = file.root();
        check_format(path, root);
        return run_id_of(root) == run_id && root.number<std::uint8_t>("complete") != 0;
    } catch (const InputError&) {
        return false;
    }
}

}  // namespace axolemma::record
