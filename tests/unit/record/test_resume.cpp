/// A result file that is continued after its process was killed equals that of an undisturbed run.
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"
#include "record/result_reader.hpp"
#include "record/result_writer.hpp"
#include "support/catch.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

/// What a run writes; every number is a formula of its place, so that any part can be written at any time.
struct Plan {
    std::vector<Precision> reports;
    std::uint64_t columns = 5, n_rows = 1000, n_spikes = 100;
    bool spikes_in_order = true;
};

double sample(std::uint64_t report, std::uint64_t row, std::uint64_t column)
{
    return -65 + 40 * std::sin(0.01 * static_cast<double>(row) + 0.37 * static_cast<double>(column)) +
           static_cast<double>(report);
}

ReportDescription report_number(const Plan& plan, std::uint64_t k)
{
    ReportDescription report;
    report.name = fmt::format("r{}", k);
    report.population = "p";
    report.recording = report.name;
    report.quantity = "v";
    report.units = "mV";
    report.node_ids = {0};
    report.index_pointers = {0, plan.columns};
    report.element_ids.assign(plan.columns, 0);
    report.element_pos.assign(plan.columns, 0.5f);
    report.distance_um.assign(plan.columns, 0);
    report.node.assign(plan.columns, -1);
    report.names.assign(plan.columns, "here");
    report.start_ms = 2.5;
    report.interval_ms = 0.1;
    report.precision = plan.reports[k];
    return report;
}

MorphologyTables ball_tables()
{
    MorphologyTables tables;
    tables.source = "ball";
    tables.sections = {{"soma[0]"}, {1}, {-1}, {0}, {2}, {1.0}, {20}, {0}};
    tables.points_um = {{0, 0, 0, 10}, {20, 0, 0, 10}};
    tables.compartments = {{0}, {-1}, {0}, {1}, {1256.6}, {0}};
    return tables;
}

/// The writer of a plan with the handles of everything in it.
struct Run {
    const Plan& plan;
    ResultWriter writer;
    std::vector<StreamId> streams;
    std::vector<SpikesId> spikes;

    Run(const Plan& plan_in, ResultWriter writer_in) : plan(plan_in), writer(std::move(writer_in))
    {
        writer.add_morphology("p", ball_tables());
        for (std::uint64_t k = 0; k < plan.reports.size(); ++k)
            streams.push_back(writer.add_report(report_number(plan, k)));
        for (const char* name : {"p", "q"}) spikes.push_back(writer.add_spikes(name, {{"here"}, {0}, {0.5}, {0}, {0}}));
        const StreamId stimulus =
            writer.add_stimulus({"s", "current_clamp", "p", "soma[0](0.5)", "nA", 1, 0, 0.1, 300});
        if (!writer.resumed()) {
            std::vector<double> waveform(300);
            for (std::size_t k = 0; k < waveform.size(); ++k) waveform[k] = std::cos(static_cast<double>(k));
            writer.append_rows(stimulus, waveform, waveform.size());
        }
    }
    void append_row(std::uint64_t row)
    {
        std::vector<double> values(plan.columns);
        for (std::uint64_t k = 0; k < streams.size(); ++k) {
            for (std::uint64_t c = 0; c < plan.columns; ++c) values[c] = sample(k, row, c);
            writer.append_rows(streams[k], values, 1);
        }
    }
    void append_spike(std::uint64_t k)
    {
        // Out of order: backwards within every hundred.
        const std::uint64_t at = plan.spikes_in_order ? k : k - k % 100 + 99 - k % 100;
        for (const SpikesId id : spikes) {
            const std::array<Spike, 1> spike{{{0.25 * static_cast<double>(at / 3), at % 7, 0}}};
            writer.append_spikes(id, spike);
        }
    }
    /// Rows first .. last - 1 with the spikes that belong to them.
    void append(std::uint64_t first, std::uint64_t last)
    {
        for (std::uint64_t row = first; row < last; ++row) {
            append_row(row);
            for (std::uint64_t k = plan.n_spikes * row / plan.n_rows; k < plan.n_spikes * (row + 1) / plan.n_rows; ++k)
                append_spike(k);
        }
    }
    std::string finish()
    {
        const std::array<RestingVoltage, 1> resting{{{"p", -65.0}}};
        writer.write_resting(resting);
        writer.set_provenance({{"title", std::string("test")}});
        return writer.finish(true);
    }
};

