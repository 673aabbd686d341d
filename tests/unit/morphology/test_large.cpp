// Large files: time linear in their size, and no recursion, whatever the shape.

#include <chrono>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <pthread.h>

#include <fmt/format.h>

#include "morphology/doctor.hpp"
#include "morphology/facts.hpp"
#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

std::string line(std::int64_t id, int type, double x, double y, std::int64_t parent)
{
    return fmt::format("{} {} {} {} 0 1 {}\n", id, type, x, y, parent);
}

template <class Parent>
std::string tree(std::int64_t n, Parent&& parent_of)
{
    std::string text = line(1, 1, 0, 0, -1);
    for (std::int64_t i = 2; i <= n; ++i) {
        text += line(i, 3, static_cast<double>(i % 1000), static_cast<double>(i / 1000), parent_of(i));
    }
    return text;
}

std::string reversed_chain(std::int64_t n)
{
    std::string text;
    for (std::int64_t i = 1; i < n; ++i) {
        text += line(i, 3, static_cast<double>(n - i), 0, i + 1);
    }
    return text + line(n, 1, 0, 0, -1);
}

/// Runs in a thread with a small stack: recursion over the tree would overflow it.
template <class Work>
void with_small_stack(Work&& work)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, std::size_t{256} * 1024);
    pthread_t thread{};
    const auto start = [](void* argument) -> void* {
        (*static_cast<std::remove_reference_t<Work>*>(argument))();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &attributes, start, &work) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

}  // namespace

TEST_CASE("trees of every shape and 20 000 samples are read, built and reported on a small stack", "[morphology]")
{
    constexpr std::int64_t n = 20000;
    const std::vector<std::pair<std::string, std::string>> shapes{
        {"chain", tree(n, [](std::int64_t i) { return i - 1; })},
        {"reversed chain", reversed_chain(n)},
        {"star", tree(n, [](std::int64_t) { return 1; })},
        {"comb", tree(n, [](std::int64_t i) { return i % 2 == 0 ? i - 1 : std::max<std::int64_t>(1, i - 2); })},
        {"binary", tree(n, [](std::int64_t i) { return i / 2; })},
    };
    for (const auto& [name, text] : shapes) {
        INFO(name);
        std::size_t n_located = 0;
        double file_length_um = 0.0;
        double built_length_um = 0.0;
        std::size_t report_size = 0;
        with_small_stack([&, &swc = text] {
            const SwcFile file = parse_swc(swc, "large.swc");
            for (const SomaRule rule : {SomaRule::neuron, SomaRule::automatic}) {
                const BuiltMorphology built = build_morphology(file, rule);
                n_located = built.morphology.sample_locations.size();
                built_length_um = total_length_um(built.morphology);
                report_size = doctor_json(file, built).size();
            }
            for (const auto& [type, of_type] : measure_file(file).by_type) {
                file_length_um += of_type.length_um;
            }
        });
        CHECK(n_located == n);
        CHECK(report_size > 100);
        // The soma adds its diameter of 2; the wires from it take something away, at most the star's all.
        CHECK(built_length_um <= file_length_um + 2.0);
        CHECK(built_length_um > 0.9 * file_length_um);
    }
}

TEST_CASE("a large file that is no tree is refused at once with few messages", "[morphology][errors]")
{
    constexpr std::int64_t n = 50000;
    std::string cycle;
    std::string forest;
    std::string duplicates;
    for (std::int64_t i = 1; i <= n; ++i) {
        cycle += line(i, 3, 0, 0, i % n + 1);
        forest += line(i, 3, 0, 0, -1);
        duplicates += line(1, 3, 0, 0, -1);
    }
    CHECK(errors_of(cycle).find("cell.swc:1: error: there is no root: no sample has parent -1") == 0);
    CHECK(errors_of(forest).find(
              "cell.swc:2: error: 50000 separate trees: roots (parent -1) on lines 1, 2, 3, 4, 5 and 49995 more") == 0);
    const std::string said = errors_of(duplicates);
    CHECK(said.find("cell.swc:2: error: id 1 is already used on line 1") == 0);
    CHECK(said.size() < 5000);
}

TEST_CASE("reading and building take time in proportion to the samples", "[morphology]")
{
    const auto seconds = [](std::int64_t n) {
        const std::string text = tree(n, [](std::int64_t i) { return i % 3 == 0 ? i / 2 : i - 1; });
        double best = 1e9;
        for (int repeat = 0; repeat < 3; ++repeat) {
            const auto start = std::chrono::steady_clock::now();
            const Morphology cell = build(text).morphology;
            best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            CHECK(cell.n_sections() > 1);
        }
        return best;
    };
    // Eight times the samples; quadratic work would take 64 times as long. Caches and a busy machine are allowed for.
    CHECK(seconds(40000) < 30.0 * seconds(5000));
}
