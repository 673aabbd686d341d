#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/sha256.hpp"
#include "record/checkpoint_file.hpp"
#include "support/catch.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(const std::string& text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string read_file(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// `n` bytes that differ from version to version.
Bytes state(std::size_t n, std::uint32_t version)
{
    std::mt19937 random(version);
    Bytes bytes(n);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() & 255u);
    return bytes;
}

void write_small(const std::string& path)
{
    CheckpointWriter writer(path);
    writer.add_part("run", bytes_of("abc"));
    writer.add_part("state", bytes_of("0123456789"));
    writer.commit();
}

std::string refusal(const std::string& path)
{
    try {
        const CheckpointReader reader(path);
    } catch (const base::InputError& error) {
        const std::string text = error.what();
        REQUIRE(text.starts_with(path + ": error: "));
        return text.substr(path.size() + 9, text.size() - path.size() - 10);
    }
    return "no error";
}

std::string engine_error(const std::function<void()>& action)
{
    try {
        action();
    } catch (const base::EngineError& error) {
        return error.what();
    }
    return "no error";
}

std::string damaged(const std::string& reason)
{
    return fmt::format("this checkpoint is damaged: {}\n  hint: copy it again, or resume from an older checkpoint",
                       reason);
}

/// The file with the checksum that its bytes should have: what a forger, not an accident, leaves.
std::string with_checksum(std::string file)
{
    constexpr std::size_t header = 24, digest = 32;
    base::Sha256 sha256;
    const auto bytes = std::as_bytes(std::span(file));
    sha256.add(bytes.subspan(header, bytes.size() - header - digest));
    sha256.add(bytes.first(header));
    const auto sum = sha256.digest();
    std::memcpy(file.data() + file.size() - digest, sum.data(), digest);
    return file;
}

}  // namespace

TEST_CASE("parts of a checkpoint come back as they were written", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    const Bytes large = state(3'333'333, 1);  // some buffers long
    {
        CheckpointWriter writer(path);
        writer.add_part("empty", {});
        writer.begin("large", large.size());
        for (std::size_t at = 0, n = 1; at < large.size(); n = n * 7 % 1'500'007 + 1) {
            const std::size_t take = std::min(n, large.size() - at);
            writer.add(std::span(large).subspan(at, take));
            at += take;
        }
        writer.add_part("a name with spaces, größer", bytes_of("x"));
        CHECK_FALSE(std::filesystem::exists(path));
        writer.commit();
    }
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
    const CheckpointReader reader(path);
    CHECK(reader.path() == path);
    CHECK(reader.names() == std::vector<std::string>{"empty", "large", "a name with spaces, größer"});
    CHECK(reader.has("large"));
    CHECK_FALSE(reader.has("larg"));
    CHECK(reader.read("empty").empty());
    CHECK(reader.read("large") == large);
    CHECK(reader.read("a name with spaces, größer") == bytes_of("x"));

    CheckpointPart part = reader.open("large");
    CHECK(part.n_left() == large.size());
    Bytes pieces(large.size());
    for (std::size_t at = 0; at < pieces.size();) {
        const std::size_t take = std::min<std::size_t>(1'000'003, pieces.size() - at);
        part.take(std::span(pieces).subspan(at, take));
        at += take;
    }
    CHECK(pieces == large);
    CHECK(part.n_left() == 0);
    Bytes more(1);
    CHECK_THROWS_AS(part.take(more), base::InputError);
}

TEST_CASE("the layout of a checkpoint is the documented one", "[record]")
{
    const Scratch scratch;
    write_small(scratch / "a.ckpt");
    const std::string file = read_file(scratch / "a.ckpt");
    const auto number = [](auto value) { return std::string(reinterpret_cast<const char*>(&value), sizeof value); };
    const std::string body = number(std::uint32_t{3}) + "run" + number(std::uint64_t{3}) + "abc" +
                             number(std::uint32_t{5}) + "state" + number(std::uint64_t{10}) + "0123456789";
    const std::string header =
        "AXOLCKPT" + number(std::uint32_t{1}) + number(std::uint32_t{0}) + number(std::uint64_t{24 + body.size() + 32});
    REQUIRE(file.size() == header.size() + body.size() + 32);
    CHECK(file.substr(0, 24) == header);
    CHECK(file.substr(24, body.size()) == body);
    CHECK(file == with_checksum(file));
}