std::string undisturbed(const Plan& plan, const std::string& path)
{
    Run run(plan, ResultWriter(path));
    run.append(0, plan.n_rows);
    return run.finish();
}

/// Runs `body` in a process that must end by SIGKILL.
void in_killed_process(const std::function<void()>& body)
{
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        try {
            body();
        } catch (const std::exception&) {
            _exit(1);
        }
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    REQUIRE(WIFSIGNALED(status));
}

void write_point(const std::string& path, const ResumePoint& point)
{
    std::ofstream out(path);
    out << point.run_id << '\n' << point.rows.size() << ' ' << point.spikes.size() << '\n';
    for (const std::uint64_t n : point.rows) out << n << ' ';
    for (const std::uint64_t n : point.spikes) out << n << ' ';
}

ResumePoint read_point(const std::string& path)
{
    std::ifstream in(path);
    ResumePoint point;
    std::size_t n_rows = 0, n_spikes = 0;
    in >> point.run_id >> n_rows >> n_spikes;
    point.rows.resize(n_rows);
    point.spikes.resize(n_spikes);
    for (std::uint64_t& n : point.rows) in >> n;
    for (std::uint64_t& n : point.spikes) in >> n;
    REQUIRE(in);
    return point;
}

/// A process that saves a point after `saved` rows and is killed after `written`.
ResumePoint interrupted(const Plan& plan, const std::string& path, std::uint64_t saved, std::uint64_t written,
                        bool flush_at_end = true)
{
    in_killed_process([&] {
        Run run(plan, ResultWriter(path));
        run.append(0, saved);
        write_point(path + ".point", run.writer.save_point());
        run.append(saved, written);
        if (flush_at_end) run.writer.flush();
    });
    return read_point(path + ".point");
}

std::string resumed(const Plan& plan, const std::string& path, const ResumePoint& point, std::uint64_t first)
{
    Run run(plan, ResultWriter::resume(path, point));
    run.append(first, plan.n_rows);
    return run.finish();
}

hdf5::File open(const std::string& path)
{
    hdf5::OpenFailure failure{};
    std::string reason;
    hdf5::File file = hdf5::File::open(path, failure, reason);
    REQUIRE(failure == hdf5::OpenFailure::none);
    return file;
}

void require_same_attributes(const hdf5::Object& a, const hdf5::Object& b)
{
    CAPTURE(a.path());
    REQUIRE(a.attribute_names() == b.attribute_names());
    for (const std::string& name : a.attribute_names()) {
        CAPTURE(name);
        if (name == "version" && a.path() == "/") continue;  // two numbers, the same in every file
        if (name != "run_id") REQUIRE(a.as_text(name) == b.as_text(name));
    }
}

/// Same names, shapes, numbers (bit for bit) and attributes, all the way down.
void require_same(const hdf5::Group& a, const hdf5::Group& b)
{
    require_same_attributes(a, b);
    REQUIRE(a.names() == b.names());
    for (const std::string& name : a.names()) {
        CAPTURE(a.path(), name);
        if (a.is_group(name)) {
            require_same(a.group(name), b.group(name));
            continue;
        }
        const hdf5::Dataset x = a.dataset(name), y = b.dataset(name);
        require_same_attributes(x, y);
        REQUIRE(x.shape() == y.shape());
        REQUIRE(x.chunk() == y.chunk());
        if (x.is_integer()) {
            REQUIRE(x.read<std::int64_t>() == y.read<std::int64_t>());
        } else if (x.is_text()) {
            REQUIRE(x.read_text() == y.read_text());
        } else {
            REQUIRE(x.read<double>() == y.read<double>());  // no NaN among them: everything was written
        }
    }
}

void require_same_files(const std::string& a, const std::string& b)
{
    const hdf5::File first = open(a), second = open(b);
    require_same(first.root(), second.root());
}

std::string refusal(const std::function<void()>& action)
{
    try {
        action();
    } catch (const base::InputError& error) {
        const std::string text = error.what();
        return text.substr(0, text.size() - 1);
    }
    return "no error";
}

std::string bytes_of(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const Plan small_plan{{Precision::full}, 5, 100, 30, true};

}  // namespace

