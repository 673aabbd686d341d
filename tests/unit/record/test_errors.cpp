#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"
#include "record/result_reader.hpp"
#include "record/result_writer.hpp"
#include "support/catch.hpp"
#include "support/synthetic_result.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

std::string engine_error(const std::function<void()>& action)
{
    try {
        action();
    } catch (const base::EngineError& error) {
        return error.what();
    }
    return "no error";
}

std::string input_error(const std::function<void()>& action)
{
    try {
        action();
    } catch (const base::InputError& error) {
        const std::string text = error.what();  // ends with a newline
        return text.substr(0, text.size() - 1);
    }
    return "no error";
}

void write_bytes(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_bytes(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

// ---- writing ------------------------------------------------------------------------------------------------------

TEST_CASE("missing directories above the result file are created", "[record]")
{
    const Scratch scratch;
    CHECK(ResultWriter(scratch / "a/b/c.h5").finish(true) == scratch / "a/b/c.h5");
    CHECK(std::filesystem::is_regular_file(scratch / "a/b/c.h5"));
}

TEST_CASE("a directory that cannot be created is named with the reason", "[record]")
{
    const Scratch scratch;
    write_bytes(scratch / "file", "");
    const std::string path = scratch / "file/sub/x.h5";
    CHECK(engine_error([&] { ResultWriter writer(path); }) ==
          fmt::format("cannot create the result file '{}': cannot create the directory '{}': Not a directory", path,
                      scratch / "file/sub"));
    CHECK(engine_error([&] { ResultWriter writer(scratch / "file/x.h5"); }) ==
          fmt::format("cannot create the result file '{}': cannot create the directory '{}': Not a directory",
                      scratch / "file/x.h5", scratch / "file"));
}

TEST_CASE("an unwritable path is found when the file is opened", "[record]")
{
    // A directory that not even root can write to.
    CHECK(engine_error([] { ResultWriter writer("/proc/x.h5"); }) ==
          "cannot create the result file '/proc/x.h5': No such file or directory");
    const Scratch scratch;
    std::filesystem::create_directory(scratch / "taken.h5");
    CHECK(engine_error([&] { ResultWriter writer(scratch / "taken.h5"); }) ==
          fmt::format("cannot create the result file '{}': it is a directory", scratch / "taken.h5"));
    CHECK(engine_error([] { ResultWriter writer("/dev/null"); }) ==
          "cannot create the result file '/dev/null': it is not a regular file");
    if (geteuid() == 0) {
        WARN("permissions are not checked: running as root");
        return;
    }
    std::filesystem::create_directory(scratch / "locked");
    chmod((scratch / "locked").c_str(), 0500);
    CHECK(engine_error([&] { ResultWriter writer(scratch / "locked/x.h5"); }) ==
          fmt::format("cannot create the result file '{}': Permission denied (EACCES)", scratch / "locked/x.h5"));
}

TEST_CASE("with overwriting off an existing result stops the run before it begins and stays as it is", "[record]")
{
    const Scratch scratch;
    write_bytes(scratch / "x.h5", "precious");
    CHECK(input_error([&] { ResultWriter writer(scratch / "x.h5", false); }) ==
          fmt::format("{}: error: the result file is already there and overwriting is off\n"
                      "  hint: move it away, choose another name, or set 'overwrite: true'",
                      scratch / "x.h5"));
    CHECK(read_bytes(scratch / "x.h5") == "precious");
    CHECK_FALSE(std::filesystem::exists(scratch / "x.h5.partial"));

    write_bytes(scratch / "y.h5.partial", "precious too");
    CHECK(input_error([&] { ResultWriter writer(scratch / "y.h5", false); }) ==
          fmt::format("{}: error: an unfinished run left this file and overwriting is off\n"
                      "  hint: move it away, choose another name, or set 'overwrite: true'",
                      scratch / "y.h5.partial"));
    CHECK(read_bytes(scratch / "y.h5.partial") == "precious too");
}

TEST_CASE("an old result is replaced only when the new one is complete", "[record]")
{
    const Scratch scratch;
    write_bytes(scratch / "x.h5", "old");
    CHECK(ResultWriter(scratch / "x.h5").finish(false) == scratch / "x.h5.partial");
    CHECK(read_bytes(scratch / "x.h5") == "old");
    CHECK(ResultWriter(scratch / "x.h5").finish(true) == scratch / "x.h5");
    CHECK(ResultReader(scratch / "x.h5").complete());
    CHECK_FALSE(std::filesystem::exists(scratch / "x.h5.partial"));
}

TEST_CASE("two runs cannot write the same file", "[record]")
{
    const Scratch scratch;
    ResultWriter first(scratch / "x.h5");
    CHECK(engine_error([&] { ResultWriter second(scratch / "x.h5"); }) ==
          fmt::format("cannot create the result file '{0}': another run is writing '{0}.partial'", scratch / "x.h5"));
    first.set_provenance({{"title", std::string("unharmed")}});
    first.finish(true);
    CHECK(ResultReader(scratch / "x.h5").provenance().at("title") == "unharmed");
}

TEST_CASE("a writer that goes away before anything was saved leaves nothing", "[record]")
{
    const Scratch scratch;
    {
        ResultWriter writer(scratch / "x.h5");
    }
    CHECK(std::filesystem::is_empty(scratch.path()));
}

TEST_CASE("a writer that goes away without finish keeps what was appended", "[record]")
{
    const Scratch scratch;
    {
        ResultWriter writer(scratch / "x.h5");
        const SpikesId id = writer.add_spikes("p", {{"a"}, {0}, {0.5}, {0}, {0}});
        writer.flush();
        const std::array<Spike, 1> spikes{{{1.5, 0, 0}}};
        writer.append_spikes(id, spikes);
    }
    const ResultReader reader(scratch / "x.h5.partial");
    CHECK(reader.spikes().at(0).spikes.size() == 1);
}

TEST_CASE("a name that cannot be a link name is refused", "[record]")
{
    const Scratch scratch;
    ResultWriter writer(scratch / "x.h5");
    CHECK(engine_error([&] { writer.add_spikes("a/b", {}); }) == "the name 'a/b' cannot be used in a result file");
}

TEST_CASE("the same report twice is an error that names file, place and reason", "[record]")
{
    const Scratch scratch;
    ResultWriter writer(scratch / "x.h5");
    writer.add_spikes("p", {{"a"}, {0}, {0.5}, {0}, {0}});
    CHECK(engine_error([&] {
              writer.add_spikes("p", {{"a"}, {0}, {0.5}, {0}, {0}});
          }) == fmt::format("cannot write /spikes/p of '{}': name already exists", scratch / "x.h5.partial"));
    CHECK(engine_error([&] { writer.flush(); }) ==
          fmt::format("'{}' cannot be written since an earlier failure", scratch / "x.h5.partial"));
}

// ---- reading ------------------------------------------------------------------------------------------------------

TEST_CASE("a file that is not there is said to be missing", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "none.h5";
    CHECK(input_error([&] { ResultReader reader(path); }) ==
          path + ": error: cannot open the result file: No such file or directory");
}

TEST_CASE("a directory is not a result file", "[record]")
{
    const Scratch scratch;
    CHECK(input_error([&] { ResultReader reader(scratch.path().string()); }) ==
          scratch.path().string() + ": error: this is a directory, not a result file");
}

TEST_CASE("a file that is not HDF5 is refused", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5";
    for (const std::string& bytes : {std::string(), std::string("time,v\n0,-65\n"), std::string(5000, '\0')}) {
        write_bytes(path, bytes);
        CHECK(
            input_error([&] { ResultReader reader(path); }) ==
            path +
                ": error: this is not an HDF5 file\n  hint: give a file that 'axolemma run' wrote; a run killed within "
                "its first moments leaves an empty one");
    }
}

TEST_CASE("an HDF5 file of another program is refused", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "other.h5";
    {
        hdf5::File file = hdf5::File::create(path);
        file.root().create_group("results");
        file.close();
    }
    CHECK(
        input_error([&] { ResultReader reader(path); }) ==
        path +
            ": error: this HDF5 file was not written by axolemma\n  hint: its root has no attribute 'axolemma_format'");
}

TEST_CASE("a file of a newer format is refused with both versions", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "newer.h5";
    {
        hdf5::File file = hdf5::File::create(path);
        file.root().set_number<std::int32_t>("axolemma_format", 2);
        file.close();
    }
    CHECK(input_error([&] { ResultReader reader(path); }) ==
          path +
              ": error: this file has format version 2, which is newer than this axolemma reads\n"
              "  hint: this axolemma reads up to version 1; use a newer one");
}

TEST_CASE("a truncated file is said to be incomplete", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "cut.h5";
    test::write_synthetic_result(path);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1000);
    CHECK(input_error([&] { ResultReader reader(path); }) ==
          path +
              ": error: the end of this HDF5 file is missing\n"
              "  hint: it was not copied or downloaded completely; copy it again");
}

TEST_CASE("an unfinished file can be read and says that it is one", "[record]")
{
    const Scratch scratch;
    const std::string path = test::write_synthetic_result(scratch / "x.h5", 5.0, false);
    CHECK(path == scratch / "x.h5.partial");
    const ResultReader reader(path);
    CHECK_FALSE(reader.complete());
    CHECK(reader.warnings().text() ==
          path +
              ": warning: the run did not reach its end\n"
              "  hint: the file holds what was saved until then, or the run is still going on\n");
    CHECK(reader.find_report("axon")->n_rows == 100);
}

TEST_CASE("a file can be read while it is being written", "[record]")
{
    const Scratch scratch;
    ResultWriter writer(scratch / "x.h5");
    const StreamId stream = writer.add_stimulus({"s", "current_clamp", "p", "soma[0](0.5)", "nA", 1, 0, 0.1, 0});
    const std::array<double, 3> rows{1, 2, 3};
    writer.append_rows(stream, rows, 3);
    writer.flush();
    {
        const ResultReader reader(writer.partial_path());
        CHECK(reader.stimuli().at(0).n_rows == 3);
    }
    writer.append_rows(stream, rows, 3);
    writer.finish(true);
    CHECK(ResultReader(scratch / "x.h5").stimuli().at(0).n_rows == 6);
}

TEST_CASE("from the first sample on the file can be opened", "[record]")
{
    const Scratch scratch;
    ResultWriter writer(scratch / "x.h5");
    const StreamId stream = writer.add_stimulus({"s", "current_clamp", "p", "soma[0](0.5)", "nA", 1, 0, 0.1, 0});
    CHECK_THROWS_AS(ResultReader(writer.partial_path()), base::InputError);
    const std::array<double, 1> row{1};
    writer.append_rows(stream, row, 1);
    CHECK(ResultReader(writer.partial_path()).stimuli().size() == 1);
}

TEST_CASE("tables that do not fit together are reported, not read", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "odd.h5";
    {
        hdf5::File file = hdf5::File::create(path);
        hdf5::Group root = file.root();
        root.set_number<std::int32_t>("axolemma_format", 1);
        root.set_number<std::uint8_t>("complete", 1);
        hdf5::Group group = root.create_group("analysis").create_group("resting");
        const std::array<std::string, 2> names{"a", "b"};
        group.create_text("population", names);
        const std::array<double, 1> voltage{-65};
        group.create<double>("voltage", std::span<const double>(voltage));
        file.close();
    }
    const ResultReader reader(path);
    CHECK(input_error([&] { reader.resting(); }) ==
          path +
              ": error: cannot read /analysis/resting/voltage: it has 1 rows where 2 are expected\n"
              "  hint: the file is damaged or was changed by another program");
    CHECK(input_error([&] { reader.morphology("p"); }).starts_with(path + ": error: cannot read /morphology"));
}

// A flipped byte deep inside can crash HDF5 1.10 itself (seen in H5HG_read), so only lengths are tried here.
TEST_CASE("a file cut at any length is refused", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5";
    test::write_synthetic_result(path, 1.0);
    const std::string good = read_bytes(path);
    for (std::size_t length = 0; length < good.size(); length += 1 + length / 10) {
        CAPTURE(length);
        write_bytes(path, good.substr(0, length));
        CHECK_THROWS_AS(ResultReader(path), base::InputError);
    }
}
