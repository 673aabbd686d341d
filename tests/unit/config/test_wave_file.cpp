#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::TemporaryFile;

namespace {

model::Model read(const std::string& path)
{
    return config::parse_model(
        test::minimal("stimuli: [{type: current_clamp, at: soma, file: {path: '" + path + "', delay: 1 ms}}]\n"),
        "test.yaml");
}

std::string failure(std::string_view text)
{
    const TemporaryFile file(text);
    try {
        read(file.path());
    } catch (const base::InputError& error) {
        std::string out = error.what();
        for (std::size_t at = out.find(file.path()); at != std::string::npos; at = out.find(file.path())) {
            out.replace(at, file.path().size(), "wave.csv");
        }
        return out;
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a waveform file may have comments, a header and any usual separator", "[config][wave]")
{
    for (const char* text : {"0,1\n0.5,2\n", "# made by hand\ntime_ms,current_nA\n0,1\n0.5,2\n",
                             "0 1\r\n\r\n0.5\t2 # end\r\n", "t;i\n0;+1.0\n5e-1;2\n"}) {
        INFO(text);
        const TemporaryFile file(text);
        const model::Model m = read(file.path());
        const auto& wave = std::get<model::FileWave>(m.stimuli[0].waveform);
        CHECK(wave.t_ms == std::vector<double>{0.0, 0.5});
        CHECK(wave.value == std::vector<double>{1.0, 2.0});
        CHECK(wave.delay_ms == 1.0);
        CHECK(wave.scale == 1.0);
    }
}

TEST_CASE("errors in a waveform file name its lines, all in one go", "[config][wave]")
{
    CHECK(failure("0,1\n1,x\n2,3,4\n5\n0.5,1\n-1,2\n") ==
          "wave.csv:2: error: 'x' is not a number\n"
          "wave.csv:3: error: this line has 3 columns; a waveform has two, time in ms and value\n"
          "wave.csv:4: error: this line has 1 columns; a waveform has two, time in ms and value\n"
          "wave.csv:6: error: time -1 ms comes after 0.5 ms\n  hint: times must not decrease\n");
    CHECK(failure("") ==
          "test.yaml:7:56: error: the waveform file 'wave.csv' has 0 points\n"
          "  hint: it needs at least two lines with time (ms) and value\n");
    CHECK(failure("0,1\n1,nan\n2,1\n") == "wave.csv:2: error: 'nan' is not a number\n");
    std::string many = "0,1\n";
    for (int k = 0; k < 25; ++k) {
        many += "1,x\n";
    }
    CHECK(failure(many).find("wave.csv: error: 5 more lines have errors\n") != std::string::npos);
}

TEST_CASE("a waveform file that is missing or a folder is told at the configuration's line", "[config][wave]")
{
    CHECK_THROWS_WITH(read("/no/such.csv"),
                      "test.yaml:7:56: error: there is no file '/no/such.csv'\n"
                      "  hint: a relative path starts from the folder of the configuration\n");
    CHECK_THROWS_WITH(read("/"), "test.yaml:7:56: error: '/' is not a file\n");
}
