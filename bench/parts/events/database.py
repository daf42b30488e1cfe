"""The database is stopped and restarted."""

from __future__ import annotations

import datetime
import signal
import time

from ..application import SECTIONS
from ..children import Problem
from ..scene import FAST, FREE_SECONDS, MEDIUM, PROBE_SECONDS, Scene, component
from ..service import Answer, Service

SHORT_OUTAGE, LONG_OUTAGE = (10, 40), (35, 100)


def _database_away(scene: Scene, service: Service, seconds: float, most_alarms: int) -> None:
    """Stops the database for so many seconds, probes health meanwhile, and restarts it."""
    place = service.log_size()
    by = scene.random.choice((signal.SIGINT, signal.SIGQUIT))
    scene.server.end(by)
    back = time.monotonic() + seconds
    probes: list[tuple[Answer, Answer]] = []
    while time.monotonic() < back:
        probes.append((service.health(), service.health("/readiness")))
        time.sleep(min(2, max(0, back - time.monotonic())))
    _require_down(scene, probes)
    scene.restart_database()
    scene.await_database(service)
    scene.note(f"the database was down for {seconds:.0f} s")
    scene.log_of_outage(service, place, most_alarms)


def _require_down(scene: Scene, probes: list[tuple[Answer, Answer]]) -> None:
    longest = max((answer for both in probes for answer in both), key=lambda answer: answer.seconds)
    scene.note(f"{2 * len(probes)} probes, the longest took {longest.seconds:.1f} s")
    in_time = longest.seconds <= PROBE_SECONDS
    scene.require(in_time, f"each probe of health is answered within {PROBE_SECONDS} s", longest)
    # The first probe may have started before the database stopped.
    health, readiness = probes[-1]
    for each, _ in probes[1:]:
        if each.status != 503:
            health = each
    scene.require(health.status == 503, "health answers 503 while the database is down", health)
    scene.require(component(health, "db") == "DOWN", "health has db DOWN while the database is down", health)
    scene.require(readiness.status == 503, "readiness answers 503 while the database is down", readiness)


def _batch_over_outage(scene: Scene, calls: int, pause: float, seconds: float) -> None:
    upstream = scene.upstream(MEDIUM)
    service = scene.service(upstream.url)
    batch = scene.trigger(service)
    scene.await_calls(upstream, calls)
    time.sleep(pause)
    # One or two lines for each run, and one each for the stop and the return of the database.
    _database_away(scene, service, seconds, 4 * len(SECTIONS))
    scene.complete(service, batch)
    scene.compare(scene.closed(batch), batch)
    again = scene.trigger(service)
    scene.complete(service, again)
    scene.compare(scene.closed(again), again)
    scene.await_up(service)


def database_at_end(scene: Scene) -> None:
    _batch_over_outage(scene, scene.urls, scene.random.uniform(0, 0.5), scene.random.uniform(*LONG_OUTAGE))


def database_mid_run(scene: Scene) -> None:
    calls = int(scene.urls * scene.random.uniform(0.1, 0.7))
    _batch_over_outage(scene, calls, 0, scene.random.uniform(*SHORT_OUTAGE))


def database_at_trigger(scene: Scene) -> None:
    upstream = scene.upstream(FAST)
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=30 + 2 * scene.expected.start_seconds)
    settings = {
        "colleagues.schedule": f"{due.second} {due.minute} {due.hour} * * ?",
        "colleagues.time-zone": "UTC",
        "colleagues.catch-up": "true",
    }
    service = scene.service(upstream.url, settings)
    left = (due - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    if left < 5:
        raise Problem(f"the start took until the trigger on a busy machine (of the benchmark): see {service.log}")
    time.sleep(left - 5)
    scene.require(not scene.ledger().batches(), "no batch before its time (of the benchmark)", scene.ledger().batches())
    # Longer than the time-out for a connection.
    _database_away(scene, service, 5 + 45, len(SECTIONS))
    batch = scene.until(
        "one batch makes up for the trigger during the outage",
        FREE_SECONDS,
        lambda: scene.ledger().batches(),
        lambda batches: len(batches) == 1,
    )[0].id
    scene.complete(service, batch)
    scene.compare(scene.closed(batch), batch)
    scene.await_up(service)
