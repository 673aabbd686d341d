#!/usr/bin/env python3
"""Grow the example neurons of morphologies/ and write them as SWC, with a README of facts about them.

The trees are invented: a seeded random growth whose statistics (branch orders, diameters, taper, tortuosity) lie in
the range of published reconstructions of the same kind of cell. Nothing is copied from a reconstruction. The same seed
gives the same bytes on every machine, because only `random()` of Python's generator is used, whose sequence Python
promises to keep, and every coordinate is rounded before the next one is computed from it.

    tools/make_morphologies.py                 write morphologies/*.swc and morphologies/README.md
    tools/make_morphologies.py --check         compare with the files that are there; exit 1 if one differs
    tools/make_morphologies.py --output DIR    write somewhere else

Lengths are in um, angles in degrees, diameters in um.
"""

import argparse
import hashlib
import math
import pathlib
import random
import sys
from dataclasses import dataclass, replace

SOMA, AXON, BASAL, APICAL = 1, 2, 3, 4
SEED = 1952

README_TEXT = """\
# Example morphologies

These neurons were made for Axolemma. `tools/make_morphologies.py` grows them at random from the seed {seed}; the
same seed gives the same bytes, and the test `house.morphologies` checks that. They are invented: their branch
orders, diameters, taper and tortuosity are like those of published reconstructions of such cells, but no
reconstruction was copied. Their licence is the licence of Axolemma (BSD-3-Clause).

- `pyramidal.swc`: a cortical pyramidal cell. Soma in the three-point form of NeuroMorpho.Org; basal dendrites; an
  apical trunk with oblique branches and a tuft; an axon with collaterals.
- `interneuron.swc`: a multipolar interneuron with a dense local axon. Soma as one point.
- `motoneuron.swc`: a spinal motoneuron. Soma as stacked cylinders about 50 um across; thick dendrites more than
  1 mm long; the first 1.5 mm of its axon.

Lengths and areas do not count the line from the soma to the first sample of a neurite.

"""


class Dice:
    """Random numbers made from `random()` alone; one independent stream for each neuron."""

    def __init__(self, seed, name):
        key = hashlib.sha256(f"{seed}:{name}".encode()).digest()
        self._uniform = random.Random(int.from_bytes(key[:8], "big")).random

    def uniform(self, low, high):
        return low + (high - low) * self._uniform()

    def chance(self, probability):
        return self._uniform() < probability

    def normal(self, mean=0.0, sd=1.0):
        radius = math.sqrt(-2.0 * math.log(1.0 - self._uniform()))
        return mean + sd * radius * math.cos(2.0 * math.pi * self._uniform())

    def length(self, mean):
        """Gamma-distributed with shape 4, the shape that measured dendritic segment lengths roughly have."""
        return -mean / 4.0 * sum(math.log(1.0 - self._uniform()) for _ in range(4))

    def vector(self):
        return (self.normal(), self.normal(), self.normal())


def add(a, b, scale=1.0):
    return (a[0] + scale * b[0], a[1] + scale * b[1], a[2] + scale * b[2])


def unit(a):
    norm = math.hypot(*a)
    return (a[0] / norm, a[1] / norm, a[2] / norm)


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def turned(direction, side, angle_deg):
    """`direction` turned towards `side` (a unit vector at right angles to it)."""
    angle = math.radians(angle_deg)
    return unit(add(add((0.0, 0.0, 0.0), direction, math.cos(angle)), side, math.sin(angle)))


def sideways(direction, dice):
    """A random unit vector at right angles to `direction`."""
    return unit(cross(direction, unit(dice.vector())))


