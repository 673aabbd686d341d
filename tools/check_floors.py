#!/usr/bin/env python3
"""Check the house rules of engine/: who may include whom, and how long a file may be.

    tools/check_floors.py [ROOT]

Rules (DESIGN: "includes go down only"; the order of the floors is read from engine/CMakeLists.txt):
  - a file includes headers of its own floor and of lower floors only, and only headers that exist;
  - headers do not include each other in a circle;
  - a third-party header appears only in the floor, or the one file, that wraps it;
  - no file of engine/, tests/ or tools/ is longer than 800 lines;
  - names of test cases hold none of ; [ ] " \\, which CMake's test discovery cannot carry.
Prints one line per finding and exits with 1 if there is any.
"""

import pathlib
import re
import sys

MAX_LINES = 800
SUFFIXES = {".hpp", ".cpp", ".h", ".c"}

# What wraps a third-party header: a folder of engine/ or a file name without suffix below it.
THIRD_PARTY = [
    (re.compile(r"hwy/"), ["base/simd", "base/vmath"], "Highway"),
    (re.compile(r"omp\.h$"), ["base/parallel"], "OpenMP"),
    (re.compile(r"Random123/"), ["base/random"], "Random123"),
    (re.compile(r"boost/"), ["base/sobol"], "Boost"),
    (re.compile(r"openssl/"), ["base/sha256"], "OpenSSL"),
    (re.compile(r"yaml-cpp/"), ["config/yaml_tree"], "yaml-cpp"),
    (re.compile(r"pugi(xml|config)\.hpp$"), ["neuroml/document"], "pugixml"),
    (re.compile(r"hdf5\.h$|H5\w*public\.h$|hdf5_hl\.h$"), ["record/hdf5_"], "HDF5"),
    (re.compile(r"mpi\.h$"), ["network/ranks"], "MPI"),
    (re.compile(r"CLI/"), ["cli/"], "CLI11"),
    (re.compile(r"Eigen/"), ["verify/"], "Eigen"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
PRAGMA_OMP = re.compile(r"^\s*#\s*pragma\s+omp\b", re.MULTILINE)
# A test case's name may be split over adjacent string literals.
TEST_CASE = re.compile(r'^\s*TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def floor_order(root):
    text = (root / "engine" / "CMakeLists.txt").read_text()
    match = re.search(r"set\(AXOLEMMA_FLOOR_ORDER\s+([^)]*)\)", text)
    if not match:
        sys.exit("check_floors: engine/CMakeLists.txt does not set AXOLEMMA_FLOOR_ORDER")
    return {name: level for level, name in enumerate(match.group(1).split())}


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)


class Checker:
    def __init__(self, root):
        self.root = root
        self.engine = root / "engine"
        self.order = floor_order(root)
        self.findings = []
        self.includes = {}  # header or source below engine/ -> the engine headers it includes

    def report(self, path, line, text):
        self.findings.append(f"{path.relative_to(self.root)}:{line}: {text}")

    def check(self):
        for path in sorted(p for p in self.engine.rglob("*") if p.suffix in SUFFIXES):
            self.check_engine_file(path)
        for cycle in self.cycles():
            self.findings.append("engine: headers include each other in a circle: " + " -> ".join(cycle))
        for folder in ("engine", "tests", "tools"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in SUFFIXES | {".py"} and path.is_file():
                    self.check_length_and_names(path)
        return self.findings

    def check_engine_file(self, path):
        relative = path.relative_to(self.engine)
        floor = relative.parts[0]
        if floor not in self.order:
            self.report(path, 1, f"'{floor}' is not a floor of AXOLEMMA_FLOOR_ORDER")
            return
        text = without_comments(path.read_text(encoding="utf-8"))
        mine = self.includes.setdefault(relative.as_posix(), [])
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            quoted, target = match.group(1) == '"', match.group(2)
            if target.split("/")[0] in self.order and "/" in target:
                self.check_own_include(path, line, floor, target, mine)
            elif quoted and not target.endswith("_generated.hpp"):
                self.report(path, line, f'"{target}" is not written from engine/ on ("floor/file.hpp")')
            else:
                self.check_third_party(path, relative, line, target)
        match = PRAGMA_OMP.search(text)
        if match:
            self.check_third_party(path, relative, text.count("\n", 0, match.end()) + 1, "omp.h")

    def check_own_include(self, path, line, floor, target, mine):
        other = target.split("/")[0]
        if not (self.engine / target).is_file():
            self.report(path, line, f"includes {target}, which does not exist")
        elif self.order[other] > self.order[floor]:
            self.report(path, line, f"floor '{floor}' includes {target} of the higher floor '{other}'")
        else:
            mine.append(target)

    def check_third_party(self, path, relative, line, target):
        for pattern, places, name in THIRD_PARTY:
            if pattern.match(target) and not any(relative.as_posix().startswith(place) for place in places):
                self.report(path, line, f"{name} ({target}) belongs in engine/{' or engine/'.join(places)} only")

    def cycles(self):
        """Every include circle once, starting with the header that was reached first."""
        found, done = [], set()
        for start in sorted(self.includes):
            trail, waiting = [], [(start, 0)]
            while waiting:
                name, depth = waiting.pop()
                del trail[depth:]
                if name in trail:
                    found.append(trail[trail.index(name):] + [name])
                elif name not in done:
                    trail.append(name)
                    done.add(name)
                    waiting += [(header, depth + 1) for header in self.includes.get(name, [])]
        return found

    def check_length_and_names(self, path):
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MAX_LINES:
            self.report(path, lines, f"has {lines} lines; more than {MAX_LINES} are more than one idea")
        if path.suffix != ".cpp" or self.root / "tests" not in path.parents:
            return
        for match in TEST_CASE.finditer(text):
            name = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))
            if re.search(r'[;\[\]\\"]', name):
                self.report(path, text.count("\n", 0, match.start(1)) + 1,
                            f"test name '{name}' holds one of ; [ ] \" \\")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    findings = Checker(root).check()
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
