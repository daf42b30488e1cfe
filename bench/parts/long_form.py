"""The long form of bench/chaos: kills and other events in random order, each with its own result."""

from __future__ import annotations

import collections
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .children import Child, Problem
from .disk import Skipped
from .events import EVENTS, Event
from .postgresql import PostgreSQL
from .scene import Expected, Scene

KILL = "kill"
# The share of events other than kills.
SHARE = 0.72
NAMES = [KILL, *(event.name for event in EVENTS)]


@dataclass
class Result:
    """What became of one event."""

    event: str
    seconds: float = 0
    failures: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    skipped: str = ""


def plan(events: int, only: list[str], chance: random.Random) -> list[str]:
    """Names of events in their order: all events other than kills equally often, and kills."""
    if only:
        return [only[n % len(only)] for n in range(events)]
    others = [event.name for event in EVENTS] * max(1, round(events * SHARE / len(EVENTS)))
    chance.shuffle(others)
    others = others[:events]
    order = others + [KILL] * (events - len(others))
    chance.shuffle(order)
    return order


class Kills(Protocol):
    """Makes the kills, and knows the expected results of a batch."""

    failures: list[str]

    def one_kill(self) -> None: ...
    def rest(self) -> None: ...
    def finish(self) -> None: ...
    def expected(self) -> Expected: ...


class LongForm:
    """Runs the events one after the other."""

    def __init__(self, kills: Kills):
        self.kills = kills
        self.results: list[Result] = []
        self.database: PostgreSQL | None = None

    def run(self, names: list[str], chance: random.Random, left: Callable[[float], float]) -> None:
        known = {event.name: event for event in EVENTS}
        for number, name in enumerate(names, 1):
            left(1)  # a Problem when the time limit is reached
            print(f"\nevent {number} of {len(names)}: {name}", flush=True)
            result, began = Result(name), time.monotonic()
            self.results.append(result)
            if name == KILL:
                self._kill(result, self.kills.one_kill)
            else:
                self._try(result, lambda: self._make(known[name], f"chaos/{number:02}-{name}", result, chance))
            result.seconds = time.monotonic() - began
            outcome = f"skipped: {result.skipped}" if result.skipped else "FAILED" if result.failures else "passed"
            print(f"  {name} {outcome}, {result.seconds:.0f} s", flush=True)

        last = next((result for result in reversed(self.results) if result.event == KILL), None)
        if last:
            self._kill(last, self.kills.finish)

    def _kill(self, result: Result, what: Callable[[], None]) -> None:
        known = len(self.kills.failures)
        self._try(result, what)
        result.failures += self.kills.failures[known:]

    def _try(self, result: Result, what: Callable[[], None]) -> None:
        try:
            what()
        except Skipped as skipped:
            result.skipped = str(skipped)
        except Problem as problem:
            result.failures.append(str(problem))
            print(f"  FAILED: {problem}", flush=True)

    def _make(self, event: Event, name: str, result: Result, chance: random.Random) -> None:
        self.kills.rest()
        if event.has_database:
            self._ready_database()
        with Scene(name, self.kills.expected(), self.database if event.has_database else None, chance) as scene:
            result.failures, result.facts = scene.failures, scene.facts
            try:
                event.run(scene)
            finally:
                if event.has_database:
                    self.database = scene.server

    def _ready_database(self) -> None:
        """Starts the database, again if an event has stopped it."""
        if self.database is None:
            self.database = PostgreSQL("chaos/postgresql")
        elif self.database not in Child.running:
            self.database = PostgreSQL("chaos/postgresql", after=self.database)

    def close(self) -> None:
        if self.database:
            self.database.drop()

    def failures(self) -> int:
        return sum(bool(result.failures) for result in self.results)

    def table(self) -> str:
        """A row for each event, in the order of EVENTS."""
        descriptions = {event.name: event.description for event in EVENTS}
        descriptions[KILL] = "the application, OpenSearch or both are killed at a random moment of `--once`"
        made = collections.defaultdict(list)
        for result in self.results:
            made[result.event].append(result)
        rows = []
        for name in (name for name in NAMES if name in made):
            results = made[name]
            tried = [result for result in results if not result.skipped]
            passed = sum(not result.failures for result in tried)
            state = f"{passed} passed, {len(tried) - passed} failed" if tried else f"skipped: {results[0].skipped}"
            seconds = f"{statistics.median(result.seconds for result in results):.0f}"
            rows.append(f"| {name} | {descriptions[name]} | {len(results)} | {state} | {seconds} |")
        head = ["| Event | What happens | Times | Result | Median s |", "| --- | --- | ---: | --- | ---: |"]
        return "\n".join([*head, *rows])

    def details(self) -> str:
        """The measurements of each event, and each requirement that was not met."""
        lines = []
        for number, result in enumerate(self.results, 1):
            if result.facts or result.failures:
                lines.append(f"- {number}, {result.event}: " + "; ".join(result.facts))
                lines += [f"  - **not met**: {failure}" for failure in result.failures]
        return "\n".join(lines)