@dataclass(frozen=True)
class Growth:
    """How one kind of neurite grows."""

    kind: int            # SWC type
    step: float          # mean distance between samples
    wobble: float        # random change of direction in one step, relative to 1
    memory: float        # pull towards the direction taken at the last branch point, 0..1 in one step
    outward: float       # pull away from the soma in one step
    internal: float      # mean length of a section that branches
    terminal: float      # mean length of a section that ends
    taper: float         # length over which a section's excess over `tip` falls to 1/e
    tip: float           # diameter at which tapering and branching end
    branch_above: float  # a section that starts thicker than this branches
    max_order: int       # no more branch points than this between the stem and any tip
    rall: float = 1.15   # sum of the daughters' d^1.5 over the parent's; measured values are mostly 0.8 to 2
    share: tuple = (0.5, 0.8)         # the thicker daughter's part of that sum
    angle: tuple = (18.0, 42.0)       # mean turn of the thicker and of the thinner daughter
    bias: tuple = (0.0, 0.0, 0.0)     # constant pull (apical tufts grow upwards)
    home: float = math.inf            # beyond this distance from the soma the neurite turns back


class Neuron:
    """Samples in the order in which they are written: (type, position, radius, index of the parent or -1)."""

    def __init__(self, name, title, seed):
        self.name, self.title, self.seed = name, title, seed
        self.dice = Dice(seed, name)
        self.samples = []

    def sample(self, kind, position, radius, parent):
        self.samples.append((kind, tuple(round(c, 3) for c in position), round(radius, 4), parent))
        return len(self.samples) - 1

    def position(self, index):
        return self.samples[index][1]

    def run(self, growth, start, direction, diameter, length):
        """Grows one unbranched section from sample `start`; returns its last sample and the direction there.

        The first sample lies close to the branch point, so that the cone between the parent's diameter and the
        daughter's stays short. `diameter` is a function of the distance along the section.
        """
        aim, along, last = direction, 0.0, start
        while along < length:
            step = min(growth.step * self.dice.uniform(0.6, 1.4), length - along)
            if along == 0.0:
                step = min(step, 1.5 * self.samples[start][2] + 0.5)
            if length - along - step < 0.3 * growth.step:
                step = length - along
            place = add(self.position(last), direction, step)
            along += step
            last = self.sample(growth.kind, place, 0.5 * diameter(along), last)
            away = unit(place)
            pull = growth.outward if math.hypot(*place) < growth.home else -0.35
            direction = add(direction, add(aim, direction, -1.0), growth.memory)
            direction = add(add(direction, away, pull), growth.bias)
            direction = unit(add(direction, self.dice.vector(), growth.wobble))
        return last, direction

    def tree(self, growth, start, direction, diameter_um):
        """Grows a branching tree from sample `start`, thicker daughters first."""
        waiting = [(start, direction, diameter_um, 0)]
        while waiting:
            at, heading, d0, order = waiting.pop()
            branches = order < growth.max_order and d0 > growth.branch_above
            if branches and order > 1 and self.dice.chance(0.12):
                branches = False
            length = max(4.0, self.dice.length(growth.internal if branches else growth.terminal))
            tip = min(growth.tip * self.dice.uniform(0.85, 1.15), d0)
            end, heading = self.run(growth, at, heading,
                                    lambda s: tip + (d0 - tip) * math.exp(-s / growth.taper), length)
            if branches:
                thick, thin = self.daughters(growth, 2.0 * self.samples[end][2])
                side = sideways(heading, self.dice)
                turns = [self.dice.normal(mean, 0.3 * mean) for mean in growth.angle]
                waiting.append((end, turned(heading, side, -turns[1]), thin, order + 1))
                waiting.append((end, turned(heading, side, turns[0]), thick, order + 1))

    def daughters(self, growth, parent_um):
        """Diameters of two daughters by Rall's 3/2 power rule, not thicker than the parent, not under the tip's."""
        total = growth.rall * self.dice.uniform(0.85, 1.15) * parent_um**1.5
        share = self.dice.uniform(*growth.share)
        return [min(max((part * total) ** (2.0 / 3.0), growth.tip), parent_um) for part in (share, 1.0 - share)]

    def trunk(self, growth, start, direction, profile, length, spacing, grow_side):
        """Grows a main stem of `length` with side branches about every `spacing`; returns its end and direction.

        `profile(s)` is the diameter at distance s from the start; `grow_side(sample, direction, s)` grows the side
        branch that leaves at s.
        """
        along, sides = 0.0, []
        while along < length:
            piece = min(max(4.0, self.dice.length(spacing)), length - along)
            if length - along - piece < 8.0:
                piece = length - along
            begin = along
            start, direction = self.run(growth, start, direction, lambda s: profile(begin + s), piece)
            along += piece
            if along < length:
                sides.append((start, direction, along))
        for at, heading, s in sides:
            grow_side(at, turned(heading, sideways(heading, self.dice), self.dice.normal(65.0, 12.0)), s)
        return start, direction

    def stem(self, growth, soma_sample, direction, radius, diameter_um):
        """The first sample of a neurite, on the surface of a soma of this radius."""
        return self.sample(growth.kind, add(self.position(soma_sample), direction, radius), 0.5 * diameter_um,
                           soma_sample)


