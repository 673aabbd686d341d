"""Starts simulators, each run in a process of its own, and brings their measurements into one form.

A measurement is a dict: version, compartments, steps, setup_s, run_cpu_s, run_wall_s, peak_MB, spikes. `spikes` has for
each detector the number of spikes, the first and the last time in ms (None where there are none).
"""
import json
import os
import pathlib
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class RunError(Exception):
    """A simulator that did not run; the message is a sentence for the user."""


class Workload:
    """A model to measure: a workload of axolemma bench, or a model file."""

    def __init__(self, name, model_path, model, bench_arguments):
        self.name, self.model_path, self.model, self.bench_arguments = name, model_path, model, bench_arguments


def peak_of_process_MB(pid):
    """Largest resident size so far of another process, or None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return float(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return None


def run_process(command):
    """Standard output of a command and the largest memory it was seen to hold. Raises RunError where it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        try:
            process = subprocess.Popen(command, stdout=output, stderr=errors, stdin=subprocess.DEVNULL)
        except OSError as error:
            raise RunError(f"{command[0]} does not start: {error.strerror}") from error
        peak_MB = None
        try:
            while process.poll() is None:  # what wait() tells counts the memory of the calling program, too
                peak_MB = peak_of_process_MB(process.pid) or peak_MB
                time.sleep(0.005)
        except BaseException:
            process.kill()
            process.wait()
            raise
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            lines = [line for line in errors.read().splitlines() if line.strip()]
            raise RunError(lines[-1] if len(lines) != 2 else "\n  ".join(lines) if lines
                           else f"exit code {process.returncode}, without a word")
        return output.read(), peak_MB


def json_of(text, program):
    try:
        return json.loads(text)
    except ValueError as error:
        raise RunError(f"the output of {program} is not JSON: {error}") from error


class Axolemma:
    """The program of this project."""
    name = "Axolemma"

    def __init__(self, program, threads, arguments=()):
        self.program, self.threads, self.arguments = program, threads, list(arguments)

    def write_model(self, workload, path, bench_arguments):
        """Has the workload written as a model for the peers."""
        run_process([self.program, "bench", workload, "--write-model", path, *bench_arguments])

    def can_run(self, workload):
        return workload.bench_arguments is not None

    def run(self, workload):
        text, peak_MB = run_process([self.program, "bench", workload.name, "--repeats", "1", "--threads",
                                     str(self.threads), "--json", *workload.bench_arguments, *self.arguments])
        answer = json_of(text, "axolemma bench")
        result = answer["workloads"][0]
        return {"version": answer["program"], "compartments": result["compartments"], "steps": result["steps"],
                "setup_s": result["setup_s"]["wall"], "run_cpu_s": result["cpu"]["runs_s"][0],
                "run_wall_s": result["wall"]["runs_s"][0], "peak_MB": peak_MB,
                "spikes": self.spikes_of(result["spikes"]["rows"], workload.model)}

    @staticmethod
    def spikes_of(rows, model):
        """By detector in the order of the model file: population p is shape p there, its cells in their order."""
        place, seen = {}, {}
        n_detectors = 0
        for cell in model["cells"]:
            population = cell["shape"]
            number = seen.get(population, 0)
            seen[population] = number + 1
            for site in range(len(cell["detectors"])):
                place[population, number, site] = n_detectors
                n_detectors += 1
        spikes = [(0, None, None)] * n_detectors
        for population, cell, site, count, first_ms, last_ms in rows:
            spikes[place[population, cell, site]] = (count, first_ms, last_ms)
        return spikes


class PeerSimulator:
    """NEURON or Arbor in a Python of its own."""

    def __init__(self, name, peer, threads, arguments=()):
        self.name, self.peer, self.threads, self.arguments = name, peer, threads, list(arguments)

    def can_run(self, workload):
        return True

    def run(self, workload):
        text, _ = run_process([self.peer.python, HERE / f"{self.peer.kind}_model.py", workload.model_path, "--threads",
                               str(self.threads), *self.arguments])
        lines = text.strip().splitlines()
        result = json_of(lines[-1] if lines else "", self.name)
        times = result.pop("spikes_ms")
        result["spikes"] = [(len(of_one), of_one[0], of_one[-1]) if of_one else (0, None, None) for of_one in times]
        return result


def choose_simulators(program, peers, threads, variants):
    """Axolemma and, for each peer, the ways of running it that are asked for ('neuron', 'neuron-exact', 'arbor')."""
    chosen = [Axolemma(program, threads)] if program and "axolemma" in variants else []
    for peer in peers:
        alone = sum(other.kind == peer.kind for other in peers) == 1
        suffix = "" if alone else f" {peer.version}"
        if peer.kind == "neuron":
            if "neuron" in variants:
                chosen.append(PeerSimulator(f"NEURON{suffix}", peer, threads))
            if "neuron-exact" in variants:
                chosen.append(PeerSimulator(f"NEURON{suffix}, exact rates", peer, threads, ["--exact-rates"]))
        elif "arbor" in variants:
            chosen.append(PeerSimulator(f"Arbor{suffix}", peer, threads))
    return chosen


def is_program(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)
