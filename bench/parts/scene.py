"""The surroundings of one event: an API, a database, an index and folders of its own; and how demands are checked."""

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

# Latencies of the API, by which a batch of 1,000 people takes some 5, 20 and 40 s, with ten workers an indexer.
FAST, MEDIUM, SLOW = 0.02, 0.2, 0.4
START_SECONDS, BATCH_SECONDS, FREE_SECONDS, NOTICE_SECONDS = 180, 300, 120, 90
# A probe has to be answered within this time: five seconds, and one for a busy machine.
PROBE_SECONDS = 6
POLL_SECONDS = 0.3
# Seconds after which a batch that has paused is triggered again.
TRIGGER_EVERY = 15
STACK_TRACE = re.compile(r"^\s+at \S+\(|^Caused by: |^\s+\.\.\. \d+ (more|common frames)")
ALARM = re.compile(r"\b(WARN|ERROR)\b")


@dataclass(frozen=True)
class Right:
    """What each batch has to bring, and where."""

    people: int
    served: Served
    files: dict[str, bytes]
    opensearch: OpenSearch
    start_seconds: float


def component(health: Answer, name: str) -> str | None:
    """The status of one component, None if it is not there."""
    return health.body.get("components", {}).get(name, {}).get("status")


class Scene:
    """One event. What is demanded and not met is noted, and the event goes on; a Problem ends it."""

    def __init__(self, name: str, right: Right, database: PostgreSQL | None, chance: random.Random):
        self.name, self.right, self.random = name, right, chance
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

    # What there is.

    def own(self, child: Child) -> Child:
        """A program that is killed at the end of the event, if it has not ended before."""
        self.at_end.callback(lambda: child.end() if child.wait(0) is None else child.stop())
        return child

    def next_name(self, kind: str) -> str:
        self.processes += 1
        return f"{self.name}/{kind}-{self.processes}"

    def upstream(self, latency: float, *options: object, after: Upstream | None = None) -> Upstream:
        port = after.port if after else None
        return self.own(
            Upstream(self.right.people, latency, 0, *options, name=self.next_name("upstream"), port=port)
        )

    def restart_database(self) -> None:
        self.server = PostgreSQL(self.next_name("postgresql"), after=self.server)

    def ledger(self) -> PostgreSQLLedger:
        return PostgreSQLLedger(self.server, self.database)

    def service(self, url: str, others: dict | None = None, folder: Path | None = None, prefix=None) -> Service:
        """Started and ready, with the event's database, if it has one."""
        service = self.launch(url, others, folder, prefix)
        service.await_ready(START_SECONDS)
        return service

    def launch(self, url: str, others: dict | None = None, folder: Path | None = None, prefix=None) -> Service:
        """Started, and not ready yet."""
        address = {}
        if self.server:
            address["colleagues.database.url"] = self.server.url(self.database)
            address["colleagues.database.username"] = USER
        opensearch = self.right.opensearch.url
        folder, others = folder or self.folder, {**address, **(others or {})}
        name = self.next_name("service")
        return self.own(Service(name, folder, url, opensearch, self.alias, others, prefix))

    def once(self, url: str, others: dict | None = None) -> Once:
        opensearch = self.right.opensearch.url
        return self.own(Once(self.next_name("once"), self.folder, url, opensearch, self.alias, others))

    def _forget_index(self) -> None:
        """So that OpenSearch does not carry the indexes of all events; what it is like, nobody minds any more."""
        try:
            opensearch = self.right.opensearch
            for index in opensearch.call("GET", f"/{self.alias}-v*"):
                opensearch.call("DELETE", f"/{index}")
        except Problem as problem:
            print(f"  the index of {self.alias} is left: {problem}", flush=True)

    # What is demanded.

    def demand(self, is_met: bool, what: str, seen: object) -> None:
        if not is_met:
            self.failures.append(f"{what}; seen: {str(seen)[:900]}")
            print(f"  FAILED: {self.failures[-1]}", flush=True)

    def note(self, fact: str) -> None:
        self.facts.append(fact)
        print(f"  {fact}", flush=True)

    def until(self, what: str, seconds: float, look: Callable[[], object], is_met: Callable[[object], bool]) -> object:
        """Looks again and again; a Problem when it is not met in that time."""
        give_up = time.monotonic() + seconds
        while not is_met(seen := look()):
            if time.monotonic() > give_up:
                raise Problem(f"{what}: not within {seconds:.0f} s; seen: {str(seen)[:900]}; logs in {self.folder}")
            time.sleep(POLL_SECONDS)
        return seen

    def await_calls(self, upstream: Upstream, wanted: int, seconds: float = BATCH_SECONDS) -> None:
        """Until so many sections have been called."""
        made = lambda: upstream.stats()["section_calls"]  # noqa: E731
        self.until(f"{wanted} calls to the API", seconds, made, lambda calls: calls >= wanted)

    @property
    def urls(self) -> int:
        """Of a batch."""
        return self.right.people * len(SECTIONS)

    # What is done.

    def trigger(self, service: Service, seconds: float = FREE_SECONDS) -> str:
        """A batch with all indexers; its id. Those that are not free yet are waited for."""

        def start() -> Answer:
            answer = service.api("POST", "/runs", {})
            if answer.status != 202:
                time.sleep(1)
            return answer

        answer = self.until("a trigger starts a batch", seconds, start, lambda answer: answer.status == 202)
        skipped = answer.body.get("skipped")
        self.demand(not skipped, "a trigger starts all indexers, since all are free", answer)
        return answer.body["batch_id"]

    def states(self, service: Service, batch: str) -> dict[str, str]:
        return {indexer: run["state"] for indexer, run in service.runs(batch).items()}

    def complete(self, service: Service, batch: str, seconds: float = BATCH_SECONDS, triggers: int = 1000) -> None:
        """Until all runs of a batch are completed. When they have paused, a trigger, as the schedule has them."""
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
                raise Problem(f"batch {batch} is completed; seen: {service.runs(batch)}; see {service.log}")
            return states

        wanted = len(SECTIONS)
        self.until(
            f"batch {batch} is completed", seconds, look, lambda seen: list(seen.values()) == ["completed"] * wanted
        )

    def compare(self, batches: list[BatchEntry], batch: str, *folders: Path, foreign: tuple = ()) -> None:
        """A completed batch with what is served, and with the files of an undisturbed one."""
        found = [entry for entry in batches if entry.id == batch]
        self.demand(bool(found), f"the ledger has batch {batch}", [entry.id for entry in batches])
        if not found:
            return
        self.demand(found[0].is_completed, f"batch {batch} is closed as completed", found[0].state)
        folders = folders or (self.folder / "csv",)
        files: dict[str, bytes] = {}
        for folder in folders:
            own = contents(folder, batch)
            # Of an instance with a folder of its own, parts are left where another completes the run.
            files |= own if len(folders) == 1 else {name: own[name] for name in own.keys() & self.right.files.keys()}
        self.compare_index(batch, foreign)
        for each in differences_of_ledger(self.right.served, found[0]) + differences_of_files(files, self.right.files):
            self.demand(False, f"batch {batch} has lost and doubled nothing", each)
        self._keep_files(batches, *folders)

    def compare_index(self, batch: str, foreign: tuple = ()) -> None:
        for each in differences_of_index(self.right.served, self.right.opensearch, self.alias, foreign):
            self.demand(False, f"batch {batch} has lost and doubled nothing", each)

    def _keep_files(self, batches: list[BatchEntry], *folders: Path) -> None:
        """Each completed run has its CSV file."""
        for entry in batches:
            for run in entry.runs:
                if run.state == "completed":
                    names = [folder / run.indexer / f"{entry.id}.csv" for folder in folders]
                    has_file = any(name.exists() for name in names)
                    self.demand(has_file, f"the file of the completed run {entry.id} {run.indexer} stays", "none")

    def closed(self, batch: str, state: str = "completed") -> list[BatchEntry]:
        """The batches of PostgreSQL's ledger, when one of them is closed with that state, and none is running."""

        def is_met(batches: list[BatchEntry]) -> bool:
            states = {entry.id: entry.state for entry in batches}
            return states.get(batch) == state and "running" not in states.values()

        what = f"batch {batch} is closed as {state}, and no batch is running in the ledger"
        return self.until(what, FREE_SECONDS, lambda: self.ledger().batches(), is_met)

    def await_up(self, service: Service, seconds: float = FREE_SECONDS) -> None:
        """Health and readiness, within that time."""
        for group in ("", "/readiness"):
            self.until(
                f"health{group} is UP again",
                seconds,
                lambda group=group: service.health(group),
                lambda health: health.status == 200,
            )

    def await_database(self, service: Service) -> None:
        """Health may still be DOWN for other reasons, such as a batch that has paused."""
        self.until(
            "health has db UP again", FREE_SECONDS, service.health, lambda health: component(health, "db") == "UP"
        )

    def log_of_outage(self, service: Service, place: int, most: int) -> None:
        """Few warnings and errors, and no stack trace, since a place in the log."""
        lines = service.log_from(place)
        traces = [line for line in lines if STACK_TRACE.search(line)]
        alarms = [line for line in lines if ALARM.search(line)]
        self.note(f"{len(lines)} log lines, {len(alarms)} warnings and errors, {len(traces)} of stack traces")
        self.demand(not traces, f"no stack trace in {service.log}", f"{len(traces)} lines, the first: {traces[:1]}")
        self.demand(
            len(alarms) <= most,
            f"at most {most} warnings and errors of the outage in {service.log}",
            f"{len(alarms)}, the first: {alarms[:2]}",
        )