TEST_CASE("a killed run that is resumed leaves the file of an undisturbed one", "[record]")
{
    const Scratch scratch;
    std::mt19937 random(7);
    const std::array all{Precision::full, Precision::compact, Precision::single};
    for (int trial = 0; trial < 24; ++trial) {
        Plan plan;
        for (int k = 0; k <= trial % 3; ++k) plan.reports.push_back(all[(static_cast<std::size_t>(trial / 3 + k)) % 3]);
        plan.columns = 1 + random() % 60;
        plan.n_rows = 9000;
        plan.n_spikes = trial % 4 == 0 ? 30'000 : random() % 9000;
        plan.spikes_in_order = trial % 2 == 0;
        const std::uint64_t saved = trial == 5 ? 0 : random() % plan.n_rows;
        const std::uint64_t written = trial == 6 ? saved : saved + random() % (plan.n_rows - saved + 1);
        CAPTURE(trial, plan.columns, plan.n_spikes, saved, written);
        const std::string path = scratch / "cut.h5";
        const ResumePoint point = interrupted(plan, path, saved, written, trial % 5 != 0);
        REQUIRE(resumed(plan, path, point, saved) == path);
        REQUIRE_FALSE(std::filesystem::exists(path + ".partial"));
        require_same_files(path, undisturbed(plan, scratch / "whole.h5"));
    }
}

TEST_CASE("a run can be interrupted and resumed many times", "[record]")
{
    const Scratch scratch;
    const Plan plan{{Precision::compact, Precision::single}, 20, 8000, 2000, false};
    const std::string path = scratch / "x.h5";
    std::uint64_t first = 500;
    ResumePoint point = interrupted(plan, path, first, 900);
    for (; first + 700 < plan.n_rows; first += 611) {
        in_killed_process([&] {
            Run run(plan, ResultWriter::resume(path, point));
            run.append(first, first + 611);
            write_point(path + ".point", run.writer.save_point());
            run.append(first + 611, first + 700);
            run.writer.flush();
        });
        const ResumePoint next = read_point(path + ".point");
        REQUIRE(next.run_id == point.run_id);
        point = next;
    }
    resumed(plan, path, point, first);
    require_same_files(path, undisturbed(plan, scratch / "whole.h5"));
}

TEST_CASE("a run that stopped early can be resumed from a save point before its end", "[record]")
{
    const Scratch scratch;
    const Plan plan{{Precision::single}, 8, 3000, 900, false};
    const std::string path = scratch / "x.h5";
    ResumePoint point;
    {
        Run run(plan, ResultWriter(path));
        run.append(0, 1250);
        point = run.writer.save_point();
        run.append(1250, 1777);
        const std::array<RestingVoltage, 1> early{{{"p", -60.0}}};
        run.writer.write_resting(early);
        const FICurve curve{"p", "s", 0, 1, {1}, {2}, {3}, {4}};
        run.writer.write_f_i_curve(curve);
        REQUIRE(run.writer.finish(false) == path + ".partial");
    }
    resumed(plan, path, point, 1250);
    require_same_files(path, undisturbed(plan, scratch / "whole.h5"));
}

TEST_CASE("a run killed before its finished file got its name can be resumed", "[record]")
{
    const Scratch scratch;
    const Plan plan{{Precision::full}, 8, 3000, 900, false};
    const std::string path = scratch / "x.h5";
    ResumePoint point;
    {
        Run run(plan, ResultWriter(path));
        run.append(0, 1000);  // 300 spikes, with none earlier behind them
        point = run.writer.save_point();
        run.append(1000, plan.n_rows);
        run.finish();
    }
    std::filesystem::rename(path, path + ".partial");
    resumed(plan, path, point, 1000);
    require_same_files(path, undisturbed(plan, scratch / "whole.h5"));
}

