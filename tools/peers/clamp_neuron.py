"""Currents of density mechanisms under voltage clamp, computed by NEURON. Run by the Python that has NEURON:

    clamp_neuron.py JOB.json ANSWER.json

JOB: {"libraries": [path, ...], "temperature_degC": x, "dt_ms": x, "hold_mV": x, "levels_mV": [...], "steps": n, "every": n,
"channels": [{"suffix": s, "parameters": {name: value}, "currents": [names, as in "ina" or "i_suffix"]}]}
ANSWER: by suffix {"currents": {name: [level][sample]}} or {"error": text}; samples are taken before every n-th step.

The voltage is held by a membrane of enormous capacitance, so that what NEURON integrates is the channel alone. Each
channel runs in a process of its own: some files crash.
"""
import json
import multiprocessing
import os
import sys

os.environ["NEURON_MODULE_OPTIONS"] = "-nogui"

ENORMOUS_uF_PER_CM2 = 1e15
SECONDS = 60


def clamp(job, channel, send):
    from neuron import h
    for library in job["libraries"]:
        h.nrn_load_dll(library)
    h.celsius, h.dt = job["temperature_degC"], job["dt_ms"]
    section = h.Section(name="patch")
    section.L = section.diam = 10
    section.nseg = 1
    suffix = channel["suffix"]
    section.insert(suffix)
    table = f"usetable_{suffix}"
    if hasattr(h, table):
        setattr(h, table, 0)
    segment = section(0.5)
    for name, value in channel["parameters"].items():
        mechanism = getattr(segment, suffix)
        if hasattr(mechanism, name):
            setattr(mechanism, name, value)
        else:
            setattr(h, f"{name}_{suffix}", value)
    section.cm = ENORMOUS_uF_PER_CM2
    answer = {name: [] for name in channel["currents"]}
    for level in job["levels_mV"]:
        h.finitialize(job["hold_mV"])
        h.fadvance()  # one step there, as in the other simulator
        segment.v = level
        for trace in answer.values():
            trace.append([])
        for step in range(job["steps"] + 1):
            if step % job["every"] == 0:
                h.fcurrent()
                for name, trace in answer.items():
                    trace[-1].append(getattr(segment, name))
            h.fadvance()
    send.send({"currents": answer})


def run(job, channel):
    receive, send = multiprocessing.Pipe(False)
    process = multiprocessing.Process(target=clamp, args=(job, channel, send))
    process.start()
    send.close()
    try:
        return receive.recv() if receive.poll(SECONDS) else {"error": f"not done after {SECONDS} s"}
    except EOFError:
        process.join()
        return {"error": f"NEURON ended with {process.exitcode}"}
    finally:
        process.kill()
        process.join()


def main(job_path, answer_path):
    with open(job_path, encoding="utf-8") as file:
        job = json.load(file)
    answers = {channel["suffix"]: run(job, channel) for channel in job["channels"]}
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
