"""Starts, stops and compares runs of the program, alone and under mpirun. Python 3, standard library only."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

# Open MPI: several ranks share a core, the test may run as root in a container, and nothing but shared memory is used.
MPI_ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_pml": "ob1",
    "OMPI_MCA_btl": "self,vader",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
    "OMPI_MCA_orte_abort_print_stack": "0",
}


def processes():
    """Parent of every process."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = pathlib.Path("/proc", entry, "stat").read_text()
                state, parent = text.rpartition(")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state not in "ZX":
                parents[int(entry)] = int(parent)
    return parents


def descendants(pid):
    """Processes that a process started, itself first."""
    parents, found = processes(), [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def is_alive(pid):
    return pid in processes()


class Run:
    """A run in progress; its output goes to files of its own."""

    def __init__(self, command, folder, environment):
        self.logs = tempfile.TemporaryDirectory()
        self.out, self.err = (pathlib.Path(self.logs.name, name) for name in ("out", "err"))
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=out, stderr=err,
                                            stdin=subprocess.DEVNULL, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def ranks(self):
        """Processes of the program itself, by rank."""
        ranks = {}
        for pid in descendants(self.pid):
            try:
                environ = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
                name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:
                continue
            rank = [int(entry.split(b"=")[1]) for entry in environ if entry.startswith(b"OMPI_COMM_WORLD_RANK=")]
            if rank and name == "axolemma":
                ranks[rank[0]] = pid
        return ranks

    def kill(self):
        """SIGKILL for all processes of the run, as when the machine is switched off; waits until none is left."""
        pids = descendants(self.pid)
        for pid in reversed(pids):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        while any(is_alive(pid) for pid in pids):
            time.sleep(0.001)

    def finish(self, timeout_s=60):
        """Exit code; a run that hangs is killed and the test fails."""
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the run hangs\n{self.stderr()}") from None

    def stdout(self):
        return self.out.read_text(errors="replace")

    def stderr(self):
        return self.err.read_text(errors="replace")


class Program:
    def __init__(self, program, dump_result, mpirun=None, sanitized=False):
        self.sanitized = sanitized
        if sanitized:  # MPI libraries keep memory to the end
            os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        self.path, self.dump_result = pathlib.Path(program).resolve(), pathlib.Path(dump_result).resolve()
        self.mpirun = mpirun if mpirun and shutil.which(mpirun) else None
        if self.mpirun and "MPI: none" in self.version():
            self.mpirun = None

    def version(self):
        return subprocess.run([self.path, "--version"], capture_output=True, text=True, check=True).stdout

    def start(self, folder, *arguments, command="run", ranks=0, environment=None, wrapper=(), mpirun_options=()):
        """`axolemma COMMAND ARGUMENTS` in a folder; ranks 0: without mpirun."""
        command = [*wrapper, str(self.path), command, *map(str, arguments)]
        launcher = [self.mpirun, *mpirun_options, "-n", str(ranks)] if ranks else []
        return Run(launcher + command, folder, {**(MPI_ENVIRONMENT if ranks else {}), **(environment or {})})

    def result(self, folder, *arguments, **how):
        """A run that must reach its end: its summary."""
        run = self.start(folder, *arguments, "--json", **how)
        code = run.finish()
        assert code == 0, f"exit code {code} of {arguments} {how}\n{run.stderr()}"
        return json.loads(run.stdout())

    def dump(self, path):
        """Everything that is in a result file, one line per dataset and attribute."""
        done = subprocess.run([self.dump_result, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{path} cannot be read\n{done.stderr}"
        return done.stdout.splitlines()


def assert_same_dump(expected, found, what):
    different = sorted(set(expected) ^ set(found))
    assert not different, f"{what}: other results\n" + "\n".join(
        ("- " if line in expected else "+ ") + line for line in different)


def wait_for(condition, timeout_s=30):
    """Waits until condition() is true; returns whether it ever was."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.0005)
    return True


def checks(namespace):
    """Functions called check_..., in the order in which they are written."""
    return [function for name, function in namespace.items() if name.startswith("check_") and callable(function)]


def run_checks(functions, chosen=None):
    """Runs checks, prints one line for each, returns the number of failures."""
    n_failed = 0
    for check in functions:
        if chosen and chosen not in check.__name__:
            continue
        start = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as folder:
                note = check(pathlib.Path(folder)) or "passed"
        except AssertionError as error:
            n_failed += 1
            note = f"FAILED\n{error}"
        print(f"{check.__name__.removeprefix('check_').replace('_', ' ')}: {note} ({time.monotonic() - start:.1f} s)",
              flush=True)
    return n_failed
