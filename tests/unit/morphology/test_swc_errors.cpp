// Every way of being wrong, with the whole message.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

std::string trimmed(std::string text)
{
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

void check(const std::string& text, const std::string& expected)
{
    CHECK(trimmed(errors_of(text)) == expected);
}

/// The file of three good lines and one more.
std::string with_line(const std::string& line)
{
    return "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 20 0 0 1 2\n" + line + "\n";
}

}  // namespace

TEST_CASE("an empty file says so", "[morphology][errors]")
{
    check("", "cell.swc: error: the file is empty (0 bytes)\n  hint: check the download or export");
    const std::string no_samples =
        "cell.swc: error: there are no samples in the file\n"
        "  hint: export it again: an SWC file has lines of id type x y z radius parent";
    check("\n\r\n  \n", no_samples);
    check("# only a header\n", no_samples);
}

TEST_CASE("files of another kind are recognised", "[morphology][errors]")
{
    using namespace std::string_literals;
    check(
        "\xFF\xFE"
        "1\0 \0"s,
        "cell.swc:1: error: the file is UTF-16 text\n  hint: save it as ASCII or UTF-8");
    check(
        "1\0 \0"
        "1\0 \0"
        "0\0 \0"s,
        "cell.swc:1: error: the file is UTF-16 text\n  hint: save it as ASCII or UTF-8");
    check("\x1F\x8B\x08 rest", "cell.swc:1: error: the file is compressed (gzip)\n  hint: unpack it first: gunzip");
    check("PK\x03\x04 rest", "cell.swc:1: error: the file is a zip archive\n  hint: unpack it first: unzip");
    check("\x89HDF\r\n", "cell.swc:1: error: the file is HDF5\n  hint: export the morphology as SWC");
    check("%PDF-1.4\n", "cell.swc:1: error: the file is a PDF document\n  hint: give an SWC file");
    check("<!DOCTYPE html>\n<html>",
          "cell.swc:1: error: this looks like an HTML page\n  hint: the download failed: fetch the file again");
    check("\n <HTML>",
          "cell.swc:2: error: this looks like an HTML page\n  hint: the download failed: fetch the file again");
    check("<?xml version='1.0'?>",
          "cell.swc:1: error: this looks like XML (NeuroML?)\n  hint: export the morphology as SWC");
    check("version https://git-lfs.github.com/spec/v1\n",
          "cell.swc:1: error: this is a Git LFS pointer, not the file itself\n  hint: fetch the file: git lfs pull");
    check("; V3 text file\n(\"CellBody\"",
          "cell.swc:1: error: this looks like a Neurolucida file\n  hint: give it the ending .asc");
    check("{\"a\": 1}", "cell.swc:1: error: this looks like JSON\n  hint: export the morphology as SWC");
    check(std::string("\x01\x02\x03\x04 abc\x05\x06"),
          "cell.swc:1: error: this is not a text file\n  hint: give an SWC file: lines of id type x y z radius parent");
    check("create soma\naccess soma\n",
          "cell.swc:1: error: 2 fields, need 7 (id type x y z radius parent)\n  hint: add the missing fields\n"
          "cell.swc:2: error: 2 fields, need 7 (id type x y z radius parent)\n  hint: add the missing fields");
}

TEST_CASE("a NUL byte in the data is damage", "[morphology][errors]")
{
    using namespace std::string_literals;
    check(with_line("4 3 30\0 0 0 1 3"s),
          "cell.swc:4: error: a NUL byte in the data: the file is damaged\n  hint: export or download it again");
}

