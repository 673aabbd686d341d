"""Work-precision of Rallpack 3 (workload W3): the error of spike times over CPU time, for methods and time steps.

The error is the largest difference from the reference among the first and the last spike at the two ends of the cable;
the last of 18 spikes carries the errors of all before it. Fixed-step simulators report a spike's time interpolated
within a step (NEURON: from the recorded voltage). All rates are exact or, in Axolemma, within the stated bound of its
gate tables: NEURON's own table of 1 mV alone moves the last spike by 0.2 ms. Whether the near end is the place where
current goes in or the compartment there makes 0.0005 ms.
"""
import csv
import math
import os
import pathlib
import statistics

import agreement
import simulators

STEPS_MS = (0.1, 0.05, 0.025, 0.01, 0.005, 0.0025)
FINEST_FIRST_ORDER_MS = 0.001  # backward Euler needs it to reach the first of the targets
TOLERANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
TARGETS_MS = (0.1, 0.01)
REFERENCE_TOLERANCE = 1e-8
REFERENCE_STEP_MS = 0.0005


class Case:
    """One method with one time step or tolerance."""

    def __init__(self, method, setting, simulator):
        self.method, self.setting, self.simulator = method, setting, simulator
        self.runs, self.error_ms, self.failure = [], None, None

    def cpu_s(self):
        return statistics.median(run["run_cpu_s"] for run in self.runs)


def axolemma_with(program, threads, method, dt_ms):
    return simulators.Axolemma(program, threads, ["--method", method, "--set", f"run.dt={dt_ms:g} ms"])


def neuron_with(peer, threads, *arguments):
    return simulators.PeerSimulator("NEURON", peer, threads, ["--exact-rates", "--record", *arguments])


def make_cases(program, peers, threads):
    """All cases, fast ones first."""
    cases = []
    neuron = next((peer for peer in peers if peer.kind == "neuron"), None)
    for dt_ms in (*STEPS_MS, FINEST_FIRST_ORDER_MS):
        step, setting = ["--dt", str(dt_ms)], f"dt {dt_ms:g} ms"
        if program:
            cases.append(Case("Axolemma backward_euler", setting, axolemma_with(program, threads, "backward_euler", dt_ms)))
        if neuron:
            cases.append(Case("NEURON backward Euler", setting, neuron_with(neuron, threads, *step)))
        if program and dt_ms in STEPS_MS:
            cases.append(Case("Axolemma crank_nicolson", setting, axolemma_with(program, threads, "crank_nicolson", dt_ms)))
        if neuron and dt_ms in STEPS_MS:
            cases.append(Case("NEURON secondorder=2", setting, neuron_with(neuron, threads, *step, "--second-order")))
    if neuron:
        cases += [Case("NEURON CVODE", f"atol {tolerance:g}", neuron_with(neuron, threads, "--variable-step", str(tolerance)))
                  for tolerance in TOLERANCES]
    return cases


def reference_of_data(folder, stop_ms):
    """Spike times of the reference data set: (count, first, last) at both ends."""
    path = pathlib.Path(folder) / "03_rallpack" / "rallpack3_spike_times.csv"
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ends = []
    for column in ("t_first_comp_ms", "t_x1_ms"):
        times = [float(row[column]) for row in rows if row[column] not in ("", None, "nan")]
        times = [time_ms for time_ms in times if time_ms < stop_ms]
        ends.append((len(times), times[0], times[-1]) if times else (0, None, None))
    return ends, str(path)


