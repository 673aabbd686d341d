#!/usr/bin/env python3
"""A sweep that is killed again and again loses nothing and computes nothing twice.

    test_sweep_kills.py PROGRAM

The sweep of files/sweep_long.yaml is killed with SIGKILL ten times, at random moments and just after a file of rows has
appeared, then runs to its end. Its table must be that of an undisturbed run, byte for byte, and every point must have been
written once. Python 3, standard library only.
"""

import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
KILLS = 10


def fail(text):
    sys.exit(f"test_sweep_kills: {text}")


def run(arguments, expect=0):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != expect:
        fail(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def files(folder):
    return sorted(folder.glob("shards/*/*.rows"))


def rows_on_disk(folder):
    return sum(line.startswith(("ok\t", "failed\t")) for file in files(folder) for line in file.read_text().splitlines())


def kill_once(command, folder, dice, wait_for_file):
    before = len(files(folder))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while wait_for_file and len(files(folder)) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(dice.uniform(0.0, 0.05 if wait_for_file else 0.2))
    process.send_signal(signal.SIGKILL)
    process.wait()


def main(program):
    dice = random.Random()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        sweep = [program, "sweep", str(HERE / "files" / "sweep_long.yaml"), "--threads", "1", "-o"]
        whole, killed = scratch / "whole.sweep", scratch / "killed.sweep"
        run([*sweep, str(whole)])
        done = 0
        for k in range(KILLS):
            kill_once([*sweep, str(killed)], killed, dice, wait_for_file=k % 2 == 0)
            if (killed / "sweep.json").exists():
                status = json.loads(run([program, "status", str(killed), "--json"]).stdout)
                if status["ok"] < done or status["failed"] != 0:
                    fail(f"after kill {k}: {status}, and {done} points had been done before")
                done = status["ok"]
        if done == 0:
            fail("no row survived ten kills, five of them after a file of rows had appeared")
        run([*sweep, str(killed)])
        for folder in (whole, killed):
            run([program, "collect", str(folder)])
        if (whole / "table.csv").read_bytes() != (killed / "table.csv").read_bytes():
            fail("the table differs from that of an undisturbed run")
        points = json.loads(run([program, "status", str(killed), "--json"]).stdout)["points"]
        if rows_on_disk(killed) != points:
            fail(f"{rows_on_disk(killed)} rows were written for {points} points")
        print(f"{done} of {points} points were done before the last run, in {len(files(killed))} files")


if __name__ == "__main__":
    main(str(pathlib.Path(sys.argv[1]).resolve()))
