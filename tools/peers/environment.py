"""Pythons that have NEURON or Arbor: looking for them, and making a virtual environment with both."""
import os
import pathlib
import subprocess
import sys

# What an interpreter has; prints one line per peer. NEURON prints a banner of its own, hence the marks.
PROBE = """
import os
os.environ["NEURON_MODULE_OPTIONS"] = "-nogui"
try:
    import neuron
    print("@neuron", neuron.__version__, sep="|")
except Exception as error:
    print("@neuron", "", error, sep="|")
try:
    import arbor
    settings = arbor.config()
    print("@arbor", settings["version"] + " " + settings["arch"], sep="|")
except Exception as error:
    print("@arbor", "", error, sep="|")
"""
# Arbor's own options: SIMD code for the processor of this machine. The rest leaves out what needs more than a compiler.
NATIVE_ARBOR = {"ARB_VECTORIZE": "ON", "ARB_ARCH": "native", "ARB_BUILD_PYTHON_STUBS": "OFF"}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Peer:
    """A simulator in a Python."""

    def __init__(self, kind, python, version):
        self.kind, self.python, self.version = kind, python, version


def peers_of(python):
    """The peers that an interpreter can import, as ({kind: Peer}, {kind: why not})."""
    found, missing = {}, {}
    try:
        output = subprocess.run([python, "-c", PROBE], capture_output=True, text=True, timeout=300, check=False).stdout
    except OSError as error:
        return {}, {kind: f"{python} does not start: {error.strerror}" for kind in ("neuron", "arbor")}
    for line in output.splitlines():
        if line.startswith("@"):
            kind, version, *why = line[1:].split("|")
            if version:
                found[kind] = Peer(kind, python, version)
            else:
                missing[kind] = " ".join(why)
    return found, missing


def run_logged(command, log, environment=None):
    """Runs a command with its output appended to a log file; true if it succeeded."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(map(str, command))}\n")
        file.flush()
        return subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
                              env={**os.environ, **(environment or {})}).returncode == 0


def install_native_arbor(python, log):
    """Builds Arbor from its source package. Fetches what Arbor needs from where Arbor says, GitHub among others."""
    options = [word for name, value in NATIVE_ARBOR.items() for word in ("-C", f"cmake.define.{name}={value}")]
    return run_logged([python, "-m", "pip", "install", "--force-reinstall", "--no-deps", "--no-binary", "arbor", *options,
                       "arbor"], log, {"CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)})


def make_environment(folder, native_arbor, logs):
    """A virtual environment with NEURON and Arbor from PyPI, as far as that works. Returns its interpreter or None."""
    python = folder / "bin" / "python"
    log = logs / "peers.log"
    if not python.exists():
        say(f"Making a virtual environment in {folder} with NEURON and Arbor from PyPI (log: {log}) ...")
        if not run_logged([sys.executable, "-m", "venv", folder], log):
            say(f"  it could not be made; the end of {log} says why\n"
                "  hint: on Debian and Ubuntu: apt install python3-venv")
            return None
        run_logged([python, "-m", "pip", "install", "--upgrade", "pip"], log)
    found, _ = peers_of(python)
    for kind in ("neuron", "arbor"):
        if kind not in found and not run_logged([python, "-m", "pip", "install", kind], log):
            say(f"  {kind} could not be installed; the end of {log} says why")
    if native_arbor and "native" not in getattr(found.get("arbor"), "version", ""):
        say(f"Building Arbor for this machine; this takes minutes (log: {log}) ...")
        if not install_native_arbor(python, log):
            say(f"  it failed, the end of {log} says why; going on with Arbor as PyPI has it, if that is there")
    return python


def find_peers(pythons, folder, native_arbor, logs):
    """All peers to be measured. Where no interpreters are given: those of `folder`, which is made if it is not there, and
    for what it lacks those of the system's Python.
    """
    given = [pathlib.Path(python) for python in pythons]
    if not given:
        made = make_environment(folder, native_arbor, logs)
        given = ([made] if made else []) + [pathlib.Path("/usr/bin/python3")]
    chosen, reasons = [], {}
    for python in given:
        found, missing = peers_of(python)
        reasons = {**missing, **reasons}
        for peer in found.values():
            known = {other.version for other in chosen if other.kind == peer.kind}
            if peer.version not in known and (pythons or not known):
                chosen.append(peer)
    for kind in ("neuron", "arbor"):
        if all(peer.kind != kind for peer in chosen):
            say(f"{kind} is skipped: {reasons.get(kind, 'no Python that has it')}")
    return chosen