def find_reference(workload, program, peers):
    """(spikes at both ends, where they come from)"""
    folder = os.environ.get("AXOLEMMA_TEST_DATA")
    if folder and (pathlib.Path(folder) / "03_rallpack" / "rallpack3_spike_times.csv").is_file():
        return reference_of_data(folder, workload.model["stop_ms"])
    neuron = next((peer for peer in peers if peer.kind == "neuron"), None)
    if neuron:
        simulator = neuron_with(neuron, 1, "--variable-step", str(REFERENCE_TOLERANCE))
        return simulator.run(workload)["spikes"], f"NEURON CVODE, atol {REFERENCE_TOLERANCE:g}"
    simulator = axolemma_with(program, 1, "crank_nicolson", REFERENCE_STEP_MS)
    return simulator.run(workload)["spikes"], f"Axolemma crank_nicolson, dt {REFERENCE_STEP_MS:g} ms"


def error_ms(spikes, reference, stop_ms):
    """Largest difference of first and last spikes, infinite where spikes are lost. An end at which a late spike falls beyond
    the end of the run, or an early one into it, is judged by its first spike.
    """
    largest_ms = 0.0
    for a, b in zip(spikes, reference):
        if not agreement.same_count(a, b, stop_ms):
            return math.inf
        for k in (1, 2) if a[0] == b[0] else (1,):
            if a[0] and b[0]:
                largest_ms = max(largest_ms, abs(a[k] - b[k]))
    return largest_ms


def time_to_reach(cases, target_ms):
    """CPU seconds at which a method's error falls to the target, interpolated in logarithms; as text.

    '< x' where its coarsest step is good enough already, '-' where its finest is not.
    """
    points = sorted(((case.cpu_s(), max(case.error_ms, 1e-12)) for case in cases if case.runs), key=lambda point: point[0])
    good = len(points)  # from here on all are good enough; a coarse step may be so by luck
    while good > 0 and points[good - 1][1] <= target_ms:
        good -= 1
    if good == len(points):
        return "-"
    cpu_s, error = points[good]
    if good == 0:
        return f"< {cpu_s:.3g}"
    before_s, before = points[good - 1]
    if math.isinf(before):
        return f"{cpu_s:.3g}"
    share = math.log(before / target_ms) / math.log(before / error)
    return f"{before_s * (cpu_s / before_s) ** share:.3g}"


def measure(cases, workload, repeats, reference, progress):
    """Runs all cases alternately; fills in runs, errors and failures."""
    for repeat in range(repeats):
        for case in cases:
            if case.failure:
                continue
            progress(f"work-precision, run {repeat + 1} of {repeats}: {case.method}, {case.setting}")
            try:
                case.runs.append(case.simulator.run(workload))
                case.error_ms = error_ms(case.runs[-1]["spikes"], reference, workload.model["stop_ms"])
            except simulators.RunError as error:
                case.runs, case.failure = [], str(error)


def table(cases):
    """The measured points and the times to reach the targets, as text."""
    lines = [f"{'method':26} {'setting':>14} {'steps':>8} {'CPU s':>9} {'error ms':>10}"]
    methods = list(dict.fromkeys(case.method for case in cases))
    for method in methods:
        for case in (case for case in cases if case.method == method):
            if case.failure:
                lines.append(f"{method:26} {case.setting:>14}  {case.failure}")
                continue
            error = "spikes lost" if math.isinf(case.error_ms) else f"{case.error_ms:.5f}"
            lines.append(f"{method:26} {case.setting:>14} {case.runs[0]['steps']:8} {case.cpu_s():9.4f} {error:>10}")
    lines += ["", f"{'CPU seconds to reach':26} " + " ".join(f"{f'{target:g} ms':>9}" for target in TARGETS_MS)]
    for method in methods:
        of_method = [case for case in cases if case.method == method]
        lines.append(f"{method:26} " + " ".join(f"{time_to_reach(of_method, target):>9}" for target in TARGETS_MS))
    return "\n".join(lines)


def as_json(cases, reference, source):
    return {"reference": {"source": source, "spikes": reference},
            "cases": [{"method": case.method, "setting": case.setting, "failure": case.failure,
                       "error_ms": None if case.error_ms is None or math.isinf(case.error_ms) else case.error_ms,
                       "runs": case.runs} for case in cases]}
