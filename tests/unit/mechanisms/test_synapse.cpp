#include "mechanisms/catalogue.hpp"
#include "mechanisms/synapse.hpp"

#include <array>
#include <cmath>
#include <functional>

#include "support/catch.hpp"

using namespace axolemma::mechanisms;

namespace {

constexpr double dt_ms = 0.025;

/// Instances of one kind with columns that own their memory.
class Instances {
public:
    Instances(const std::string& name, std::size_t n, double dt = dt_ms)
        : info(*Catalogue().find_synapse(name)), n_(n), dt_(dt)
    {
        for (const auto& parameter : info.parameters) {
            parameters.insert(parameters.end(), n, parameter.default_value);
        }
        states.assign(n * info.states.size(), 0.0);
        prepare();
    }

    void prepare()
    {
        constants_.assign(n_ * info.n_constants, 0.0);
        info.prepare(n_, parameters.data(), dt_, constants_.data());
    }
    /// One step with events at instance k; mean conductances over it [uS].
    std::vector<double> step(std::size_t k, const std::vector<std::array<double, 2>>& weights_and_remaining)
    {
        std::vector<double> mean_uS(n_);
        info.advance(view(), mean_uS.data());
        for (const auto& [weight_uS, remaining_ms] : weights_and_remaining) {
            mean_uS[k] += info.receive(view(), k, weight_uS, remaining_ms, dt_);
        }
        return mean_uS;
    }
    double g_uS(std::size_t k) const { return info.conductance(states.data(), n_, k); }
    double parameter(const std::string& name, std::size_t k) const
    {
        return parameters[static_cast<std::size_t>(info.parameter_index(name)) * n_ + k];
    }
    void set(const std::string& name, std::size_t k, double value)
    {
        parameters[static_cast<std::size_t>(info.parameter_index(name)) * n_ + k] = value;
        prepare();
    }
    SynapseBlock view() { return {n_, parameters.data(), constants_.data(), states.data()}; }

