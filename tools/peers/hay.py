"""The layer-5 pyramidal cell of Hay et al. 2011, run from its own files: Axolemma against NEURON, and Arbor for speed."""
import json
import os
import pathlib
import statistics
import subprocess

import simulators

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = HERE.parent.parent / "configs" / "published" / "hay_2011.yaml"
DT_MS, STOP_MS = 0.025, 500.0
SPIKE_MARGIN_MS = 1.0  # voltages are compared up to so long before NEURON's first spike


def compile_mechanisms(python, model, scratch):
    """A copy of the model's folder in which NEURON finds its compiled mechanisms."""
    folder = scratch / "hay_neuron"
    folder.mkdir()
    for part in ("mod", "models", "morphologies"):
        (folder / part).symlink_to(model / part)
    tool = pathlib.Path(python).parent / "nrnivmodl"
    done = subprocess.run([str(tool), "mod"], cwd=folder, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise simulators.RunError(f"NEURON could not compile the mechanisms: {(done.stdout + done.stderr)[-300:]}")
    return folder


def run_peer(script, python, first, n_cells, scratch):
    answer = scratch / "answer.json"
    simulators.run_process([str(python), str(HERE / script), str(first), str(DT_MS), str(STOP_MS), str(n_cells), str(answer)])
    return json.loads(answer.read_text(encoding="utf-8"))


def own_config(model, scratch):
    """The configuration beside a link to the model's files, where it looks for them."""
    path = scratch / CONFIG.name
    if not path.exists():
        path.write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
        (scratch / "hay_2011").symlink_to(model, target_is_directory=True)
    return path


def run_own(program, config, n_cells):
    text, _ = simulators.run_process([program, "bench", str(config), "--repeats", "1", "--threads", "1", "--json",
                                      "--method", "backward_euler", "--set", f"cells.0.count={n_cells}"])
    result = json.loads(text)["workloads"][0]
    return {"compartments": result["compartments"], "steps": result["steps"], "run_cpu_s": result["cpu"]["runs_s"][0],
            "setup_s": result["setup_s"]["wall"]}


def own_voltage(program, config, scratch):
    """(times, voltages, spike times) at the soma."""
    import h5py
    result = scratch / "own.h5"
    simulators.run_process([program, "run", str(config), "-o", str(result), "--quiet", "--set",
                            "run.method=backward_euler", "--set", "output.precision=full"])
    with h5py.File(result) as file:
        report = file["report/v"] if "report/v" in file else file["report"][next(iter(file["report"]))]
        start, _, step = report["mapping/time"][:]
        v_mV = report["data"][:, 0].astype(float)
        spikes = sorted(float(t) for group in file["spikes"].values() for t in group["timestamps"][:])
    return [start + step * k for k in range(len(v_mV))], list(v_mV), spikes


def agreement(own, neuron):
    """A sentence on voltages and spikes."""
    t_ms, v_mV, spikes_ms = own
    first_ms = neuron["spikes_ms"][0] - SPIKE_MARGIN_MS
    pairs = [(a, b) for t, a, b in zip(t_ms, v_mV, neuron["v_mV"]) if t < first_ms]
    rms_mV = (sum((a - b) ** 2 for a, b in pairs) / len(pairs)) ** 0.5
    if len(spikes_ms) != len(neuron["spikes_ms"]):
        return f"{len(spikes_ms)} spikes, NEURON {len(neuron['spikes_ms'])}; {rms_mV:.2g} mV rms before the first"
    # NEURON tells the step's time at which the threshold was first exceeded; its voltages tell the crossing.
    crossings = crossing_times(neuron["t_ms"], neuron["v_mV"], -10.0)
    late_ms = max(abs(a - b) for a, b in zip(spikes_ms, crossings))
    return (f"{len(spikes_ms)} spikes as in NEURON, at most {late_ms:.3g} ms apart; {rms_mV:.2g} mV rms before the first")


def crossing_times(t_ms, v_mV, threshold_mV):
    return [t0 + (t1 - t0) * (threshold_mV - v0) / (v1 - v0)
            for t0, t1, v0, v1 in zip(t_ms, t_ms[1:], v_mV, v_mV[1:]) if v0 < threshold_mV <= v1]


def compare(program, peers, model, repeats, scratch, progress):
    """Prints the table; returns what --json writes."""
    model, scratch = pathlib.Path(os.path.abspath(model)), pathlib.Path(scratch)
    if not (model / "mod").is_dir():
        raise simulators.RunError(f"'{model}' is not the unpacked model 139653 of ModelDB: it has no folder mod")
    neuron = next((peer for peer in peers if peer.kind == "neuron"), None)
    arbor = next((peer for peer in peers if peer.kind == "arbor"), None)
    if neuron is None:
        raise simulators.RunError("--hay needs NEURON")
    folder = compile_mechanisms(neuron.python, model, scratch)
    config = own_config(model, scratch)
    written = {"counts": []}
    for n_cells in (1, 8):
        runs = {"Axolemma": [], f"NEURON {neuron.version}": [], f"Arbor {arbor.version}" if arbor else "": []}
        own, neurons, arbors = runs.values()
        for repeat in range(repeats):
            progress(f"{n_cells} cells, run {repeat + 1} of {repeats}")
            own.append(run_own(program, config, n_cells))
            neurons.append(run_peer("hay_neuron.py", neuron.python, folder, n_cells, scratch))
            if arbor:
                sections = scratch / "sections.json"
                sections.write_text(json.dumps({"sections": neurons[0]["sections"]}), encoding="utf-8")
                arbors.append(run_peer("hay_arbor.py", arbor.python, sections, n_cells, scratch))
        progress("")
        if n_cells == 1:
            print(f"Hay et al. 2011, {STOP_MS:g} ms in steps of {DT_MS:g} ms, backward Euler, one thread: "
                  f"{agreement(own_voltage(program, config, scratch), neurons[0])}")
        ns = {name: [1e9 * run["run_cpu_s"] / (run["compartments"] * run["steps"]) for run in list_of]
              for name, list_of in runs.items() if list_of}
        least = statistics.median(ns["Axolemma"])
        print(f"  {n_cells} cell{'s' * (n_cells > 1)}: ns CPU per compartment-step")
        for name, values in ns.items():
            print(f"    {name:28} {runs[name][0]['compartments']:8} compartments {statistics.median(values):9.2f} "
                  f"{statistics.median(values) / least:7.2f}x")
        written["counts"].append({"cells": n_cells, "ns": ns})
    return {"hay_2011": written}