def spread(dice, n, axis, low_deg, high_deg):
    """n directions between two angles from `axis`, evenly spaced around it with some scatter."""
    first = sideways(axis, dice)
    second = cross(axis, first)
    offset = dice.uniform(0.0, 2.0 * math.pi)
    for k in range(n):
        turn = offset + 2.0 * math.pi * (k + dice.uniform(-0.25, 0.25)) / n
        side = add(add((0.0, 0.0, 0.0), first, math.cos(turn)), second, math.sin(turn))
        yield turned(axis, side, dice.uniform(low_deg, high_deg))


def pyramidal(seed):
    """Cortical pyramidal cell: three-point soma, basal skirt, apical trunk with obliques and tuft, axon below."""
    cell = Neuron("pyramidal", "pyramidal cell", seed)
    dice, radius, up, down = cell.dice, 8.5, (0.0, 1.0, 0.0), (0.0, -1.0, 0.0)
    cell.sample(SOMA, (0.0, 0.0, 0.0), radius, -1)
    cell.sample(SOMA, (0.0, -radius, 0.0), radius, 0)
    cell.sample(SOMA, (0.0, radius, 0.0), radius, 0)

    basal = Growth(BASAL, step=4.5, wobble=0.24, memory=0.1, outward=0.03, internal=26.0, terminal=112.0,
                   taper=60.0, tip=0.5, branch_above=0.68, max_order=5)
    for direction in spread(dice, 6, down, 42.0, 95.0):
        d = dice.uniform(1.5, 2.9)
        cell.tree(basal, cell.stem(basal, 0, direction, radius, d), direction, d)

    trunk = Growth(APICAL, step=5.0, wobble=0.05, memory=0.2, outward=0.02, internal=0.0, terminal=0.0, taper=0.0,
                   tip=2.0, branch_above=0.0, max_order=0, bias=(0.0, 0.03, 0.0))
    oblique = replace(basal, kind=APICAL, internal=38.0, terminal=105.0, max_order=3, branch_above=0.7)
    tuft = replace(basal, kind=APICAL, internal=42.0, terminal=118.0, max_order=5, branch_above=0.72, taper=110.0,
                   bias=(0.0, 0.02, 0.0), angle=(28.0, 44.0), outward=0.0)
    end, heading = cell.trunk(trunk, cell.stem(trunk, 0, up, radius, 4.6), up,
                              lambda s: 2.3 + 2.3 * math.exp(-s / 150.0), 410.0, 26.0,
                              lambda at, way, s: cell.tree(oblique, at, way, dice.uniform(0.75, 1.25)))
    side = sideways(heading, dice)
    for angle, d in ((34.0, 1.9), (-40.0, 1.6)):
        cell.tree(tuft, end, turned(heading, side, angle), d)

    main = Growth(AXON, step=7.0, wobble=0.08, memory=0.15, outward=0.02, internal=0.0, terminal=0.0, taper=0.0,
                  tip=0.6, branch_above=0.0, max_order=0, bias=(0.0, -0.03, 0.0))
    collateral = Growth(AXON, step=7.0, wobble=0.24, memory=0.08, outward=0.01, internal=75.0, terminal=130.0,
                        taper=80.0, tip=0.3, branch_above=0.32, max_order=3, rall=1.5, angle=(25.0, 55.0))
    cell.trunk(main, cell.stem(main, 0, down, radius, 1.6), down,
               lambda s: 0.8 + 0.8 * math.exp(-s / 22.0), 720.0, 105.0,
               lambda at, way, s: cell.tree(collateral, at, way, dice.uniform(0.4, 0.5)))
    return cell


