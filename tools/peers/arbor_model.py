#!/usr/bin/env python3
"""Runs one model in Arbor and prints the measurement as one line of JSON.

    arbor_model.py MODEL.json [--threads N] [--dt MS]

Started by tools/compare_peers in a process of its own, with a Python that has Arbor.

Arbor cuts branches where it is told to. Cutting at section ends gives every fork a compartment without membrane, which
costs time; Arbor's faster choice lets compartments reach over forks. So the root is cut at its compartments' ends and
every other section at its compartments' centres: an unbranched cable gets exactly the compartments of the model, and
a tree gets as many as the model has, shifted by half a compartment. (Where several sections start at the start of the
root, Arbor puts a compartment without membrane there; they are cut like the root.)
"""
import argparse
import bisect
import itertools

import model as peers


def attachment_points_um(sections, lengths_um):
    """For each section the distances from its start at which children attach, other than its two ends."""
    points = [set() for _ in sections]
    for child in sections:
        if child.parent >= 0 and 0.0 < child.parent_position < 1.0:
            points[child.parent].add(child.parent_position * lengths_um[child.parent])
    return points


def with_points_inserted(rows, at_um):
    """The points (x, y, z, diameter) with further ones, interpolated at the distances given."""
    ends_um = list(itertools.accumulate(peers.segment_lengths_um(rows), initial=0.0))
    merged = list(zip(ends_um, rows))
    for distance_um in sorted(at_um):
        if min(abs(distance_um - end_um) for end_um in ends_um) < 1e-6:
            continue
        k = min(max(bisect.bisect_right(ends_um, distance_um), 1), len(rows) - 1)
        share = (distance_um - ends_um[k - 1]) / (ends_um[k] - ends_um[k - 1])
        point = tuple(a + share * (b - a) for a, b in zip(rows[k - 1], rows[k]))
        bisect.insort(merged, (distance_um, point), key=lambda entry: entry[0])
    return merged


def build_tree(A, sections):
    """Arbor's segment tree; the tag of a segment is the index of its section. Also the sections' lengths."""
    lengths_um = [sum(peers.segment_lengths_um(section.point_rows())) for section in sections]
    inner = attachment_points_um(sections, lengths_um)
    tree = A.segment_tree()
    start_segment, segments_of = [], []  # segment before the start; (distance of its end, segment) within
    for index, section in enumerate(sections):
        before = A.mnpos
        if section.parent >= 0:
            before = segment_at(section.parent_position * lengths_um[section.parent], start_segment[section.parent],
                                segments_of[section.parent])
        start_segment.append(before)
        made = []
        merged = with_points_inserted(section.point_rows(), inner[index])
        for (_, a), (distance_um, b) in zip(merged, merged[1:]):
            before = tree.append(before, A.mpoint(a[0], a[1], a[2], a[3] / 2), A.mpoint(b[0], b[1], b[2], b[3] / 2),
                                 tag=index)
            made.append((distance_um, before))
        segments_of.append(made)
    return tree, lengths_um


def segment_at(distance_um, start_segment, segments):
    """The segment whose end lies at a distance from the section's start."""
    if distance_um <= 0.0:
        return start_segment
    return min(segments, key=lambda entry: abs(entry[0] - distance_um))[1]


class Places:
    """Finds Arbor's location (branch, relative position) of a position on a section."""

    def __init__(self, A, tree):
        morphology = A.morphology(tree)
        self.pieces = {}  # section -> [(end on the section in um, branch, start on the branch in um, length in um)]
        self.branch_length_um = []
        for branch in range(morphology.num_branches):
            along_um = 0.0
            for segment in morphology.branch_segments(branch):
                a, b = segment.prox, segment.dist
                length_um = ((b.x - a.x) ** 2 + (b.y - a.y) ** 2 + (b.z - a.z) ** 2) ** 0.5
                self.pieces.setdefault(segment.tag, []).append((branch, along_um, length_um))
                along_um += length_um
            self.branch_length_um.append(along_um)

    def find(self, section, distance_um):
        """Locset expression of the place at a distance from the start of a section."""
        left_um = distance_um
        for branch, start_um, length_um in self.pieces[section]:
            if left_um <= length_um:
                break
            left_um -= length_um
        position = (start_um + min(left_um, length_um)) / self.branch_length_um[branch]
        return f"(location {branch} {min(position, 1.0):.17g})"


