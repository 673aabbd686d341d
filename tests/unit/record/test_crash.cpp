/// What is left of a result file when the process is killed or the disk fills up.
#include <fmt/format.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/result_reader.hpp"
#include "record/result_writer.hpp"
#include "support/catch.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

constexpr std::uint64_t columns = 50;
constexpr std::uint64_t n_reports = 3;

double sample(std::uint64_t report, std::uint64_t row, std::uint64_t column)
{
    return std::sin(0.37 * static_cast<double>(row * columns + column)) + static_cast<double>(report);
}

ReportDescription report_number(std::uint64_t k)
{
    ReportDescription report;
    report.name = fmt::format("r{}", k);
    report.population = "p";
    report.recording = report.name;
    report.quantity = "v";
    report.units = "mV";
    report.node_ids = {0};
    report.index_pointers = {0, columns};
    report.element_ids.assign(columns, 0);
    report.element_pos.assign(columns, 0.5f);
    report.distance_um.assign(columns, 0);
    report.node.assign(columns, -1);
    report.names.assign(columns, "here");
    report.interval_ms = 0.1;
    // One of each kind: they differ in how chunks are stored.
    report.precision = std::array{Precision::full, Precision::compact, Precision::single}[k];
    return report;
}

/// Writes reports and spikes, saving every few rows, and tells `saved` after each save how many rows are safe.
template <class Saved>
void write_forever(const std::string& path, std::uint64_t n_rows, Saved saved)
{
    ResultWriter writer(path);
    std::vector<StreamId> streams;
    for (std::uint64_t k = 0; k < n_reports; ++k) streams.push_back(writer.add_report(report_number(k)));
    const SpikesId spikes = writer.add_spikes("p", {{"here"}, {0}, {0.5}, {0}, {0}});
    std::vector<double> row(columns);
    for (std::uint64_t r = 0; r < n_rows; ++r) {
        for (std::uint64_t k = 0; k < n_reports; ++k) {
            for (std::uint64_t c = 0; c < columns; ++c) row[c] = sample(k, r, c);
            writer.append_rows(streams[k], row, 1);
        }
        const std::array<Spike, 1> spike{{{static_cast<double>(r), r, 0}}};
        writer.append_spikes(spikes, spike);
        if (r % 23 == 22) {
            writer.flush();
            saved(r + 1);
        }
    }
    writer.finish(true);
}

/// True when every row and spike that was reported as saved is there and everything that is there is right.
bool holds(const std::string& path, std::uint64_t saved)
{
    try {
        const ResultReader reader(path);
        bool good = reader.reports().size() == n_reports;
        for (std::uint64_t k = 0; k < reader.reports().size(); ++k) {
            const ReportInfo& report = reader.reports()[k];
            good = good && report.n_rows >= saved;
            const Samples samples = reader.read_rows(report);
            for (std::uint64_t i = 0; i < samples.values.size(); ++i) {
                const double error = std::abs(samples.values[i] - sample(k, i / columns, i % columns));
                good = good && error <= (report.precision == Precision::single ? 3e-7 : report.rounding_error);
            }
        }
        const std::vector<Spike> spikes = reader.spikes().at(0).spikes;
        good = good && spikes.size() >= saved;
        for (std::uint64_t i = 0; i < spikes.size(); ++i)
            good = good && spikes[i] == Spike{static_cast<double>(i), i, 0};
        return good;
    } catch (const base::InputError& error) {
        WARN(error.what());
        return false;
    }
}

struct Child {
    pid_t pid = -1;
    int pipe = -1;

    std::uint64_t last_saved() const
    {
        std::uint64_t saved = 0, next = 0;
        while (read(pipe, &next, sizeof next) == sizeof next) saved = next;
        return saved;
    }
};

/// Runs `body(tell)` in a process of its own; what it passes to tell() is read with last_saved().
template <class Body>
Child start(Body body)
{
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    Child child;
    child.pid = fork();
    REQUIRE(child.pid >= 0);
    if (child.pid == 0) {
        close(ends[0]);
        int status = 0;
        try {
            body([&](std::uint64_t saved) {
                if (write(ends[1], &saved, sizeof saved) != sizeof saved) _exit(3);
            });
        } catch (const base::EngineError&) {
            status = 1;
        }
        _exit(status);
    }
    close(ends[1]);
    child.pipe = ends[0];
    return child;
}

/// Environment variable AXOLEMMA_KILLS: how many processes to kill (default 30).
int number_of_kills()
{
    const char* text = std::getenv("AXOLEMMA_KILLS");
    return text ? std::atoi(text) : 30;
}

}  // namespace

