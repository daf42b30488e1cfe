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
    # Slow enough that the second instance has started by the middle of the batch.
    upstream = scene.upstream(max(SLOW, 3 * WORKERS * scene.right.start_seconds / scene.right.people))
    # The first indexer is done by the time that the sessions end, the others are not.
    fast = {f"camel.threadpool.config.{SECTIONS[0]}.pool-size": 60}
    first = scene.service(upstream.url, fast)
    batch = scene.trigger(first)
    done = scene.until(
        f"the run of {SECTIONS[0]} is completed",
        BATCH_SECONDS,
        lambda: scene.states(first, batch),
        lambda states: states.get(SECTIONS[0]) == "completed",
    )
    is_midst = set(done.values()) != {"completed"}
    scene.demand(is_midst, "the sessions end before the batch does (of the benchmark)", done)
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
            raise Problem(f"no run becomes {state} by another instance; seen: {entry}; see {scene.folder}")
        if "paused" in states and attempts % 50 == 0:
            for service in (first, second):
                service.api("POST", "/runs", {})
        return [entry.state, *states]

    scene.until(
        "the batch is completed by one of the two",
        BATCH_SECONDS,
        look,
        lambda states: set(states) == {"completed"},
    )
    stays = f"the file of the completed run of {SECTIONS[0]} stays"
    scene.demand(gone == 0, stays, f"gone in {gone} of {attempts} looks")
    scene.demand(arrived, "the second instance starts before the batch ends (of the benchmark)", second.log)
    stats = upstream.stats()
    calls, in_flight = (before + stats["section_calls"]) / scene.urls, stats["max_in_flight"]
    refused = second.wait(0) is not None
    scene.note(
        f"{ended} sessions ended; the second instance {'refused to start' if refused else 'started'};"
        f" {calls:.2f} calls a URL, {in_flight} in flight at most"
    )
    # Of one instance; calls that are in flight when it loses its work may still end.
    most = WORKERS * (len(SECTIONS) - 1) * 3 // 2
    scene.demand(in_flight <= most, f"at most one does the work, with {most} calls in flight", in_flight)
    scene.compare(scene.closed(batch), batch, *dict.fromkeys((first.csv, second.csv)))

    # Either takes part again when the other is gone, the first without a restart.
    upstream.stop()
    upstream = scene.upstream(FAST, after=upstream)
    second.stop()
    _next_batch(scene, first, (first.csv, second.csv))
    first.stop()
    for service in (first, second):
        lines = [line for line in service.log_from() if CANCELLED.search(line)]
        scene.demand(not lines, f"a run that another instance ended is not cancelled: {service.log}", lines[:1])
    _next_batch(scene, scene.service(upstream.url, fast, folder), (first.csv, second.csv))


def _next_batch(scene: Scene, service: Service, folders: tuple[Path, Path]) -> None:
    try:
        batch = scene.trigger(service)
        scene.complete(service, batch)
    except Problem as problem:
        raise Problem(f"{service.name} takes part when the other instance is gone: {problem}") from None
    scene.compare(scene.closed(batch), batch, *dict.fromkeys(folders))


def sessions_same_folder(scene: Scene) -> None:
    _sessions(scene, False)


def sessions_own_folder(scene: Scene) -> None:
    _sessions(scene, True)
