#!/usr/bin/env python3
"""Checks a file of make_synthetic_result against the SONATA layout with h5py, and with libsonata where it is installed.

usage: check_sonata.py FILE.h5
"""
import sys

import h5py
import numpy as np


def check_report(name, report):
    data, mapping = report["data"], report["mapping"]
    n_rows, n_elements = data.shape
    assert data.attrs["units"] in ("mV", "1"), f"{name}: units {data.attrs['units']!r}"
    assert mapping["node_ids"].dtype == np.uint64
    assert mapping["node_ids"].attrs["sorted"] == 1
    assert mapping["element_ids"].dtype == np.uint32
    assert mapping["element_pos"].dtype == np.float32
    assert mapping["index_pointers"].dtype == np.uint64
    for table in ("element_ids", "element_pos", "distance", "node", "names"):
        assert mapping[table].shape == (n_elements,), f"{name}: mapping/{table} has shape {mapping[table].shape}"
    pointers = mapping["index_pointers"][:]
    assert len(pointers) == len(mapping["node_ids"]) + 1
    assert pointers[0] == 0 and pointers[-1] == n_elements and (np.diff(pointers.astype(int)) > 0).all()
    assert h5py.h5o.get_info(mapping["index_pointer"].id).addr == h5py.h5o.get_info(mapping["index_pointers"].id).addr
    start, stop, interval = mapping["time"][:]
    assert mapping["time"].attrs["units"] == "ms"
    assert round((stop - start) / interval) == n_rows
    assert np.isfinite(data[:]).all()
    assert (data.compression is not None) == ("rounding_error" in report.attrs)


def check_spikes(name, spikes):
    times, cells, sites = spikes["timestamps"][:], spikes["node_ids"][:], spikes["site"][:]
    assert spikes["timestamps"].attrs["units"] == "ms"
    assert cells.dtype == np.uint64 and sites.dtype == np.int32
    order = np.lexsort((sites, cells, times))
    assert (order == np.arange(len(times))).all(), f"{name}: spikes are not sorted"
    assert sites.max() < len(spikes["site_names"])


def check_with_libsonata(path):
    try:
        import libsonata
    except ImportError:
        print("libsonata is not installed: its reader was not tried")
        return
    with h5py.File(path) as file:
        # libsonata from PyPI is built without deflate.
        plain = [name for name in file["report"] if "rounding_error" not in file["report"][name].attrs]
        shapes = {name: file["report"][name]["data"].shape for name in plain}
        spike_counts = {name: len(file["spikes"][name]["timestamps"]) for name in file["spikes"]}
        values = {name: file["report"][name]["data"][:] for name in plain}
    reports = libsonata.ElementReportReader(path)
    for name in plain:
        population = reports[name]
        frame = population.get()
        assert population.time_units == "ms"
        assert frame.data.shape == shapes[name], f"{name}: libsonata reads {frame.data.shape}"
        assert (frame.data == values[name]).all(), f"{name}: libsonata reads other values"
    spikes = libsonata.SpikeReader(path)
    for name, count in spike_counts.items():
        assert len(spikes[name].get()) == count
    print(f"libsonata {libsonata.version} reads {', '.join(plain)} and the spikes")


def main(path):
    with h5py.File(path) as file:
        assert file.attrs["magic"] == 0x0A7A and file.attrs["magic"].dtype == np.uint32
        assert list(file.attrs["version"]) == [0, 1]
        assert file.attrs["axolemma_format"] == 1 and file.attrs["complete"] == 1
        assert sorted(file["report"]) == ["axon", "axon.v_points", "cell", "cell.m"]
        for name, report in file["report"].items():
            check_report(name, report)
        for name, spikes in file["spikes"].items():
            check_spikes(name, spikes)
    check_with_libsonata(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
