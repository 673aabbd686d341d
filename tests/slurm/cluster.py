"""Jobs of the Slurm that SLURM_CONF names: submit, watch, signal, read how they ended. For the tests beside this file."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "slurm" / "files"
SCRIPTS = ROOT / "configs" / "cluster"
PATIENCE_S = 120  # for a machine that has other things to do

# Ranks that share few cores, in a container, as root: they give way while they wait, and use shared memory only.
# Nodes that are one machine in truth must not use shared memory between them, hence tcp.
ENVIRONMENT = {
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl": "self,tcp",
    "OMPI_MCA_btl_tcp_if_include": "lo",
}


def command(*words, check=True):
    """What a command prints; fails the test with its complaint when it fails."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=PATIENCE_S)
    if check and done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wait_until(what, happened, every_s=0.05):
    """The first true answer of happened()."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = happened()
        if answer:
            return answer
        time.sleep(every_s)
    raise AssertionError(f"waited {PATIENCE_S} s in vain: {what}")


class Job:
    """A job, or one task of an array ("12_3")."""

    def __init__(self, number):
        self.number = str(number)

    def facts(self):
        text = command("scontrol", "--oneliner", "show", "job", self.number)
        return dict(re.findall(r"(\S+?)=(\S*)", text.splitlines()[0]))

    def state(self):
        return self.facts()["JobState"]

    def wait_for(self, *states):
        wait_until(f"job {self.number} in {states}", lambda: self.state() in states, every_s=0.2)

    def wait_for_exit_code(self):
        self.wait_for("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")
        return int(self.facts()["ExitCode"].split(":")[0])

    def wait_until_requeued(self):
        """Until it waits in the queue for the second time, and its first run has left the node."""

        def waits():
            facts = self.facts()
            return facts["Restarts"] == "1" and facts["JobState"] == "PENDING"

        wait_until(f"job {self.number} is queued again", waits, every_s=0.2)

    def log(self):
        path = pathlib.Path(self.facts()["StdOut"])
        return path.read_text(encoding="utf-8") if path.exists() else ""


class ClusterTest(unittest.TestCase):
    """A test in a folder of its own."""

    program = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="axolemma_slurm_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def submit(self, script, *arguments, options=()):
        return Job(command("sbatch", "--parsable", *options, SCRIPTS / script, *arguments).strip())

    def hash_of(self, text):
        """Of the last run that a log tells of."""
        hashes = re.findall(r"result hash: ([0-9a-f]{16})", text)
        self.assertTrue(hashes, text)
        return hashes[-1]

    def hash_without_slurm(self, *arguments):
        return self.hash_of(command(self.program, "run", *arguments, "-o", "local.h5"))

    def wait_for_file(self, name, job):
        """A file that a job writes while it runs."""

        def there():
            if (self.folder / name).exists():
                return True
            self.assertIn(job.state(), ("PENDING", "CONFIGURING", "RUNNING"), msg=job.facts())
            return False

        wait_until(f"file {name}", there)


def main():
    """Call as tools/slurm_one python3 test_NAME.py PROGRAM"""
    if len(sys.argv) < 2 or "SLURM_CONF" not in os.environ:
        sys.exit("usage: tools/slurm_one python3 tests/slurm/test_NAME.py build/release/engine/cli/axolemma")
    ClusterTest.program = str(pathlib.Path(sys.argv.pop(1)).resolve())
    os.environ.update(ENVIRONMENT)
    os.environ["AXOLEMMA"] = ClusterTest.program
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    unittest.main(verbosity=2)
