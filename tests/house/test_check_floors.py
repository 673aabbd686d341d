"""tools/check_floors.py finds each kind of breach, and nothing in a clean tree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_floors.py"
CLEAN = {
    "engine/CMakeLists.txt": "set(AXOLEMMA_FLOOR_ORDER base solve run)\n",
    "engine/base/units.hpp": "#pragma once\n#include <vector>\n",
    "engine/base/parallel.cpp": "#include <omp.h>\n#pragma omp parallel for\n",
    "engine/solve/hines.hpp": '#pragma once\n#include "base/units.hpp"\n// #include "run/epoch.hpp" is only a comment\n',
    "engine/run/epoch.hpp": '#pragma once\n#include "solve/hines.hpp"\n',
    "tests/unit/base/test_units.cpp": 'TEST_CASE("a claim, with a comma: fine", "[base]") {}\n',
    "tools/check.py": "pass\n",
}


class CheckFloors(unittest.TestCase):
    def findings(self, changes):
        """What the script prints for the clean tree with these files added or replaced, and its exit code."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**CLEAN, **changes}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, check=False)
            self.assertEqual(done.stderr, "")
            return done.stdout.splitlines(), done.returncode

    def assert_finds(self, changes, *expected):
        self.assertEqual(self.findings(changes), (list(expected), 1))

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.findings({}), ([], 0))

    def test_an_upward_include_fails(self):
        self.assert_finds(
            {"engine/base/bad.hpp": '#pragma once\n\n#include "solve/hines.hpp"\n'},
            "engine/base/bad.hpp:3: floor 'base' includes solve/hines.hpp of the higher floor 'solve'")

    def test_an_upward_include_in_angle_brackets_fails(self):
        self.assert_finds(
            {"engine/solve/bad.cpp": "#include <run/epoch.hpp>\n"},
            "engine/solve/bad.cpp:1: floor 'solve' includes run/epoch.hpp of the higher floor 'run'")

    def test_an_include_of_a_missing_header_fails(self):
        self.assert_finds({"engine/run/bad.cpp": '#include "base/gone.hpp"\n'},
                          "engine/run/bad.cpp:1: includes base/gone.hpp, which does not exist")

    def test_an_include_without_its_floor_fails(self):
        self.assert_finds({"engine/solve/bad.cpp": '#include "hines.hpp"\n'},
                          'engine/solve/bad.cpp:1: "hines.hpp" is not written from engine/ on ("floor/file.hpp")')

    def test_third_party_headers_outside_their_file_fail(self):
        for header, message in {
            "omp.h": "OpenMP (omp.h) belongs in engine/base/parallel only",
            "hwy/highway.h": "Highway (hwy/highway.h) belongs in engine/base/simd or engine/base/vmath only",
            "yaml-cpp/yaml.h": "yaml-cpp (yaml-cpp/yaml.h) belongs in engine/config/yaml_tree only",
            "hdf5.h": "HDF5 (hdf5.h) belongs in engine/record/hdf5_ only",
            "mpi.h": "MPI (mpi.h) belongs in engine/network/ranks only",
            "CLI/CLI.hpp": "CLI11 (CLI/CLI.hpp) belongs in engine/cli/ only",
            "Eigen/Dense": "Eigen (Eigen/Dense) belongs in engine/verify/ only",
            "openssl/evp.h": "OpenSSL (openssl/evp.h) belongs in engine/base/sha256 only",
            "Random123/philox.h": "Random123 (Random123/philox.h) belongs in engine/base/random only",
        }.items():
            with self.subTest(header):
                self.assert_finds({"engine/solve/bad.cpp": f"#include <{header}>\n"},
                                  f"engine/solve/bad.cpp:1: {message}")

    def test_an_openmp_pragma_outside_its_file_fails(self):
        self.assert_finds({"engine/solve/bad.cpp": "\n#pragma omp parallel for\n"},
                          "engine/solve/bad.cpp:2: OpenMP (omp.h) belongs in engine/base/parallel only")

    def test_headers_that_include_each_other_fail(self):
        self.assert_finds(
            {"engine/base/a.hpp": '#include "base/b.hpp"\n', "engine/base/b.hpp": '#include "base/c.hpp"\n',
             "engine/base/c.hpp": '#include "base/a.hpp"\n'},
            "engine: headers include each other in a circle: "
            "base/a.hpp -> base/b.hpp -> base/c.hpp -> base/a.hpp")

    def test_two_ways_to_one_header_are_no_circle(self):
        self.assertEqual(
            self.findings({"engine/solve/a.hpp": '#include "solve/b.hpp"\n#include "solve/hines.hpp"\n',
                           "engine/solve/b.hpp": '#include "solve/hines.hpp"\n'}), ([], 0))

    def test_an_unknown_floor_fails(self):
        self.assert_finds({"engine/attic/old.hpp": "#pragma once\n"},
                          "engine/attic/old.hpp:1: 'attic' is not a floor of AXOLEMMA_FLOOR_ORDER")

    def test_a_file_of_more_than_800_lines_fails(self):
        self.assertEqual(self.findings({"tools/long.py": "x\n" * 800}), ([], 0))
        self.assert_finds({"tools/long.py": "x\n" * 801},
                          "tools/long.py:801: has 801 lines; more than 800 are more than one idea")

    def test_a_test_name_that_discovery_cannot_carry_fails(self):
        self.assert_finds(
            {"tests/unit/base/test_bad.cpp": '\nTEST_CASE("a claim "\n          "about apic[3]", "[base]") {}\n'},
            "tests/unit/base/test_bad.cpp:2: test name 'a claim about apic[3]' holds one of ; [ ] \" \\")


if __name__ == "__main__":
    unittest.main()