TEST_CASE("a process killed at any moment of resuming or finishing leaves a file that can be resumed", "[record]")
{
    const Scratch scratch;
    const Plan plan{{Precision::full, Precision::compact, Precision::single}, 50, 9000, 20'000, false};
    const std::string whole = undisturbed(plan, scratch / "whole.h5");
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const std::uint64_t saved = 1350;  // 3000 spikes, with none earlier behind them
    const ResumePoint point = interrupted(plan, path, saved, 8000);
    const std::string after_kill = bytes_of(partial);
    const auto begin = std::chrono::steady_clock::now();
    resumed(plan, path, point, saved);
    const auto whole_us = (std::chrono::steady_clock::now() - begin) / std::chrono::microseconds(1);
    const char* wanted = std::getenv("AXOLEMMA_KILLS");
    const int n = wanted ? std::atoi(wanted) : 30;
    std::mt19937 random(11);
    for (int trial = 0; trial < n; ++trial) {
        CAPTURE(trial);
        std::filesystem::remove(path);
        std::ofstream(partial, std::ios::binary | std::ios::trunc) << after_kill;
        // While the file is opened and cut, at any time, and while the spikes are sorted and the file gets its name.
        const double share = std::uniform_real_distribution<>()(random);
        const double us = trial % 3 == 0   ? 6000 * share
                          : trial % 3 == 1 ? static_cast<double>(whole_us) * share
                                           : static_cast<double>(whole_us) * (0.8 + 0.3 * share);
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            resumed(plan, path, point, saved);
            _exit(0);
        }
        std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(us)));
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        if (std::filesystem::exists(partial)) {
            REQUIRE(ResultReader(partial).reports().size() == 3);
            resumed(plan, path, point, saved);
        }
        REQUIRE(is_finished_result(path, point.run_id));
        require_same_files(path, whole);
    }
}

TEST_CASE("when the disk fills up while a run is resumed the file can be resumed once more", "[record]")
{
    const Scratch scratch;
    const Plan plan{{Precision::full, Precision::compact, Precision::single}, 50, 6000, 6000, false};
    const std::string whole = undisturbed(plan, scratch / "whole.h5");
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(plan, path, 1500, 4000);
    const std::string after_kill = bytes_of(partial);
    int failures = 0;
    for (rlim_t limit = 1000; limit < 4 * after_kill.size(); limit += limit / 3) {
        CAPTURE(limit);
        std::filesystem::remove(path);
        std::ofstream(partial, std::ios::binary | std::ios::trunc) << after_kill;
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            signal(SIGXFSZ,
                   SIG_IGN);  // writing behind the limit then fails with EFBIG, as a full disk does with ENOSPC
            const rlimit size{limit, limit};
            setrlimit(RLIMIT_FSIZE, &size);
            try {
                resumed(plan, path, point, 1500);
            } catch (const base::EngineError&) {
                _exit(1);
            }
            _exit(0);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        REQUIRE(WIFEXITED(status));
        if (WEXITSTATUS(status) != 0) {
            ++failures;
            resumed(plan, path, point, 1500);
        }
        require_same_files(path, whole);
    }
    CHECK(failures > 15);
}

TEST_CASE("until it is written to, a file that is being resumed stays as it is", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(small_plan, path, 40, 90);
    const std::string before = bytes_of(partial);
    {
        Run run(small_plan, ResultWriter::resume(path, point));
        CHECK(run.writer.resumed());
        CHECK(run.writer.run_id() == point.run_id);
    }
    CHECK(bytes_of(partial) == before);
    {
        Run run(small_plan, ResultWriter::resume(path, point));
        run.writer.flush();
        const ResultReader reader(partial);
        CHECK(reader.reports().at(0).n_rows == 40);
        CHECK(reader.spikes().at(0).spikes.size() == 12);
        CHECK(run.writer.save_point() == point);
    }
}

TEST_CASE("a cell from a file is known by its bytes, wherever the run is resumed from", "[record]")
{
    const Scratch scratch;
    MorphologyTables tables = ball_tables();
    tables.source = "cells/a.swc";
    tables.sha256 = "abc";
    ResumePoint point;
    {
        ResultWriter writer(scratch / "x.h5");
        writer.add_morphology("p", tables);
        point = writer.save_point();
    }
    tables.source = "../cells/a.swc";
    ResultWriter::resume(scratch / "x.h5", point).add_morphology("p", tables);
    tables.sha256 = "abd";
    CHECK(refusal([&] { ResultWriter::resume(scratch / "x.h5", point).add_morphology("p", tables); }) ==
          fmt::format("{}.partial: error: cannot continue /morphology/p: its attribute 'sha256' differs from this "
                      "run's\n  hint: the file was made by a different simulation than the one to be resumed",
                      scratch / "x.h5"));
}

