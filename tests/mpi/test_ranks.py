#!/usr/bin/env python3
"""Runs over several ranks: the same bits as on one, and what happens when one of them fails.

    test_ranks.py PROGRAM DUMP_RESULT --mpirun MPIRUN [--only TEXT]

Where mpirun or a program built with MPI is missing it says so and checks nothing but the refusals that need neither.
"""

import argparse
import os
import pathlib
import re
import resource
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from runs import Program, assert_same_dump, checks, run_checks, wait_for  # noqa: E402

HANG_S = 30  # a run that is to end and does not within this time hangs
GAPS = ("gap_junctions=[{name: ii, cells: I, at: soma, rule: all_to_all, conductance: 0.0005 uS}, "
        "{name: ei, cells: E, to_cells: I, at: soma, probability: 0.1, conductance: 0.0003 uS}]")
# Each rank in a folder of its own, called by its number.
IN_OWN_FOLDER = ("sh", "-c", 'cd "rank_$OMPI_COMM_WORLD_RANK" && exec "$@"', "sh")
program = None


def set_up(folder):
    for file in (HERE / "files").iterdir():
        shutil.copy(file, folder)


def assert_same_on_any_number_of_ranks(folder, config, *arguments):
    set_up(folder)
    alone = program.result(folder, config, "-o", "alone.h5", "--threads", 1, *arguments)
    dump = program.dump(folder / "alone.h5")
    n_spikes = [p["n"] for p in alone["spikes"]]
    assert sum(n_spikes) >= 10, f"nothing travels: {n_spikes}"
    for ranks in (1, 2, 3, 4):
        for threads in (1, 2):
            summary = program.result(folder, config, "-o", "many.h5", "--threads", threads, *arguments, ranks=ranks)
            what = f"{ranks} ranks of {threads} threads"
            assert summary["result_hash"] == alone["result_hash"], f"{what}: hash {summary['result_hash']}"
            assert_same_dump(dump, program.dump(folder / "many.h5"), what)


def check_a_ring_gives_the_same_bits_on_1_to_4_ranks(folder):
    assert_same_on_any_number_of_ranks(folder, "ring.yaml")


def check_a_balanced_network_gives_the_same_bits_on_1_to_4_ranks(folder):
    assert_same_on_any_number_of_ranks(folder, "balanced.yaml")


def check_gap_junctions_give_the_same_bits_on_1_to_4_ranks(folder):
    assert_same_on_any_number_of_ranks(folder, "balanced.yaml", "--set", GAPS, "--set", "run.stop=20 ms")


def check_ranks_without_cells_do_no_harm(folder):
    set_up(folder)
    one_cell = ("--set", "cells=[{name: patch, count: 1, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}]",
                "--set", "run.stop=5 ms")
    alone = program.result(folder, "forever.yaml", "-o", "alone.h5", *one_cell)
    many = program.result(folder, "forever.yaml", "-o", "many.h5", *one_cell, ranks=4)
    assert many["result_hash"] == alone["result_hash"]
    assert_same_dump(program.dump(folder / "alone.h5"), program.dump(folder / "many.h5"), "one cell on 4 ranks")


def ended(run, code, *texts):
    """A run that ends by itself, with this exit code and with each of these texts exactly once."""
    start = time.monotonic()
    found = run.finish(HANG_S)
    text = run.stderr()
    assert found == code, f"exit code {found} instead of {code}\n{text}"
    for once in texts:
        assert text.count(once) == 1, f"'{once}' is there {text.count(once)} times in\n{text}"
    return text, time.monotonic() - start


def check_ranks_share_the_points_of_a_sweep(folder):
    set_up(folder)
    with open(folder / "ring.yaml", "a", encoding="utf-8") as config:
        config.write("\nsweep: {parameters: [{set: run.seed, values: [1, 2, 3, 4, 5, 6, 7]}]}\n")
    for name, ranks in (("alone", 0), ("many", 3)):
        for command, arguments, n in (("sweep", ("ring.yaml", "-o", name, "--set", "run.stop=10 ms"), ranks),
                                      ("collect", (name, "-o", f"{name}.csv"), 0)):
            run = program.start(folder, *arguments, command=command, ranks=n)
            assert run.finish() == 0, run.stderr()
    table = (folder / "alone.csv").read_text(encoding="utf-8")
    assert table.count(",ok,") == 7, table
    assert table == (folder / "many.csv").read_text(encoding="utf-8")


