#include "morphology/swc_not_swc.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <span>

namespace axolemma::morphology {

namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view start;
    std::string_view message;
    std::string_view hint;
};

constexpr std::array<Signature, 15> byte_signatures{{
    {"\xFF\xFE"sv, "the file is UTF-16 text", "save it as ASCII or UTF-8"},
    {"\xFE\xFF"sv, "the file is UTF-16 text", "save it as ASCII or UTF-8"},
    {"\x1F\x8B"sv, "the file is compressed (gzip)", "unpack it first: gunzip"},
    {"BZh"sv, "the file is compressed (bzip2)", "unpack it first: bunzip2"},
    {"\xFD"
     "7zXZ"sv,
     "the file is compressed (xz)", "unpack it first: unxz"},
    {"\x28\xB5\x2F\xFD"sv, "the file is compressed (zstd)", "unpack it first: unzstd"},
    {"PK\x03\x04"sv, "the file is a zip archive", "unpack it first: unzip"},
    {"Rar!"sv, "the file is a rar archive", "unpack it first"},
    {"\x89HDF"sv, "the file is HDF5", "export the morphology as SWC"},
    {"%PDF"sv, "the file is a PDF document", "give an SWC file"},
    {"\x89PNG"sv, "the file is a PNG picture", "give an SWC file"},
    {"II*\0"sv, "the file is a TIFF image", "trace it and export the tracing as SWC"},
    {"MM\0*"sv, "the file is a TIFF image", "trace it and export the tracing as SWC"},
    {"\x7F"
     "ELF"sv,
     "the file is a program", "give an SWC file"},
    {"MATLAB 5.0"sv, "the file is a MATLAB workspace", "export the morphology as SWC"},
}};

// Compared in lower case, after blanks.
constexpr std::array<Signature, 7> text_signatures{{
    {"<!doctype html"sv, "this looks like an HTML page", "the download failed: fetch the file again"},
    {"<html"sv, "this looks like an HTML page", "the download failed: fetch the file again"},
    {"<head"sv, "this looks like an HTML page", "the download failed: fetch the file again"},
    {"<?xml"sv, "this looks like XML (NeuroML?)", "export the morphology as SWC"},
    {"<neuroml"sv, "this looks like NeuroML", "export the morphology as SWC"},
    {"version https://git-lfs"sv, "this is a Git LFS pointer, not the file itself", "fetch the file: git lfs pull"},
    {"{"sv, "this looks like JSON", "export the morphology as SWC"},
}};

constexpr std::array<Signature, 2> asc_signatures{{
    {";"sv, "this looks like a Neurolucida file", "give it the ending .asc"},
    {"("sv, "this looks like a Neurolucida file", "give it the ending .asc"},
}};

constexpr std::array<Signature, 1> swc_signatures{{
    {"#"sv, "this looks like an SWC file", "give it the ending .swc"},
}};

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// Text has next to no control bytes at its start. NUL bytes are counted apart: a damaged text file may hold a block
/// of them.
bool is_binary(std::string_view bytes)
{
    constexpr std::size_t sample_size = 4096;
    const std::string_view start = bytes.substr(0, std::min(bytes.size(), sample_size));
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != 0 && !is_blank(c)) || byte == 0x7F;
    };
    const auto n_control = static_cast<std::size_t>(std::count_if(start.begin(), start.end(), is_control));
    const auto n_nul = static_cast<std::size_t>(std::count(start.begin(), start.end(), '\0'));
    return 20 * n_control > start.size() || 2 * n_nul > start.size();
}

bool is_utf16_without_mark(std::string_view bytes)
{
    if (bytes.size() < 8) {
        return false;
    }
    const std::size_t looked_at = std::min<std::size_t>(bytes.size(), 512) & ~std::size_t{1};
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < looked_at; ++i) {
        zeros[i % 2] += bytes[i] == '\0' ? 1U : 0U;
    }
    const std::size_t half = looked_at / 2;
    return (zeros[0] == 0 && 10 * zeros[1] > 9 * half) || (zeros[1] == 0 && 10 * zeros[0] > 9 * half);
}

std::string lower_case_start(std::string_view text)
{
    std::string start(text.substr(0, std::min<std::size_t>(text.size(), 64)));
    std::transform(start.begin(), start.end(), start.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return start;
}

NotSwc as_finding(const Signature& signature, std::int64_t line)
{
    return {std::string(signature.message), std::string(signature.hint), line};
}

}  // namespace

std::optional<NotSwc> recognise_other_format(std::string_view bytes, FileFormat wanted)
{
    if (bytes.empty()) {
        return NotSwc{"the file is empty (0 bytes)", "check the download or export", 0};
    }
    for (const Signature& signature : byte_signatures) {
        if (bytes.starts_with(signature.start)) {
            return as_finding(signature, 1);
        }
    }
    if (is_utf16_without_mark(bytes)) {
        return NotSwc{"the file is UTF-16 text", "save it as ASCII or UTF-8", 1};
    }
    if (is_binary(bytes)) {
        return NotSwc{"this is not a text file",
                      wanted == FileFormat::swc ? "give an SWC file: lines of id type x y z radius parent"
                                                : "give a Neurolucida file in its text format (ASCII)",
                      1};
    }
    const auto first = std::find_if_not(bytes.begin(), bytes.end(), is_blank);
    const auto line = 1 + std::count(bytes.begin(), first, '\n');
    const std::string start = lower_case_start(bytes.substr(static_cast<std::size_t>(first - bytes.begin())));
    const auto find_in = [&](std::span<const Signature> signatures) -> std::optional<NotSwc> {
        for (const Signature& signature : signatures) {
            if (start.starts_with(signature.start)) {
                return as_finding(signature, line);
            }
        }
        return std::nullopt;
    };
    if (std::optional<NotSwc> other = find_in(text_signatures)) {
        return other;
    }
    return wanted == FileFormat::swc ? find_in(asc_signatures) : find_in(swc_signatures);
}

}  // namespace axolemma::morphology
