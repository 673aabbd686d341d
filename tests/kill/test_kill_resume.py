#!/usr/bin/env python3
"""Kills runs and resumes them: the result must be that of a run that nobody disturbed, to the last bit.

    test_kill_resume.py PROGRAM DUMP_RESULT [--kills N] [--seed S] [--mpirun MPIRUN] [--only TEXT]

PROGRAM is axolemma, DUMP_RESULT prints a result file with digests. Python 3, standard library only.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from runs import Program, assert_same_dump, checks, run_checks, wait_for  # noqa: E402

RESULT, PARTIAL, CHECKPOINT = "out.h5", "out.h5.partial", "out.h5.checkpoint"
GAPS = ("gap_junctions=[{name: pp, cells: patch, at: soma, offset: 1, conductance: 0.0005 uS}, "
        "{name: tp, cells: tree, to_cells: patch, at: soma, probability: 0.1, conductance: 0.0003 uS}]")
# Options of the runs that are killed.
VARIANTS = {
    "full": ["output.precision=full"],
    "compact": ["output.precision=compact"],
    "gap junctions": ["output.precision=full", GAPS, "run.stop=100 ms", "checkpoint.every_model_time=10 ms"],
    "backward Euler": ["output.precision=single", "run.method=backward_euler", "run.stop=400 ms"],
}
options = program = None
undisturbed = {}  # by variant: (dump, hash, table of rates, wall time in s)


def set_up(folder):
    for file in (HERE / "files").iterdir():
        shutil.copy(file, folder)


def start(folder, *arguments, variant="full", **how):
    sets = [part for text in VARIANTS[variant] for part in ("--set", text)]
    return program.start(folder, "network.yaml", "-o", RESULT, *sets, *arguments, **how)


def expected(folder, variant="full"):
    """The result of a run that nobody disturbs."""
    if variant not in undisturbed:
        other = folder / f"undisturbed {variant}"
        other.mkdir()
        set_up(other)
        begin = time.monotonic()
        summary = finished(start(other, "--json", "--threads", "1", variant=variant))
        undisturbed[variant] = (program.dump(other / RESULT), summary["result_hash"], (other / "f_i.csv").read_text(),
                                  time.monotonic() - begin)
    return undisturbed[variant]


def finished(run):
    code = run.finish()
    assert code == 0, f"exit code {code}\n{run.stderr()}"
    return json.loads(run.stdout())


def assert_as_undisturbed(folder, summary, variant, what):
    dump, result_hash, table, _ = expected(folder, variant)
    assert_same_dump(dump, program.dump(folder / RESULT), what)
    assert summary["result_hash"] == result_hash, f"{what}: hash {summary['result_hash']} instead of {result_hash}"
    assert (folder / "f_i.csv").read_text() == table, f"{what}: another table of rates"
    left = sorted(p.name for p in folder.iterdir() if p.name.startswith(("out.", "f_i.")))
    assert [name for name in left if not name.endswith(".new")] == ["f_i.csv", RESULT], f"{what}: {left}"


def wait_for_moment(dice, folder, run, wall_s):
    """Waits until a random moment of a run; returns what is said about it."""
    ended = lambda: run.process.poll() is not None
    moments = {
        "as soon as the result file is there": lambda: (folder / PARTIAL).exists(),
        "while a checkpoint is written": lambda: (folder / (CHECKPOINT + ".new")).exists(),
        "as soon as there is a checkpoint": lambda: (folder / CHECKPOINT).exists(),
        "as soon as the result has its name": lambda: (folder / RESULT).exists(),
    }
    name = dice.choice(["at random"] * 5 + list(moments))
    if name == "at random":
        delay_s = dice.uniform(0, 1.1 * wall_s)
        wait_for(ended, delay_s)
        return f"after {delay_s:.3f} s"
    wait_for(lambda: moments[name]() or ended())
    if dice.random() < 0.5:
        time.sleep(dice.uniform(0, 0.05))
    return name


def kill_once_or_more(dice, folder, layouts):
    """One run, killed up to four times; returns the number of kills and how far the first one got."""
    variant = dice.choice(list(VARIANTS))
    wall_s = expected(folder, variant)[3]
    story, kills = [variant], 0
    for name in (RESULT, PARTIAL, CHECKPOINT, CHECKPOINT + ".new", "f_i.csv"):
        (folder / name).unlink(missing_ok=True)
    for attempt in range(dice.randint(1, 4)):
        ranks, threads = dice.choice(layouts)
        run = start(folder, *(["--resume"] if attempt or dice.random() < 0.5 else []), "--threads", threads,
                    variant=variant, ranks=ranks)
        moment = wait_for_moment(dice, folder, run, wall_s * (3 if ranks else 1))
        alive = run.process.poll() is None
        run.kill()
        kills += alive
        story.append(f"{ranks} ranks, {threads} threads, killed {moment}" if alive else f"ended by itself: {run.process.returncode}")
        assert alive or run.process.returncode == 0, f"{story}\n{run.stderr()}"
        if (folder / RESULT).exists():
            break
    ranks, threads = dice.choice(layouts)
    story.append(f"resumed with {ranks} ranks, {threads} threads")
    run = start(folder, "--resume", "--threads", threads, "--json", variant=variant, ranks=ranks)
    code = run.finish()
    assert code == 0, f"{story}: exit code {code}\n{run.stderr()}"
    if "there is nothing to resume" in run.stderr():
        summary = {"result_hash": expected(folder, variant)[1]}  # compared by the dump alone
    else:
        summary = json.loads(run.stdout())
    assert_as_undisturbed(folder, summary, variant, "; ".join(story))
    return kills


def check_killed_at_random_moments_a_run_resumes_to_the_same_bits(folder):
    set_up(folder)
    dice = random.Random(options.seed)
    layouts = [(0, 1), (0, 2)] + ([(2, 1), (1, 1), (3, 1)] if program.mpirun else [])
    kills = trials = 0
    while kills < options.kills:
        kills += kill_once_or_more(dice, folder, layouts)
        trials += 1
    mpi = "with and without mpirun" if program.mpirun else "without ranks: no mpirun, or built without MPI"
    return f"passed: {kills} kills in {trials} runs, seed {options.seed}, {mpi}"


def stopped(folder, signal_number, *arguments):
    """A run that gets a signal after its first checkpoint."""
    run = start(folder, "--threads", "1", *arguments)
    assert wait_for(lambda: (folder / CHECKPOINT).exists() or run.process.poll() is not None)
    os.kill(run.pid, signal_number)
    return run, run.finish()


def check_sigterm_and_sigusr1_stop_with_75_and_a_checkpoint(folder):
    set_up(folder)
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
        run, code = stopped(folder, number)
        assert code == 75, f"{number!r}: exit code {code}\n{run.stderr()}"
        for text in (f"stopped by signal {int(number)} at t = ", f"what was recorded is in {PARTIAL}",
                     "hint: the same command with --resume goes on from there"):
            assert text in run.stderr(), run.stderr()
        assert (folder / PARTIAL).exists() and (folder / CHECKPOINT).exists()
        summary = finished(start(folder, "--resume", "--threads", "2", "--json"))
        assert_as_undisturbed(folder, summary, "full", repr(number))
        for name in (RESULT, "f_i.csv"):
            (folder / name).unlink()


def contents(folder):
    return {name: (folder / name).read_bytes() for name in (PARTIAL, CHECKPOINT)}


def assert_refused(folder, arguments, *texts):
    """Exit code 2, a message, and the files of the interrupted run as they were."""
    before = contents(folder)
    run = start(folder, "--resume", *arguments)
    code = run.finish()
    assert code == 2, f"exit code {code}\n{run.stderr()}"
    for text in texts:
        assert text in run.stderr(), f"no '{text}' in\n{run.stderr()}"
    assert contents(folder) == before, "the files of the interrupted run were changed"


def check_a_changed_model_is_refused(folder):
    set_up(folder)
    _, code = stopped(folder, signal.SIGTERM)
    assert code == 75
    texts = (f"{CHECKPOINT}: error: this checkpoint belongs to another model", "hint: undo the change")
    assert_refused(folder, ["--set", "run.seed=8"], *texts)
    for name in ("network.yaml", "tree.swc"):
        text = (folder / name).read_text()
        (folder / name).write_text(text + "# changed\n")
        assert_refused(folder, [], *texts)
        (folder / name).write_text(text)
    assert_as_undisturbed(folder, finished(start(folder, "--resume", "--json")), "full", "after refusals")


def check_a_damaged_checkpoint_is_refused_and_nothing_is_lost(folder):
    set_up(folder)
    _, code = stopped(folder, signal.SIGTERM)
    assert code == 75
    good = (folder / CHECKPOINT).read_bytes()
    dice = random.Random(options.seed)

    def refused(damaged, *texts):
        (folder / CHECKPOINT).write_bytes(damaged)
        assert_refused(folder, [], CHECKPOINT, *texts)

    for at in [0, 8, 16, 24, len(good) - 1] + [dice.randrange(len(good)) for _ in range(10)]:
        refused(good[:at] + bytes([good[at] ^ 1 << dice.randrange(8)]) + good[at + 1:], "error: this checkpoint " if at > 7
                else "error: this is not a checkpoint of axolemma")
    refused(good[:len(good) // 2], "this checkpoint is damaged", "bytes are missing")
    refused(good[:10], "this checkpoint is damaged: it ends within its first 24 bytes")
    refused(b"", "this is not a checkpoint of axolemma")
    refused(good[:8] + (9).to_bytes(4, "little") + good[12:], "format version 9, newer than", "use a newer axolemma")
    (folder / CHECKPOINT).write_bytes(good)
    partial = (folder / PARTIAL).read_bytes()
    (folder / PARTIAL).rename(folder / "aside")
    run = start(folder, "--resume")
    assert run.finish() == 2 and "the unfinished result file is missing" in run.stderr(), run.stderr()
    (folder / PARTIAL).write_bytes(partial[:len(partial) // 2])
    assert_refused(folder, [])
    (folder / PARTIAL).write_bytes(partial)
    assert_as_undisturbed(folder, finished(start(folder, "--resume", "--json")), "full", "after refusals")


def check_a_checkpoint_that_cannot_be_written_is_a_warning(folder):
    set_up(folder)
    (folder / "state.new").mkdir()  # where the program wants to write
    nowhere = ["--set", "checkpoint.file=state"]
    run = start(folder, *nowhere, "--json")
    code = run.finish()
    assert code == 0, run.stderr()
    warning = ("warning: the checkpoint could not be written, and the run goes on: cannot write the checkpoint "
               "'state': Is a directory")
    assert warning in run.stderr(), run.stderr()
    assert json.loads(run.stdout())["result_hash"] == expected(folder)[1]
    run = start(folder, *nowhere)
    assert wait_for(lambda: warning in run.stderr())
    os.kill(run.pid, signal.SIGTERM)
    assert run.finish() == 1, run.stderr()
    assert "error: the run was stopped, and its state could not be saved" in run.stderr(), run.stderr()
    assert (folder / PARTIAL).exists()


def check_resume_starts_where_there_is_nothing_and_ends_where_all_is_done(folder):
    set_up(folder)
    assert_as_undisturbed(folder, finished(start(folder, "--resume", "--json")), "full", "started with --resume")
    before = (folder / RESULT).read_bytes()
    run = start(folder, "--resume")
    assert run.finish() == 0 and run.stdout() == "", run.stderr()
    assert run.stderr() == f"{RESULT} is complete; there is nothing to resume\n", run.stderr()
    assert (folder / RESULT).read_bytes() == before
    # Of another model it is not the result.
    run = start(folder, "--resume", "--set", "run.seed=8", "--json")
    assert finished(run)["result_hash"] != expected(folder)[1]


def check_a_run_without_resume_does_not_destroy_what_could_be_resumed(folder):
    set_up(folder)
    _, code = stopped(folder, signal.SIGTERM)
    assert code == 75
    before = contents(folder)
    run = start(folder)
    assert run.finish() == 2, run.stderr()
    assert f"{CHECKPOINT}: error: an unfinished run can go on from here, at t = " in run.stderr(), run.stderr()
    assert "hint: add --resume to go on, or remove this file to start from the beginning" in run.stderr(), run.stderr()
    assert contents(folder) == before
    # Another model cannot go on from it, and replaces it.
    run = start(folder, "--set", "run.stop=50 ms", "--json")
    finished(run)
    assert f"warning: the unfinished run of '{RESULT}' is replaced: this model cannot go on from '{CHECKPOINT}'" in run.stderr(), run.stderr()
    assert not (folder / CHECKPOINT).exists() and not (folder / PARTIAL).exists()


def check_a_checkpoint_does_not_replace_other_files(folder):
    set_up(folder)
    (folder / "notes.txt").write_text("not to be lost")
    run = start(folder, "--set", "checkpoint.file=notes.txt")
    assert run.finish() == 2 and "notes.txt: error: this is not a checkpoint of axolemma" in run.stderr(), run.stderr()
    assert (folder / "notes.txt").read_text() == "not to be lost"
    for name in ("network.yaml", "tree.swc"):
        before = (folder / name).read_bytes()
        run = start(folder, "--set", f"checkpoint.file={name}")
        assert run.finish() == 2 and f"the output '{name}' would replace the input '{name}'" in run.stderr(), run.stderr()
        assert (folder / name).read_bytes() == before
    run = start(folder, "--set", f"checkpoint.file={RESULT}")
    assert run.finish() == 2 and f"two outputs would be written to '{RESULT}'" in run.stderr(), run.stderr()


def main():
    global options, program
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("dump_result")
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mpirun")
    parser.add_argument("--sanitized", action="store_true", help="the program was built with sanitizers")
    parser.add_argument("--only", help="only checks whose name contains this")
    options = parser.parse_args()
    program = Program(options.program, options.dump_result, options.mpirun, options.sanitized)
    return 1 if run_checks(checks(globals()), options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
