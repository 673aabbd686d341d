"""The layer-5 pyramidal cell of Hay et al. 2011 in Arbor, for its speed: Arbor's catalogue "bbp" has the channels of the
model. Run by the Python that has Arbor:

    hay_arbor.py SECTIONS.json DT_MS STOP_MS CELLS ANSWER.json

SECTIONS is what hay_neuron.py wrote (Arbor's own reader stops at the strings in cell1.asc). Compartments are at most 40 um
long and some conductances are constant where the model has gradients, so that voltages are not to be compared closely.
"""
import json
import sys
import time

import arbor as A
from arbor import units as U


def morphology_of(sections):
    """One segment per pair of points; what hangs on the middle of the soma hangs on the end of its first half."""
    tree = A.segment_tree()
    last, middle = [], {}
    for k, section in enumerate(sections):
        points = section["points"]
        parent = section["parent"]
        at = A.mnpos if parent < 0 else middle.get(parent, last[parent]) if section["at"] < 1 else last[parent]
        for n, (start, end) in enumerate(zip(points, points[1:])):
            if start[:3] == end[:3]:
                continue
            at = tree.append(at, A.mpoint(*start), A.mpoint(*end), tag=section["type"])
            if n + 1 == len(points) // 2:
                middle[k] = at
        last.append(at)
    return A.morphology(tree)


def painted(morphology):
    labels = A.label_dict({"soma": "(tag 1)", "axon": "(tag 2)", "dend": "(tag 3)", "apic": "(tag 4)", "centre": "(on-components 0.5 (tag 1))"})
    decor = A.decor()
    decor.set_property(Vm=-80 * U.mV, tempK=(34 + 273.15) * U.Kelvin, cm=0.01 * U.F / U.m2, rL=100 * U.Ohm * U.cm)
    decor.set_ion("na", rev_pot=50 * U.mV)
    decor.set_ion("k", rev_pot=-85 * U.mV)
    decor.set_ion("ca", int_con=5e-5 * U.mM, ext_con=2 * U.mM, method="nernst/ca")
    for region in ("apic", "dend"):
        decor.paint(f'"{region}"', cm=0.02 * U.F / U.m2)
    for region, g in (("soma", 3.38e-5), ("apic", 5.89e-5), ("dend", 4.67e-5), ("axon", 3.25e-5)):
        decor.paint(f'"{region}"', A.density("pas/e=-90", g=g))
    soma = {"Ca_LVAst": {"gCa_LVAstbar": 0.00343}, "Ca_HVA": {"gCa_HVAbar": 0.000992}, "SKv3_1": {"gSKv3_1bar": 0.693},
            "SK_E2": {"gSK_E2bar": 0.0441}, "K_Tst": {"gK_Tstbar": 0.0812}, "K_Pst": {"gK_Pstbar": 0.00223},
            "Nap_Et2": {"gNap_Et2bar": 0.00172}, "NaTa_t": {"gNaTa_tbar": 2.04},
            "CaDynamics_E2": {"decay": 460.0, "gamma": 0.000501}, "Ih": {"gIhbar": 0.0002}}
    apic = {"Ih": {"gIhbar": 0.001}, "SK_E2": {"gSK_E2bar": 0.0012}, "Ca_LVAst": {"gCa_LVAstbar": 0.000187},
            "Ca_HVA": {"gCa_HVAbar": 5.55e-5}, "SKv3_1": {"gSKv3_1bar": 0.000261}, "NaTa_t": {"gNaTa_tbar": 0.0213},
            "Im": {"gImbar": 6.75e-5}, "CaDynamics_E2": {"decay": 122.0, "gamma": 0.000509}}
    for region, channels in (("soma", soma), ("apic", apic), ("dend", {"Ih": {"gIhbar": 0.0002}})):
        for name, parameters in channels.items():
            decor.paint(f'"{region}"', A.density(f"bbp::{name}", parameters))
    decor.place('"centre"', A.i_clamp(100 * U.ms, 350 * U.ms, 0.793 * U.nA))
    decor.place('"centre"', A.threshold_detector(-10 * U.mV), "detector")
    return A.cable_cell(morphology, decor, labels, A.cv_policy_max_extent(40 * U.um))


class Cells(A.recipe):
    def __init__(self, cell, n):
        A.recipe.__init__(self)
        self.cell, self.n = cell, n
        self.properties = A.neuron_cable_properties()
        self.properties.catalogue = A.default_catalogue()
        self.properties.catalogue.extend(A.bbp_catalogue(), "bbp::")

    def num_cells(self):
        return self.n

    def cell_kind(self, gid):
        return A.cell_kind.cable

    def cell_description(self, gid):
        return self.cell

    def global_properties(self, kind):
        return self.properties


def main(sections_path, dt_ms, stop_ms, n_cells, answer_path):
    with open(sections_path, encoding="utf-8") as file:
        cell = painted(morphology_of(json.load(file)["sections"]))
    begun = time.perf_counter()
    context = A.context(threads=1)
    recipe = Cells(cell, n_cells)
    simulation = A.simulation(recipe, context)
    simulation.record(A.spike_recording.all)
    setup_s = time.perf_counter() - begun
    cpu, wall = time.process_time(), time.perf_counter()
    simulation.run(stop_ms * U.ms, dt_ms * U.ms)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    compartments = n_cells * A.cv_data(cell).num_cv
    spikes = [float(time_ms) for (source, time_ms) in simulation.spikes() if source[0] == 0]
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump({"version": A.__version__, "compartments": compartments, "steps": round(stop_ms / dt_ms),
                   "setup_s": setup_s, "run_cpu_s": cpu, "run_wall_s": wall, "spikes_ms": spikes}, file)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
