#!/usr/bin/env python3
"""configs/cluster/mpi_job.sh under a real Slurm: ranks give the bits of one process, also after they were stopped."""

import cluster
from cluster import FILES, command

NETWORK = FILES / "network.yaml"
ONE_THREAD = ("--cpus-per-task=1",)
SHORT = ("--set", "run.stop=200 ms")
OFTEN = ("--set", "checkpoint.every_model_time=100 ms")


class MpiJob(cluster.ClusterTest):
    def setUp(self):
        super().setUp()
        if "MPI: none" in command(self.program, "--version"):
            self.skipTest("the program was built without MPI")

    def test_ranks_and_threads_give_the_result_of_one_process(self):
        expected = self.hash_without_slurm(NETWORK, *SHORT)
        for options in (("--ntasks=2",), ("--ntasks=3", *ONE_THREAD), ("--nodes=2", "--ntasks=2", *ONE_THREAD)):
            with self.subTest(options=options):
                job = self.submit("mpi_job.sh", NETWORK, *SHORT, "-o", f"{len(options)}{options[0]}.h5", options=options)
                self.assertEqual(job.wait_for_exit_code(), 0, msg=job.log())
                self.assertEqual(self.hash_of(job.log()), expected)

    def test_stopped_by_scancel_and_submitted_again(self):
        expected = self.hash_without_slurm(NETWORK)
        arguments = (NETWORK, *OFTEN, "-o", "stopped.h5")
        job = self.submit("mpi_job.sh", *arguments, options=ONE_THREAD)
        self.wait_for_file("stopped.h5.checkpoint", job)
        command("scancel", "--signal=TERM", job.number)
        self.assertEqual(job.wait_for_exit_code(), 75, msg=job.log())
        self.assertIn("stopped by signal 15", job.log())
        self.assertTrue((self.folder / "stopped.h5.partial").exists())

        again = self.submit("mpi_job.sh", *arguments, options=("--ntasks=3", *ONE_THREAD))
        self.assertEqual(again.wait_for_exit_code(), 0, msg=again.log())
        self.assertEqual(self.hash_of(again.log()), expected)
        self.assertFalse((self.folder / "stopped.h5.partial").exists())
        self.assertFalse((self.folder / "stopped.h5.checkpoint").exists())

    def test_when_the_time_is_up_the_job_is_queued_again_and_goes_on(self):
        expected = self.hash_without_slurm(NETWORK)
        job = self.submit("mpi_job.sh", NETWORK, *OFTEN, "-o", "requeued.h5", options=ONE_THREAD)
        self.wait_for_file("requeued.h5.checkpoint", job)
        command("scancel", "--batch", "--signal=USR1", job.number)  # as #SBATCH --signal=B:USR1 does
        job.wait_until_requeued()
        self.assertIn("stopped by signal 10", job.log())
        # Else two minutes later; at once would be too early for slurmd, which is still clearing away the first run.
        command("scontrol", "update", f"JobId={job.number}", "StartTime=now+5")
        self.assertEqual(job.wait_for_exit_code(), 0, msg=f"{job.log()}\n{job.facts()}")
        self.assertEqual(self.hash_of(job.log()), expected)


if __name__ == "__main__":
    cluster.main()
