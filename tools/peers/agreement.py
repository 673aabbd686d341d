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


def compare_spikes(reference, other, stop_ms):
    """(detectors that agree, detectors, sentence) of (count, first, last) at each detector."""
    firsts = [abs(a[1] - b[1]) for a, b in zip(reference, other) if a[0] and b[0]]
    lasts = [abs(a[2] - b[2]) for a, b in zip(reference, other) if a[0] and a[0] == b[0]]
    agree = sum(same_count(a, b, stop_ms) and (not (a[0] and b[0]) or abs(a[1] - b[1]) <= FIRST_SPIKE_BOUND_MS)
                for a, b in zip(reference, other))
    text = f"{sum(n for n, _, _ in other)} spikes (there {sum(n for n, _, _ in reference)})"
    if firsts:
        text += f"; first ones differ by {max(firsts):.4f} ms at most, median {statistics.median(firsts):.4f}"
    if lasts:
        text += f"; last ones by {max(lasts):.4f} at most"
    return agree, len(reference), text


def compare(reference, other, stop_ms):
    """(detectors that agree or None where nothing can be compared, detectors, sentence). Takes two measurements."""
    n_detectors = len(reference["spikes"])
    if n_detectors != len(other["spikes"]):
        return 0, n_detectors, f"{len(other['spikes'])} detectors where {n_detectors} are expected"
    if any(n for n, _, _ in reference["spikes"] + other["spikes"]):
        return compare_spikes(reference["spikes"], other["spikes"], stop_ms)
    if "end_mV" not in reference or "end_mV" not in other:
        return None, n_detectors, "no spikes in either"
    differences_mV = [abs(a - b) for a, b in zip(reference["end_mV"], other["end_mV"])]
    agree = sum(difference_mV <= END_VOLTAGE_BOUND_MV for difference_mV in differences_mV)
    return agree, n_detectors, f"no spikes; voltages at the end differ by {max(differences_mV, default=0.0):.4f} mV at most"