TEST_CASE("without commit the old checkpoint stays and nothing else is left", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string before = read_file(path);
    {
        CheckpointWriter writer(path);
        writer.add_part("run", bytes_of("new"));
    }
    CHECK(read_file(path) == before);
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("what a killed process left beside a checkpoint is overwritten", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_file(path + ".new", std::string(100'000, 'x'));
    write_small(path);
    CHECK(CheckpointReader(path).read("run") == bytes_of("abc"));
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

// ---- what cannot be read ------------------------------------------------------------------------------------------

TEST_CASE("every flipped bit of a checkpoint is noticed", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string good = read_file(path);
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const int bit : {0, 3, 7}) {
            std::string bad = good;
            bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1u << bit));
            write_file(path, bad);
            CAPTURE(at, bit);
            CHECK(refusal(path) != "no error");
        }
    }
    std::string bad = good;
    bad[40] = 'X';
    write_file(path, bad);
    CHECK(refusal(path) == damaged("its checksum does not fit its contents"));
}

TEST_CASE("a checkpoint cut at any length says how much is missing", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string good = read_file(path);
    for (std::size_t n = 0; n < good.size(); ++n) {
        write_file(path, good.substr(0, n));
        CAPTURE(n);
        if (n < 8)
            CHECK(refusal(path) == "this is not a checkpoint of axolemma");
        else if (n < 24)
            CHECK(refusal(path) == damaged("it ends within its first 24 bytes"));
        else
            CHECK(refusal(path) ==
                  damaged(fmt::format("{} of its {} bytes are missing", good.size() - n, good.size())));
    }
    write_file(path, good + "x");
    CHECK(refusal(path) == damaged(fmt::format("it has {} bytes where {} are expected", good.size() + 1, good.size())));
}

TEST_CASE("what is no checkpoint is refused with the reason", "[record]")
{
    const Scratch scratch;
    CHECK(refusal(scratch / "none") == "there is no such checkpoint");
    CHECK(refusal(scratch.path().string()) == "this is a directory, not a checkpoint");
    write_file(scratch / "text", "title: a configuration\n");
    CHECK(refusal(scratch / "text") == "this is not a checkpoint of axolemma");
    CHECK(refusal("/dev/null") == "this is not a regular file");
}

TEST_CASE("a checkpoint of another format version is refused with both versions", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    std::string file = read_file(path);
    file[8] = 2;
    write_file(path, with_checksum(file));
    CHECK(refusal(path) ==
          "this checkpoint has format version 2, newer than the version 1 that this axolemma reads\n"
          "  hint: use a newer axolemma");
    file[8] = 0;
    write_file(path, with_checksum(file));
    CHECK(refusal(path) ==
          "this checkpoint has format version 0, older than the version 1 that this axolemma reads\n"
          "  hint: resume it with the axolemma that wrote it, or run from the start");
}

TEST_CASE("forged sizes with a right checksum are damage and allocate nothing", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string good = read_file(path);
    const auto forged = [&](std::size_t at, std::uint64_t value, std::size_t n_bytes) {
        std::string file = good;
        std::memcpy(file.data() + at, &value, n_bytes);
        write_file(path, with_checksum(file));
        return refusal(path);
    };
    const std::string too_long = damaged("a part is longer than the file");
    for (const std::uint64_t size : {std::uint64_t{29}, std::uint64_t{1} << 50, ~std::uint64_t{0}, ~std::uint64_t{7}})
        CHECK(forged(31, size, 8) == too_long);
    CHECK(forged(24, 100, 4) == too_long);
    CHECK(forged(24, 0, 4) == damaged("a part has no proper name"));
    CHECK(forged(24, 0xffffffff, 4) == damaged("a part has no proper name"));
    CHECK(forged(31, 27, 8) == too_long);  // one byte is left: no room for another part
    CHECK(forged(16, std::uint64_t{1} << 60, 8) ==
          damaged(fmt::format("{} of its {} bytes are missing", (std::uint64_t{1} << 60) - good.size(),
                              std::uint64_t{1} << 60)));
    CHECK(forged(31, 3, 8) == "no error");  // what was there before
}

TEST_CASE("two parts of one name and a part that is not there are reported", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    {
        CheckpointWriter writer(path);
        writer.add_part("one", bytes_of("1"));
        writer.add_part("two", bytes_of("2"));
        writer.commit();
    }
    try {
        CheckpointReader(path).read("three");
        CHECK(false);
    } catch (const base::InputError& error) {
        CHECK(std::string(error.what()) == path +
                                               ": error: this checkpoint has no part 'three'\n"
                                               "  hint: it was written by another version of axolemma\n");
    }
    std::string file = read_file(path);
    file.replace(file.find("two"), 3, "one");
    write_file(path, with_checksum(file));
    CHECK(refusal(path) == damaged("part 'one' is there twice"));
}

