#include <filesystem>
#include <fstream>

#include "config/channel_files.hpp"
#include "support.hpp"
#include "support/catch.hpp"

namespace axolemma {

namespace {

namespace fs = std::filesystem;

/// A folder of its own with channel files, gone at the end.
class Folder {
public:
    explicit Folder(const std::string& name)
        : path_(fs::temp_directory_path() / ("axolemma_" + name + std::to_string(getpid())))
    {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, const std::string& text) const
    {
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }
    std::string path() const { return path_.string(); }
    /// The messages of a configuration in this folder, or "accepted".
    std::string messages(const std::string& text) const
    {
        try {
            model_of(text);
            return "accepted";
        } catch (const base::InputError& error) {
            return error.what();
        }
    }
    model::Model model_of(const std::string& text) const
    {
        return config::parse_model(text, (path_ / "model.yaml").string(), {}, {.open_files = false});
    }

private:
    fs::path path_;
};

std::string leak(const std::string& name)
{
    return "channel: " + name + "\nparameters: {g: 1 mS/cm2}\ncurrent: {conductance: g, reversal: -70 mV}\n";
}

std::string configuration(const std::string& channel, const std::string& more)
{
    return "axolemma: 1\n" + more +
           "cells:\n"
           "  - name: cell\n"
           "    morphology: {patch: {area: 1000 um2}}\n"
           "    channels: [{channel: " +
           channel +
           "}]\n"
           "run: {stop: 10 ms}\n";
}

constexpr const char* leak_mod = R"(
NEURON { SUFFIX leak_mod NONSPECIFIC_CURRENT i RANGE g, e }
UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }
PARAMETER { g = 0.001 (S/cm2) e = -70 (mV) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g*(v - e) }
)";

constexpr const char* leak_nml = R"(<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="leaks">
  <ionChannelHH id="leak_nml" conductance="10pS"/>
</neuroml>
)";

}  // namespace

TEST_CASE("channel files: YAML, NMODL and NeuroML by their extensions, from a folder, a pattern or a path", "[config]")
{
    const Folder folder("channel_files");
    folder.write("a.yaml", leak("leak_yaml"));
    folder.write("b.mod", leak_mod);
    folder.write("c.nml", leak_nml);
    folder.write("notes.txt", "not a channel");
    const auto names = [&](const std::string& paths) {
        const model::Model model = folder.model_of(configuration("hh", "channel_files: " + paths + "\n"));
        std::vector<std::string> all = model.catalogue.channel_names();
        all.erase(all.begin(), all.begin() + 2);  // those of the program
        CHECK(model.channel_files.size() == all.size());
        return all;
    };
    const std::vector<std::string> all = {"leak_yaml", "leak_mod", "leak_nml"};
    fs::create_directories(folder.path() + "/sub");
    CHECK(names("['a.yaml', 'b.mod', 'c.nml']") == all);
    CHECK(names("'?.*'") == all);
    CHECK(names("b.mod") == std::vector<std::string>{"leak_mod"});
    const Folder only("only_channels");
    only.write("b.mod", leak_mod);
    only.write("a.yaml", leak("leak_yaml"));
    CHECK(names("'" + only.path() + "'") == std::vector<std::string>{"leak_yaml", "leak_mod"});
}

TEST_CASE("channel files: a channel that no file gives comes from the library", "[config]")
{
    const Folder folder("library");
    const model::Model model = folder.model_of(configuration("na_t", ""));
    CHECK(model.catalogue.find_channel("na_t") != nullptr);
    CHECK(model.channel_files.empty());
}

TEST_CASE("channel files: one of the same name stands in for the library's", "[config]")
{
    const Folder folder("stand_in");
    folder.write("a.yaml", leak("na_t"));
    const model::Model model = folder.model_of(configuration("na_t", "channel_files: a.yaml\n"));
    CHECK(model.catalogue.find_channel("na_t")->states.empty());
}

TEST_CASE("channel files: the same text gives the same mechanism", "[config]")
{
    const Folder folder("same_text");
    folder.write("a.yaml", leak("leak"));
    const std::string text = configuration("leak", "channel_files: a.yaml\n");
    const auto* first = folder.model_of(text).catalogue.find_channel("leak");
    CHECK(folder.model_of(text).catalogue.find_channel("leak") == first);
    folder.write("a.yaml", leak("leak") + "about: another text\n");
    CHECK(folder.model_of(text).catalogue.find_channel("leak") != first);
}

TEST_CASE("channel files: names that clash are told with both places", "[config]")
{
    const Folder folder("clash");
    const std::string a = folder.write("a.yaml", leak("leak"));
    const std::string b = folder.write("b.yaml", leak("leak"));
    CHECK(folder.messages(configuration("leak", "channel_files: [a.yaml, b.yaml]\n"))
              .rfind(b + ":1:10: error: there are two mechanisms called 'leak'\n  hint: the first is at " + a + ":1:10",
                     0) == 0);
    const std::string ampa = folder.write("ampa.yaml", leak("ampa"));
    CHECK(folder.messages(configuration("leak", "channel_files: [a.yaml, ampa.yaml]\n"))
              .rfind(ampa + ":1:10: error: 'ampa' is the name of a synapse of the program", 0) == 0);
}

TEST_CASE("channel files: a file's channel takes the place of the program's of its name", "[config]")
{
    const Folder folder("in_place");
    folder.write("hh.yaml", leak("hh"));
    const auto model = folder.model_of(configuration("hh", "channel_files: hh.yaml\n"));
    CHECK(model.catalogue.find_channel("hh") == model.catalogue.channels().front());
    CHECK_FALSE(model.catalogue.find_channel("hh")->pos.file.empty());
    CHECK(model.warnings.text().find("'hh' takes the place of the channel of the program") != std::string::npos);
}

TEST_CASE("channel files: what is wrong with paths and files is told at its place", "[config]")
{
    const Folder folder("wrong_paths");
    folder.write("bad.yaml", "channel: bad\ncurrent: {conductance: g, reversal: 0 mV}\n");
    const std::string at = folder.path() + "/model.yaml:2:";
    CHECK(folder.messages(configuration("hh", "channel_files: none.mod\n"))
              .rfind(at + "16: error: there is no file", 0) == 0);
    CHECK(folder.messages(configuration("hh", "channel_files: [1: 2]\n"))
              .rfind(at + "17: error: 'channel_files' needs paths", 0) == 0);
    CHECK(folder.messages(configuration("hh", "channel_files: '*.nml'\n")).find("stands for no channel file") !=
          std::string::npos);
    CHECK(folder.messages(configuration("hh", "channel_files: bad.yaml\n"))
              .rfind(folder.path() + "/bad.yaml:2:24: error: unknown name 'g'", 0) == 0);
}

}  // namespace axolemma
