"""The long form of bench/cluster: three nodes whose processes, services and networks fail at random moments."""

from __future__ import annotations

import collections
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from .application import SECTIONS, Once
from .broker import Broker
from .children import LOGS, Problem
from .comparisons import Upstream
from .ledger import BatchEntry, Ledger
from .links import Link
from .opensearch import OpenSearch
from .postgresql import USER, PostgreSQL, PostgreSQLLedger
from .served import Served, contents, differences_of_files, differences_of_index, differences_of_ledger
from .service import Service

FOLDER = LOGS / "cluster"
DATABASE, ALIAS = "nodes", "cluster"
LATENCY = 0.4
# All are transient: only the first call to a URL in a batch can fail.
FAULTS = {"error": 0.02, "reset": 0.01, "throttle": 0.01, "malformed": 0.01}
TICK_SECONDS = 60
# Between two events.
PAUSE = (2, 8)
POLL_SECONDS, BATCH_SECONDS, START_SECONDS = 0.3, 600, 300
# An index is not deleted so shortly before the next tick.
MARGIN_SECONDS = 10


class Node:
    """A node, which is restarted in place, and its connections to the shared services."""

    def __init__(self, number: int, services: dict[str, int], upstream: str, schedule: str):
        self.name, self.upstream, self.schedule = f"node-{number}", upstream, schedule
        self.links = {name: Link(port) for name, port in services.items()}
        self.starts = 0
        self.service: Service | None = None
        self.is_ready = self.is_suspended = False

    def start(self) -> None:
        self.starts += 1
        self.is_ready = False
        address = {name: f"127.0.0.1:{link.port}" for name, link in self.links.items()}
        settings = {
            "colleagues.database.url": f"jdbc:postgresql://{address['PostgreSQL']}/{DATABASE}",
            "colleagues.database.username": USER,
            "colleagues.cluster.broker-url": f"tcp://{address['broker']}",
            "colleagues.cluster.node": self.name,
            "colleagues.schedule": self.schedule,
            "colleagues.catch-up": "true",
        }
        name = f"cluster/{self.name}-{self.starts}"
        self.service = Service(name, FOLDER, self.upstream, f"http://{address['OpenSearch']}", ALIAS, settings)

    def look(self) -> None:
        """Notices the end of a start. A node that could not start is started again, as a service manager would do."""
        if self.service is None or self.is_suspended:
            return
        if (code := self.service.wait(0)) is not None:
            if self.is_ready:
                raise Problem(f"{self.name} exited by itself with {code}: see {self.service.log}")
            print(f"  {self.name} could not start: {self.service.log_from()[-1:]}", flush=True)
            self.service.stop()
            self.start()
        elif not self.is_ready:
            self.is_ready = self.service.health("/readiness").status == 200

    @property
    def is_undisturbed(self) -> bool:
        return self.is_ready and not self.is_suspended and self.service is not None

    def end(self, by: signal.Signals) -> None:
        self.service.end(by)
        self.service, self.is_ready = None, False

    def suspend(self) -> None:
        self.is_suspended = True
        self.service.hold()

    def resume(self) -> None:
        self.is_suspended = False
        self.service.resume()


