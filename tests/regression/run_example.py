#!/usr/bin/env python3
"""Run an example and compare its key numbers with those of before.

    run_example.py PROGRAM CONFIG.yaml FILE.expected            exit 1 and a list if a number differs
    run_example.py --update PROGRAM CONFIG.yaml FILE.expected   write the numbers of now into the file

The key numbers are what `axolemma check --json` and `axolemma run --json` say of cells, compartments, steps, spikes,
conduction velocities, firing rates and resting voltages. Whole numbers and names must be equal. Other numbers may
differ by 1e-6 of their size, times by 1e-6 ms at least: another C library rounds exp() differently in the last bit,
which grows to about 1e-9 over a run; a change of the scheme or of a default moves the numbers by far more.
A number that moved on purpose belongs into the changelog's box 'Numbers change'. Python 3, standard library only.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

RELATIVE = 1e-6
ABSOLUTE = 1e-6  # ms, mV, m/s, Hz
CHECKED = ("populations", "cells", "compartments", "steps", "dt_ms", "method", "recorded_columns")
RUN = ("complete", "spikes", "conduction_velocities", "f_i_curves", "resting_mV")


def output_of(arguments, folder):
    done = subprocess.run(arguments, cwd=folder, capture_output=True, check=False, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}\nended with {done.returncode}:\n{done.stderr}")
    if any(not line.startswith("note: ") for line in done.stderr.splitlines()):
        sys.exit(f"{' '.join(map(str, arguments))}\nan example runs without a warning, but this one says:\n{done.stderr}")
    return json.loads(done.stdout)


def key_numbers(program, config):
    with tempfile.TemporaryDirectory() as folder:
        plan = output_of([program, "check", config, "--json"], folder)
        result = output_of([program, "run", config, "--json", "-o", "result.h5"], folder)
    for population in plan["populations"]:
        population["source"] = pathlib.Path(population["source"]).name
    return {**{key: plan[key] for key in CHECKED}, **{key: result[key] for key in RUN}}


def differences(expected, actual, where=""):
    """Sentences about what differs."""
    is_number = [isinstance(x, (int, float)) and not isinstance(x, bool) for x in (expected, actual)]
    if all(is_number):
        whole = isinstance(expected, int) and isinstance(actual, int)
        same = expected == actual if whole else math.isclose(expected, actual, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        return [] if same else [f"{where}: expected {expected!r}, now {actual!r}"]
    if type(expected) is not type(actual):
        return [f"{where}: expected {expected!r}, now {actual!r}"]
    if isinstance(expected, dict):
        keys = dict.fromkeys([*expected, *actual])
        return [line for key in keys
                for line in differences(expected.get(key), actual.get(key), f"{where}.{key}" if where else key)]
    if isinstance(expected, list):
        if len(expected) != len(actual):
            return [f"{where}: expected {len(expected)} entries, now {len(actual)}"]
        return [line for k, pair in enumerate(zip(expected, actual)) for line in differences(*pair, f"{where}[{k}]")]
    return [] if expected == actual else [f"{where}: expected {expected!r}, now {actual!r}"]


def as_text(numbers):
    """JSON with one line per entry of a list, so that a diff shows what moved."""
    lines = []
    for key, value in numbers.items():
        if isinstance(value, list) and value:
            lines.append(f"  {json.dumps(key)}: [\n" + ",\n".join(f"    {json.dumps(entry)}" for entry in value) + "\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments):
    update = arguments[:1] == ["--update"]
    program, config, path = (pathlib.Path(a).resolve() for a in arguments[update:])
    actual = key_numbers(program, config)
    if update:
        path.write_text(as_text(actual), encoding="utf-8")
        return 0
    wrong = differences(json.loads(path.read_text(encoding="utf-8")), actual)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