def cut_places(sections, lengths_um, places):
    """Locations of the boundaries between compartments, as the text above says."""
    cuts = []
    for index, section in enumerate(sections):
        n = section.n_compartments
        starts_cell = section.parent < 0 or (section.parent_position <= 0.0 and sections[section.parent].parent < 0)
        shares = [k / n for k in range(1, n)] if starts_cell else [(k + 0.5) / n for k in range(n)]
        cuts += [places.find(index, share * lengths_um[index]) for share in shares]
    return cuts


def join(locations):
    """One locset expression of many, nested as a balanced tree."""
    if len(locations) <= 1:
        return locations[0] if locations else "(nil)"
    half = len(locations) // 2
    return f"(join {join(locations[:half])} {join(locations[half:])})"


class Shape:
    """What cells of one shape share."""

    def __init__(self, A, description):
        sections = description["sections"]
        self.tree, self.lengths_um = build_tree(A, sections)
        self.places = Places(A, self.tree)
        self.policy = A.cv_policy_explicit(join(cut_places(sections, self.lengths_um, self.places)))

    def locset(self, place):
        return self.places.find(place["section"], place["position"] * self.lengths_um[place["section"]])


def build_cell(A, shape, cell, model):
    """Arbor's description of one cell."""
    U, hh = A.units, model["hh"]
    decor = A.decor()
    decor.set_property(Vm=model["v_init_mV"] * U.mV, cm=model["cm_uF_per_cm2"] * 0.01 * U.F / U.m2,
                       rL=model["ra_ohm_cm"] * U.Ohm * U.cm, tempK=(model["temperature_degC"] + 273.15) * U.Kelvin)
    decor.set_ion("na", rev_pot=hh["ena_mV"] * U.mV)
    decor.set_ion("k", rev_pot=hh["ek_mV"] * U.mV)
    decor.paint("(all)", A.density("hh", {"gnabar": hh["gnabar_S_per_cm2"], "gkbar": hh["gkbar_S_per_cm2"],
                                          "gl": hh["gl_S_per_cm2"], "el": hh["el_mV"]}))
    for stimulus in cell["stimuli"]:
        clamp = A.i_clamp(stimulus["delay_ms"] * U.ms, stimulus["duration_ms"] * U.ms, stimulus["amplitude_nA"] * U.nA)
        decor.place(shape.locset(stimulus), clamp)
    for k, detector in enumerate(cell["detectors"]):
        decor.place(shape.locset(detector), A.threshold_detector(model["threshold_mV"] * U.mV), f"detector_{k}")
    for k, synapse in enumerate(cell["synapses"]):
        decor.place(shape.locset(synapse), A.synapse("expsyn", {"tau": synapse["tau_ms"], "e": synapse["e_mV"]}),
                    f"synapse_{k}")
    return A.cable_cell(shape.tree, decor, A.label_dict(), shape.policy)


def by_cell(descriptions):
    """Connections or events, listed by the cell that they reach."""
    lists = {}
    for description in descriptions:
        lists.setdefault(description["cell"], []).append(description)
    return lists