def check_a_warning_of_another_rank_is_shown(folder):
    set_up(folder)
    gaps = "gap_junctions=[{cells: I, ids: [8, 9], at: soma, rule: all_to_all, conductance: 5 uS}]"
    warnings = []
    for ranks in (1, 3):
        run = program.start(folder, "balanced.yaml", "--set", gaps, "--set", "run.stop=0.025 ms", "--quiet", ranks=ranks)
        text, _ = ended(run, 0, "warning: the gap junctions of soma[0](0.5) of 'I' sum up to 5 uS")
        warnings += [line for line in text.splitlines() if "warning:" in line or "hint:" in line]
    assert warnings[:2] == warnings[2:], warnings


def set_up_folders_of_ranks(folder, n):
    folders = [folder / f"rank_{rank}" for rank in range(n)]
    for one in folders:
        one.mkdir()
        set_up(one)
    return folders


def check_a_truncated_file_on_one_rank_is_told_of_once(folder):
    broken = set_up_folders_of_ranks(folder, 4)[3] / "tree.swc"
    broken.write_text(broken.read_text()[:100])
    text, _ = ended(program.start(folder, "ring.yaml", "-o", "out.h5", "--quiet", ranks=4, wrapper=IN_OWN_FOLDER), 2,
                    "rank 3 of 4: tree.swc:", "error: ")
    assert not list(folder.rglob("out.h5*")), text


def check_a_file_that_is_missing_everywhere_is_told_of_once(folder):
    set_up(folder)
    (folder / "tree.swc").unlink()
    text, _ = ended(program.start(folder, "ring.yaml", "--quiet", ranks=3), 2, "tree.swc")
    assert "rank " not in text.split("-----")[0], text


def check_other_files_on_one_rank_are_noticed(folder):
    other = set_up_folders_of_ranks(folder, 3)[1] / "tree.swc"
    other.write_text(other.read_text().replace("3 85 30 0 0.5 3", "3 85 31 0 0.5 3"))
    ended(program.start(folder, "ring.yaml", "--quiet", ranks=3, wrapper=IN_OWN_FOLDER), 2,
          "ring.yaml: error: the ranks read different files", "hint: is the folder the same on all machines")


def check_a_voltage_out_of_range_on_one_rank_stops_all(folder):
    set_up(folder)
    clamp = "stimuli=[{type: current_clamp, at: soma, ids: [50], pulse: {delay: 5 ms, duration: 5 ms, amplitude: -1e12 nA}}]"
    ended(program.start(folder, "forever.yaml", "-o", "out.h5", "--quiet", "--set", clamp, ranks=3), 1,
          "error: forever.yaml: the voltage left the range of numbers at t = 5.025 ms in cell 50 of 'patch', soma[0](0.5): ",
          "(rank 2 of 3); what was recorded before is saved in out.h5.partial")
    rows = [line for line in program.dump(folder / "out.h5.partial") if line.startswith("report/v/data type")
            or re.match(r"report/\S*/data type", line)]
    assert rows and "[ 51 64 ]" in rows[0], rows  # 0 to 5 ms, every 0.1 ms


def started(folder, *arguments, ranks=3, ready=".partial"):
    """A run without end, under way."""
    for left in folder.glob("out.h5*"):
        left.unlink()
    run = program.start(folder, "forever.yaml", "-o", "out.h5", "--quiet", "--threads", 1, *arguments, ranks=ranks)
    there = lambda: (folder / f"out.h5{ready}").exists() and len(run.ranks()) == ranks
    assert wait_for(lambda: there() or run.process.poll() is not None, HANG_S) and there(), run.stderr()
    time.sleep(0.3)
    return run


def check_a_full_disk_on_rank_0_is_told_of_once(folder):
    set_up(folder)
    run = started(folder)
    size = (folder / "out.h5.partial").stat().st_size
    resource.prlimit(run.ranks()[0], resource.RLIMIT_FSIZE, (size + 100000, size + 100000))
    ended(run, 1, "error: cannot write ", "File too large (EFBIG)")
    program.dump(folder / "out.h5.partial")


def check_a_folder_that_cannot_be_written_is_told_of_once(folder):
    set_up(folder)
    ended(program.start(folder, "forever.yaml", "-o", "tree.swc/out.h5", "--quiet", ranks=3), 1,
          "error: cannot create the result file 'tree.swc/out.h5'")


def check_mpirun_ends_when_a_rank_is_killed(folder):
    set_up(folder)
    run = started(folder)
    pids = run.ranks()
    os.kill(pids[1], signal.SIGKILL)
    start = time.monotonic()
    code = run.finish(HANG_S)
    assert code not in (0, 75), code
    assert wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids.values()), HANG_S)
    return f"passed, in {time.monotonic() - start:.1f} s with exit code {code}"


def assert_resumes(folder):
    """The checkpoint can be used: by another number of ranks, for a moment."""
    run = program.start(folder, "forever.yaml", "-o", "out.h5", "--quiet", "--threads", 1, "--resume", ranks=2)
    before = (folder / "out.h5.partial").stat().st_size
    assert wait_for(lambda: (folder / "out.h5.partial").stat().st_size > before + 100000 or run.process.poll() is not None)
    assert run.process.poll() is None, run.stderr()
    run.kill()


