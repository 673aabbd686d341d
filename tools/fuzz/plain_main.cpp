/// A main for fuzz harnesses on machines without libFuzzer: replays files and simple mutations of them.
///
///     fuzz_NAME_plain [--mutations N] [--seed S] FILE_OR_FOLDER...
///
/// Every file is run as it is, then N mutated versions of randomly chosen files. The same arguments give the same inputs.
/// Harnesses stop the program when something is wrong; the input is then in last_fuzz_input.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input)
{
    std::ofstream("last_fuzz_input", std::ios::binary) << input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<std::string> read_inputs(const std::vector<std::string>& paths)
{
    std::vector<std::filesystem::path> files;
    for (const std::string& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            files.emplace_back(path);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> out;
    for (const std::filesystem::path& file : files) {
        std::ifstream stream(file, std::ios::binary);
        out.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return out;
}

/// Cuts, repeats, overwrites and splices a few places of an input.
class Mutator {
public:
    Mutator(const std::vector<std::string>& inputs, std::uint64_t seed) : inputs_(inputs), random_(seed) {}

    std::string next()
    {
        std::string text = pick();
        for (std::size_t k = below(6) + 1; k > 0; --k) {
            change(text);
        }
        return text;
    }

private:
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random_() % n); }
    const std::string& pick() { return inputs_[below(inputs_.size())]; }

    void change(std::string& text)
    {
        constexpr std::string_view signs = "{}[]:,-#&*!|>'\"%@ \n\t0123456789.eE+^/()~\\\xff\x80\xc2";
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = below(std::min<std::size_t>(text.size() - std::min(at, text.size()), 40) + 1);
        switch (below(5)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, text.substr(at, length)); break;
        case 2: text.insert(at, 1, signs[below(signs.size())]); break;
        case 3:
            if (at < text.size()) {
                text[at] = signs[below(signs.size())];
            }
            break;
        default: {
            const std::string& other = pick();
            const std::size_t from = below(other.size() + 1);
            text.insert(at, other, from, below(80));
        }
        }
    }

    const std::vector<std::string>& inputs_;
    std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv)
{
    std::uint64_t n_mutations = 0, seed = 1;
    std::vector<std::string> paths;
    for (int k = 1; k < argc; ++k) {
        const std::string_view argument = argv[k];
        if (argument == "--mutations" && k + 1 < argc) {
            n_mutations = std::strtoull(argv[++k], nullptr, 10);
        } else if (argument == "--seed" && k + 1 < argc) {
            seed = std::strtoull(argv[++k], nullptr, 10);
        } else {
            paths.emplace_back(argument);
        }
    }
    const std::vector<std::string> inputs = read_inputs(paths);
    if (inputs.empty()) {
        std::fprintf(stderr, "usage: %s [--mutations N] [--seed S] FILE_OR_FOLDER...\n", argv[0]);
        return 2;
    }
    for (const std::string& input : inputs) {
        run(input);
    }
    Mutator mutator(inputs, seed);
    for (std::uint64_t k = 0; k < n_mutations; ++k) {
        run(mutator.next());
    }
    std::printf("%zu inputs and %llu mutations: nothing found\n", inputs.size(),
                static_cast<unsigned long long>(n_mutations));
    std::remove("last_fuzz_input");
    return 0;
}
