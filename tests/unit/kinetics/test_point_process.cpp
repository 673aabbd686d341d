// Point processes of text between and at events, driven without cells.
#include "kinetics/point_process.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/aligned_array.hpp"
#include "support/catch.hpp"
#include "support/text_synapses.hpp"

using namespace axolemma;
using mechanisms::PointFailure;
using mechanisms::PointFault;
using mechanisms::PointQuantity;
using mechanisms::SynapticEvent;

namespace {

constexpr double dt_ms = 0.1;

/// Instances of one kind and what they need, outside any group.
class Instances {
public:
    Instances(std::shared_ptr<const mechanisms::SynapseInfo> kind, std::size_t n,
              std::vector<std::vector<double>> weights_uS = {}, double step_ms = dt_ms, bool in_lanes = true)
        : info(std::move(kind)), step_ms_(step_ms), n_(n), stride_((n + 7) / 8 * 8)
    {
        v_mV.assign(stride_, -65.0);
        g_uS.assign(stride_, -1.0);
        s_nA.assign(stride_, -1.0);
        parameters.assign(stride_ * info->parameters.size(), 0.0);
        for (std::size_t p = 0; p < info->parameters.size(); ++p) {
            std::fill_n(parameters.begin() + static_cast<std::ptrdiff_t>(p * stride_), stride_,
                        info->parameters[p].default_value);
        }
        states.assign(stride_ * info->states.size(), -1.0);
        weights_uS.resize(n);
        for (const auto& of_instance : weights_uS) {
            first_memory_.push_back(first_memory_.back() + info->kernels->memory_size(of_instance.size()));
            first_connection_.push_back(first_connection_.back() + of_instance.size());
            weights_.insert(weights_.end(), of_instance.begin(), of_instance.end());
        }
        memory.assign(first_memory_.back(), -1.0);
        ions.assign(stride_, 60.0);
        runner_ = info->kernels->make_runner(n, {step_ms, 6.3, in_lanes});
        runner_->initialise(block());
    }

    PointFailure step(const std::vector<SynapticEvent>& events = {})
    {
        const auto begin = static_cast<double>(step_) * step_ms_;
        const auto end = static_cast<double>(++step_) * step_ms_;
        currents_g_uS.assign(stride_ * info->kernels->between_events().currents.size(), -1.0);
        currents_s_nA = currents_g_uS;
        return runner_->step(
            block(), {begin, end, events, 0, g_uS.data(), s_nA.data(), currents_g_uS.data(), currents_s_nA.data()});
    }
    double t_ms() const { return static_cast<double>(step_) * step_ms_; }
    double state(const std::string& name, std::size_t k = 0) const
    {
        return states[static_cast<std::size_t>(info->state_index(name)) * stride_ + k];
    }
    double& parameter(const std::string& name, std::size_t k = 0)
    {
        return parameters[static_cast<std::size_t>(info->parameter_index(name)) * stride_ + k];
    }
    double read(const std::string& name, std::size_t k = 0)
    {
        for (const auto& quantity : info->quantities()) {
            if (quantity.name == name) {
                return runner_->value({stride_, k, parameters.data(), states.data(), nullptr, v_mV[k], t_ms()},
                                      quantity.what);
            }
        }
        FAIL("nothing called " << name);
        return 0.0;
    }

    std::shared_ptr<const mechanisms::SynapseInfo> info;

private:
    mechanisms::PointBlock block()
    {
        return {n_,
                stride_,
                parameters.data(),
                states.data(),
                memory.data(),
                first_memory_.data(),
                weights_.data(),
                first_connection_.data(),
                v_mV.data(),
                ions.data()};
    }