    const SynapseInfo& info;
    std::vector<double> parameters, states;

private:
    std::size_t n_;
    double dt_;
    std::vector<double> constants_;
};

/// Time constants of the rise (0: none) and the decay.
std::array<double, 2> time_constants_ms(const Instances& instances, std::size_t k)
{
    const auto n = instances.parameters.size() / instances.info.parameters.size();
    return instances.info.name == "exp_syn" ? std::array{0.0, instances.parameters[k]}
                                            : std::array{instances.parameters[k], instances.parameters[n + k]};
}

/// Conductance at a time after an event of weight 1, from the definition.
double unit_conductance(const std::array<double, 2>& taus_ms, double t_ms)
{
    const auto [rise_ms, decay_ms] = taus_ms;
    if (rise_ms == 0.0) {
        return std::exp(-t_ms / decay_ms);
    }
    const double peak_ms = rise_ms * decay_ms / (decay_ms - rise_ms) * std::log(decay_ms / rise_ms);
    // Differences of exponentials without loss where the time is short.
    const auto shape = [rise = rise_ms, decay = decay_ms](double t) {
        return -std::exp(-t / decay) * std::expm1(-t * (1.0 / rise - 1.0 / decay));
    };
    return shape(t_ms) / shape(peak_ms);
}

/// Integral by Gauss-Legendre with five points on 400 pieces, whose error is below rounding for all time constants here.
double integral(const std::function<double(double)>& f, double from, double to)
{
    constexpr std::array<double, 5> x{-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                      0.9061798459386640};
    constexpr std::array<double, 5> w{0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665,
                                      0.2369268850561891};
    constexpr int pieces = 400;
    const double half = 0.5 * (to - from) / pieces;
    double sum = 0.0;
    for (int i = 0; i < pieces; ++i) {
        for (std::size_t k = 0; k < x.size(); ++k) {
            sum += w[k] * half * f(from + half * (2 * i + 1 + x[k]));
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("every synapse is complete: defaults in range, meanings, kernels", "[mechanisms][synapse]")
{
    CHECK(Catalogue().synapse_names() == std::vector<std::string>{"exp_syn", "exp2_syn", "ampa", "nmda", "gaba"});
    for (const auto& name : Catalogue().synapse_names()) {
        INFO(name);
        const auto* info = Catalogue().find_synapse(name);
        REQUIRE(info != nullptr);
        CHECK(info->name == name);
        CHECK((!info->meaning.empty() && !info->source.empty()));
        std::vector<double> defaults;
        for (const auto& parameter : info->parameters) {
            INFO(parameter.name);
            CHECK(parameter.low <= parameter.default_value);
            CHECK(parameter.default_value <= parameter.high);
            CHECK((!parameter.unit.empty() && !parameter.meaning.empty()));
            CHECK(info->parameter_index(parameter.name) == &parameter - info->parameters.data());
            defaults.push_back(parameter.default_value);
        }
        CHECK(info->complaint(defaults).empty());
        CHECK(info->parameters[info->reversal].unit == "mV");
        CHECK(info->parameter_index("g") == -1);
        CHECK(info->state_index("e") == -1);
        CHECK((info->open_share != nullptr) == (name == "nmda"));
    }
    CHECK(Catalogue().find_synapse("") == nullptr);
    CHECK(Catalogue().find_synapse("AMPA") == nullptr);
}

TEST_CASE("a rise as long as the decay is refused", "[mechanisms][synapse]")
{
    const auto& info = *Catalogue().find_synapse("exp2_syn");
    CHECK(info.complaint(std::vector<double>{1.0, 1.0, 0.0}) ==
          "the time constant of the rise must be shorter than that of the decay");
    CHECK_FALSE(info.complaint(std::vector<double>{2.0, 1.0, 0.0}).empty());
    CHECK(info.complaint(std::vector<double>{0.999, 1.0, 0.0}).empty());
}

TEST_CASE("an event leaves the conductance's time course, and its mean over every step", "[mechanisms][synapse]")
{
    // 1e-12 of the weight: rounding of a few exponentials, divided by 1e-3 where the rise is close to the decay.
    const auto name = GENERATE(as<std::string>{}, "exp_syn", "exp2_syn", "ampa", "nmda", "gaba");
    const double decay_ms = GENERATE(1e-3, 0.02, 2.0, 50.0, 1e6);
    Instances instances(name, 3);
    const bool two = name != "exp_syn";
    for (std::size_t k = 0; k < 3; ++k) {  // neighbours of another kind of time course
        instances.parameters[(two ? 3 : 0) + k] = k == 1 ? decay_ms : 7.0;
        if (two) {
            instances.parameters[k] = k == 1 ? 0.3 * decay_ms : 0.5;
        }
    }
    instances.prepare();
    const auto taus_ms = time_constants_ms(instances, 1);
    constexpr double weight_uS = 0.003;
    for (const double remaining_ms : {0.0, 1e-12, 0.0049, 0.0125, 0.0249, dt_ms}) {
        CAPTURE(name, decay_ms, remaining_ms);
        instances.states.assign(instances.states.size(), 0.0);
        const auto g = [&](double t_ms) { return unit_conductance(taus_ms, t_ms); };
        double mean_uS = instances.step(1, {{weight_uS, remaining_ms}})[1];
        double from_ms = 0.0;
        double to_ms = remaining_ms;
        for (int step = 0; step < 4; ++step) {
            CHECK(std::abs(instances.g_uS(1) / weight_uS - g(to_ms)) < 1e-12);
            CHECK(std::abs(mean_uS / weight_uS - integral(g, from_ms, to_ms) / dt_ms) < 1e-12);
            from_ms = to_ms;
            to_ms += dt_ms;
            mean_uS = instances.step(1, {})[1];
        }
        CHECK(instances.g_uS(0) == 0.0);
        CHECK(instances.g_uS(2) == 0.0);
    }
}

TEST_CASE("conductances decay as one step or as many, to rounding", "[mechanisms][synapse]")
{
    for (const auto& name : Catalogue().synapse_names()) {
        INFO(name);
        Instances fine(name, 1), coarse(name, 1, 40.0 * dt_ms);
        fine.step(0, {{1.0, 0.0}});
        coarse.step(0, {{1.0, 0.0}});
        double sum = 0.0;
        for (int k = 0; k < 40; ++k) {
            sum += fine.step(0, {})[0];
        }
        const double mean = coarse.step(0, {})[0];
        CHECK(sum / 40.0 == Approx(mean).epsilon(1e-12));
        CHECK(fine.g_uS(0) == Approx(coarse.g_uS(0)).epsilon(1e-12));
    }
}

TEST_CASE("events add up, and one at a step's end is one at the next step's beginning", "[mechanisms][synapse]")
{
    for (const auto& name : Catalogue().synapse_names()) {
        INFO(name);
        Instances together(name, 1), first(name, 1), second(name, 1);
        const double mean = together.step(0, {{0.5, 0.02}, {2.0, 0.004}})[0];
        CHECK(mean == Approx(first.step(0, {{0.5, 0.02}})[0] + second.step(0, {{2.0, 0.004}})[0]).epsilon(1e-14));
        CHECK(together.g_uS(0) == Approx(first.g_uS(0) + second.g_uS(0)).epsilon(1e-14));

        Instances at_end(name, 1), at_beginning(name, 1);
        CHECK(at_end.step(0, {{1.0, 0.0}})[0] == 0.0);
        const double mean_after = at_end.step(0, {})[0];
        CHECK(at_beginning.step(0, {{1.0, dt_ms}})[0] == Approx(mean_after).epsilon(1e-14));
        CHECK(at_beginning.g_uS(0) == Approx(at_end.g_uS(0)).epsilon(1e-14));
    }
}

TEST_CASE("the conductance's peak is the weight, when it should be", "[mechanisms][synapse]")
{
    for (const std::string name : {"exp2_syn", "ampa", "nmda", "gaba"}) {
        INFO(name);
        Instances instances(name, 1);
        const auto [rise_ms, decay_ms] = time_constants_ms(instances, 0);
        const double peak_ms = std::log(decay_ms / rise_ms) / (1.0 / rise_ms - 1.0 / decay_ms);
        Instances to_peak(name, 1, peak_ms), beyond(name, 1, 1.01 * peak_ms), before(name, 1, 0.99 * peak_ms);
        to_peak.step(0, {{0.7, peak_ms}});
        beyond.step(0, {{0.7, 1.01 * peak_ms}});
        before.step(0, {{0.7, 0.99 * peak_ms}});
        CHECK(to_peak.g_uS(0) == Approx(0.7).epsilon(1e-14));
        CHECK(beyond.g_uS(0) < 0.7);
        CHECK(before.g_uS(0) < 0.7);
    }
}

TEST_CASE("magnesium blocks NMDA receptors by the formula, and its slope is the derivative", "[mechanisms][synapse]")
{
    Instances instances("nmda", 2);
    instances.set("mg", 1, 0.5);
    instances.step(1, {{1.0, dt_ms}});
    for (const double v_mV : {-120.0, -70.0, -20.0, 0.0, 45.0}) {
        INFO(v_mV);
        const auto share_at = [&](double v, std::size_t k) {
            double share = 0.0;
            double slope = 0.0;
            instances.info.open_share(instances.parameters.data(), 2, k, v, share, slope);
            return std::array{share, slope};
        };
        CHECK(share_at(v_mV, 0)[0] == Approx(1.0 / (1.0 + std::exp(-0.062 * v_mV) / 3.57)).epsilon(1e-14));
        const double half_mg = 1.0 / (1.0 + 0.5 * std::exp(-0.062 * v_mV) / 3.57);
        CHECK(share_at(v_mV, 1)[0] == Approx(half_mg).epsilon(1e-14));
        // A central difference of 1e-3 mV: truncation 1e-9, rounding 1e-13.
        const double slope = (share_at(v_mV + 1e-3, 0)[0] - share_at(v_mV - 1e-3, 0)[0]) / 2e-3;
        CHECK(share_at(v_mV, 0)[1] == Approx(slope).epsilon(1e-7));
        CHECK(instances.info.current_nA(instances.parameters.data(), instances.states.data(), 2, 1, v_mV) ==
              Approx(instances.g_uS(1) * half_mg * v_mV).epsilon(1e-14));
    }
}

TEST_CASE("without magnesium an NMDA receptor follows Ohm's law, as the others do", "[mechanisms][synapse]")
{
    for (const auto& name : Catalogue().synapse_names()) {
        INFO(name);
        Instances instances(name, 1);
        if (name == "nmda") {
            instances.set("mg", 0, 0.0);
        }
        instances.set("e", 0, -20.0);
        instances.step(0, {{1.0, dt_ms}});
        CHECK(instances.info.current_nA(instances.parameters.data(), instances.states.data(), 1, 0, -50.0) ==
              Approx(-30.0 * instances.g_uS(0)).epsilon(1e-14));
    }
}