TEST_CASE("a writer killed at any moment leaves a file with every block it had saved", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "killed.h5";
    const int n = number_of_kills();
    int readable = 0;
    std::uint32_t state = 2024;
    for (int trial = 0; trial < n; ++trial) {
        const Child child = start([&](auto tell) { write_forever(path, 1'000'000, tell); });
        std::uint64_t first = 0;
        REQUIRE(read(child.pipe, &first, sizeof first) == sizeof first);
        state = state * 1664525u + 1013904223u;
        std::this_thread::sleep_for(std::chrono::microseconds((state >> 8) % 60'000));
        kill(child.pid, SIGKILL);
        waitpid(child.pid, nullptr, 0);
        const std::uint64_t saved = std::max(first, child.last_saved());
        close(child.pipe);
        readable += holds(path + ".partial", saved) ? 1 : 0;
    }
    CAPTURE(readable, n);
    CHECK(readable == n);
}

TEST_CASE("when the disk fills up at any point the file keeps every block that was saved", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "full.h5";
    int failures = 0;
    for (rlim_t limit = 20'000; limit < 6'000'000; limit += limit / 9) {
        CAPTURE(limit);
        std::filesystem::remove(path + ".partial");
        const Child child = start([&](auto tell) {
            signal(SIGXFSZ,
                   SIG_IGN);  // writing behind the limit then fails with EFBIG, as a full disk does with ENOSPC
            const rlimit size{limit, limit};
            setrlimit(RLIMIT_FSIZE, &size);
            write_forever(path, 3000, tell);
        });
        int status = 0;
        waitpid(child.pid, &status, 0);
        const std::uint64_t saved = child.last_saved();
        close(child.pipe);
        REQUIRE(WIFEXITED(status));
        if (WEXITSTATUS(status) == 0) {
            CHECK(holds(path, 3000));
            continue;
        }
        CHECK(WEXITSTATUS(status) == 1);
        ++failures;
        // A file in which nothing was saved is removed.
        CHECK((std::filesystem::exists(path + ".partial") ? holds(path + ".partial", saved) : saved == 0));
    }
    CHECK(failures > 20);
}

TEST_CASE("a full disk is named, with what is kept", "[record]")
{
    const Scratch scratch;
    if (mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=3m") != 0) {
        WARN("not checked: only root can mount a small file system");
        return;
    }
    std::string message;
    std::uint64_t saved = 0;
    try {
        write_forever(scratch / "x.h5", 1'000'000, [&](std::uint64_t rows) { saved = rows; });
    } catch (const base::EngineError& error) {
        message = error.what();
    }
    const bool kept = holds(scratch / "x.h5.partial", saved);
    umount(scratch.path().c_str());
    CHECK(saved > 0);
    CHECK(kept);
    CHECK(message.starts_with("cannot write "));
    CHECK(
        message.ends_with(fmt::format(" of '{}': No space left on device (ENOSPC)\n"
                                      "  hint: what was saved before is kept in that file",
                                      scratch / "x.h5.partial")));
}

TEST_CASE("memory stays flat however long the run is", "[record]")
{
#ifdef AXOLEMMA_SANITIZED
    WARN("not checked: sanitizers keep freed memory");
    return;
#endif
    const auto resident_kB = [] {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;) {
            if (word == "VmRSS:") {
                long value = 0;
                status >> value;
                return value;
            }
        }
        return -1L;
    };
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    WARN("not checked: sanitizers keep freed memory");
    return;
#endif
    if (resident_kB() < 0) {
        WARN("not checked: this system does not say how much memory is used");
        return;
    }
    const Scratch scratch;
    ResultWriter writer(scratch / "long.h5");
    std::vector<StreamId> streams;
    for (std::uint64_t k = 0; k < n_reports; ++k) streams.push_back(writer.add_report(report_number(k)));
    const SpikesId spikes = writer.add_spikes("p", {{"here"}, {0}, {0.5}, {0}, {0}});
    std::vector<double> rows(columns * 1000);
    std::vector<Spike> block(1000);
    const auto write_blocks = [&](std::uint64_t n) {
        for (std::uint64_t b = 0; b < n; ++b) {
            for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = sample(0, b, k);
            for (std::size_t k = 0; k < block.size(); ++k) block[k] = {static_cast<double>(b * 1000 + k), 0, 0};
            for (const StreamId stream : streams) writer.append_rows(stream, rows, 1000);
            writer.append_spikes(spikes, block);
        }
    };
    write_blocks(20);
    const long before = resident_kB();
    write_blocks(200);  // 120 MB of samples and 4 MB of spikes
    // HDF5's caches of chunks (1 MB a dataset) and structures (2 MB) are still filling up; measured: 3.3 MB.
    CHECK(resident_kB() - before < 8000);
    writer.finish(true);
}
