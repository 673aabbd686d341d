/// Helpers of the configuration tests.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace axolemma::test {

/// The smallest configuration there is, with `more` in its place of choice.
inline std::string minimal(std::string_view more = {})
{
    return "axolemma: 1\n"
           "cells:\n"
           "  - name: cell\n"
           "    morphology: {patch: {area: 1000 um2}}\n"
           "    channels: [{channel: hh}]\n"
           "run: {stop: 10 ms}\n" +
           std::string(more);
}

/// The model, or a test failure with the messages (as an exception that Catch2 prints).
inline model::Model parse(const std::string& text, const std::vector<std::string>& overrides = {})
{
    std::vector<config::Override> list;
    for (const std::string& argument : overrides) {
        list.push_back(config::Override::parse(argument));
    }
    return config::parse_model(text, "test.yaml", list, {.open_files = false});
}

/// The messages about a text, or "accepted".
inline std::string messages(const std::string& text, const std::vector<std::string>& overrides = {})
{
    try {
        parse(text, overrides);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

/// A file in the temporary folder that disappears with the test.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view text)
    {
        static int count = 0;
        path_ = (std::filesystem::temp_directory_path() /
                 ("axolemma_config_" + std::to_string(getpid()) + "_" + std::to_string(count++) + ".csv"))
                    .string();
        std::ofstream(path_, std::ios::binary) << text;
    }
    ~TemporaryFile() { std::remove(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace axolemma::test