// ---- what goes wrong while writing --------------------------------------------------------------------------------

TEST_CASE("a checkpoint that cannot be written is reported with the reason", "[record]")
{
    const Scratch scratch;
    CHECK(engine_error([] { CheckpointWriter("/proc/a.ckpt"); }) ==
          "cannot write the checkpoint '/proc/a.ckpt': No such file or directory");
    CHECK(engine_error([&] { CheckpointWriter(scratch / "no/a.ckpt"); }) ==
          fmt::format("cannot write the checkpoint '{}': No such file or directory", scratch / "no/a.ckpt"));
    std::filesystem::create_directory(scratch / "taken");
    CHECK(engine_error([&] { write_small(scratch / "taken"); }) ==
          fmt::format("cannot write the checkpoint '{}': Is a directory", scratch / "taken"));
    CHECK_FALSE(std::filesystem::exists(scratch / "taken.new"));
}

TEST_CASE("when the disk fills up at any point the old checkpoint is kept", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string before = read_file(path);
    const Bytes bytes = state(2'500'000, 3);
    for (const rlim_t limit :
         std::vector<rlim_t>{0, 10, 24, 100, 4096, 1'000'000, 1'048'576, 2'000'000, 2'500'000, 2'500'050}) {
        CAPTURE(limit);
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            signal(SIGXFSZ, SIG_IGN);  // writing behind the limit then fails with EFBIG
            const rlimit size{limit, limit};
            setrlimit(RLIMIT_FSIZE, &size);
            const std::string message = engine_error([&] {
                CheckpointWriter writer(path);
                writer.add_part("state", bytes);
                writer.commit();
            });
            _exit(message == fmt::format("cannot write the checkpoint '{}': File too large (EFBIG)\n"
                                         "  hint: the checkpoint from before is kept in that file",
                                         path)
                      ? 0
                      : 1);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        CHECK(read_file(path) == before);
        CHECK_FALSE(std::filesystem::exists(path + ".new"));
    }
}

TEST_CASE("a full disk is named when a checkpoint is written", "[record]")
{
    const Scratch scratch;
    if (mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
        WARN("not checked: only root can mount a small file system");
        return;
    }
    const std::string path = scratch / "a.ckpt";
    write_small(path);
    const std::string message = engine_error([&] {
        CheckpointWriter writer(path);
        writer.add_part("state", state(3'000'000, 5));
        writer.commit();
    });
    const bool kept = refusal(path) == "no error", is_clean = !std::filesystem::exists(path + ".new");
    umount(scratch.path().c_str());
    CHECK(message == fmt::format("cannot write the checkpoint '{}': No space left on device (ENOSPC)\n"
                                 "  hint: the checkpoint from before is kept in that file",
                                 path));
    CHECK(kept);
    CHECK(is_clean);
}

TEST_CASE("a process killed at any moment of rewriting leaves a whole checkpoint", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "a.ckpt";
    constexpr std::size_t n_bytes = 300'000;
    const std::vector<Bytes> versions{state(n_bytes, 0), state(n_bytes / 2, 1), state(n_bytes + 5, 2)};
    const auto write_version = [&](std::size_t k) {
        CheckpointWriter writer(path);
        writer.begin("state", versions[k].size());
        const auto all = std::span(versions[k]);
        writer.add(all.first(all.size() / 2));
        writer.add(all.subspan(all.size() / 2));
        writer.commit();
    };
    write_version(0);
    std::mt19937 random(3);
    std::vector<int> seen(versions.size(), 0);
    const auto all_seen = [&] { return std::all_of(seen.begin(), seen.end(), [](int n) { return n > 0; }); };
    // A busy machine gets more trials, and longer ones, to write every version.
    for (int trial = 0; trial < 200 || (!all_seen() && trial < 2000); ++trial) {
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            for (std::size_t k = 1;; ++k) write_version(k % versions.size());
        }
        std::this_thread::sleep_for(
            std::chrono::microseconds(random() % (12'000U + 100U * static_cast<unsigned>(trial))));
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        const Bytes found = CheckpointReader(path).read("state");
        const auto same = std::find(versions.begin(), versions.end(), found);
        REQUIRE(same != versions.end());
        ++seen[static_cast<std::size_t>(same - versions.begin())];
    }
    CAPTURE(seen);
    CHECK(all_seen());
}