def make_recipe(A, model):
    """The recipe of the model; cells of the same shape, stimuli, detectors and synapses share one description."""
    shapes = [Shape(A, description) for description in model["shapes"]]
    made = {}
    connections_onto, events_onto = by_cell(model["connections"]), by_cell(model["events"])

    def cell_of(gid):
        cell = model["cells"][gid]
        key = repr(cell)
        if key not in made:
            made[key] = build_cell(A, shapes[cell["shape"]], cell, model)
        return made[key]

    class Recipe(A.recipe):
        """Calls back for every cell."""

        def __init__(self):
            A.recipe.__init__(self)
            self.properties = A.neuron_cable_properties()

        def num_cells(self):
            return len(model["cells"])

        def cell_kind(self, gid):
            return A.cell_kind.cable

        def cell_description(self, gid):
            return cell_of(gid)

        def connections_on(self, gid):
            return [A.connection((source["from_cell"], f"detector_{source['detector']}"), f"synapse_{source['synapse']}",
                                 source["weight_uS"], source["delay_ms"] * A.units.ms)
                    for source in connections_onto.get(gid, [])]

        def event_generators(self, gid):
            return [A.event_generator(f"synapse_{event['synapse']}", event["weight_uS"],
                                      A.explicit_schedule([event["t_ms"] * A.units.ms]))
                    for event in events_onto.get(gid, [])]

        def global_properties(self, kind):
            return self.properties

        def probes(self, gid):
            cell = model["cells"][gid]
            shape = shapes[cell["shape"]]
            return [A.cable_probe_membrane_voltage(shape.locset(detector), f"end_{k}")
                    for k, detector in enumerate(cell["detectors"])]

    def count_compartments():
        counts = {}
        for gid, cell in enumerate(model["cells"]):
            if repr(cell) not in counts:
                counts[repr(cell)] = A.cv_data(cell_of(gid)).num_cv
        return sum(counts[repr(cell)] for cell in model["cells"])

    return Recipe(), count_compartments


def share_out(A, recipe, context, model, threads):
    """Cells in groups that are stepped together: of about 6000 compartments, which was measured to be up to 5 % faster than
    Arbor's default of a group per cell and than bigger groups. No fewer groups than threads.
    """
    n_cells = len(model["cells"])
    size = min(6000 * n_cells // peers.count_compartments(model), n_cells // threads)
    hint = A.partition_hint(cpu_group_size=max(size, 1), prefer_gpu=False)
    return A.partition_load_balance(recipe, context, {A.cell_kind.cable: hint})


def end_voltages_mV(A, simulation, model, dt_ms):
    """Voltages at all detectors at the end of the run, read by one step more."""
    U, stop_ms = A.units, model["stop_ms"]
    handles = [simulation.sample(gid, f"end_{k}", A.explicit_schedule([stop_ms * U.ms]))
               for gid, cell in enumerate(model["cells"]) for k in range(len(cell["detectors"]))]
    simulation.run((stop_ms + dt_ms) * U.ms, dt_ms * U.ms)
    return [float(simulation.samples(handle)[0][0][0][1]) for handle in handles]


def run(A, model, arguments):
    """Builds and runs the model; the result as a dict."""
    U = A.units
    dt_ms = arguments.dt or model["dt_ms"]
    setup = peers.Stopwatch()
    recipe, count_compartments = make_recipe(A, model)
    context = A.context(threads=arguments.threads, gpu_id=None)
    simulation = A.simulation(recipe, context, share_out(A, recipe, context, model, arguments.threads))
    simulation.record(A.spike_recording.local)  # 'all' holds only what other processes ask for
    setup_s = setup.wall_s()

    clock = peers.Stopwatch()
    simulation.run(model["stop_ms"] * U.ms, dt_ms * U.ms)
    run_cpu_s, run_wall_s = clock.cpu_s(), clock.wall_s()

    first = list(itertools.accumulate((len(cell["detectors"]) for cell in model["cells"]), initial=0))
    spikes = [[] for _ in range(first[-1])]
    for source, time_ms in simulation.spikes():
        spikes[first[source[0]] + source[1]].append(float(time_ms))
    peak_MB = peers.peak_MB()
    settings = A.config()
    return {
        "version": f"{settings['version']} ({settings['arch']}{', vectorised' if settings['vectorize'] else ''})",
        "compartments": count_compartments(),
        "steps": round(model["stop_ms"] / dt_ms),
        "setup_s": setup_s, "run_cpu_s": run_cpu_s, "run_wall_s": run_wall_s, "peak_MB": peak_MB,
        "spikes_ms": [sorted(times) for times in spikes],
        "end_mV": end_voltages_mV(A, simulation, model, dt_ms),
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="file of axolemma bench --write-model")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument("--dt", type=float, metavar="MS", help="time step instead of the model's")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    model = peers.read_model(arguments.model)
    import arbor
    peers.report(run(arbor, model, arguments))


if __name__ == "__main__":
    peers.run_as_program(main)
