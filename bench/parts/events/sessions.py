"""The database sessions of a batch are terminated, and a second instance starts."""

from __future__ import annotations

import re
from pathlib import Path

from ..application import SECTIONS
from ..children import Problem
from ..scene import BATCH_SECONDS, FAST, SLOW, Scene
from ..service import Service

WORKERS = 10
CANCELLED = re.compile(r"\brun \w+ cancelled\b")


def _sessions(scene: Scene, has_own_folder: bool) -> None:
    # Slow enough for the second instance to start before the middle of the batch.
    upstream = scene.upstream(max(SLOW, 3 * WORKERS * scene.expected.start_seconds / scene.expected.people))
    # Only the first indexer is done when the sessions are terminated.
    fast = {f"camel.threadpool.config.{SECTIONS[0]}.pool-size": 60}
    first = scene.service(upstream.url, fast)
    batch = scene.trigger(first)
    done = scene.until(
        f"the run of {SECTIONS[0]} is completed",
        BATCH_SECONDS,
        lambda: scene.states(first, batch),
        lambda states: states.get(SECTIONS[0]) == "completed",
    )
    is_unfinished = set(done.values()) != {"completed"}
    scene.require(is_unfinished, "the sessions are terminated before the batch ends (of the benchmark)", done)
    ended = scene.server.terminate_sessions(scene.database)
    folder = scene.folder / "second" if has_own_folder else scene.folder
    before = upstream.stats(reset=True)["section_calls"]
    second = scene.launch(upstream.url, fast, folder)
    file = scene.folder / "csv" / SECTIONS[0] / f"{batch}.csv"
    gone, attempts, arrived = 0, 0, False

    def look() -> list[str]:
        nonlocal gone, attempts, arrived
        arrived = arrived or second.wait(0) is not None or second.health().status > 0
        entry = next(entry for entry in scene.ledger().batches() if entry.id == batch)
        gone += not file.exists()
        attempts += 1
        states = [run.state for run in entry.runs]
        for state in {"cancelled", "abandoned", "failed"} & set(states):
            raise Problem(f"another instance made a run {state}: {entry}; see {scene.folder}")
        if "paused" in states and attempts % 50 == 0:
            for service in (first, second):
                service.api("POST", "/runs", {})
        return [entry.state, *states]

    scene.until(
        "one of the two instances completes the batch",
        BATCH_SECONDS,
        look,
        lambda states: set(states) == {"completed"},
    )
    stays = f"the file of the completed run of {SECTIONS[0]} stays"
    scene.require(gone == 0, stays, f"missing in {gone} of {attempts} checks")
    scene.require(arrived, "the second instance starts before the batch ends (of the benchmark)", second.log)
    stats = upstream.stats()
    calls, in_flight = (before + stats["section_calls"]) / scene.urls, stats["max_in_flight"]
    refused = second.wait(0) is not None
    scene.note(
        f"{ended} sessions terminated; the second instance {'refused to start' if refused else 'started'};"
        f" {calls:.2f} calls per URL, {in_flight} in flight at most"
    )
    # The limit for one instance, plus calls in flight that may still finish after it lost its lease.
    most = WORKERS * (len(SECTIONS) - 1) * 3 // 2
    scene.require(in_flight <= most, f"only one instance works, with at most {most} calls in flight", in_flight)
    scene.compare(scene.closed(batch), batch, *dict.fromkeys((first.csv, second.csv)))

    # Each instance works again when the other is gone, the first without a restart.
    upstream.stop()
    upstream = scene.upstream(FAST, after=upstream)
    second.stop()
    _next_batch(scene, first, (first.csv, second.csv))
    first.stop()
    for service in (first, second):
        lines = [line for line in service.log_from() if CANCELLED.search(line)]
        scene.require(not lines, f"a run of another instance is not cancelled: {service.log}", lines[:1])
    _next_batch(scene, scene.service(upstream.url, fast, folder), (first.csv, second.csv))


def _next_batch(scene: Scene, service: Service, folders: tuple[Path, Path]) -> None:
    try:
        batch = scene.trigger(service)
        scene.complete(service, batch)
    except Problem as problem:
        raise Problem(f"{service.name} does not work after the other instance has gone: {problem}") from None
    scene.compare(scene.closed(batch), batch, *dict.fromkeys(folders))


def sessions_same_folder(scene: Scene) -> None:
    _sessions(scene, False)


def sessions_own_folder(scene: Scene) -> None:
    _sessions(scene, True)