    double step_ms_;
    std::size_t n_, stride_;
    std::int64_t step_ = 0;
    std::vector<std::size_t> first_memory_{0}, first_connection_{0};
    std::vector<double> weights_;
    std::unique_ptr<mechanisms::PointRunner> runner_;

public:
    base::AlignedArray<double> parameters, states, memory, v_mV, g_uS, s_nA, currents_g_uS, currents_s_nA;
    base::AlignedArray<double> ions;  ///< one that is read
};

/// A synapse that does nothing but send itself events: two for each that arrives, `delay` later.
std::shared_ptr<const mechanisms::SynapseInfo> chain_reaction()
{
    test::PointMaker maker("chain", "sends itself more and more");
    const auto delay = maker.parameter("delay", "ms", 0.0);
    const auto count = maker.state("count");
    maker.on_event(count, count + 1.0);
    maker.send_to_itself(maker.number(1.0), delay, 1.0);
    maker.send_to_itself(maker.number(1.0), delay, 1.0);
    return maker.synapse();
}

}  // namespace

TEST_CASE("exp_syn as equations decays exactly, whatever the length of a step, and jumps at the time of an event",
          "[kinetics][synapse]")
{
    Instances synapse(test::text_exp_syn(), 2);
    CHECK(synapse.state("g") == 0.0);
    synapse.step({{0.03, 0.001, 1}, {0.07, 0.002, 1}});
    CHECK(synapse.state("g", 0) == 0.0);
    const auto left = [&](double t_ms) {
        return 0.001 * std::exp(-(t_ms - 0.03) / 2.0) + 0.002 * std::exp(-(t_ms - 0.07) / 2.0);
    };
    CHECK(synapse.state("g", 1) == Approx(left(0.1)).epsilon(1e-14));
    for (int step = 1; step < 50; ++step) {
        synapse.step();
    }
    CHECK(synapse.state("g", 1) == Approx(left(synapse.t_ms())).epsilon(1e-13));
    CHECK(synapse.read("i", 1) == Approx(-65.0 * left(synapse.t_ms())).epsilon(1e-13));
}

TEST_CASE("the mean current over a step is that of the pieces between events, each at its middle",
          "[kinetics][synapse]")
{
    Instances synapse(test::text_exp_syn(), 1);
    synapse.parameter("e") = -80.0;
    synapse.step({{0.04, 0.001, 0}});
    // Nothing for 0.04 ms, then the conductance at 0.07 ms for 0.06 ms.
    const double mean_uS = 0.6 * 0.001 * std::exp(-0.03 / 2.0);
    CHECK(synapse.g_uS[0] == Approx(mean_uS).epsilon(1e-14));
    CHECK(synapse.s_nA[0] == Approx(mean_uS * -80.0).epsilon(1e-14));
    synapse.step();
    CHECK(synapse.g_uS[0] == Approx(0.001 * std::exp(-(0.15 - 0.04) / 2.0)).epsilon(1e-14));
}

TEST_CASE("the charge of an event converges with order 2 to that of the exact time course", "[kinetics][synapse]")
{
    std::vector<double> errors;
    for (const double step_ms : {0.4, 0.2, 0.1, 0.05}) {
        Instances synapse(test::text_exp_syn(), 1, {}, step_ms);
        double charge = 0.0;  // uS ms, over 2 ms
        for (int step = 0; step < static_cast<int>(std::lround(2.0 / step_ms)); ++step) {
            synapse.step(step == 0 ? std::vector<SynapticEvent>{{0.01, 1.0, 0}} : std::vector<SynapticEvent>{});
            charge += step_ms * synapse.g_uS[0];
        }
        errors.push_back(std::fabs(charge - 2.0 * -std::expm1(-1.99 / 2.0)));
    }
    for (std::size_t k = 1; k < errors.size(); ++k) {
        CHECK(std::log2(errors[k - 1] / errors[k]) == Approx(2.0).margin(0.1));
    }
    CHECK(errors.back() < 1e-4);
}