def interneuron(seed):
    """Basket-like interneuron: one-point soma, short multipolar dendrites, dense local axon."""
    cell = Neuron("interneuron", "interneuron", seed)
    dice, radius, up = cell.dice, 6.5, (0.0, 1.0, 0.0)
    cell.sample(SOMA, (0.0, 0.0, 0.0), radius, -1)
    dendrite = Growth(BASAL, step=4.0, wobble=0.25, memory=0.08, outward=0.03, internal=38.0, terminal=95.0, taper=70.0,
                      tip=0.5, branch_above=0.66, max_order=4, home=230.0)
    for direction in spread(dice, 5, up, 25.0, 155.0):
        d = dice.uniform(1.2, 2.1)
        cell.tree(dendrite, cell.stem(dendrite, 0, direction, radius, d), direction, d)
    axon = Growth(AXON, step=6.0, wobble=0.27, memory=0.06, outward=0.0, internal=42.0, terminal=62.0, taper=90.0,
                  tip=0.3, branch_above=0.29, max_order=8, rall=2.0, share=(0.5, 0.62), angle=(28.0, 60.0), home=260.0)
    start = turned(up, sideways(up, dice), 30.0)
    cell.tree(axon, cell.stem(axon, 0, start, radius, 1.1), start, 1.1)
    return cell


def motoneuron(seed):
    """Spinal motoneuron: soma of stacked cylinders about 50 um across, long thick dendrites, one thick axon."""
    cell = Neuron("motoneuron", "motoneuron", seed)
    dice, down = cell.dice, (0.0, -1.0, 0.0)
    heights = (-27.0, -18.0, 0.0, 18.0, 27.0)
    for k, y in enumerate(heights):
        cell.sample(SOMA, (0.0, y, 0.0), 24.0 * math.sqrt(1.0 - (y / 31.0) ** 2), k - 1)
    dendrite = Growth(BASAL, step=16.0, wobble=0.2, memory=0.08, outward=0.05, internal=135.0, terminal=320.0,
                      taper=620.0, tip=0.8, branch_above=1.5, max_order=6, rall=1.2, angle=(16.0, 36.0), home=1250.0)
    for direction in spread(dice, 10, (0.0, 0.0, 1.0), 20.0, 160.0):
        d = dice.uniform(5.0, 9.5)
        cell.tree(dendrite, cell.stem(dendrite, 2, direction, 23.0, d), direction, d)
    axon = Growth(AXON, step=14.0, wobble=0.05, memory=0.15, outward=0.02, internal=0.0, terminal=0.0, taper=0.0,
                  tip=0.5, branch_above=0.0, max_order=0)
    # Hillock 9 um, initial segment 3.3 um, then the (here unmyelinated) stem axon of 6 um.
    way = turned(down, (1.0, 0.0, 0.0), 20.0)
    cell.run(axon, cell.stem(axon, 2, way, 24.0, 9.0), way,
             lambda s: (3.3 + 5.7 * math.exp(-s / 12.0) if s < 55.0
                        else 6.0 - 2.7 * math.exp(-(s - 55.0) / 20.0)), 1500.0)
    return cell


