"""Sources of other kinds than a URL with a person's section: a bulk feed, and an API that knows versions."""

from __future__ import annotations

import csv
import hashlib
import json
import threading
import time
from http.client import NOT_MODIFIED, OK
from urllib.parse import parse_qs, urlsplit

from ..application import PROJECT, SMALL_CHUNK, Once
from ..children import Problem
from ..front import Call, Front, Response
from ..ledger import Ledger, Run
from ..scene import BATCH_SECONDS, FAST, MEDIUM, START_SECONDS, Scene

KILLS, LONGEST_LIFE = 5, 4
PAGE, PAGE_SECONDS = 20, 0.2
FEED = f"""- templatedRoute:
    routeId: index-trainings
    routeTemplateRef: index-chunk
    parameters:
      - {{name: indexer, value: trainings}}
      - {{name: url, value: /trainings}}
      - {{name: paging, value: offset}}
      - {{name: pageSize, value: "{PAGE}"}}
      - {{name: each, value: .trainings}}
      - {{name: person, value: .person}}
      - {{name: section, value: "map({{course}})"}}
      - {{name: columns, value: course}}
"""


class Feed(Front):
    """Also lists the trainings of all people below /trainings, by offset and limit."""

    def __init__(self, port: int, people: int):
        self.trainings = [
            {"person": f"p:{person}", "course": f"Course {person}-{number}"}
            for number in range(3)
            for person in range(people)
            if number < person % 4
        ]
        self.pages = 0
        super().__init__(port)

    def answer(self, call: Call) -> Response | None:
        if not call.path.startswith("/trainings"):
            return super().answer(call)
        self.pages += 1  # one page is read at a time
        time.sleep(PAGE_SECONDS)
        asked = {name: int(value) for name, (value,) in parse_qs(urlsplit(call.path).query).items()}
        page = self.trainings[asked["offset"] : asked["offset"] + asked["limit"]]
        return Response(OK, json.dumps({"trainings": page}).encode())

    def of(self, person: str) -> list[str]:
        return [training["course"] for training in self.trainings if training["person"] == person]


class Versions(Front):
    """Sections have an ETag, and are sent again only if it is another one."""

    def __init__(self, port: int):
        self.sent = self.not_modified = 0
        self._lock = threading.Lock()  # for the counters
        super().__init__(port)

    def answer(self, call: Call) -> Response | None:
        response = super().answer(call)
        if response.status != OK or not call.path.startswith("/people/"):
            return response
        tag = {"ETag": f'"{hashlib.sha256(response.body).hexdigest()}"'}
        is_known = call.headers.get("If-None-Match") == tag["ETag"]
        with self._lock:
            self.not_modified += is_known
            self.sent += not is_known
        return Response(NOT_MODIFIED, b"", tag) if is_known else Response(OK, response.body, tag)


def feed_killed(scene: Scene) -> None:
    feed = Feed(scene.upstream(FAST).port, scene.expected.people)
    scene.at_end.callback(feed.close)
    routes = scene.folder / "routes"
    routes.mkdir()
    (routes / "trainings.camel.yaml").write_text(FEED)
    folders = {"colleagues.routes.folders": routes.relative_to(PROJECT), "colleagues.routes.exclude": "routes/indexers/**"}
    kill_until_done(scene, feed, folders)
    pages = len(feed.trainings) // PAGE + 1
    scene.note(f"{feed.pages} pages read of a feed with {pages}")
    opensearch, people = scene.expected.opensearch, scene.expected.served.documents.keys()
    opensearch.call("POST", f"/{scene.alias}/_refresh")
    found = {
        hit["_id"]: [item["course"] for item in hit["_source"]["trainings"]] for hit in opensearch.hits(scene.alias)
    }
    right = {person: feed.of(person) for person in people}
    wrong = [f"{id}: {found.get(id)} instead of {right.get(id)}" for id in right.keys() | found.keys()
             if found.get(id) != right.get(id)]
    scene.require(not wrong, "each document has the items of the feed", wrong[:3])
    (batch,) = Ledger(scene.folder / "ledger").batches()
    chunks, items = -(-len(people) // SMALL_CHUNK), len(feed.trainings)
    run = Run("trainings", "completed", len(people), chunks, chunks, len(people), len(people), items, 0, 0)
    scene.require(batch.runs == [run], f"the ledger has {run}", batch.runs)
    with (scene.folder / "csv" / "trainings" / f"{batch.id}.csv").open(newline="") as lines:
        rows = [row[:2] for row in csv.reader(lines)][1:]
    expected = [[person, course] for person in right for course in right[person]]
    scene.require(sorted(rows) == sorted(expected), "the CSV file has the items of the feed", f"{len(rows)} rows")


def conditional_killed(scene: Scene) -> None:
    versions = Versions(scene.upstream(MEDIUM).port)
    scene.at_end.callback(versions.close)
    first = scene.once(versions.url)
    require_exit_0(scene, first)
    sent, indexed = versions.sent, documents_indexed(scene)
    kill_until_done(scene, versions, {})
    scene.note(f"{versions.sent - sent} sections sent again, {versions.not_modified} not modified")
    scene.require(versions.sent == sent, "no section is sent again", versions.sent - sent)
    scene.require(versions.not_modified >= scene.urls, "the API is asked for all of them", versions.not_modified)
    scene.require(documents_indexed(scene) == indexed, "no document is indexed again", documents_indexed(scene) - indexed)
    batches = Ledger(scene.folder / "ledger").batches()
    scene.require(len(batches) == 2, "the second batch is continued", [batch.id for batch in batches])
    scene.compare(batches, batches[-1].id)


def kill_until_done(scene: Scene, front: Front, settings: dict) -> None:
    """Kills `--once` several times, each at a random moment of its batch, and lets it end."""
    kills = 0
    once = scene.once(front.url, settings)
    while kills < KILLS:
        once.wait_for_line("that a batch begins", Once.BEGUN, START_SECONDS)
        if once.wait(scene.random.uniform(0, LONGEST_LIFE)) is not None:
            break
        once.end()
        kills += 1
        once = scene.once(front.url, settings)
    scene.note(f"{kills} kills")
    scene.require(kills > 0, "the application is killed at least once (of the benchmark)", kills)
    require_exit_0(scene, once)


def require_exit_0(scene: Scene, once: Once) -> None:
    code = once.wait(START_SECONDS + BATCH_SECONDS)
    once.stop()
    if code != 0:
        raise Problem(f"--once exited with {code} instead of 0: see {once.log}")


def documents_indexed(scene: Scene) -> int:
    """The number of documents that were written since the index was created."""
    stats = scene.expected.opensearch.call("GET", f"/{scene.alias}/_stats/indexing")
    return stats["_all"]["primaries"]["indexing"]["index_total"]
