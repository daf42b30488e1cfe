"""The environment of one event: its own API, database, index and folders; and the check of requirements."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .application import SECTIONS, Once
from .children import LOGS, Child, Problem
from .comparisons import Upstream
from .ledger import BatchEntry
from .opensearch import OpenSearch
from .postgresql import USER, PostgreSQL, PostgreSQLLedger
from .served import Served, contents, differences_of_files, differences_of_index, differences_of_ledger
from .service import Answer, Service

# Latencies of the API. A batch of 1,000 people takes about 5, 20 and 40 s with ten workers per indexer.
FAST, MEDIUM, SLOW = 0.02, 0.2, 0.4
START_SECONDS, BATCH_SECONDS, FREE_SECONDS, NOTICE_SECONDS = 180, 300, 120, 90
# The time limit for a health probe: five seconds, plus one for a busy machine.
PROBE_SECONDS = 6
POLL_SECONDS = 0.3
# Seconds until a paused batch is triggered again.
TRIGGER_EVERY = 15
STACK_TRACE = re.compile(r"^\s+at \S+\(|^Caused by: |^\s+\.\.\. \d+ (more|common frames)")
ALARM = re.compile(r"\b(WARN|ERROR)\b")


@dataclass(frozen=True)
class Expected:
    """The expected results of each batch."""

    people: int
    served: Served
    files: dict[str, bytes]
    opensearch: OpenSearch
    start_seconds: float


def component(health: Answer, name: str) -> str | None:
    """The status of one component; None if there is none."""
    return health.body.get("components", {}).get(name, {}).get("status")


class Scene:
    """One event. A requirement that is not met is recorded, and the event continues; a Problem ends it."""

    def __init__(self, name: str, expected: Expected, database: PostgreSQL | None, chance: random.Random):
        self.name, self.expected, self.random = name, expected, chance
        self.folder = LOGS / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.alias = re.sub(r"\W", "-", name.rpartition("/")[2])
        self.failures: list[str] = []
        self.facts: list[str] = []
        self.processes = 0
        self.at_end = ExitStack()
        self.server, self.database = database, self.alias.replace("-", "_")
        if database:
            database.create(self.database)

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *_) -> None:
        self.at_end.close()
        self._forget_index()

    # The environment.

    def own(self, child: Child) -> Child:
        """A program that is killed at the end of the event if it still runs."""
        self.at_end.callback(lambda: child.end() if child.wait(0) is None else child.stop())
        return child

    def next_name(self, kind: str) -> str:
        self.processes += 1
        return f"{self.name}/{kind}-{self.processes}"

    def upstream(self, latency: float, *options: object, after: Upstream | None = None) -> Upstream:
        port = after.port if after else None
        return self.own(
            Upstream(self.expected.people, latency, 0, *options, name=self.next_name("upstream"), port=port)
        )

    def restart_database(self) -> None:
        self.server = PostgreSQL(self.next_name("postgresql"), after=self.server)

    def ledger(self) -> PostgreSQLLedger:
        return PostgreSQLLedger(self.server, self.database)

    def service(self, url: str, others: dict | None = None, folder: Path | None = None, prefix=None) -> Service:
        """A service that is ready, with the event's database if it has one."""
        service = self.launch(url, others, folder, prefix)
        service.await_ready(START_SECONDS)
        return service

    def launch(self, url: str, others: dict | None = None, folder: Path | None = None, prefix=None) -> Service:
        """A service that is starting."""
        address = {}
        if self.server:
            address["colleagues.database.url"] = self.server.url(self.database)
            address["colleagues.database.username"] = USER
        opensearch = self.expected.opensearch.url
        folder, others = folder or self.folder, {**address, **(others or {})}
        name = self.next_name("service")
        return self.own(Service(name, folder, url, opensearch, self.alias, others, prefix))

    def once(self, url: str, others: dict | None = None) -> Once:
        opensearch = self.expected.opensearch.url
        return self.own(Once(self.next_name("once"), self.folder, url, opensearch, self.alias, others))

    def _forget_index(self) -> None:
        """Deletes the index, so that OpenSearch does not keep the indexes of all events."""
        try:
            opensearch = self.expected.opensearch
            for index in opensearch.call("GET", f"/{self.alias}-v*"):
                opensearch.call("DELETE", f"/{index}")
        except Problem as problem:
            print(f"  could not delete the index of {self.alias}: {problem}", flush=True)

    # Requirements.

    def require(self, is_met: bool, what: str, seen: object) -> None:
        if not is_met:
            self.failures.append(f"{what}; seen: {str(seen)[:900]}")
            print(f"  FAILED: {self.failures[-1]}", flush=True)

    def note(self, fact: str) -> None:
        self.facts.append(fact)
        print(f"  {fact}", flush=True)

    def until(self, what: str, seconds: float, look: Callable[[], object], is_met: Callable[[object], bool]) -> object:
        """Polls until the condition is met; a Problem if it is not met in that time."""
        deadline = time.monotonic() + seconds
        while not is_met(seen := look()):
            if time.monotonic() > deadline:
                raise Problem(f"{what}: not within {seconds:.0f} s; seen: {str(seen)[:900]}; logs in {self.folder}")
            time.sleep(POLL_SECONDS)
        return seen

    def await_calls(self, upstream: Upstream, wanted: int, seconds: float = BATCH_SECONDS) -> None:
        """Waits until so many sections have been called."""
        made = lambda: upstream.stats()["section_calls"]  # noqa: E731
        self.until(f"{wanted} calls to the API", seconds, made, lambda calls: calls >= wanted)

    @property
    def urls(self) -> int:
        """The number of URLs of a batch."""
        return self.expected.people * len(SECTIONS)

    # Actions.

    def trigger(self, service: Service, seconds: float = FREE_SECONDS) -> str:
        """Starts a batch with all indexers as soon as they are free, and returns its id."""

        def start() -> Answer:
            answer = service.api("POST", "/runs", {})
            if answer.status != 202:
                time.sleep(1)
            return answer

        answer = self.until("a trigger starts a batch", seconds, start, lambda answer: answer.status == 202)
        skipped = answer.body.get("skipped")
        self.require(not skipped, "a trigger starts all indexers, since all are free", answer)
        return answer.body["batch_id"]

    def states(self, service: Service, batch: str) -> dict[str, str]:
        return {indexer: run["state"] for indexer, run in service.runs(batch).items()}

    def complete(self, service: Service, batch: str, seconds: float = BATCH_SECONDS, triggers: int = 1000) -> None:
        """Waits until all runs of a batch are completed. Triggers paused runs, as the schedule does."""
        last, left = time.monotonic(), triggers

        def look() -> dict[str, str]:
            nonlocal last, left
            states = self.states(service, batch)
            over = [state for state in states.values() if state not in ("running", "not started")]
            if "paused" in over and len(over) == len(states) and left and time.monotonic() > last + TRIGGER_EVERY:
                service.api("POST", "/runs", {})
                last, left = time.monotonic(), left - 1
            lost = {"abandoned", "failed", "cancelled"} & set(states.values())
            if lost:
                raise Problem(f"batch {batch} cannot complete: {service.runs(batch)}; see {service.log}")
            return states

        wanted = len(SECTIONS)
        self.until(
            f"batch {batch} is completed", seconds, look, lambda seen: list(seen.values()) == ["completed"] * wanted
        )

    def compare(self, batches: list[BatchEntry], batch: str, *folders: Path, foreign: tuple = ()) -> None:
        """Compares a completed batch with what the API serves and with the files of an undisturbed batch."""
        found = [entry for entry in batches if entry.id == batch]
        self.require(bool(found), f"the ledger has batch {batch}", [entry.id for entry in batches])
        if not found:
            return
        self.require(found[0].is_completed, f"batch {batch} is closed as completed", found[0].state)
        folders = folders or (self.folder / "csv",)
        files: dict[str, bytes] = {}
        for folder in folders:
            own = contents(folder, batch)
            # An instance with its own folder leaves parts there if another one completes the run.
            files |= own if len(folders) == 1 else {name: own[name] for name in own.keys() & self.expected.files.keys()}
        self.compare_index(batch, foreign)
        differences = differences_of_ledger(self.expected.served, found[0])
        for each in differences + differences_of_files(files, self.expected.files):
            self.require(False, f"batch {batch} has lost and duplicated nothing", each)
        self._keep_files(batches, *folders)

    def compare_index(self, batch: str, foreign: tuple = ()) -> None:
        for each in differences_of_index(self.expected.served, self.expected.opensearch, self.alias, foreign):
            self.require(False, f"batch {batch} has lost and duplicated nothing", each)

    def _keep_files(self, batches: list[BatchEntry], *folders: Path) -> None:
        """Requires the CSV file of each completed run."""
        for entry in batches:
            for run in entry.runs:
                if run.state == "completed":
                    names = [folder / run.indexer / f"{entry.id}.csv" for folder in folders]
                    has_file = any(name.exists() for name in names)
                    self.require(has_file, f"the file of the completed run {entry.id} {run.indexer} stays", "none")

    def closed(self, batch: str, state: str = "completed") -> list[BatchEntry]:
        """Waits until a batch is closed with that state and none is running; the batches of PostgreSQL's ledger."""

        def is_met(batches: list[BatchEntry]) -> bool:
            states = {entry.id: entry.state for entry in batches}
            return states.get(batch) == state and "running" not in states.values()

        what = f"batch {batch} is closed as {state}, and no batch is running in the ledger"
        return self.until(what, FREE_SECONDS, lambda: self.ledger().batches(), is_met)

    def await_up(self, service: Service, seconds: float = FREE_SECONDS) -> None:
        """Waits for health and readiness."""
        for group in ("", "/readiness"):
            self.until(
                f"health{group} is UP again",
                seconds,
                lambda group=group: service.health(group),
                lambda health: health.status == 200,
            )

    def await_database(self, service: Service) -> None:
        """Waits for db alone, because health may be DOWN for other reasons, such as a paused batch."""
        self.until(
            "health has db UP again", FREE_SECONDS, service.health, lambda health: component(health, "db") == "UP"
        )

    def log_of_outage(self, service: Service, place: int, most: int) -> None:
        """Requires few warnings and errors, and no stack trace, since a place in the log."""
        lines = service.log_from(place)
        traces = [line for line in lines if STACK_TRACE.search(line)]
        alarms = [line for line in lines if ALARM.search(line)]
        self.note(f"{len(lines)} log lines, {len(alarms)} warnings and errors, {len(traces)} stack trace lines")
        self.require(not traces, f"no stack trace in {service.log}", f"{len(traces)} lines, the first: {traces[:1]}")
        self.require(
            len(alarms) <= most,
            f"at most {most} warnings and errors of the outage in {service.log}",
            f"{len(alarms)}, the first: {alarms[:2]}",
        )
