#!/usr/bin/env python3
"""Runs one model in NEURON and prints the measurement as one line of JSON.

    neuron_model.py MODEL.json [--threads N] [--exact-rates] [--second-order] [--variable-step TOL] [--dt MS] [--record]

Started by tools/compare_peers in a process of its own, with a Python that has NEURON.
"""
import argparse
import os

import model as peers

os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")


def build_shape(h, shape, model):
    """Sections of one cell: geometry, counts of compartments, membrane."""
    hh = model["hh"]
    sections = []
    for description in shape["sections"]:
        section = h.Section()
        for x, y, z, diameter in description.point_rows():
            section.pt3dadd(x, y, z, diameter)
        section.nseg = description.n_compartments
        section.cm = model["cm_uF_per_cm2"]
        section.Ra = model["ra_ohm_cm"]
        section.insert("hh")
        section.gnabar_hh = hh["gnabar_S_per_cm2"]
        section.gkbar_hh = hh["gkbar_S_per_cm2"]
        section.gl_hh = hh["gl_S_per_cm2"]
        section.el_hh = hh["el_mV"]
        section.ena = hh["ena_mV"]
        section.ek = hh["ek_mV"]
        if description.parent >= 0:
            section.connect(sections[description.parent](description.parent_position), 0)
        sections.append(section)
    return sections


def inside(position, n_compartments):
    """The position, or the nearest compartment's centre: a section's end is a node without membrane, on which secondorder=2
    rings, enough to cross a threshold twice.
    """
    return min(max(position, 0.5 / n_compartments), 1 - 0.5 / n_compartments)


class Network:
    """All cells with their current clamps, spike detectors, synapses and connections; keeps NEURON's objects alive."""

    def __init__(self, h, model, record_voltage):
        self.cells, self.clamps, self.detectors, self.spikes, self.voltages = [], [], [], [], []
        self.synapses, self.connections, self.events = [], [], []
        for cell in model["cells"]:
            sections = build_shape(h, model["shapes"][cell["shape"]], model)
            self.cells.append(sections)
            self.clamps += [self.clamp(h, sections, stimulus) for stimulus in cell["stimuli"]]
            for detector in cell["detectors"]:
                self.detect(h, sections[detector["section"]], detector["position"], model["threshold_mV"], record_voltage)
            self.synapses.append([self.synapse(h, sections, synapse) for synapse in cell["synapses"]])
        self.connect(h, model)

    @staticmethod
    def synapse(h, sections, description):
        synapse = h.ExpSyn(sections[description["section"]](description["position"]))
        synapse.tau, synapse.e = description["tau_ms"], description["e_mV"]
        return synapse

    def connect(self, h, model):
        """Connections between cells, and one without source for every event."""
        for description in model["connections"]:
            cell = model["cells"][description["from_cell"]]
            detector = cell["detectors"][description["detector"]]
            section = self.cells[description["from_cell"]][detector["section"]]
            connection = h.NetCon(section(detector["position"])._ref_v, self.target_of(description), sec=section)
            connection.threshold = model["threshold_mV"]
            connection.delay, connection.weight[0] = description["delay_ms"], description["weight_uS"]
            self.connections.append(connection)
        for description in model["events"]:
            connection = h.NetCon(None, self.target_of(description))
            connection.weight[0] = description["weight_uS"]
            self.events.append((connection, description["t_ms"]))

    def target_of(self, description):
        return self.synapses[description["cell"]][description["synapse"]]

    def send_events(self):
        """Puts the events into the queue; to be called after finitialize()."""
        for connection, t_ms in self.events:
            connection.event(t_ms)

    @staticmethod
    def clamp(h, sections, stimulus):
        clamp = h.IClamp(sections[stimulus["section"]](stimulus["position"]))
        clamp.delay, clamp.dur, clamp.amp = stimulus["delay_ms"], stimulus["duration_ms"], stimulus["amplitude_nA"]
        return clamp

    def detect(self, h, section, position, threshold_mV, record_voltage):
        place = section(position)
        if record_voltage:
            self.voltages.append(h.Vector().record(section(inside(position, section.nseg))._ref_v))
        times = h.Vector()
        connection = h.NetCon(place._ref_v, None, sec=section)
        connection.threshold = threshold_mV
        connection.record(times)
        self.detectors.append((connection, place))
        self.spikes.append(times)

    def count_compartments(self):
        return sum(section.nseg for sections in self.cells for section in sections)


def choose_method(h, model, arguments):
    """Integration method, time step and rates."""
    h.celsius = model["temperature_degC"]
    if hasattr(h, "usetable_hh"):
        h.usetable_hh = 0 if arguments.exact_rates else 1
    elif not arguments.exact_rates:
        raise peers.ModelError("this build of NEURON has no table for the rates of hh; it always evaluates them")
    h.dt = arguments.dt or model["dt_ms"]
    h.secondorder = 2 if arguments.second_order else 0
    cvode = h.CVode()
    cvode.cache_efficient(1)
    if arguments.variable_step:
        cvode.active(1)
        cvode.condition_order(2)  # spike times interpolated to the accuracy of the voltage
        cvode.atol(arguments.variable_step)


def run(h, model, arguments):
    """Builds and runs the model; the result as a dict."""
    setup = peers.Stopwatch()
    network = Network(h, model, arguments.record)
    context = h.ParallelContext()
    context.nthread(arguments.threads)
    choose_method(h, model, arguments)
    times = h.Vector().record(h._ref_t) if arguments.record else None
    context.set_maxstep(10)
    h.finitialize(model["v_init_mV"])
    network.send_events()
    setup_s = setup.wall_s()

    clock = peers.Stopwatch()
    context.psolve(model["stop_ms"])
    run_cpu_s, run_wall_s = clock.cpu_s(), clock.wall_s()

    spikes = [list(vector) for vector in network.spikes]
    if arguments.record and not arguments.variable_step:
        spikes = [peers.crossings_ms(list(times), list(trace), model["threshold_mV"]) for trace in network.voltages]
    return {
        "version": h.nrnversion(0),
        "compartments": network.count_compartments(),
        "steps": int(times.size()) - 1 if times else round(model["stop_ms"] / h.dt),
        "setup_s": setup_s, "run_cpu_s": run_cpu_s, "run_wall_s": run_wall_s, "peak_MB": peers.peak_MB(),
        "spikes_ms": spikes,
        "end_mV": [place.v for _, place in network.detectors],
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="file of axolemma bench --write-model")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument("--dt", type=float, metavar="MS", help="time step instead of the model's")
    parser.add_argument("--exact-rates", action="store_true", help="evaluate the rates of hh instead of its 1 mV table")
    parser.add_argument("--second-order", action="store_true", help="staggered Crank-Nicolson instead of backward Euler")
    parser.add_argument("--variable-step", type=float, metavar="TOL", help="CVODE with this absolute tolerance")
    parser.add_argument("--record", action="store_true", help="record the detectors' voltage and interpolate spike times")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    model = peers.read_model(arguments.model)
    from neuron import h
    peers.report(run(h, model, arguments))


if __name__ == "__main__":
    peers.run_as_program(main)
