#!/usr/bin/env python3
"""Checks that every shipped configuration satisfies configs/schema.json and every channel file configs/channel_schema.json,
and that the schema of configurations refuses wrong ones.

    tools/check_schema.py [PROJECT]

Needs the Python packages yaml and jsonschema (Debian: python3-yaml python3-jsonschema).
"""
import json
import pathlib
import sys

import jsonschema
import yaml

# Mistakes an editor should underline while they are typed: (what is wrong, change to the base document).
WRONG = [
    ("unknown key", {"stimulus": []}),
    ("time without unit", {"run": {"stop": 10}}),
    ("missing key", {"run": {}}),
    ("wrong choice", {"run": {"stop": "10 ms", "method": "euler"}}),
    ("channel that is no name", {"cells": [{"name": "a", "morphology": {"patch": {"area": "1 um2"}}, "channels": [{"channel": "x y"}]}]}),
    ("unknown parameter", {"cells": [{"name": "a", "morphology": {"patch": {"area": "1 um2"}},
                                      "channels": [{"channel": "hh", "parameters": {"gnabr": "1 S/cm2"}}]}]}),
    ("two shapes", {"cells": [{"name": "a", "morphology": {"patch": {"area": "1 um2"}, "file": "a.swc"}}]}),
    ("unknown parameter of a synapse", {"synapses": [{"name": "s", "type": "exp_syn", "at": "soma", "parameters": {"tau1": "1 ms"}}]}),
    ("weight without unit", {"connections": [{"from": "a", "synapse": "s", "rule": "all_to_all", "weight": 1}]}),
    ("two rules", {"connections": [{"from": "a", "synapse": "s", "rule": "all_to_all", "in_degree": 3}]}),
    ("count of zero", {"cells": [{"name": "a", "count": 0, "morphology": {"patch": {"area": "1 um2"}}}]}),
]
BASE = {"axolemma": 1, "cells": [{"name": "a", "morphology": {"patch": {"area": "1 um2"}}}], "run": {"stop": "10 ms"}}


def main() -> int:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    schema = json.loads((root / "configs/schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    channel_schema = json.loads((root / "configs/channel_schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(channel_schema)
    channel_validator = jsonschema.Draft7Validator(channel_schema)
    bad = 0
    configs = sorted((root / "configs").glob("**/*.yaml")) + sorted((root / "channels").glob("*.yaml"))
    for path in configs:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        is_channel = "channel" in content or "synapse" in content
        for error in (channel_validator if is_channel else validator).iter_errors(content):
            where = "/".join(str(part) for part in error.absolute_path)
            print(f"{path.relative_to(root)}: {where}: {error.message}")
            bad += 1
    if not validator.is_valid(BASE):
        print("the smallest configuration is refused")
        bad += 1
    for what, change in WRONG:
        if validator.is_valid({**BASE, **change}):
            print(f"accepted although wrong: {what}")
            bad += 1
    print(f"{len(configs)} configurations and {len(WRONG)} mistakes checked, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
