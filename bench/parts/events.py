"""What the long form of bench/chaos does to the application besides kills; each event in a scene of its own."""

from __future__ import annotations

import datetime
import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .application import PROJECT, SECTIONS, Once
from .children import Problem
from .disk import Disk
from .ledger import Ledger
from .partly_down import DOWN, PartlyDown
from .postgresql import PostgreSQL
from .scene import BATCH_SECONDS, FREE_SECONDS, START_SECONDS, Scene, component
from .service import Answer, Service
from .tokens import TOKEN, Tokens

# Latencies of the API, by which a batch of 1,000 people takes some 5, 20 and 40 s, with ten workers an indexer.
FAST, MEDIUM, SLOW = 0.02, 0.2, 0.4
WORKERS = 10
# A probe has to be answered within this time: five seconds, and one for a busy machine.
PROBE_SECONDS = 6
NOTICE_SECONDS, AT_ONCE_SECONDS = 90, 20
SHORT_OUTAGE, LONG_OUTAGE = (10, 40), (35, 100)


@dataclass(frozen=True)
class Event:
    name: str
    told: str
    run: Callable[[Scene], None]
    has_database: bool = True


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
    scene.demand(
        set(list(done.values())) != {"completed"}, "the sessions end before the batch does (of the benchmark)", done
    )
    ended = scene.server.terminate_sessions(scene.database)
    folder = scene.folder / "second" if has_own_folder else scene.folder
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
            raise Problem(f"no run becomes {state} when another instance takes over; seen: {entry}; see {scene.folder}")
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
    scene.demand(gone == 0, f"the file of the completed run of {SECTIONS[0]} stays", f"gone in {gone} of {attempts} looks")
    scene.demand(arrived, "the second instance has started before the batch is completed (of the benchmark)", second.log)
    calls = upstream.stats()["section_calls"] / scene.urls
    refused = second.wait(0) is not None
    scene.note(
        f"{ended} sessions ended; the second instance {'refused to start' if refused else 'started'};"
        f" {calls:.2f} calls a URL"
    )
    # With a folder of its own, the other one has no parts of the runs that it continues, and fetches them again.
    most = 1.9 if has_own_folder else 1.4
    scene.demand(calls < most, f"at most one does the work: fewer than {most} calls a URL", f"{calls:.2f}")
    scene.compare(scene.closed(), batch, *dict.fromkeys((first.csv, second.csv)))

    # Either takes part again when the other is gone, the first without a restart.
    upstream.stop()
    upstream = scene.upstream(FAST, after=upstream)
    second.stop()
    _next_batch(scene, first, (first.csv, second.csv))
    first.stop()
    _next_batch(scene, scene.service(upstream.url, fast, folder), (first.csv, second.csv))


def _next_batch(scene: Scene, service: Service, folders: tuple[Path, Path]) -> None:
    try:
        batch = scene.trigger(service)
        scene.complete(service, batch)
    except Problem as problem:
        raise Problem(f"{service.name} takes part when the other instance is gone: {problem}") from None
    scene.compare(scene.closed(), batch, *dict.fromkeys(folders))


def sessions_same_folder(scene: Scene) -> None:
    _sessions(scene, False)


def sessions_own_folder(scene: Scene) -> None:
    _sessions(scene, True)


def foreign_document(scene: Scene) -> None:
    upstream, opensearch = scene.upstream(FAST), scene.right.opensearch
    once = scene.once(upstream.url)
    once.wait_for_line("that a batch begins", Once.BEGUN, START_SECONDS)
    # One before and one after all people, if documents are sorted by their ids.
    foreign = ("a-foreign-document", "zz-foreign-document")
    for each in foreign:
        opensearch.call("PUT", f"/{scene.alias}/_doc/{each}?refresh=true", {"name": "not a person"})
    gone = {"id": "p:gone", "name": "Who has left", "active": True}
    opensearch.call("PUT", f"/{scene.alias}/_doc/p:gone?refresh=true", gone)
    code = once.wait(BATCH_SECONDS)
    if code is None:
        raise Problem(f"--once ends, with documents without id in the index: not within {BATCH_SECONDS} s: see {once.log}")
    once.stop()
    scene.demand(code == 0, "exit code 0", f"{code}: see {once.log}")
    named = [line for line in once.log_from() if "foreign-document" in line]
    scene.demand(bool(named), f"the log names the foreign documents: {once.log}", "no line does")
    batches = Ledger(scene.folder / "ledger").batches()
    scene.compare(batches, batches[-1].id, foreign=foreign)