TEST_CASE("every file has a run_id of its own, and it can be read", "[record]")
{
    const Scratch scratch;
    ResultWriter a(scratch / "a.h5"), b(scratch / "b.h5");
    const std::string id = a.run_id();
    CHECK(id.size() == 32);
    CHECK(id != b.run_id());
    a.finish(true);
    b.finish(false);
    CHECK(read_run_id(scratch / "a.h5") == id);
    CHECK(is_finished_result(scratch / "a.h5", id));
    CHECK_FALSE(is_finished_result(scratch / "a.h5", b.run_id()));
    CHECK_FALSE(is_finished_result(scratch / "b.h5.partial", b.run_id()));
    CHECK_FALSE(is_finished_result(scratch / "none.h5", id));
    std::ofstream(scratch / "text.h5") << "text";
    CHECK_FALSE(is_finished_result(scratch / "text.h5", id));
}

// ---- what cannot be resumed ---------------------------------------------------------------------------------------

TEST_CASE("a missing file cannot be resumed, and a finished one is pointed out", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5";
    CHECK(refusal([&] {
              ResultWriter::resume(path, {"abc", {}, {}});
          }) == path +
                    ".partial: error: the unfinished result file is missing\n"
                    "  hint: the run cannot be resumed without it; put it back or run from the start");
    CHECK_FALSE(std::filesystem::exists(path + ".partial"));
    ResultWriter writer(path);
    const ResumePoint point = writer.save_point();
    writer.finish(true);
    CHECK(refusal([&] { ResultWriter::resume(path, point); }) ==
          fmt::format("{0}.partial: error: the unfinished result file is missing\n"
                      "  hint: the run has finished: its result is '{0}'",
                      path));
}

TEST_CASE("a file of another run, of no run or of a newer format cannot be resumed", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(small_plan, path, 40, 90);
    ResumePoint other = point;
    other.run_id = "0123";
    CHECK(refusal([&] { ResultWriter::resume(path, other); }) ==
          fmt::format("{}: error: this file was written by run {}, the checkpoint by run 0123\n"
                      "  hint: put back the file that belongs to the checkpoint or run from the start",
                      partial, point.run_id));
    for (const std::int32_t format : {1, 2}) {
        hdf5::File file = hdf5::File::create(partial);
        file.root().set_number<std::int32_t>("axolemma_format", format);
        file.close();
        CHECK(refusal([&] { ResultWriter::resume(path, point); }) ==
              partial + (format == 1 ? ": error: this result file has no run_id and cannot be continued\n"
                                       "  hint: it was written by an older axolemma; run from the start"
                                     : ": error: this file has format version 2, which is newer than this axolemma "
                                       "reads\n  hint: this axolemma reads up to version 1; use a newer one"));
    }
}

TEST_CASE("a damaged or foreign file cannot be resumed and is not touched", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(small_plan, path, 40, 90);
    const std::string good = bytes_of(partial);
    for (const std::string& bytes : {good.substr(0, good.size() - 2000), std::string(), std::string("text")}) {
        std::ofstream(partial, std::ios::binary | std::ios::trunc) << bytes;
        const std::string expected = bytes.size() > 100 ? "the end of this HDF5 file is missing" : "not an HDF5 file";
        CHECK(refusal([&] { ResultWriter::resume(path, point); }).find(expected) != std::string::npos);
        CHECK(bytes_of(partial) == bytes);
    }
}

TEST_CASE("a file that holds less than the checkpoint says cannot be resumed", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(small_plan, path, 40, 90);
    const std::string before = bytes_of(partial);
    ResumePoint more = point;
    more.rows[0] = 91;
    CHECK(refusal([&] { Run(small_plan, ResultWriter::resume(path, more)); }) ==
          partial +
              ": error: cannot continue /report/r0/data: it has 90 rows where the checkpoint knows of 91\n"
              "  hint: the file is damaged or older than the checkpoint; run from the start");
    more = point;
    more.spikes[1] = 28;
    CHECK(refusal([&] { Run(small_plan, ResultWriter::resume(path, more)); }) ==
          partial +
              ": error: cannot continue /spikes/q/timestamps: it has 27 spikes where the checkpoint knows of 28\n"
              "  hint: the file is damaged or older than the checkpoint; run from the start");
    CHECK(bytes_of(partial) == before);
}

