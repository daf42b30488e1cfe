"""The disk of the ledger fills up, and then has space again."""

from __future__ import annotations

import json

from ..application import SECTIONS
from ..disk import Disk
from ..ledger import Ledger
from ..postgresql import PostgreSQL
from ..scene import BATCH_SECONDS, MEDIUM, NOTICE_SECONDS, PROBE_SECONDS, Scene
from ..service import Answer, Service


def _disk_full(scene: Scene, disk: Disk, service: Service) -> str:
    """Fills the disk in the middle of a batch until health reports it, then frees space. Returns the batch."""
    batch = scene.trigger(service)
    scene.until(
        "a tenth of the batch is done",
        BATCH_SECONDS,
        lambda: sum(run["urls"] for run in service.runs(batch).values()),
        lambda urls: urls > scene.urls // 10,
    )
    place = service.log_size()
    probes: list[Answer] = []

    def look() -> Answer:
        # H2 frees some space when it reopens its file.
        disk.fill()
        probes.append(service.health())
        return probes[-1]

    health = scene.until(
        "health is not UP while the disk is full", NOTICE_SECONDS, look, lambda health: health.status != 200
    )
    longest = max(probes, key=lambda probe: probe.seconds)
    scene.note(f"the longest of {len(probes)} probes took {longest.seconds:.1f} s")
    in_time = longest.seconds <= PROBE_SECONDS
    scene.require(in_time, f"each probe of health is answered within {PROBE_SECONDS} s", longest)
    has_reason = any(word in json.dumps(health.body).lower() for word in ("disk", "space", "full"))
    scene.require(health.status == 503 and has_reason, "health answers 503, with the disk as the reason", health)
    scene.log_of_outage(service, place, 4 * len(SECTIONS))
    lines = service.log_from(place)
    thrown = [line for line in lines if "NullPointerException" in line]
    scene.require(not thrown, f"no NullPointerException in {service.log}", thrown[:1])
    named = [line for line in lines if any(word in line.lower() for word in ("disk", "no space"))]
    scene.require(bool(named), f"a line of the log names the disk: {service.log}", "none does")
    disk.make_room()
    return batch


def _after_room(scene: Scene, service: Service, batch: str) -> str:
    """Without a restart, completes the batch and another one; returns the other."""
    scene.complete(service, batch)
    scene.compare_index(batch)
    again = scene.trigger(service)
    scene.complete(service, again)
    scene.await_up(service)
    return again


def disk_full_h2(scene: Scene) -> None:
    disk = scene.own(Disk(scene.next_name("disk"), scene.folder / "disk", "64m"))
    upstream = scene.upstream(MEDIUM)
    file = {"colleagues.database.file": disk.folder / "ledger"}
    service = scene.service(upstream.url, file, prefix=disk.prefix)
    batch = _disk_full(scene, disk, service)
    again = _after_room(scene, service, batch)
    service.stop()
    ledger = Ledger(disk.seen / "ledger", scene.folder / "ledger-copy")
    scene.note(f"the ledger's file has {ledger.file.stat().st_size / 2**20:.1f} MiB after two batches")
    batches = ledger.batches()
    scene.compare(batches, batch)
    scene.compare(batches, again)


def disk_full_postgresql(scene: Scene) -> None:
    disk = scene.own(Disk(scene.next_name("disk"), scene.folder / "disk", "64m"))
    scene.server = PostgreSQL(scene.next_name("postgresql"), prefix=disk.prefix)
    scene.at_end.callback(scene.server.drop)
    # The write-ahead log is on another disk, as on a well-run server: PostgreSQL exits when it cannot write it.
    (disk.seen / "space").mkdir()
    scene.server.create(scene.database, disk.folder / "space")
    upstream = scene.upstream(MEDIUM)
    service = scene.service(upstream.url)
    batch = _disk_full(scene, disk, service)
    again = _after_room(scene, service, batch)
    batches = scene.closed(again)
    scene.compare(batches, batch)
    scene.compare(batches, again)
    service.stop()