TEST_CASE("lines with too few or too many fields are named", "[morphology][errors]")
{
    check(with_line("4 3 30 0 0 1"),
          "cell.swc:4: error: 6 fields, need 7 (id type x y z radius parent)\n"
          "  hint: add the missing field (the parent?)");
    check(with_line("4"),
          "cell.swc:4: error: 1 field, need 7 (id type x y z radius parent)\n"
          "  hint: add the missing fields");
    check(with_line("4 3 30 0 0 1 # 3"),
          "cell.swc:4: error: 6 fields, need 7 (id type x y z radius parent)\n"
          "  hint: add the missing field (the parent?)");
    check(with_line("4 3 30 0 0 1 0.8 3"),
          "cell.swc:4: error: parent field '0.8' is not an integer (8 fields: duplicated column?)\n"
          "  hint: remove the extra field; a line is: id type x y z radius parent");
    check(with_line("4 3 30 0 0 1 3 3"),
          "cell.swc:4: error: 8 fields, where the lines before have 7\n"
          "  hint: remove the extra field; a line is: id type x y z radius parent");
    check("1 1 0 0 0 5 -1\n2 3 5 0",
          "cell.swc:2: error: the last line has 4 of 7 fields and no line end: is the file truncated?\n"
          "  hint: get the whole file");
}

TEST_CASE("wrong separators and quotes are said once", "[morphology][errors]")
{
    check("1,1,0,0,0,5,-1\n2,3,5,0,0,1,1\n",
          "cell.swc:1: error: the fields are separated by commas (and 1 more like this)\n"
          "  hint: separate them with blanks");
    check("1; 1; 0; 0; 0; 5; -1\n",
          "cell.swc:1: error: the fields are separated by semicolons\n  hint: separate them with blanks");
    check("\"1\" \"1\" \"0\" \"0\" \"0\" \"5\" \"-1\"\n\"2\" \"3\" \"5\" \"0\" \"0\" \"1\" \"1\"\n",
          "cell.swc:1: error: id '\"1\"' is not a number: the fields are in quotes (and 1 more like this)\n"
          "  hint: remove the quotes");
}

TEST_CASE("text that is no number is quoted with what to write instead", "[morphology][errors]")
{
    check(with_line("four 3 30 0 0 1 3"),
          "cell.swc:4: error: id 'four' is not an integer\n  hint: give an integer for id");
    check(with_line("4 3 30 0 0 NA 3"),
          "cell.swc:4: error: radius 'NA' is not a number\n  hint: give a number for radius, such as 0.8");
    check(with_line("4 3 30 0 0 0,8 3"),
          "cell.swc:4: error: radius '0,8' is not a number\n  hint: decimal comma? write 0.8");
    check(with_line("4 3 30um 0 0 1 3"),
          "cell.swc:4: error: x '30um' is not a number\n"
          "  hint: write 30: files carry no units, lengths are in um");
    check(with_line("4 3 \xE2\x88\x92"
                    "30 0 0 1 3"),
          "cell.swc:4: error: x '\xE2\x88\x92"
          "30' is not a number: U+2212 is not a minus sign\n"
          "  hint: write an ASCII '-'");
    check(with_line("4 3 3.0D+01 0 0 1 3"),
          "cell.swc:4: error: x '3.0D+01' is not a number\n  hint: Fortran exponent? write 3.0E+01");
    check(with_line("4 3 1_000 0 0 1 3"), "cell.swc:4: error: x '1_000' is not a number\n  hint: write 1000");
    check(with_line("4 3 0x1F 0 0 1 3"), "cell.swc:4: error: x '0x1F' is not a number\n  hint: write a decimal number");
    check(with_line("4 3 nan 0 0 1 3"),
          "cell.swc:4: error: x 'nan' is not a finite number\n  hint: give a number for x");
    check(with_line("4 3 30 -inf 0 1 3"),
          "cell.swc:4: error: y '-inf' is not a finite number\n  hint: give a number for y");
    check(with_line("4 3 30 0 1e400 1 3"),
          "cell.swc:4: error: z '1e400' is too large\n  hint: coordinates and radii are in um");
    check(with_line("4 3 30 0 1e16 1 3"),
          "cell.swc:4: error: z '1e16' is too large\n  hint: coordinates and radii are in um");
    check(with_line("4 3 +-3 0 0 1 3"),
          "cell.swc:4: error: x '+-3' is not a number\n"
          "  hint: give a number for x, such as 0.8");
    check(with_line("4 3 \x07\x80 0 0 1 3"),
          "cell.swc:4: error: x '\\x07\\x80' is not a number\n"
          "  hint: give a number for x, such as 0.8");
    check(with_line("4 3 " + std::string(90, 'x') + " 0 0 1 3"),
          "cell.swc:4: error: x '" + std::string(40, 'x') +
              "...' is not a number\n  hint: give a number for x, such as 0.8");
}

