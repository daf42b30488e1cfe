"""5. One of two APIs is down: URLs per second of the other API's indexer, over those without the one that is down."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .application import CHUNK, PROJECT, chunks_in_flight
from .children import LOGS, Problem
from .comparisons import Upstream
from .partly_down import DOWN, PartlyDown
from .service import Service
from .table import Row, middle

PEOPLE, LATENCY, WORKERS = 10_000, 0.05, 100
WARM_UPS = 2
START_SECONDS, BATCH_SECONDS, POLL_SECONDS = 180, 120, 0.3
TIMEOUT_SECONDS = 2
FOLDER = LOGS / "one-down"
# The API of each indexer.
INDEXERS = {"functions": "up", "patents": "down"}
INDEXER = """- templatedRoute:
    routeId: index-{indexer}
    routeTemplateRef: index-chunk
    parameters:
      - {{name: indexer, value: {indexer}}}
      - {{name: api, value: {api}}}
      - {{name: url, value: "/people/{{id}}/{indexer}"}}
      - {{name: section, value: .{indexer}}}
      - {{name: columns, value: id}}
      - {{name: pool, value: {indexer}}}
"""


def measure(repetitions: int) -> Iterator[Row]:
    for how, hangs in (("closes connections", False), ("hangs until the time-out", True)):
        row = Row(5, f"the other API {how}: URLs/s over those without it", aim=0.95)
        try:
            fill(row, hangs, repetitions)
        except Problem as problem:
            row.not_measured = str(problem)
        yield row


def fill(row: Row, hangs: bool, repetitions: int) -> None:
    # An unfinished batch of an earlier measurement would be continued.
    shutil.rmtree(FOLDER, ignore_errors=True)
    routes = write_indexers()
    with (
        Upstream(PEOPLE, LATENCY) as upstream,
        PartlyDown(upstream.port, hangs) as front,
        Service("one-down", FOLDER, upstream.url, None, "", settings(upstream, front, routes)) as service,
    ):
        service.await_ready(START_SECONDS)
        for _ in range(WARM_UPS):
            rate(service, start(service, "functions"))
        alone, beside, named = [], [], set()
        for _ in range(repetitions):
            alone.append(rate(service, start(service, "functions")))
            calls = front.calls_down
            waiting = start(service, "patents")
            beside.append(rate(service, start(service, "functions")))
            named.add(down(service))
            service.api("DELETE", f"/runs/{waiting}-patents")
            await_end(service, waiting, "patents")
            row.notes = [f"calls to the API that is down, in one batch: {front.calls_down - calls}"]
    row.ours, row.beside = middle(beside, " URLs/s", 0), f"alone {middle(alone, ' URLs/s', 0)}"
    row.ratios = [one / other for one, other in zip(beside, alone)]
    row.notes = [upstream.shown, *row.notes, f"health names the API that is down: {', '.join(named)}"]


def write_indexers() -> Path:
    routes = FOLDER / "routes"
    routes.mkdir(parents=True, exist_ok=True)
    for indexer, api in INDEXERS.items():
        (routes / f"{indexer}.camel.yaml").write_text(INDEXER.format(indexer=indexer, api=api))
    return routes.relative_to(PROJECT)


def settings(upstream: Upstream, front: PartlyDown, routes: Path) -> dict:
    sizes = {"functions": WORKERS, "patents": WORKERS, "chunks": chunks_in_flight(WORKERS)}
    return {
        "colleagues.indexing.batch-size": CHUNK,
        "colleagues.routes.folders": routes,
        "colleagues.routes.exclude": "routes/indexers/**",
        "colleagues.people.api": "up",
        "colleagues.apis.up.base-url": upstream.url,
        "colleagues.apis.down.base-url": front.url + DOWN.rstrip("/"),
        "colleagues.apis.down.response-timeout": f"{TIMEOUT_SECONDS}s",
        **{f"camel.threadpool.config.{pool}.pool-size": size for pool, size in sizes.items()},
        **{f"camel.threadpool.config.{pool}.max-pool-size": size for pool, size in sizes.items()},
    }


def start(service: Service, indexer: str) -> str:
    """Starts a batch as soon as the indexer is free, and returns its id."""
    deadline = time.monotonic() + BATCH_SECONDS
    while (answer := service.api("POST", "/runs", {"indexers": [indexer]})).status != 202:
        if time.monotonic() > deadline:
            raise Problem(f"no batch of {indexer} was started: {answer}; see {service.log}")
        time.sleep(POLL_SECONDS)
    return answer.body["batch_id"]


def rate(service: Service, batch: str) -> float:
    """URLs per second of the indexer whose API is up, when it has delivered everyone."""
    run = await_end(service, batch, "functions")
    if run["state"] != "completed" or run["urls"] != PEOPLE or run["errors"]:
        raise Problem(f"a run over {PEOPLE} people says: {run}; see {service.log}")
    began, ended = (datetime.fromisoformat(run[key]) for key in ("began", "ended"))
    return PEOPLE / (ended - began).total_seconds()


def down(service: Service) -> str:
    """The one API that health names as down."""
    states = service.health().body.get("components", {}).get("api", {}).get("details", {})
    named = [api for api, state in states.items() if state != "CLOSED"]
    if len(named) != 1 or not named[0].startswith("down "):
        raise Problem(f"health does not name the API that is down, and only that: {states}; see {service.log}")
    return f"{named[0].split()[0]} ({states[named[0]]})"


def await_end(service: Service, batch: str, indexer: str) -> dict:
    """The run of an indexer, when it has ended."""
    deadline = time.monotonic() + BATCH_SECONDS
    while "ended" not in (run := service.runs(batch).get(indexer, {})):
        if time.monotonic() > deadline:
            raise Problem(f"run {batch}-{indexer} does not end: {run}; see {service.log}")
        time.sleep(POLL_SECONDS)
    return run