TEST_CASE("a file that describes another simulation cannot be resumed", "[record]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5", partial = path + ".partial";
    const ResumePoint point = interrupted(small_plan, path, 40, 90);
    const std::string before = bytes_of(partial);
    const auto refusal_of = [&](const std::function<void(ResultWriter&)>& describe) {
        const std::string text = refusal([&] {
            ResultWriter writer = ResultWriter::resume(path, point);
            describe(writer);
        });
        CHECK(bytes_of(partial) == before);
        const std::string hint = "\n  hint: the file was made by a different simulation than the one to be resumed";
        const std::string start = partial + ": error: cannot continue ";
        REQUIRE(text.starts_with(start));
        REQUIRE(text.ends_with(hint));
        return text.substr(start.size(), text.size() - start.size() - hint.size());
    };
    const auto report_with = [&](const std::function<void(ReportDescription&)>& change) {
        return refusal_of([&](ResultWriter& writer) {
            ReportDescription report = report_number(small_plan, 0);
            change(report);
            writer.add_report(report);
        });
    };
    CHECK(report_with([](auto& r) { r.name = "other"; }) == "/report: it has no 'other'");
    CHECK(report_with([](auto& r) { r.quantity = "hh.m"; }) ==
          "/report/r0: its attribute 'quantity' differs from this run's");
    CHECK(report_with([](auto& r) { r.element_pos[3] = 0.25f; }) ==
          "/report/r0/mapping/element_pos: its contents differ from this run's");
    CHECK(report_with([](auto& r) { r.names[2] = "there"; }) ==
          "/report/r0/mapping/names: its contents differ from this run's");
    CHECK(report_with([](auto& r) { r.units = "V"; }) == "/report/r0/data: its units differ from this run's");
    CHECK(report_with([](auto& r) { r.precision = Precision::single; }) ==
          "/report/r0/data: its number types differ from this run's");
    CHECK(report_with([](auto& r) { r.interval_ms = 0.2; }) ==
          "/report/r0/mapping/time: its times differ from this run's");
    CHECK(refusal_of([](ResultWriter& writer) {
              MorphologyTables tables = ball_tables();
              tables.compartments.area_um2[0] += 1e-10;
              writer.add_morphology("p", tables);
          }) == "/morphology/p/compartments/area: its contents differ from this run's");
    CHECK(refusal_of([](ResultWriter& writer) {
              MorphologyTables tables = ball_tables();
              tables.source = "another ball";
              writer.add_morphology("p", tables);
          }) == "/morphology/p: its attribute 'source' differs from this run's");
    CHECK(refusal_of([](ResultWriter& writer) {
              MorphologyTables tables = ball_tables();
              tables.count = 2;
              writer.add_morphology("p", tables);
          }) == "/morphology/p: its attribute 'count' differs from this run's");
    CHECK(refusal_of([](ResultWriter& writer) {
              writer.add_spikes("p", {{"here"}, {0}, {0.5}, {0}, {-10}});
          }) == "/spikes/p/site_threshold: its contents differ from this run's");
    CHECK(refusal_of([](ResultWriter& writer) { writer.flush(); }) ==
          "/: the checkpoint knows 2 recordings and stimuli and 2 populations with spikes, this run has 0 and 0");
    CHECK(refusal_of([](ResultWriter& writer) {
              writer.add_report(report_number(small_plan, 0));
              writer.add_stimulus({"s", "current_clamp", "p", "soma[0](0.5)", "nA", 1, 0, 0.1, 300});
              writer.add_report(report_number(small_plan, 0));
          }) == "/report/r0: the checkpoint knows nothing of it");
    CHECK(refusal_of([](ResultWriter& writer) {
              for (int k = 0; k < 3; ++k) writer.add_spikes("p", {{"here"}, {0}, {0.5}, {0}, {0}});
          }) == "/spikes/p: the checkpoint knows nothing of it");
}

TEST_CASE("a file that is being written cannot be resumed", "[record]")
{
    const Scratch scratch;
    ResultWriter writer(scratch / "x.h5");
    const ResumePoint point = writer.save_point();
    try {
        ResultWriter::resume(scratch / "x.h5", point);
        CHECK(false);
    } catch (const base::EngineError& error) {
        CHECK(std::string(error.what()) ==
              fmt::format("cannot continue the result file '{}.partial': another run is writing it", scratch / "x.h5"));
    }
}