TEST_CASE("each connection of a plastic synapse has resources of its own", "[kinetics][synapse]")
{
    // Two connections of different weight at instance 1, one at instance 0, at the same times or not.
    struct Sent {
        double t_ms;
        std::int32_t instance, connection;
    };
    const std::vector<Sent> sent{{0.5, 0, 0},  {0.55, 1, 1},  {3.0, 1, 0},   {3.0, 1, 1},
                                 {3.05, 1, 1}, {17.32, 1, 0}, {17.38, 1, 1}, {40.0, 0, 0}};
    const std::vector<std::vector<double>> weights{{0.001}, {0.002, 0.005}};
    Instances synapse(test::text_plastic(), 2, weights);
    // By hand: resources R, utilisation u, time of the last spike of each connection; conductance of each instance.
    struct Connection {
        double resources = 1.0, used = 0.0, last_ms = 0.0;
    };
    std::vector<std::vector<Connection>> connections{{{}}, {{}, {}}};
    std::vector<double> g(2, 0.0);
    std::size_t next = 0;
    for (int step = 0; step < 500; ++step) {
        const double begin = step * dt_ms, end = (step + 1) * dt_ms;
        std::vector<SynapticEvent> events;
        std::vector<double> now(2, begin);
        for (; next < sent.size() && sent[next].t_ms <= end; ++next) {
            const auto& [t_ms, instance, number] = sent[next];
            const auto k = static_cast<std::size_t>(instance);
            const double weight = weights[k][static_cast<std::size_t>(number)];
            events.push_back({t_ms, weight, instance, number});
            auto& one = connections[k][static_cast<std::size_t>(number)];
            const double since = t_ms - one.last_ms;
            one.used *= std::exp(-since / 50.0);
            one.used += 0.2 * (1.0 - one.used);
            one.resources = 1.0 - (1.0 - one.resources) * std::exp(-since / 100.0);
            g[k] = g[k] * std::exp(-(t_ms - now[k]) / 3.0) + weight * one.used * one.resources;
            one.resources -= one.used * one.resources;
            one.last_ms = t_ms;
            now[k] = t_ms;
        }
        for (std::size_t k = 0; k < 2; ++k) {
            g[k] *= std::exp(-(end - now[k]) / 3.0);
        }
        REQUIRE_FALSE(synapse.step(events).failed());
        for (std::size_t k = 0; k < 2; ++k) {
            CHECK(synapse.state("g", k) == Approx(g[k]).epsilon(1e-12).margin(1e-30));
        }
    }
    REQUIRE(next == sent.size());
    for (std::size_t c = 0; c < 2; ++c) {  // memory of instance 1 lies behind the three numbers of instance 0
        CHECK(synapse.memory[3 + 3 * c] == Approx(connections[1][c].resources).epsilon(1e-12));
        CHECK(synapse.memory[3 + 3 * c + 1] == Approx(connections[1][c].used).epsilon(1e-12));
        CHECK(synapse.memory[3 + 3 * c + 2] == connections[1][c].last_ms);
    }
}

TEST_CASE("events of a synapse to itself arrive at their own time", "[kinetics][synapse]")
{
    Instances synapse(test::text_pulse(), 1, {{0.001, 0.003}});
    double charge = 0.0;
    const auto step_to = [&](double t_ms, const std::vector<SynapticEvent>& events = {}) {
        bool given = false;
        while (synapse.t_ms() < t_ms - 1e-9) {
            const bool now = !given && !events.empty() && events.front().t_ms <= synapse.t_ms() + dt_ms;
            REQUIRE_FALSE(synapse.step(now ? events : std::vector<SynapticEvent>{}).failed());
            given = given || now;
            charge += dt_ms * synapse.g_uS[0];
        }
    };
    // Opens at 0.53 ms for 1.3 ms; the one at 2 ms finds it deaf; it listens again at 4.53 ms.
    step_to(1.0, {{0.53, 0.001, 0, 0}});
    CHECK(synapse.state("g") == 0.001);
    CHECK(synapse.state("listens") == 0.0);
    step_to(1.8);
    CHECK(synapse.state("g") == 0.001);
    step_to(1.9);
    CHECK(synapse.state("g") == 0.0);
    CHECK(charge == Approx(0.0013).epsilon(1e-12));
    step_to(4.5, {{2.0, 0.003, 0, 1}});
    CHECK(charge == Approx(0.0013).epsilon(1e-12));
    CHECK(synapse.state("listens") == 0.0);
    step_to(4.6, {{4.58, 0.003, 0, 1}});
    CHECK(synapse.state("g") == 0.003);
    step_to(9.0);
    CHECK(charge == Approx(0.0013 + 0.0039).epsilon(1e-12));
    CHECK(synapse.state("listens") == 1.0);
    for (const double number : synapse.memory) {  // nothing is left on its way
        CHECK(number == 0.0);
    }
}

