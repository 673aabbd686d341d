/// A result file that is continued by a second process, as after a checkpoint.
#include "run/file_sink.hpp"

#include "record/result_reader.hpp"
#include "support.hpp"
#include "support/catch.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using test::build;
using test::Scratch;

namespace {

const std::string patches = R"yaml(
axolemma: 1
cells:
  - {name: a, count: 2, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}
  - {name: b, morphology: {patch: {area: 500 um2}}, channels: [{channel: hh}]}
stimuli:
  - {cells: a, type: current_clamp, at: soma, pulse: {delay: 5 ms, duration: 1 s, amplitude: 0.1 nA}}
recordings:
  - {cells: a, quantity: v, at: soma}
  - {cells: b, name: seldom, quantity: v, at: soma, every: 0.7 ms}
  - {cells: a, quantity: spikes, at: soma}
run: {stop: 60 ms, dt: 0.025 ms}
)yaml";

/// Hands a share of what a run made to a sink, from `first` to `last` of its way.
void feed(run::Sink& sink, const run::Simulation& simulation, const run::MemorySink& made, double first, double last)
{
    const auto part = [&](std::size_t n) {
        return std::pair{static_cast<std::size_t>(first * static_cast<double>(n)),
                         static_cast<std::size_t>(last * static_cast<double>(n))};
    };
    for (std::size_t r = 0; r < simulation.reports().size(); ++r) {
        const std::size_t n_elements = simulation.reports()[r].n_elements();
        const auto [from, to] = part(made.samples(r).size() / n_elements);
        sink.rows(r, std::span(made.samples(r)).subspan(from * n_elements, (to - from) * n_elements), to - from);
    }
    const auto spikes = made.sorted_spikes(0);
    const auto [from, to] = part(spikes.size());
    sink.spikes(0, std::span(spikes).subspan(from, to - from));
}

std::string refusal_to_resume(const std::string& text, const std::string& path, const record::ResumePoint& point)
{
    const auto simulation = build(text);
    try {
        run::FileSink::resume(simulation, path, "", point);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a result file that is resumed holds what that of an undisturbed run holds", "[run]")
{
    const Scratch scratch;
    auto simulation = build(patches);
    const auto made = test::simulate(simulation);
    REQUIRE(made.sink.sorted_spikes(0).size() > 6);
    run::FileSink whole(simulation, scratch / "whole.h5", "axolemma run");
    feed(whole, simulation, made.sink, 0, 1);
    whole.finish(made.outcome);

    record::ResumePoint point;
    {
        run::FileSink killed(simulation, scratch / "x.h5", "axolemma run");
        feed(killed, simulation, made.sink, 0, 0.4);
        point = killed.save_point();
        feed(killed, simulation, made.sink, 0.4, 0.7);
    }
    CHECK(point.rows.size() == 3);  // two recordings and a stimulus
    CHECK(point.spikes.size() == 1);
    auto resumed = run::FileSink::resume(simulation, scratch / "x.h5", "axolemma run --resume", point);
    CHECK(record::ResultReader(scratch / "x.h5.partial").reports().at(0).n_rows == point.rows[0]);
    feed(resumed, simulation, made.sink, 0.4, 1);
    REQUIRE(resumed.finish(made.outcome) == scratch / "x.h5");

    const record::ResultReader a(scratch / "whole.h5"), b(scratch / "x.h5");
    REQUIRE(a.reports().size() == b.reports().size());
    for (std::size_t r = 0; r < a.reports().size(); ++r) {
        CHECK(a.read_rows(a.reports()[r]).values == b.read_rows(b.reports()[r]).values);
    }
    CHECK(a.spikes().at(0).spikes == b.spikes().at(0).spikes);
    REQUIRE(a.stimuli().size() == 1);
    REQUIRE(b.stimuli().size() == 1);
    CHECK(a.read_stimulus(a.stimuli()[0]).values == b.read_stimulus(b.stimuli()[0]).values);
    CHECK(a.resting().size() == b.resting().size());
    auto facts = b.provenance();
    CHECK(facts["command"] == "axolemma run");
    CHECK(facts["resumed_command"] == "axolemma run --resume");
}

TEST_CASE("a result file is not resumed by another simulation", "[run]")
{
    const Scratch scratch;
    const std::string path = scratch / "x.h5";
    record::ResumePoint point;
    {
        const auto simulation = build(patches);
        run::FileSink sink(simulation, path, "axolemma run");
        point = sink.save_point();
    }
    std::string other = patches;
    other.replace(other.find("500 um2"), 7, "501 um2");
    CHECK(refusal_to_resume(other, path, point) ==
          path +
              ".partial: error: cannot continue /morphology/b: its attribute 'source' differs from this run's\n"
              "  hint: the file was made by a different simulation than the one to be resumed\n");
    CHECK(refusal_to_resume(patches, path, point) == "accepted");
}
