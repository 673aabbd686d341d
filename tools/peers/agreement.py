"""Do two simulators tell the same? Compares the spikes at the detectors, or the last voltages where nothing spikes."""
import statistics

# At equal time step and scheme, simulators still differ in where compartments end, in the order of operations within a
# step, in rate tables, and in whether a spike's time is interpolated or is that of a step. First spikes are compared,
# because later ones carry the differences of all before.
FIRST_SPIKE_BOUND_MS = 0.1
END_VOLTAGE_BOUND_MV = 0.5
# A spike so near to the end that one simulator may see it and the other not.
NEAR_END_MS = 5.0


def same_count(reference, other, stop_ms):
    """As many spikes at a detector, but for one more just before the end."""
    (n_reference, _, last_reference), (n_other, _, last_other) = reference, other
    if n_reference == n_other:
        return True
    last_ms = last_reference if n_reference > n_other else last_other
    return abs(n_reference - n_other) == 1 and last_ms >= stop_ms - NEAR_END_MS


def first_spike_bounds_ms(model):
    """By detector. In a network a spike carries the differences of those that led to it: a step more for each connection that lies
    between an event and the cell.
    """
    next_cells = {}
    for connection in model["connections"]:
        next_cells.setdefault(connection["from_cell"], []).append(connection["cell"])
    hops = {event["cell"]: 0 for event in model["events"]}
    front = list(hops)
    while front:
        reached = {cell: hops[before] + 1 for before in front for cell in next_cells.get(before, []) if cell not in hops}
        hops.update(reached)
        front = list(reached)
    return [FIRST_SPIKE_BOUND_MS + hops.get(number, 0) * model["dt_ms"]
            for number, cell in enumerate(model["cells"]) for _ in cell["detectors"]]


def compare_spikes(reference, other, model):
    """(detectors that agree, detectors, sentence) of (count, first, last) at each detector."""
    stop_ms, bounds_ms = model["stop_ms"], first_spike_bounds_ms(model)
    firsts = [abs(a[1] - b[1]) for a, b in zip(reference, other) if a[0] and b[0]]
    lasts = [abs(a[2] - b[2]) for a, b in zip(reference, other) if a[0] and a[0] == b[0]]
    agree = sum(same_count(a, b, stop_ms) and (not (a[0] and b[0]) or abs(a[1] - b[1]) <= bound_ms)
                for a, b, bound_ms in zip(reference, other, bounds_ms))
    text = f"{sum(n for n, _, _ in other)} spikes (there {sum(n for n, _, _ in reference)})"
    if firsts:
        text += f"; first ones differ by {max(firsts):.4f} ms at most, median {statistics.median(firsts):.4f}"
    if lasts:
        text += f"; last ones by {max(lasts):.4f} at most"
    return agree, len(reference), text


def compare(reference, other, model):
    """(detectors that agree or None where nothing can be compared, detectors, sentence). Takes two measurements."""
    n_detectors = len(reference["spikes"])
    if n_detectors != len(other["spikes"]):
        return 0, n_detectors, f"{len(other['spikes'])} detectors where {n_detectors} are expected"
    if any(n for n, _, _ in reference["spikes"] + other["spikes"]):
        return compare_spikes(reference["spikes"], other["spikes"], model)
    if "end_mV" not in reference or "end_mV" not in other:
        return None, n_detectors, "no spikes in either"
    differences_mV = [abs(a - b) for a, b in zip(reference["end_mV"], other["end_mV"])]
    agree = sum(difference_mV <= END_VOLTAGE_BOUND_MV for difference_mV in differences_mV)
    return agree, n_detectors, f"no spikes; voltages at the end differ by {max(differences_mV, default=0.0):.4f} mV at most"
