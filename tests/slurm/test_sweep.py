#!/usr/bin/env python3
"""A sweep as a job array under a real Slurm gives the table of a local sweep, also when a task was stopped in mid-run."""

import csv
import json
import re

import cluster
from cluster import FILES, Job, command, wait_until

SWEEP = FILES / "sweep.yaml"
POINTS, TASKS = 64, 4


def rows(path):
    """Of a table, in the order of the points."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Sweep(cluster.ClusterTest):
    def status(self, folder):
        return json.loads(command(self.program, "status", folder, "--json"))

    def submit_sweep(self, folder):
        """The tasks of the array that `axolemma sweep --slurm` submits."""
        said = command(self.program, "sweep", SWEEP, "-o", folder, "--slurm", "--array-size", TASKS)
        number = re.search(r"submitted job (\d+)", said)
        self.assertTrue(number, said)
        return [Job(f"{number[1]}_{task}") for task in range(TASKS)]

    def collect(self, folder):
        command(self.program, "collect", folder, "-o", f"{folder}.csv")
        return rows(f"{folder}.csv")

    def local_rows(self):
        command(self.program, "sweep", SWEEP, "-o", "local", "--quiet")
        return self.collect("local")

    def assert_complete(self, folder, expected):
        status = self.status(folder)
        self.assertEqual((status["points"], status["ok"], status["failed"], status["left"]), (POINTS, POINTS, 0, 0))
        table = self.collect(folder)
        self.assertEqual(len(table), POINTS)
        self.assertGreater(len({row["result_hash"] for row in table}), 1)
        self.assertEqual(table, expected)

    def test_an_array_with_a_stopped_task_is_completed_by_the_same_command(self):
        expected = self.local_rows()
        tasks = self.submit_sweep("array")
        wait_until("a task begins", lambda: "16 of 64 points" in tasks[1].log())
        command("scancel", "--batch", "--signal=TERM", tasks[1].number)
        self.assertEqual(tasks[1].wait_for_exit_code(), 75, msg=tasks[1].log())
        for task in (tasks[0], tasks[2], tasks[3]):
            self.assertEqual(task.wait_for_exit_code(), 0, msg=task.log())
        self.assertGreater(self.status("array")["left"], 0)

        for task in self.submit_sweep("array"):
            self.assertEqual(task.wait_for_exit_code(), 0, msg=task.log())
        self.assert_complete("array", expected)

    def test_the_script_to_change_by_hand_does_the_same(self):
        expected = self.local_rows()
        array = self.submit("sweep_array.sh", SWEEP, "-o", "by_hand", options=("--array=0-7",)).number
        for task in range(8):
            job = Job(f"{array}_{task}")
            self.assertEqual(job.wait_for_exit_code(), 0, msg=job.log())
        self.assert_complete("by_hand", expected)


if __name__ == "__main__":
    cluster.main()
