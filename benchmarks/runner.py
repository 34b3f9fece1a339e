"""The rounds, and what is said of them: medians, ratios, PASS or FAIL against the goals.

The machine is noisy, so nothing is compared but what took turns in one run, in another order each round.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

Round = Callable[[], float]
"""Does one round of work and returns how long it took, in the unit of the race."""


@dataclass(frozen=True)
class Goal:
    """The median of `over` divided by that of `under` is at least `least`, at most `most`; with neither it is told."""

    over: str
    under: str
    least: float | None = None
    most: float | None = None

    def verdict(self, ratio: float) -> str:
        """Return PASS or FAIL; nothing where there is no bound."""
        if self.least is None and self.most is None:
            return ""
        fits = (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)
        return "PASS" if fits else "FAIL"

    def __str__(self) -> str:
        """Return the goal as the table of rows says it."""
        bounds = ((">=", self.least), ("<=", self.most))
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None) or "told"


@dataclass
class Race:
    """Who takes turns at which work, measured in `unit`, and how the medians shall stand to each other."""

    unit: str
    contestants: Mapping[str, Round]
    goals: Iterable[Goal]
    absent: Mapping[str, str] = field(default_factory=dict)
    """Who should have taken part but cannot, and why."""
    memory: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    """How many megabytes a contestant's processes hold; asked after each of its rounds."""
    cpu: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    """How many seconds of CPU a contestant's processes have used so far; a busy machine hardly changes that."""


@dataclass(frozen=True)
class Asked:
    """How a row is to be run."""

    long: bool = False
    """Also the sizes that take many minutes."""
    say: Callable[[str], None] = print
    """Where progress is told."""


@dataclass(frozen=True)
class Row:
    """A row of the table: its number, what is done, and `prepare`, whose servers end with the stack it is given."""

    number: int
    title: str
    prepare: Callable[[ExitStack, Asked], Race]


@dataclass(frozen=True)
class Outcome:
    """What the rounds of a race gave: every contestant's figures, peak memory, CPU seconds; load before and after."""

    figures: Mapping[str, list[float]]
    peaks: Mapping[str, float]
    load: tuple[float, float]
    cpu: Mapping[str, list[float]] = field(default_factory=dict)


def run(race: Race, *, rounds: int, order: random.Random, say: Callable[[str], None]) -> Outcome:
    """Let each contestant do its work once per round, in random order."""
    figures: dict[str, list[float]] = {name: [] for name in race.contestants}
    peaks: dict[str, float] = {}
    cpu: dict[str, list[float]] = {name: [] for name in race.cpu}
    before = os.getloadavg()[0]
    for number in range(1, rounds + 1):
        names = list(race.contestants)
        order.shuffle(names)
        for name in names:
            used = race.cpu[name]() if name in race.cpu else 0.0
            figures[name].append(race.contestants[name]())
            if name in race.cpu:
                cpu[name].append(race.cpu[name]() - used)
            say(f"round {number} of {rounds}: {name} {figures[name][-1]:.3g} {race.unit}")
            if name in race.memory:
                peaks[name] = max(peaks.get(name, 0.0), race.memory[name]())
    return Outcome(figures, peaks, (before, os.getloadavg()[0]), cpu)


def ratio(goal: Goal, outcome: Outcome) -> float | None:
    """Return what the goal is about, None where one of the two has not run."""
    over, under = (outcome.figures.get(name) for name in (goal.over, goal.under))
    return median(over) / median(under) if over and under else None


def report(row: Row, race: Race, outcome: Outcome) -> list[str]:
    """Return the lines that say how it went."""
    rounds = max(map(len, outcome.figures.values()), default=0)
    before, after = outcome.load
    lines = [
        f"Row {row.number}: {row.title}",
        f"  {rounds} rounds in random order; load average {before:.1f} before, {after:.1f} after; {cores()} cores",
        f"  {'':36}{'median':>10}{'fastest':>10}{'slowest':>10}  {race.unit}",
    ]
    for name, figures in outcome.figures.items():
        told = "".join(f"{value:>10.3g}" for value in (median(figures), min(figures), max(figures)))
        peak = f"   peak {outcome.peaks[name]:.0f} MB (PSS)" if name in outcome.peaks else ""
        spent = f"   {median(outcome.cpu[name]):.2f} s of CPU" if name in outcome.cpu else ""
        lines.append(f"  {name:<36}{told}{peak}{spent}")
    lines += [_judged(goal, race, outcome) for goal in race.goals]
    return lines


def _judged(goal: Goal, race: Race, outcome: Outcome) -> str:
    found = ratio(goal, outcome)
    title = f"  {f'{goal.over} / {goal.under}':<58}"
    if found is None:
        missing = next(name for name in (goal.over, goal.under) if name not in outcome.figures)
        return f"{title}{'-':>8}  {goal!s:<8} SKIP ({race.absent.get(missing, 'has not run')})"
    return f"{title}{found:>8.3g}  {goal!s:<8} {goal.verdict(found)}".rstrip()


def cores() -> int:
    """Return how many processors this run may use."""
    return len(os.sched_getaffinity(0))
