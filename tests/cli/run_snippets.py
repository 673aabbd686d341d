#!/usr/bin/env python3
"""Run the YAML snippets of a page of documentation.

    run_snippets.py PROGRAM PAGE.md

A snippet that starts with the version of the format (after comments) is a configuration. Any other one is an addition to the
configuration before it: items of a list are appended, other sections replace those of the same name. A block of another
kind with a file name behind its language (```csv pairs.csv) is a file that the snippets read. A snippet with a section `sweep`
is swept. Exit code 1 if one does not run.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(text):
    """Top-level keys and what belongs to them, the key's own line included."""
    parts = re.split(r"^(?=[A-Za-z_]+:)", text, flags=re.MULTILINE)
    return {part.split(":")[0]: part for part in parts if re.match(r"[A-Za-z_]+:", part)}


def combine(base, addition):
    merged = dict(base)
    for key, part in addition.items():
        first_line, _, items = part.partition("\n")
        is_list = key in merged and items.lstrip().startswith("- ")
        merged[key] = merged[key] + items if is_list else part
    return merged


def main():
    program, page = (pathlib.Path(a).resolve() for a in sys.argv[1:])
    blocks = [match.groups() for match in FENCE.finditer(page.read_text())]
    n_run, n_failed, base = 0, 0, None
    with tempfile.TemporaryDirectory() as folder:
        for language, name, text in blocks:
            if language != "yaml" and name:
                pathlib.Path(folder, name).write_text(text)
        for text in (text for language, _, text in blocks if language == "yaml"):
            parts = sections(text)
            if "axolemma" in parts:
                base = parts
            if base is None:
                sys.exit(f"{page}: the first snippet is no whole configuration")
            pathlib.Path(folder, "snippet.yaml").write_text("".join(combine(base, parts).values()) if parts is not base else text)
            verb = ["sweep"] if "sweep" in parts else ["run", "--quiet"]
            done = subprocess.run([program, *verb, "snippet.yaml"], cwd=folder, capture_output=True, text=True)
            n_run += 1
            if done.returncode != 0 or "warning" in done.stderr:
                n_failed += 1
                print(f"this snippet ends with code {done.returncode}:\n{text}\n{done.stderr}")
    print(f"{n_run} snippets, {n_failed} of them do not run")
    sys.exit(1 if n_failed or n_run == 0 else 0)


if __name__ == "__main__":
    main()