def _database_away(scene: Scene, service: Service, seconds: float, most_alarms: int) -> None:
    """Stops the database for so long, asks for health all the while, and starts it again."""
    place = service.log_size()
    by = scene.random.choice((signal.SIGINT, signal.SIGQUIT))
    scene.server.end(by)
    back = time.monotonic() + seconds
    probes: list[tuple[Answer, Answer]] = []
    while time.monotonic() < back:
        probes.append((service.health(), service.health("/readiness")))
        time.sleep(min(2, max(0, back - time.monotonic())))
    _demand_down(scene, probes)
    scene.restart_database()
    scene.await_database(service)
    scene.note(f"the database was away for {seconds:.0f} s")
    scene.log_of_outage(service, place, most_alarms)


def _demand_down(scene: Scene, probes: list[tuple[Answer, Answer]]) -> None:
    longest = max((answer for both in probes for answer in both), key=lambda answer: answer.seconds)
    scene.note(f"{2 * len(probes)} probes, the longest took {longest.seconds:.1f} s")
    scene.demand(longest.seconds <= PROBE_SECONDS, f"each probe of health is answered within {PROBE_SECONDS} s", longest)
    # The first may have been under way as the database went.
    health, readiness = probes[-1]
    for each, _ in probes[1:]:
        if each.status != 503:
            health = each
    scene.demand(health.status == 503, "health answers 503 while the database is away", health)
    scene.demand(component(health, "db") == "DOWN", "health has db DOWN while the database is away", health)
    scene.demand(readiness.status == 503, "readiness answers 503 while the database is away", readiness)


def _batch_over_outage(scene: Scene, calls: int, pause: float, seconds: float) -> None:
    upstream = scene.upstream(MEDIUM)
    service = scene.service(upstream.url)
    batch = scene.trigger(service)
    scene.await_calls(upstream, calls)
    time.sleep(pause)
    # Of each run, one line or two, and of the database one when it goes and one when it comes back.
    _database_away(scene, service, seconds, 4 * len(SECTIONS))
    scene.complete(service, batch)
    scene.compare(scene.closed(), batch)
    again = scene.trigger(service)
    scene.complete(service, again)
    scene.compare(scene.closed(), again)
    scene.await_up(service)


def database_at_end(scene: Scene) -> None:
    _batch_over_outage(scene, scene.urls, scene.random.uniform(0, 0.5), scene.random.uniform(*LONG_OUTAGE))


def database_mid_run(scene: Scene) -> None:
    calls = int(scene.urls * scene.random.uniform(0.1, 0.7))
    _batch_over_outage(scene, calls, 0, scene.random.uniform(*SHORT_OUTAGE))


