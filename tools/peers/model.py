"""The model that `axolemma bench WORKLOAD --write-model FILE` writes, as the peers read it; and how a run is measured.

Only Python's standard library. Lengths in um, times in ms, voltages in mV, currents in nA, densities in S/cm2.
"""
import array
import json
import math
import resource
import sys
import time


class ModelError(Exception):
    """A model file that cannot be used; the message is a sentence for the user."""


class Section:
    """An unbranched run of points, cut into compartments of equal length."""
    __slots__ = ("name", "parent", "parent_position", "n_compartments", "points")

    def __init__(self, fields):
        self.name = fields["name"]
        self.parent = fields["parent"]                    # index in the shape, -1 for the root
        self.parent_position = fields["parent_position"]  # 0..1 along the parent
        self.n_compartments = fields["n_compartments"]
        self.points = array.array("d", (number for point in fields["points"] for number in point))

    def point_rows(self):
        """(x, y, z, diameter) in um, of each point."""
        return [tuple(self.points[k:k + 4]) for k in range(0, len(self.points), 4)]


def read_model(path):
    """The model of a file: a dict as written, with Section objects. Points are packed while reading, to spare memory."""
    def pack(fields):
        return Section(fields) if "points" in fields else fields
    try:
        with open(path, encoding="utf-8") as file:
            model = json.load(file, object_hook=pack)
    except OSError as error:
        raise ModelError(f"cannot read the model '{path}': {error.strerror}") from error
    except (ValueError, KeyError) as error:
        raise ModelError(f"'{path}' is not a model file of 'axolemma bench --write-model': {error}") from error
    needed = ("cells", "shapes", "dt_ms", "stop_ms", "threshold_mV", "temperature_degC", "cm_uF_per_cm2", "ra_ohm_cm",
              "v_init_mV", "hh")
    missing = [key for key in needed if key not in model]
    if missing:
        raise ModelError(f"the model '{path}' lacks {', '.join(missing)}")
    for of_network in ("connections", "events"):  # a model may do without
        model.setdefault(of_network, [])
    for cell in model["cells"]:
        cell.setdefault("synapses", [])
    return model


def count_steps(model):
    return round(model["stop_ms"] / model["dt_ms"])


def count_compartments(model):
    of_shape = [sum(section.n_compartments for section in shape["sections"]) for shape in model["shapes"]]
    return sum(of_shape[cell["shape"]] for cell in model["cells"])


def segment_lengths_um(points):
    """Lengths of the straight pieces between neighbouring points (x, y, z, diameter)."""
    return [math.dist(a[:3], b[:3]) for a, b in zip(points, points[1:])]


class Stopwatch:
    """CPU time of this process (all its threads) and wall time since it was made."""

    def __init__(self):
        self.cpu_start_s = time.process_time()
        self.wall_start_s = time.perf_counter()

    def cpu_s(self):
        return time.process_time() - self.cpu_start_s

    def wall_s(self):
        return time.perf_counter() - self.wall_start_s


def peak_MB():
    """Largest resident size of this process so far, in units of 1e6 bytes."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # ru_maxrss counts what was there before exec, too
            for line in status:
                if line.startswith("VmHWM:"):
                    return float(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    unit_bytes = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit_bytes / 1e6


def crossings_ms(times_ms, voltages_mV, threshold_mV):
    """Times of upward crossings, interpolated linearly between samples."""
    found = []
    for k in range(1, len(times_ms)):
        below, above = voltages_mV[k - 1], voltages_mV[k]
        if below < threshold_mV <= above:
            share = (threshold_mV - below) / (above - below)
            found.append(times_ms[k - 1] + share * (times_ms[k] - times_ms[k - 1]))
    return found


def report(result):
    """Hands the result to the calling program: one line of JSON, the last of standard output."""
    print(json.dumps(result), flush=True)


def run_as_program(main):
    """Runs main(); a ModelError or a missing module becomes one sentence and exit code 2."""
    try:
        main()
    except ModelError as error:
        sys.exit(f"{error}")
    except ImportError as error:
        sys.exit(f"cannot import {error.name}: {error}")