def check_a_stop_signal_to_one_rank_stops_all_with_a_checkpoint(folder):
    set_up(folder)
    for rank, number in ((1, signal.SIGTERM), (0, signal.SIGUSR1)):
        run = started(folder)
        os.kill(run.ranks()[rank], number)
        ended(run, 75, f"stopped by signal {int(number)} at t = ",
              "hint: the same command with --resume goes on from there")
        assert_resumes(folder)


def check_sigusr1_to_mpirun_stops_all_with_a_checkpoint(folder):
    set_up(folder)
    run = started(folder)
    os.kill(run.pid, signal.SIGUSR1)
    ended(run, 75, f"stopped by signal {int(signal.SIGUSR1)} at t = ")
    assert_resumes(folder)


def check_sigterm_to_mpirun_leaves_a_checkpoint(folder):
    # mpirun passes it on, waits a second and kills what is left; its own exit code is not that of the ranks.
    set_up(folder)
    run = started(folder)
    os.kill(run.pid, signal.SIGTERM)
    code = run.finish(HANG_S)
    assert code != 0, run.stderr()
    assert (folder / "out.h5.checkpoint").exists(), run.stderr()
    assert_resumes(folder)
    return f"passed; exit code of mpirun {code}"


def check_a_state_that_cannot_be_saved_is_exit_code_1(folder):
    set_up(folder)
    run = started(folder, "--set", "checkpoint={file: gone/state, every: 1 h}")
    (folder / "gone").rmdir()
    os.kill(run.ranks()[2], signal.SIGTERM)
    ended(run, 1, "error: the run was stopped, and its state could not be saved")


def check_a_crash_names_rank_signal_and_cells(folder):
    set_up(folder)
    for number, name in ((signal.SIGSEGV, "SIGSEGV"), (signal.SIGFPE, "SIGFPE"), (signal.SIGABRT, "SIGABRT")):
        run = started(folder)
        os.kill(run.ranks()[2], number)
        code = run.finish(HANG_S)
        assert code not in (0, 75), code
        notes = re.findall(rf"rank (\d) of 3 died by signal {int(number)} \({name}\)(?: while computing cells (\d+) to (\d+))?\n",
                           run.stderr())
        assert len(notes) == 1 and notes[0][0] == "2", run.stderr()
        if notes[0][1]:  # it may have been waiting for the others
            assert 32 <= int(notes[0][1]) <= int(notes[0][2]) == 63, notes
    # A signal may meet a thread that writes what was recorded; most meet one that computes.
    expected = r"axolemma died by signal 11 \(SIGSEGV\) while computing cells \d+ to \d+"
    assert any(re.fullmatch(expected, note_of_crash_alone(folder)) for _ in range(10))


def note_of_crash_alone(folder):
    (folder / "alone.h5.partial").unlink(missing_ok=True)
    run = program.start(folder, "forever.yaml", "-o", "alone.h5", "--quiet", "--threads", 1)
    assert wait_for((folder / "alone.h5.partial").exists)
    time.sleep(0.2)
    os.kill(run.pid, signal.SIGSEGV)
    assert run.finish(HANG_S) == -signal.SIGSEGV or program.sanitized, run.stderr()
    note = run.stderr().splitlines()[0]
    assert note.startswith("axolemma died by signal 11 (SIGSEGV)"), run.stderr()
    return note


def check_copies_that_cannot_find_each_other_are_refused(folder):
    set_up(folder)
    with_mpi = "MPI: none" not in program.version()
    launchers = {"SLURM_STEP_NUM_TASKS": "but srun did not connect them", "PMI_SIZE": "but by the launcher of another MPI"}
    for variable, why in launchers.items():
        run = program.start(folder, "ring.yaml", environment={variable: "4"})
        ended(run, 2, "error: 4 copies of axolemma were started, " + (why if with_mpi else "but it was built without MPI"),
              "hint: ")
        assert not (folder / "results").exists()
    return "passed" if with_mpi else "passed, for a program built without MPI"


def main():
    global program
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("dump_result")
    parser.add_argument("--mpirun")
    parser.add_argument("--sanitized", action="store_true", help="the program was built with sanitizers")
    parser.add_argument("--only", help="only checks whose name contains this")
    options = parser.parse_args()
    program = Program(options.program, options.dump_result, options.mpirun, options.sanitized)
    functions = checks(globals())
    if not program.mpirun:
        print("skipped: everything that needs several ranks (there is no mpirun, or the program was built without MPI)")
        functions = [check_copies_that_cannot_find_each_other_are_refused]
    return 1 if run_checks(functions, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