def database_at_trigger(scene: Scene) -> None:
    upstream = scene.upstream(FAST)
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=30 + 2 * scene.right.start_seconds)
    settings = {
        "colleagues.schedule": f"{due.second} {due.minute} {due.hour} * * ?",
        "colleagues.time-zone": "UTC",
        "colleagues.catch-up": "true",
    }
    service = scene.service(upstream.url, settings)
    left = (due - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    if left < 5:
        raise Problem(f"the start took until the trigger, on a busy machine (of the benchmark): see {service.log}")
    time.sleep(left - 5)
    scene.demand(not scene.ledger().batches(), "no batch before its time (of the benchmark)", scene.ledger().batches())
    # Until the wait for a connection is over, and some seconds more.
    _database_away(scene, service, 5 + 45, len(SECTIONS))
    batch = scene.until(
        "the trigger that fell into the outage is made up for",
        FREE_SECONDS,
        lambda: scene.ledger().batches(),
        lambda batches: len(batches) == 1,
    )[0].id
    scene.complete(service, batch)
    scene.compare(scene.closed(), batch)
    scene.await_up(service)


def token_stalls(scene: Scene) -> None:
    limit = 3
    tokens = Tokens()
    scene.at_end.callback(tokens.close)
    upstream = scene.upstream(MEDIUM, "--token", TOKEN)
    settings = {
        "colleagues.api.auth.oauth2.token-url": tokens.url,
        "colleagues.api.auth.oauth2.client-id": "bench",
        "colleagues.api.auth.oauth2.client-secret": "not-a-secret",
        "colleagues.api.response-timeout": f"{limit}s",
        "colleagues.api.patience": "60s",
        "colleagues.api.probe-every": "1s",
    }
    service = scene.service(upstream.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, scene.urls // 10)
    tokens.stalls = True
    scene.until("the token is renewed, and stalls", NOTICE_SECONDS, tokens.held, bool)
    scene.until(
        f"a call to the token endpoint ends within {limit} s",
        PROBE_SECONDS + 4 * limit,
        tokens.held,
        lambda held: held[0] is not None,
    )
    for indexer in SECTIONS:
        answer = service.api("DELETE", f"/runs/{batch}-{indexer}")
        scene.demand(answer.status == 200, f"the run of {indexer} can be cancelled", answer)
    # Waits until all indexers are free, while the endpoint still stalls.
    cancelled = time.monotonic()
    again = scene.trigger(service, NOTICE_SECONDS)
    scene.note(f"indexers are free {time.monotonic() - cancelled:.0f} s after the cancel")
    time.sleep(scene.random.uniform(0, 10))
    tokens.stalls = False
    longest = max((seconds for seconds in tokens.held() if seconds is not None), default=0)
    scene.note(f"{len(tokens.held())} stalls, the longest wait {longest:.1f} s, {tokens.asked} requests for a token")
    scene.demand(longest < PROBE_SECONDS + limit, f"no call waits for a token for longer than {limit} s", longest)
    scene.complete(service, again)
    scene.compare(scene.closed(), again)
    scene.await_up(service)


def patience_over(scene: Scene) -> None:
    patience = 10
    upstream = scene.upstream(MEDIUM)
    settings = {"colleagues.api.patience": f"{patience}s", "colleagues.api.probe-every": "1s"}
    service = scene.service(upstream.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, int(scene.urls * scene.random.uniform(0.2, 0.6)))
    before = upstream.stats()["section_calls"]
    upstream.end()
    scene.until(
        "the runs pause when the patience is over",
        patience + NOTICE_SECONDS,
        lambda: scene.states(service, batch),
        lambda states: len(states) == len(SECTIONS) and set(states.values()) <= {"paused", "completed"},
    )
    scene.closed()
    upstream = scene.upstream(MEDIUM, after=upstream)
    # One trigger has to do: the batch must not pause again, the API being well.
    answer = service.api("POST", "/runs", {})
    scene.demand(answer.status in (202, 409), "the next trigger is taken", answer)
    scene.complete(service, batch, triggers=0)
    calls = (before + upstream.stats()["section_calls"]) / scene.urls
    batches = scene.closed()
    scene.note(f"{calls:.2f} calls a URL, {len(batches)} batches")
    scene.demand(calls < 1.5, "no second batch does all of it again: fewer than 1.5 calls a URL", f"{calls:.2f}")
    scene.demand(len(batches) == 1, "the next trigger continues the batch, and opens none", batches)
    scene.compare(batches, batch)
    scene.await_up(service)


def starving_export(scene: Scene) -> None:
    upstream = scene.upstream(FAST)
    front = PartlyDown(upstream.port)
    scene.at_end.callback(front.close)
    settings = {"colleagues.api.calls-in-flight": 4, "colleagues.api.probe-every": "1s"}
    service = scene.service(front.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, scene.urls // 20)
    alone = _rate(upstream, 5)
    job = {"job_id": "down", "urls": [f"{front.url}{DOWN}{n}" for n in range(200)]}
    answer = service.api("POST", "/exports", job, {"Prefer": "respond-async"})
    scene.demand(answer.status == 202, "an export to an API that is down is accepted", answer)
    scene.until("the export calls the API that is down", NOTICE_SECONDS, lambda: front.calls_down, lambda n: n >= 20)
    time.sleep(2)
    beside = _rate(upstream, 5)
    scene.note(f"{alone:.0f} calls a second alone, {beside:.0f} beside the export: {beside / alone:.2f}")
    scene.demand(
        beside > alone / 2 or upstream.stats()["section_calls"] >= scene.urls,
        "the run keeps at least half of its rate beside an export that waits",
        f"{beside:.1f} of {alone:.1f} calls a second",
    )
    answer = service.api("DELETE", "/exports/down")
    scene.demand(answer.body.get("state") == "cancelled", "the export is cancelled", answer)
    live = {"job_id": "well", "urls": [f"{front.url}/people/p%3A{n}/patents" for n in range(20)]}
    cancelled = time.monotonic()
    scene.demand(
        service.api("POST", "/exports", live, {"Prefer": "respond-async"}).status == 202, "another export is accepted", ""
    )
    exported = scene.until(
        "another export is done",
        NOTICE_SECONDS,
        lambda: service.api("GET", "/exports/well"),
        lambda answer: answer.body.get("state") not in ("accepted", "running"),
    )
    took = time.monotonic() - cancelled
    scene.note(f"another export was done {took:.1f} s after the cancel")
    scene.demand(took < AT_ONCE_SECONDS, "the calls of a cancelled export end at once, so that another is done", took)
    is_whole = exported.body.get("state") == "completed" and exported.body.get("errors") == 0
    scene.demand(is_whole, "another export, of URLs that are well, is completed", exported)
    scene.complete(service, batch)
    scene.compare(scene.closed(), batch)


def _rate(upstream, seconds: float) -> float:
    """Sections called a second."""
    before, began = upstream.stats()["section_calls"], time.monotonic()
    time.sleep(seconds)
    return (upstream.stats()["section_calls"] - before) / (time.monotonic() - began)


def mapping_upgrade(scene: Scene) -> None:
    upstream, opensearch = scene.upstream(FAST), scene.right.opensearch
    patience = {"colleagues.opensearch.patience": "30s"}
    _end_with_0(scene, scene.once(upstream.url, patience))
    index, _ = opensearch.definition(scene.alias)
    mapping = json.loads((PROJECT / "src/main/resources/mappings/colleagues.json").read_text())
    mapping["mappings"]["_meta"]["version"] += 1
    newer = scene.folder / "newer.json"
    newer.write_text(json.dumps(mapping))
    killed = scene.once(upstream.url, {**patience, "colleagues.opensearch.mapping": f"file:{newer}"})

    def blocked() -> bool:
        if killed.wait(0) is not None:
            raise Problem(f"the upgrade was not caught in its middle (of the benchmark): see {killed.log}")
        settings = opensearch.call("GET", f"/{index}/_settings")[index]["settings"]["index"]
        return settings.get("blocks", {}).get("write") == "true"

    give_up = time.monotonic() + START_SECONDS
    while not blocked():
        if time.monotonic() > give_up:
            raise Problem(f"the upgrade did not begin within {START_SECONDS} s (of the benchmark): see {killed.log}")
        time.sleep(0.01)
    killed.end()
    over = opensearch.definition(scene.alias)[0]
    if over != index:
        raise Problem(f"the upgrade was over before the kill (of the benchmark): the alias is over {over}")
    once = scene.once(upstream.url, patience)
    _end_with_0(scene, once)
    batches = Ledger(scene.folder / "ledger").batches()
    scene.compare(batches, batches[-1].id)


def _end_with_0(scene: Scene, once: Once) -> None:
    code = once.wait(START_SECONDS + BATCH_SECONDS)
    once.stop()
    if code != 0:
        raise Problem(f"--once ends with 0: it ended with {code}: see {once.log}")


def _disk_full(scene: Scene, disk: Disk, service: Service) -> str:
    """A batch in whose middle the disk is full, until health says so; then there is room again. The batch."""
    batch = scene.trigger(service)
    scene.until(
        "a tenth of the batch is done",
        BATCH_SECONDS,
        lambda: sum(run["urls"] for run in service.runs(batch).values()),
        lambda urls: urls > scene.urls // 10,
    )
    place = service.log_size()
    disk.fill()
    probes: list[Answer] = []

    def look() -> Answer:
        probes.append(service.health())
        return probes[-1]

    scene.until("health is not UP when the ledger's disk is full", NOTICE_SECONDS, look, lambda health: health.status != 200)
    time.sleep(5)
    health = look()
    longest = max(probe.seconds for probe in probes)
    scene.note(f"the longest of {len(probes)} probes took {longest:.1f} s")
    scene.demand(longest <= PROBE_SECONDS, f"each probe of health is answered within {PROBE_SECONDS} s", f"{longest:.1f}")
    has_reason = health.status == 503 and any(word in json.dumps(health.body).lower() for word in ("disk", "space", "full"))
    scene.demand(has_reason, "health answers 503, with the disk as the reason", health)
    scene.log_of_outage(service, place, 4 * len(SECTIONS))
    lines = service.log_from(place)
    scene.demand(not any("NullPointerException" in line for line in lines), f"no NullPointerException in {service.log}", "")
    named = [line for line in lines if any(word in line.lower() for word in ("disk", "no space"))]
    scene.demand(bool(named), f"a line of the log names the disk: {service.log}", "none does")
    disk.make_room()
    return batch


def _after_room(scene: Scene, service: Service, batch: str) -> str:
    """Without a restart: the batch is completed, and another one."""
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
    # The write-ahead log has a disk of its own, as on a server with care: where it cannot be written, PostgreSQL ends.
    (disk.seen / "space").mkdir()
    scene.server.create(scene.database, disk.folder / "space")
    upstream = scene.upstream(MEDIUM)
    service = scene.service(upstream.url)
    batch = _disk_full(scene, disk, service)
    again = _after_room(scene, service, batch)
    batches = scene.closed()
    scene.compare(batches, batch)
    scene.compare(batches, again)
    service.stop()


EVENTS = [
    Event("sessions", "its database sessions are terminated, and a second instance starts on its folder", sessions_same_folder),
    Event("sessions-own-folder", "the same, and the second instance has a folder of its own", sessions_own_folder),
    Event("foreign-document", "documents without `id` are in the index when it sweeps", foreign_document, False),
    Event("database-at-end", "the database is stopped at the end of a batch, for 35 to 100 s", database_at_end),
    Event("database-mid-run", "the database is stopped in the middle of a batch, for 10 to 40 s", database_mid_run),
    Event("database-at-trigger", "the database is stopped for 50 s, into which a scheduled time falls", database_at_trigger),
    Event("token-stalls", "the token endpoint sends headers and then nothing; the runs are cancelled", token_stalls),
    Event("patience-over", "the API is away for longer than `patience`", patience_over),
    Event("starving-export", "an export waits for a part of the API that is down, with `calls-in-flight`", starving_export),
    Event("mapping-upgrade", "killed in a mapping upgrade, and started with the former mapping", mapping_upgrade, False),
    Event("disk-full-h2", "the disk of the H2 ledger is full in the middle of a batch", disk_full_h2, False),
    Event("disk-full-postgresql", "the disk of the PostgreSQL ledger is full", disk_full_postgresql, False),
]