TEST_CASE("ids, types and parents must be integers in range", "[morphology][errors]")
{
    check(with_line("4 3 30 0 0 1 2.5"),
          "cell.swc:4: error: parent '2.5' is not an integer\n  hint: give an integer for parent");
    check(with_line("99999999999999999999 3 30 0 0 1 3"),
          "cell.swc:4: error: id '99999999999999999999' is too large\n"
          "  hint: renumber the samples: the largest id is 9223372036854775807");
    check(with_line("-4 3 30 0 0 1 3"),
          "cell.swc:4: error: id -4 is negative\n  hint: ids are integers from 0 or 1 on: renumber");
    check(with_line("4 2147483648 30 0 0 1 3"),
          "cell.swc:4: error: type 2147483648 is out of range\n"
          "  hint: use a small code: 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, 5 and above custom");
    check(with_line("4 3 30 0 0 1 -2"),
          "cell.swc:4: error: parent -2 of sample 4: only -1 marks the root\n"
          "  hint: give the id of the parent, or -1 for the root");
    check(with_line("4 3 30 0 0 -1.5 3"),
          "cell.swc:4: error: radius '-1.5' is negative\n"
          "  hint: give a radius >= 0, or take the absolute value with the option absolute_radius");
}

TEST_CASE("what is no tree is refused", "[morphology][errors]")
{
    check(with_line("3 3 30 0 0 1 2"),
          "cell.swc:4: error: id 3 is already used on line 3\n"
          "  hint: renumber the samples: every id may occur once");
    check("9223372036854775807 1 0 0 0 5 -1\n9223372036854775807 3 5 0 0 1 -1\n",
          "cell.swc:2: error: id 9223372036854775807 is already used on line 1\n"
          "  hint: renumber the samples: every id may occur once\n"
          "cell.swc:2: error: 2 separate trees: roots (parent -1) on lines 1 and 2\n"
          "  hint: reattach them, or keep one tree with the option fragments: keep_soma_tree or keep_largest");
    check(with_line("4 3 30 0 0 1 4"),
          "cell.swc:4: error: sample 4 is its own parent\n"
          "  hint: give the id of its parent, or -1 if it is the root");
    check(with_line("4 3 30 0 0 1 9000"),
          "cell.swc:4: error: sample 4 names parent 9000, which is not in the file\n"
          "  hint: the largest sample id is 4 (line 4); the file may be truncated");
    check(with_line("9 3 30 0 0 1 7"),
          "cell.swc:4: error: sample 9 names parent 7, which is not in the file\n"
          "  hint: reattach it, or drop what hangs on it with the option fragments: keep_soma_tree");
    check(with_line("4 3 30 0 0 1 5\n5 3 40 0 0 1 4"),
          "cell.swc:4: error: samples are each other's parents: 4 -> 5 -> 4 (lines 4, 5)\n"
          "  hint: one of them needs another parent");
    check("1 3 0 0 0 1 3\n2 3 1 0 0 1 1\n3 3 2 0 0 1 2\n",
          "cell.swc:1: error: there is no root: no sample has parent -1\n"
          "  hint: set the parent of the root sample to -1");
    check(with_line("4 3 90 0 0 1 -1"),
          "cell.swc:4: error: 2 separate trees: roots (parent -1) on lines 1 and 4\n"
          "  hint: reattach them, or keep one tree with the option fragments: keep_soma_tree or keep_largest");
    check(with_line("4 1 90 0 0 5 -1"),
          "cell.swc:4: error: 2 cells in one file: soma roots on lines 1 and 4\n"
          "  hint: split the file, one cell in each");
}