TEST_CASE("a watched condition fires where it becomes true, once each time, from when it is watched",
          "[kinetics][synapse]")
{
    Instances synapse(test::text_watcher(), 1);
    // Up before it watches (from 1 ms on), down, up at 2 ms for a while, down, up for one step at 4 ms.
    const auto is_up = [](double t_ms) {
        return (t_ms > 0.45 && t_ms < 1.45) || (t_ms > 1.95 && t_ms < 2.55) || (t_ms > 3.95 && t_ms < 4.05);
    };
    std::vector<double> fired;
    double count = 0.0;
    for (int step = 0; step < 60; ++step) {
        synapse.v_mV[0] = is_up(synapse.t_ms()) ? 10.0 : -65.0;
        REQUIRE_FALSE(synapse.step().failed());
        if (synapse.state("count") != count) {
            count += 1.0;
            CHECK(synapse.state("count") == count);
            fired.push_back(synapse.state("t_last"));
        }
    }
    REQUIRE(fired.size() == 2);
    CHECK(fired[0] == Approx(2.0).epsilon(1e-12));
    CHECK(fired[1] == Approx(4.0).epsilon(1e-12));
}

TEST_CASE("a point process without events is a current source", "[kinetics][synapse]")
{
    test::PointMaker maker("source", "a ramp");
    const auto slope = maker.parameter("slope", "nA/ms", 2.0);
    maker.current("i", -slope * maker.t());
    Instances source(maker.synapse(), 3);
    CHECK_FALSE(source.info->receives_events());
    CHECK(source.info->kernels->memory_size(0) == 0);
    source.step();
    source.step();
    CHECK(source.g_uS[2] == 0.0);
    CHECK(source.s_nA[2] == Approx(2.0 * 0.15).epsilon(1e-14));
    CHECK(source.read("i", 1) == Approx(-0.4).epsilon(1e-14));
}

TEST_CASE("currents of several ions are told apart, with and without events", "[kinetics][synapse]")
{
    test::PointMaker maker("two_ions", "half of it is sodium");
    const auto g = maker.state("g");
    maker.derivative(g, -g / maker.parameter("tau", "ms", 2.0));
    maker.equations.info.ions = {{"na", 1}};
    maker.equations.info.ion_reads = {{0, mechanisms::IonQuantity::reversal_mV}};
    const auto ena = maker.input(kinetics::InputKind::ion);
    maker.current("ina", 0.25 * g * (maker.v() - ena));
    maker.current("i", 0.75 * g * maker.v());
    maker.on_event(g, g + maker.weight());
    const auto kind = maker.synapse();
    for (const bool in_lanes : {true, false}) {
        Instances synapse(kind, 9, {}, dt_ms, in_lanes);
        synapse.ions[8] = 50.0;
        for (int step = 0; step < 3; ++step) {
            synapse.step(step == 0 ? std::vector<SynapticEvent>{{0.03, 0.004, 8}} : std::vector<SynapticEvent>{});
            const double mean_uS = step == 0 ? 0.7 * 0.004 * std::exp(-0.035 / 2.0)
                                             : 0.004 * std::exp(-(synapse.t_ms() - 0.05 - 0.03) / 2.0);
            CHECK(synapse.currents_g_uS[8] == Approx(0.25 * mean_uS).epsilon(1e-13));
            CHECK(synapse.currents_s_nA[8] == Approx(0.25 * mean_uS * 50.0).epsilon(1e-13));
            CHECK(synapse.currents_g_uS[16 + 8] == Approx(0.75 * mean_uS).epsilon(1e-13));
            CHECK(synapse.currents_s_nA[16 + 8] == 0.0);
            CHECK(synapse.g_uS[8] == Approx(mean_uS).epsilon(1e-13));
            CHECK(synapse.currents_g_uS[3] == 0.0);
        }
    }
}