def swc_text(cell):
    lines = [
        f"# {cell.title}, grown by Axolemma's tools/make_morphologies.py with seed {cell.seed}",
        "# An invented tree: no reconstruction was copied. Licence: BSD-3-Clause, as the rest of Axolemma.",
        "# Columns: id type x y z radius parent; um; types: 1 soma, 2 axon, 3 basal dendrite, 4 apical dendrite.",
    ]
    for index, (kind, (x, y, z), radius, parent) in enumerate(cell.samples, start=1):
        # The sum with 0.0 turns -0.0 into 0.0.
        lines.append(f"{index} {kind} {x + 0.0:.3f} {y + 0.0:.3f} {z + 0.0:.3f} {radius:.4f} "
                     f"{parent + 1 if parent >= 0 else -1}")
    return "\n".join(lines) + "\n"


def facts(cell):
    """Counts, lengths [mm] and areas [um2] of the cell as it is written.

    The line between the soma and the first sample of a neurite has no length and no area, as in NEURON.
    """
    samples, length, area = cell.samples, {}, {}
    children = [0] * len(samples)
    reach, farthest, stems = [0.0] * len(samples), 0.0, 0
    for index, (kind, place, radius, parent) in enumerate(samples):
        if parent < 0:
            continue
        if kind != SOMA and samples[parent][0] == SOMA:
            stems += 1
            continue
        children[parent] += 1
        h = math.dist(place, samples[parent][1])
        rest = (samples[parent][2] - radius) ** 2
        length[kind] = length.get(kind, 0.0) + h
        area[kind] = area.get(kind, 0.0) + math.pi * (radius + samples[parent][2]) * math.sqrt(h * h + rest)
        reach[index] = reach[parent] + h
        if kind in (BASAL, APICAL):
            farthest = max(farthest, reach[index])
    somas = [s for s in samples if s[0] == SOMA]
    if len(somas) in (1, 3):  # one point, or the three-point form: a sphere
        area[SOMA] = 4.0 * math.pi * somas[0][2] ** 2
    tips = {kind: sum(1 for sample, n in zip(samples, children) if sample[0] == kind and n == 0)
            for kind in (AXON, BASAL, APICAL)}
    return {
        "samples": len(samples), "stems": stems, "dendrite tips": tips[BASAL] + tips[APICAL], "axon tips": tips[AXON],
        "basal length (mm)": f"{length.get(BASAL, 0.0) / 1000.0:.3f}",
        "apical length (mm)": f"{length.get(APICAL, 0.0) / 1000.0:.3f}",
        "axon length (mm)": f"{length.get(AXON, 0.0) / 1000.0:.3f}",
        "soma area (um2)": f"{area[SOMA]:.0f}",
        "dendrite area (um2)": f"{area.get(BASAL, 0.0) + area.get(APICAL, 0.0):.0f}",
        "axon area (um2)": f"{area.get(AXON, 0.0):.0f}",
        "longest dendritic path (um)": f"{farthest:.0f}",
    }


def readme_text(cells, seed):
    tables = [facts(cell) for cell in cells]
    lines = README_TEXT.format(seed=seed).splitlines() + [
        "| | " + " | ".join(cell.name for cell in cells) + " |",
        "|---|" + "---:|" * len(cells),
    ]
    for key in tables[0]:
        lines.append(f"| {key} | " + " | ".join(str(table[key]) for table in tables) + " |")
    return "\n".join(lines) + "\n"


def main():
    home = pathlib.Path(__file__).resolve().parent.parent / "morphologies"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the growth (default %(default)s)")
    parser.add_argument("--output", type=pathlib.Path, default=home, help="folder to write to")
    parser.add_argument("--check", action="store_true", help="compare with the files in the folder, write nothing")
    arguments = parser.parse_args()

    cells = [make(arguments.seed) for make in (pyramidal, interneuron, motoneuron)]
    texts = {f"{cell.name}.swc": swc_text(cell) for cell in cells}
    texts["README.md"] = readme_text(cells, arguments.seed)
    differs = []
    for name, text in texts.items():
        path = arguments.output / name
        if not arguments.check:
            arguments.output.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        elif not path.is_file() or path.read_bytes() != text.encode():
            differs.append(str(path))
    for path in differs:
        print(f"{path}: differs from what this script makes; run tools/make_morphologies.py", file=sys.stderr)
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
