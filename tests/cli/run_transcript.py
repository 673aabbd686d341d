#!/usr/bin/env python3
"""Run the commands of a transcript and compare what they print and how they end.

    run_transcript.py PROGRAM FILE.transcript            exit 1 and a diff if something differs
    run_transcript.py --update PROGRAM FILE.transcript   write what the commands print now into the file

A transcript:

    # comments and empty lines mean nothing
    $ axolemma check broken.yaml
    ! broken.yaml:3:5: error: unknown key 'temprature'
    !   hint: did you mean 'temperature'?
    ? 2

`$` a shell command, `>` a line of its standard output, `!` of its standard error, `?` its exit code when that is not 0.
`...` stands for any text inside a line, and alone in a line for any number of lines.

The commands run in an empty folder into which tests/cli/files was copied, with `axolemma` on the PATH and the project's
folder in $PROJECT. Python 3, standard library only.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent


@dataclass
class Command:
    text: str
    stdout: list = field(default_factory=list)
    stderr: list = field(default_factory=list)
    code: int = 0

    def lines(self):
        body = [f"> {line}".rstrip() for line in self.stdout] + [f"! {line}".rstrip() for line in self.stderr]
        return body + ([f"? {self.code}"] if self.code else [])


def parse(path):
    """The transcript as a list of comment lines (str) and Commands."""
    parts = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        mark, rest = line[:1], line[2:]
        commands = [part for part in parts if isinstance(part, Command)]
        if mark in ("", "#"):
            parts.append(line)
        elif mark == "$":
            parts.append(Command(rest))
        elif mark in (">", "!", "?") and commands:
            if mark == "?":
                commands[-1].code = int(rest)
            else:
                (commands[-1].stdout if mark == ">" else commands[-1].stderr).append(rest)
        else:
            sys.exit(f"{path}:{number}: a line starts with $, >, !, ? or #")
    return parts


def run(command, folder, program):
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PROJECT": str(HERE.parents[1]),
                   "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    done = subprocess.run(["bash", "-c", command.text], cwd=folder, env=environment, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=100)
    decode = lambda data: data.decode("utf-8", errors="replace").splitlines()
    return Command(command.text, decode(done.stdout), decode(done.stderr), done.returncode)


def matches(expected, actual):
    """Whether the lines are as expected, `...` standing for anything."""
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += ".*".join(re.escape(piece) for piece in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in actual)) is not None


def main(arguments):
    update = arguments[:1] == ["--update"]
    program, path = (pathlib.Path(a).resolve() for a in arguments[update:])
    parts, wrong, text = parse(path), 0, []
    if not any(isinstance(part, Command) for part in parts):
        sys.exit(f"{path}: holds no command")
    with tempfile.TemporaryDirectory() as folder:
        if (HERE / "files").is_dir():
            shutil.copytree(HERE / "files", folder, dirs_exist_ok=True)
        for part in parts:
            if not isinstance(part, Command):
                text.append(part)
                continue
            actual = run(part, folder, program)
            same = (matches(part.stdout, actual.stdout) and matches(part.stderr, actual.stderr)
                    and part.code == actual.code)
            text += [f"$ {part.text}"] + (part if same else actual).lines()
            if not same and not update:
                wrong += 1
                print(f"$ {part.text}")
                print("\n".join(difflib.unified_diff(part.lines(), actual.lines(), "expected", "actual", lineterm="")))
    if update:
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