TEST_CASE("long cycles are shortened", "[morphology][errors]")
{
    std::string text = "1 1 0 0 0 5 -1\n";
    for (int i = 2; i <= 100; ++i) {
        text += std::to_string(i) + " 3 0 0 0 1 " + std::to_string(i == 100 ? 2 : i + 1) + "\n";
    }
    check(text,
          "cell.swc:2: error: samples are each other's parents: 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> ... (lines 2, 3, 4, 5, "
          "6, 7, ...)\n  hint: one of them needs another parent");
}

TEST_CASE("what is no cell is refused", "[morphology][errors]")
{
    check("1 3 0 0 0 5 -1\n",
          "cell.swc:1: error: one sample of type 3: no cable length\n"
          "  hint: give a second sample; only a soma (type 1) may be a single sample");
    check("1 3 0 0 0 5 -1\n2 3 0 0 0 4 1\n",
          "cell.swc:1: error: all 2 samples are at one place: no cable length\n  hint: export the file again\n"
          "cell.swc:2: warning: sample 2 is at the same place as its parent 1 with another radius: a segment of length "
          "0\n"
          "  hint: remove one of them unless a step in radius is meant");
    check(with_line("4 1 25 0 0 5 3"),
          "cell.swc:4: error: a second soma piece starts at sample 4, separated from the first (line 1) by samples of "
          "other "
          "types\n  hint: a cell has one soma: give these samples another type");
}

TEST_CASE("all errors of a file are reported in one go, by line", "[morphology][errors]")
{
    check("1 1 0 0 0 5 -1\n2 3 x y 0 1 1\n3 3 20 0 0 1 2\n4 3 30 0 0 1\n5 3 40 0 0 1 4\n6 3 50 0 0 1 77\n",
          "cell.swc:2: error: x 'x' is not a number\n  hint: give a number for x, such as 0.8\n"
          "cell.swc:2: error: y 'y' is not a number\n  hint: give a number for y, such as 0.8\n"
          "cell.swc:4: error: 6 fields, need 7 (id type x y z radius parent)\n"
          "  hint: add the missing field (the parent?)\n"
          "cell.swc:6: error: sample 6 names parent 77, which is not in the file\n"
          "  hint: the largest sample id is 6 (line 6); the file may be truncated");
}

TEST_CASE("of equal errors the first ten are listed and the others counted", "[morphology][errors]")
{
    std::string text = "1 1 0 0 0 5 -1\n";
    for (int i = 2; i < 1002; ++i) {
        text += std::to_string(i) + " 3 x 0 0 1 1\n";
    }
    try {
        parse_swc(text, "cell.swc");
        FAIL("accepted");
    } catch (const base::InputError& error) {
        REQUIRE(error.diagnostics().list().size() == 10);
        CHECK(error.diagnostics().list().back().repeats == 990);
        CHECK(error.diagnostics().list().back().pos.line == 11);
    }
}

TEST_CASE("files that cannot be read say why", "[morphology][errors]")
{
    const auto message = [](const std::string& path) {
        try {
            read_swc(path);
        } catch (const base::InputError& error) {
            return trimmed(error.what());
        }
        return std::string();
    };
    CHECK(message("no/such/cell.swc") ==
          "no/such/cell.swc: error: cannot open the file: No such file or directory\n  hint: check the path");
    const std::string folder = std::filesystem::temp_directory_path().string();
    CHECK(message(folder) ==
          folder +
              ": error: this is a directory, not a file\n  hint: give the path of an SWC or Neurolucida (.asc) file");

    const std::string locked = (std::filesystem::temp_directory_path() / "axolemma_unreadable.swc").string();
    std::ofstream(locked) << small_cell;
    std::filesystem::permissions(locked, std::filesystem::perms::none);
    if (!std::ifstream(locked)) {  // root reads everything
        CHECK(message(locked) ==
              locked + ": error: cannot open the file: Permission denied\n  hint: check the permissions of the file");
    }
    std::filesystem::permissions(locked, std::filesystem::perms::owner_all);
    CHECK(read_swc(locked).samples.size() == 7);
    std::filesystem::remove(locked);
}