class ClusterEvents:
    """Makes events while batches run, and compares each completed batch with what the API serves."""

    def __init__(self, people: int, seed: int):
        self.random, self.people = random.Random(seed), people
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        faults = [word for kind, rate in FAULTS.items() for word in (f"--{kind}-rate", rate)]
        self.upstream = Upstream(people, LATENCY, 0, *faults, "--faults-once", name="cluster/upstream")
        self.opensearch = OpenSearch("cluster/opensearch-1")
        self.database = PostgreSQL("cluster/postgresql-1")
        self.broker: Broker | None = Broker("cluster/broker-1")
        self.starts = collections.Counter()
        self.made = collections.Counter()
        self.failures: list[str] = []
        self.checked: set[str] = set()
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.last_end = time.monotonic()
        self._undisturbed()
        self.database.create(DATABASE)
        services = {"PostgreSQL": self.database.port, "broker": self.broker.port, "OpenSearch": self.opensearch.port}
        self.nodes = [Node(number, services, self.upstream.url, "0 * * * * ?") for number in (1, 2, 3)]
        # What may happen, and how often.
        self.kinds: dict[str, tuple[int, Callable[[], str]]] = {
            "node killed": (30, lambda: self._end(self._any_node(), signal.SIGKILL)),
            "keeper killed": (10, lambda: self._end(self._keeper(), signal.SIGKILL)),
            "node stopped (SIGTERM)": (8, lambda: self._end(self._any_node(), signal.SIGTERM)),
            "node suspended": (14, lambda: self._suspend(self._any_node())),
            "keeper suspended": (8, lambda: self._suspend(self._keeper())),
            "broker restarted": (6, lambda: self._restart_broker(False)),
            "broker lost its messages": (4, lambda: self._restart_broker(True)),
            "PostgreSQL restarted": (5, self._restart_database),
            "sessions of PostgreSQL terminated": (3, self._terminate_sessions),
            "OpenSearch killed": (2, self._restart_opensearch),
            "node parted from the broker": (4, lambda: self._part("broker")),
            "node parted from PostgreSQL": (4, lambda: self._part("PostgreSQL")),
            "node parted from OpenSearch": (3, lambda: self._part("OpenSearch")),
        }

    def _undisturbed(self) -> None:
        """Runs the reference batch with one node, and compares it with what the API serves."""
        folder = FOLDER / "undisturbed"
        with Once("cluster/undisturbed", folder, self.upstream.url, self.opensearch.url, "undisturbed") as application:
            if application.wait(BATCH_SECONDS) != 0:
                raise Problem(f"the undisturbed batch failed: see {application.log}")
        (batch,) = Ledger(folder / "ledger").batches()
        self.served = Served(self.upstream)
        self.files = contents(folder / "csv", batch.id)
        differences = differences_of_ledger(self.served, batch)
        differences += differences_of_index(self.served, self.opensearch, "undisturbed")
        if differences or len(self.files) != 2 * len(SECTIONS):
            raise Problem(f"the undisturbed batch is wrong: {differences or sorted(self.files)}")

    # What happens.

    def _ready(self) -> list[Node]:
        return [node for node in self.nodes if node.is_undisturbed]

    def _any_node(self) -> Node:
        return self.random.choice(self._ready())

    def _keeper(self) -> Node:
        (row,) = self.database.query(DATABASE, "select holder from lease where name = 'ledger'")
        return next((node for node in self._ready() if row["holder"].startswith(node.name)), self._any_node())

    def _later(self, least: float, most: float, what: Callable[[], None]) -> str:
        seconds = self.random.uniform(least, most)
        self.due.append((time.monotonic() + seconds, what))
        return f"{seconds:.0f} s"

    def _end(self, node: Node, by: signal.Signals) -> str:
        node.end(by)
        return f"{node.name}, started again after {self._later(0, 15, node.start)}"

    def _suspend(self, node: Node) -> str:
        node.suspend()
        return f"{node.name} for {self._later(3, 60, node.resume)}"

    def _restart_broker(self, empty: bool) -> str:
        self.broker.end()
        time.sleep(seconds := self.random.uniform(0, 10))
        self.starts["broker"] += 1
        self.broker = Broker(f"cluster/broker-{self.starts['broker'] + 1}", after=self.broker, empty=empty)
        return f"after {seconds:.0f} s"

    def _restart_database(self) -> str:
        self.database.end(self.random.choice((signal.SIGINT, signal.SIGQUIT)))
        time.sleep(seconds := self.random.uniform(0, 25))
        self.starts["PostgreSQL"] += 1
        self.database = PostgreSQL(f"cluster/postgresql-{self.starts['PostgreSQL'] + 1}", after=self.database)
        return f"after {seconds:.0f} s"

    def _terminate_sessions(self) -> str:
        return f"{self.database.terminate_sessions(DATABASE)} sessions"

    def _restart_opensearch(self) -> str:
        self.opensearch.end()
        self.starts["OpenSearch"] += 1
        name = f"cluster/opensearch-{self.starts['OpenSearch'] + 1}"
        self.opensearch = OpenSearch(name, after=self.opensearch)
        return "started again at once"

    def _part(self, service: str) -> str:
        node = self._any_node()
        node.links[service].cut()
        return f"{node.name} for {self._later(3, 45, node.links[service].heal)}"

    # The course of things.

    def run(self, events: int, deadline: float) -> None:
        for node in self.nodes:
            node.start()
        self._until("all nodes are ready", START_SECONDS, lambda: len(self._ready()) == len(self.nodes))
        next_event = self.last_end = time.monotonic()
        while sum(self.made.values()) < events:
            if time.monotonic() > deadline:
                raise Problem("the time limit is reached (--minutes)")
            if self._pass() and time.monotonic() > next_event and len(self._ready()) > 1:
                self._make_event()
                next_event = time.monotonic() + self.random.uniform(*PAUSE)
        print("no more events", flush=True)
        wanted = len(self.checked) + 2
        while self.due or len(self._ready()) < len(self.nodes) or len(self.checked) < wanted:
            self._pass()
        self._finish()

    def _until(self, what: str, seconds: float, is_met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        while not is_met():
            if time.monotonic() > deadline:
                raise Problem(f"{what}: not within {seconds:.0f} s; logs in {FOLDER}")
            for node in self.nodes:
                node.look()
            time.sleep(POLL_SECONDS)

    def _pass(self) -> int:
        """Ends what is due to end, looks at the nodes, and compares what has completed. Returns the number of running batches.

        Raises a Problem if no batch has completed for too long.
        """
        for each in [each for each in self.due if each[0] <= time.monotonic()]:
            self.due.remove(each)
            each[1]()
        for node in self.nodes:
            node.look()
        time.sleep(POLL_SECONDS)
        batches = self._batches()
        for batch in batches:
            if batch.state == "completed" and batch.id not in self.checked:
                self.checked.add(batch.id)
                self._compare(batch)
                self.last_end = time.monotonic()
        if time.monotonic() > self.last_end + BATCH_SECONDS:
            raise Problem(f"no batch has completed for {BATCH_SECONDS} s: {batches[-1:]}")
        return sum(batch.state == "running" for batch in batches)

    def _batches(self) -> list[BatchEntry]:
        return PostgreSQLLedger(self.database, DATABASE).batches()

    def _make_event(self) -> None:
        (kind,) = self.random.choices(list(self.kinds), [weight for weight, _ in self.kinds.values()])
        self.made[kind] += 1
        before = self._batches()
        detail = self.kinds[kind][1]()
        done = before[-1].chunks_done if before else 0
        print(f"event {sum(self.made.values())}: {kind}, {detail}; {done} chunks were done", flush=True)

    def _compare(self, batch: BatchEntry) -> None:
        self.opensearch.await_started()
        differences = differences_of_ledger(self.served, batch)
        differences += differences_of_index(self.served, self.opensearch, ALIAS)
        found = contents(FOLDER / "csv", batch.id)
        # Those of a node that did not know that the run was over.
        late = [name for name in found if name.endswith(".parts") or ".parts/" in name]
        differences += differences_of_files({n: found[n] for n in found if n not in late}, self.files)
        print(f"batch {len(self.checked)}, {batch.id}: {'NOT ' if differences else ''}equal", flush=True)
        for each in differences:
            self._fail(f"batch {batch.id}: {each}")
        is_idle = all(batch.state != "running" for batch in self._batches())
        if is_idle and TICK_SECONDS - time.time() % TICK_SECONDS > MARGIN_SECONDS:
            # Otherwise the documents of one batch could hide those that the next one lost. A batch that has begun would not
            # send what it knows to be in the index.
            self.opensearch.call("DELETE", f"/{self.opensearch.definition(ALIAS)[0]}")
        self.upstream.stats(reset=True)

    def _fail(self, why: str) -> None:
        self.failures.append(why)
        print(f"FAILED: {why}", flush=True)

    def _finish(self) -> None:
        batches = self.database.query(DATABASE, "select id, state, scheduled from batch order by id")
        times = collections.Counter(batch["scheduled"] for batch in batches)
        for scheduled, number in times.items():
            if number > 1 or not scheduled:
                self._fail(f"{number} batches for the scheduled time {scheduled}")
        for batch in batches[:-1]:
            if batch["state"] != "completed":
                self._fail(f"batch {batch['id']} is {batch['state']}")
        for path in (FOLDER / "csv").glob("[!.]*/*"):
            if not any(path.name.startswith(batch["id"]) for batch in batches):
                self._fail(f"a file without a batch: {path.relative_to(FOLDER)}")
        nodes = self.nodes[0].service.api("GET", "/nodes").body.get("nodes", [])
        if sorted(node["name"] for node in nodes) != [node.name for node in self.nodes]:
            self._fail(f"the API lists these nodes: {nodes}")

    def table(self) -> str:
        rows = "\n".join(f"| {kind} | {self.made[kind]} |" for kind in self.kinds)
        return f"| Event | Times |\n| --- | ---: |\n{rows}"

    def close(self) -> None:
        shutil.rmtree(Path(self.broker.folder), ignore_errors=True)
        self.database.drop()
