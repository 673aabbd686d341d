"""Currents of NMODL density channels under voltage clamp: Axolemma's against NEURON's."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

import h5py  # of Debian's python3-h5py or PyPI
import numpy

HERE = pathlib.Path(__file__).resolve().parent
JOB = {"temperature_degC": 34.0, "dt_ms": 0.025, "hold_mV": -80.0, "levels_mV": [-120.0 + 20.0 * k for k in range(10)],
       "steps": 200, "every": 10}
CONDUCTANCE = 1e-3  # what conductances and permeabilities of 0 are raised to
BATCH = 40
SMALL = 1e-3


def reason_of(why):
    """An error without its place and names, so that like ones can be counted."""
    why = re.sub(r"^.*?:\d+(:\d+)?: error: ", "", why.split("\n")[0])
    return re.sub(r"'[^']*'", "'...'", why)[:110]


def first_error(text):
    """The first line with an error, not a warning; else the first line."""
    lines = text.strip().split("\n")
    return next((line for line in lines if "error: " in line), lines[0])


def config_head(file):
    """What every configuration here begins with, up to the population and its name."""
    return ["axolemma: 1", f"temperature: {JOB['temperature_degC']} degC", f"channel_files: [{json.dumps(str(file.path))}]",
            "cells:", "  - name: patch"]


def smallest_config(file, answer):
    """A configuration that uses the file: a patch that carries the channel or the synapse."""
    name = answer["mechanisms"][0]["name"]
    lines = [*config_head(file), "    morphology: {patch: {area: 1000 um2}}",
             "    membrane: {cm: 1e9 uF/cm2, v_init: -63.217 mV}"]
    if answer["mechanisms"][0]["point"]:
        lines += ["synapses:", f"  - {{name: it, type: {name}, at: soma}}"]
    else:
        lines += ["    channels:", f"      - {{channel: {name}}}"]
    return "\n".join(lines + ["run: {stop: 1 ms, dt: 0.025 ms}", ""])


def own_unit(text):
    """A unit as configurations have it."""
    return re.sub(r"siemens|mho", "S", text)


def clamp_config(file, parameters, currents):
    settings = ", ".join(f"{name}: {json.dumps(f'{value} {own_unit(unit)}')}" for name, (value, unit) in parameters.items())
    levels = JOB["levels_mV"]
    step = levels[1] - levels[0]
    lines = [*config_head(file), f"    count: {len(levels)}", "    morphology: {patch: {length: 10 um, diameter: 10 um}}",
             f"    membrane: {{v_init: {JOB['hold_mV']} mV}}", "    channels:",
             f"      - {{channel: {file.suffix}, parameters: {{{settings}}}}}",
             "stimuli:", "  - name: clamp", "    type: voltage_clamp", "    at: soma", "    steps:", "      levels:",
             f"        - {{duration: {JOB['dt_ms']} ms, level: {JOB['hold_mV']} mV}}",
             f"        - {{duration: 1 s, level: {levels[0]} mV + {step} mV * cell}}",
             "recordings:"]
    lines += [f"  - {{name: {name}, quantity: {file.suffix}.{name}, at: soma}}" for name in currents]
    stop_ms = JOB["dt_ms"] * (JOB["steps"] + 1)
    lines += [f"run: {{stop: {stop_ms} ms, dt: {JOB['dt_ms']} ms, method: backward_euler, gate_evaluation: exact}}",
              "output: {precision: full}", ""]
    return "\n".join(lines)


def own_currents(program, file, parameters, currents):
    """{current: array [level][sample]} at the times of JOB."""
    with tempfile.TemporaryDirectory() as folder:
        config, result = pathlib.Path(folder, "clamp.yaml"), pathlib.Path(folder, "clamp.h5")
        config.write_text(clamp_config(file, parameters, currents), encoding="utf-8")
        done = subprocess.run([program, "run", str(config), "-o", str(result), "--quiet", "--threads", "1"],
                              capture_output=True, text=True, errors="replace", timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError(first_error(done.stderr))
        with h5py.File(result) as opened:
            every = numpy.arange(0, JOB["steps"] + 1, JOB["every"]) + 1
            return {name: numpy.asarray(opened[f"report/patch.{name}/data"], float).T[:, every] for name in currents}


def compile_mods(python, folder):
    """NEURON's library of all .mod files in a folder; those that do not compile are renamed to .bad. Returns its path."""
    tool = pathlib.Path(python).parent / "nrnivmodl"
    for _ in range(12):
        done = subprocess.run([str(tool), "."], cwd=folder, capture_output=True, text=True, errors="replace", check=False,
                              stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return next(folder.glob("*/libnrnmech.so"))
        output = done.stdout + done.stderr
        bad = {word for line in output.splitlines() if re.search("error|Error 1", line)
               for word in re.findall(r"\bx\d{4}\b", line)}
        if not bad:
            break
        for word in bad:
            path = folder / f"{word}.mod"
            if path.exists():
                path.rename(folder / f"{word}.bad")
    return None


def neuron_currents(python, library, channels):
    with tempfile.TemporaryDirectory() as folder:
        job, answer = pathlib.Path(folder, "job.json"), pathlib.Path(folder, "answer.json")
        job.write_text(json.dumps({**JOB, "libraries": [str(library)], "channels": channels}), encoding="utf-8")
        subprocess.run([str(python), str(HERE / "clamp_neuron.py"), str(job), str(answer)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        return json.loads(answer.read_text(encoding="utf-8"))


def difference(own, other):
    """Largest difference of two [level][sample] over the largest size at the level.

    At a level where the current all but vanishes (the reversal potential), it is over SMALL of the largest anywhere. The
    sample before the first step is left out: there NEURON shows what INITIAL computed at the voltage before. So are levels
    at which NEURON has no number (0/0 in the file).
    """
    own, other = numpy.asarray(own, float)[:, 1:], numpy.asarray(other, float)[:, 1:]
    known = numpy.all(numpy.isfinite(other), axis=1)
    own, other = own[known], other[known]
    if not known.any():
        return 0.0
    size = numpy.max(numpy.abs(other), axis=1, keepdims=True)
    size = numpy.maximum(size, SMALL * numpy.max(size))
    return float(numpy.max(numpy.abs(own - other) / size)) if numpy.all(size > 0) else float(numpy.max(numpy.abs(own)) > 0)


def compare_one(program, file, suffix, answer):
    if "error" in answer:
        return {"error": None, "note": f"NEURON: {answer['error']}"}
    parameters = {name: (CONDUCTANCE, unit) for name, unit in file.silent_conductances()}
    names = file.ionic_currents() + file.nonspecific_currents()
    try:
        own = own_currents(program, file, parameters, names)
    except (RuntimeError, KeyError, OSError, subprocess.TimeoutExpired) as error:
        return {"error": None, "note": str(error)}
    theirs = {name: answer["currents"][name if name in answer["currents"] else f"{name}_{suffix}"] for name in names}
    silent = all(not numpy.any(numpy.nan_to_num(numpy.asarray(trace, float))) for trace in theirs.values())
    if silent:
        return {"error": None, "note": "carries no current in this protocol"}
    return {"error": max(difference(own[name], theirs[name]) for name in names), "note": ""}


def compare(program, python, files, runs, n, work):
    """{file: {"error": x or None, "note": text}} of the first n files that NEURON compiles and that are in `runs`."""
    result = {}
    with tempfile.TemporaryDirectory() as scratch:
        top = pathlib.Path(work or scratch)
        for first in range(0, len(files), BATCH):
            if len(result) >= n:
                break
            batch = {f"x{first + k:04}": file for k, file in enumerate(files[first:first + BATCH])}
            folder = top / f"batch{first // BATCH}"
            if not list(folder.glob("*/libnrnmech.so")):
                folder.mkdir(parents=True, exist_ok=True)
                for word, file in batch.items():
                    text = re.sub(rf"(\bSUFFIX\s+){file.suffix}\b", rf"\g<1>{word}", file.text, count=1)
                    (folder / f"{word}.mod").write_text(text, encoding="latin-1")
                compile_mods(python, folder)
            library = next(folder.glob("*/libnrnmech.so"), None)
            if library is None:
                continue
            compiled = {word: file for word, file in batch.items() if file in runs and (folder / f"{word}.mod").exists()}
            channels = [{"suffix": word, "parameters": {name: CONDUCTANCE for name, _ in file.silent_conductances()},
                         "currents": file.ionic_currents() + [f"{name}_{word}" for name in file.nonspecific_currents()]}
                        for word, file in compiled.items()]
            answers = neuron_currents(python, os.path.abspath(library), channels)
            for word, file in compiled.items():
                result[file] = compare_one(program, file, word, answers[word])
    return result


def print_comparison(compared):
    errors = sorted(one["error"] for one in compared.values() if one["error"] is not None)
    print(f"\n{len(compared)} density channels compiled by NEURON; currents compared of {len(errors)}")
    for bound in (1e-9, 1e-6, 1e-4, 1e-2):
        print(f"  within {bound:g}: {sum(error <= bound for error in errors)}")
    for file, one in compared.items():
        if one["error"] is None or not one["error"] <= 1e-6:
            shown = one["note"] if one["error"] is None else f"{one['error']:.2g}"
            print(f"  {file.repository}/{file.path.name}: {shown}")
