"""The layer-5 pyramidal cell of Hay et al. 2011 in NEURON, from the files of ModelDB 139653. Run by the Python that has NEURON:

    hay_neuron.py FOLDER DT_MS STOP_MS CELLS ANSWER.json

FOLDER is the unpacked model with its mechanisms compiled (nrnivmodl mod). The cell, its discretisation and the step of
current are those of configs/published/hay_2011.yaml; backward Euler.
"""
import json
import os
import sys
import time

os.environ["NEURON_MODULE_OPTIONS"] = "-nogui"


def sections_of(cell):
    """Every section with its type in SWC numbers, parent and points, parents first; for peers that cannot read the file."""
    types = {"soma": 1, "axon": 2, "dend": 3, "apic": 4}
    sections = list(cell.all)
    index = {section.name(): k for k, section in enumerate(sections)}
    result = []
    for section in sections:
        parent = section.parentseg()
        n = section.n3d()
        points = ([[section.x3d(k), section.y3d(k), section.z3d(k), section.diam3d(k) / 2] for k in range(n)] if n > 1
                  else [[0, 0, 0, section.diam / 2], [section.L, 0, 0, section.diam / 2]])
        result.append({"type": types[section.name().split(".")[-1].split("[")[0]], "points": points,
                       "parent": index[parent.sec.name()] if parent else -1, "at": parent.x if parent else 0})
    return result


def main(folder, dt_ms, stop_ms, n_cells, answer_path):
    answer_path = os.path.abspath(answer_path)
    os.chdir(folder)
    from neuron import h  # finds the compiled mechanisms in the working folder
    import neuron
    h.load_file("stdrun.hoc")
    h.load_file("import3d.hoc")
    h.load_file("models/L5PCbiophys3.hoc")
    h.load_file("models/L5PCtemplate.hoc")
    begun = time.perf_counter()
    cells, clamps = [], []
    for _ in range(n_cells):
        cell = h.L5PCtemplate("morphologies/cell1.asc")
        clamp = h.IClamp(cell.soma[0](0.5))
        clamp.delay, clamp.dur, clamp.amp = 100, 350, 0.793
        cells.append(cell)
        clamps.append(clamp)
    h.celsius, h.dt = 34, dt_ms
    h.CVode().cache_efficient(1)
    soma = cells[0].soma[0]
    spike_times, v, t = h.Vector(), h.Vector(), h.Vector()
    detector = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    detector.threshold = -10
    detector.record(spike_times)
    v.record(soma(0.5)._ref_v)
    t.record(h._ref_t)
    h.finitialize(-80)
    setup_s = time.perf_counter() - begun
    steps = round(stop_ms / dt_ms)
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(steps):
        h.fadvance()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    compartments = sum(section.nseg for cell in cells for section in cell.all)
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump({"version": neuron.__version__, "compartments": compartments, "steps": steps, "setup_s": setup_s,
                   "run_cpu_s": cpu, "run_wall_s": wall, "t_ms": list(t), "v_mV": list(v),
                   "spikes_ms": list(spike_times), "sections": sections_of(cells[0])}, file)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
