#!/usr/bin/env python3
"""configs/cluster/single_node.sh under a real Slurm: what a time limit and scancel do to it."""

import cluster
from cluster import FILES, command

NETWORK = FILES / "network.yaml"
OFTEN = ("--set", "checkpoint.every_model_time=100 ms")
FOREVER = ("--set", "run.stop=10000000 ms")


class SingleNode(cluster.ClusterTest):
    def test_stopped_by_scancel_and_submitted_again(self):
        expected = self.hash_without_slurm(NETWORK)
        arguments = (NETWORK, *OFTEN, "-o", "stopped.h5")
        job = self.submit("single_node.sh", *arguments)
        self.wait_for_file("stopped.h5.checkpoint", job)
        command("scancel", "--batch", "--signal=TERM", job.number)
        self.assertEqual(job.wait_for_exit_code(), 75, msg=job.log())
        self.assertIn("stopped by signal 15", job.log())

        again = self.submit("single_node.sh", *arguments)
        self.assertEqual(again.wait_for_exit_code(), 0, msg=again.log())
        self.assertEqual(self.hash_of(again.log()), expected)

    def test_the_time_limit_of_a_job_stops_it_with_a_checkpoint_and_queues_it_again(self):
        # One minute is the shortest limit there is.
        limit = ("--time=1", "--signal=B:USR1@55")
        job = self.submit("single_node.sh", NETWORK, *FOREVER, "-o", "limited.h5", options=limit)
        job.wait_until_requeued()
        self.assertIn("stopped by signal 10", job.log())
        self.assertIn("back into the queue", job.log())
        self.assertTrue((self.folder / "limited.h5.checkpoint").exists())
        command("scancel", job.number)


if __name__ == "__main__":
    cluster.main()