TEST_CASE("lanes give the same bits as one instance after the other", "[kinetics][synapse][same bits]")
{
    for (const auto& kind : {test::text_exp2_syn(), test::text_plastic(), test::text_pulse(), test::text_watcher()}) {
        INFO(kind->name);
        const std::vector<std::vector<double>> weights(11, {0.001, 0.002});
        Instances lanes(kind, 11, weights, dt_ms, true);
        Instances one(kind, 11, weights, dt_ms, false);
        for (auto* instances : {&lanes, &one}) {
            for (std::size_t k = 0; k < 11; ++k) {
                instances->parameters[k] += 0.01 * static_cast<double>(k);
            }
        }
        for (int step = 0; step < 200; ++step) {
            std::vector<SynapticEvent> events;
            for (std::int32_t k = step % 3; k < 11; k += 3 + step % 4) {
                events.push_back({lanes.t_ms() + 0.03 + 0.002 * k, 0.001, k, k % 2});
            }
            for (auto* instances : {&lanes, &one}) {
                for (std::size_t k = 0; k < 11; ++k) {
                    instances->v_mV[k] = 40.0 * std::sin(0.3 * step + static_cast<double>(k)) - 30.0;
                }
                REQUIRE_FALSE(instances->step(events).failed());
            }
            for (std::size_t k = 0; k < 11; ++k) {
                REQUIRE(lanes.g_uS[k] == one.g_uS[k]);
                REQUIRE(lanes.s_nA[k] == one.s_nA[k]);
            }
            REQUIRE(std::equal(lanes.memory.begin(), lanes.memory.end(), one.memory.begin()));
        }
        for (const auto& state : kind->states) {
            for (std::size_t k = 0; k < 11; ++k) {
                CHECK(lanes.state(state.name, k) == one.state(state.name, k));
            }
        }
    }
}

TEST_CASE("a synapse that cannot go on says why, when and which", "[kinetics][synapse]")
{
    SECTION("more events on their way than there is room for")
    {
        Instances synapse(chain_reaction(), 2);  // eight places each
        for (auto& delay : synapse.parameters) {
            delay = 100.0;
        }
        for (int step = 0; step < 4; ++step) {
            REQUIRE_FALSE(synapse.step({{synapse.t_ms() + 0.05, 1.0, 1}}).failed());
        }
        const auto failure = synapse.step({{0.43, 1.0, 1}});
        CHECK(failure.fault == PointFault::too_many_waiting);
        CHECK(failure.instance == 1);
        CHECK(failure.t_ms == 0.43);
    }
    SECTION("connections bring room with them")
    {
        Instances synapse(chain_reaction(), 1, {{1.0, 1.0, 1.0}});
        synapse.parameter("delay") = 100.0;
        for (int step = 0; step < 7; ++step) {
            REQUIRE_FALSE(synapse.step({{synapse.t_ms() + 0.05, 1.0, 0}}).failed());
        }
        CHECK(synapse.step({{0.75, 1.0, 0}}).fault == PointFault::too_many_waiting);
    }
    SECTION("a delay that is negative or no number")
    {
        for (const double delay_ms : {-1e-9, std::nan("")}) {
            Instances synapse(chain_reaction(), 1);
            synapse.parameter("delay") = delay_ms;
            CHECK(synapse.step({{0.05, 1.0, 0}}).fault == PointFault::not_ahead);
        }
    }
    SECTION("events without end")
    {
        test::PointMaker maker("circle", "sends itself the next one at once");
        const auto count = maker.state("count");
        maker.on_event(count, count + 1.0);
        maker.send_to_itself(maker.number(1.0), maker.number(0.0), 1.0);
        Instances synapse(maker.synapse(), 1);
        CHECK(synapse.step({{0.05, 1.0, 0}}).fault == PointFault::endless);
    }
}
