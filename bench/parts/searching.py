"""The load of searches: wrk sends them alternately to the application and, as a plain query or as the application sends them, to
OpenSearch."""

from __future__ import annotations

import itertools
import json
import math
import os
import re
import statistics
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import people

from .application import INDEX_ALIAS, JAR, PROJECT, jdk
from .children import LOGS, Child, Problem, free_port, output_of, tool
from .comparisons import WRK_THREADS
from .opensearch import OpenSearch
from .table import middle

BENCH = PROJECT / "bench"
QUERIES = 400
WARM_UP_SECONDS, WRK_SECONDS = 30, 10
BATCH_SECONDS, START_SECONDS, VECTORS_SECONDS = 180, 120, 1800


class Service(Child):
    """The application as a service, with one key. The one that compares meaning fills the index; another one finds it filled."""

    # The summaries of all runs are logged at the end of the batch, ordered by name.
    ENDED = re.compile(r"run patents completed: people \d+, .*errors 0,")
    UNDERSTOOD = re.compile(r"the meaning of all texts is computed")
    STARTED = re.compile(r"searches compare words alone")

    def __init__(self, opensearch: OpenSearch, meaning: bool):
        made = output_of([jdk() / "bin" / "java", "-jar", JAR, "--make-key", "bench", "--scopes", "search"], 60)
        key, hashed = re.search(r"X-API-Key:\s*(\S+)", made), re.search(r"hash:\s*(\S+)", made)
        if not key or not hashed:
            raise Problem(f"--make-key printed no key: {made[:200]}")
        self.key, self.url = key.group(1), f"http://127.0.0.1:{free_port()}"
        folder = LOGS / "search"
        settings = {
            "server.port": self.url.rpartition(":")[2],
            "management.server.port": -1,
            "colleagues.web.keys[0].name": "bench",
            "colleagues.web.keys[0].hash": hashed.group(1).strip("\"'"),
            "colleagues.web.keys[0].scopes": "search",
            "colleagues.web.requests-per-second": 1_000_000,
            "colleagues.deliver-to": "opensearch",
            "colleagues.opensearch.url": opensearch.url,
            "colleagues.search.meaning": str(meaning).lower(),
            "colleagues.run-at-start": str(meaning).lower(),
            "colleagues.demo.people": people.default_file(),
            "colleagues.database.file": folder / "ledger",
            "colleagues.csv.folder": folder / "csv",
        }
        command = [jdk() / "bin" / "java", "-Xmx512m", "-XX:+UseZGC", "-jar", JAR]
        super().__init__(f"search/application-{'meaning' if meaning else 'words'}", command + [f"--{k}={v}" for k, v in settings.items()], folder=PROJECT)

    def answer(self, method: str, path: str, body: str = "") -> dict:
        headers = {"Content-Type": "application/json", "X-API-Key": self.key}
        request = urllib.request.Request(self.url + path, body.encode() or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as failure:
            raise Problem(f"{method} {path}: {failure.code} {failure.read()[:300]!r}") from None
        except OSError as failure:
            raise Problem(f"{method} {path}: {failure}") from None


def texts() -> list[str]:
    """Likely queries, mixed: titles, five words of an abstract, a function and a city, names."""
    found: list[str] = []
    for person in people.active(people.default_file()):
        for patent in person["patents"][:1]:
            found.append(patent["title"])
            words = [word for word in re.findall("[a-z]{5,}", patent.get("abstract", "").lower())]
            found.append(" ".join(dict.fromkeys(words[3:20:3])))
        for function, place in zip(person["functions"][:1], person["geography"][:1]):
            found.append(f"{function['title']} {place['city']}")
        found.append(person["name"])
    return [text for text in found if text][: QUERIES]


def plain(text: str) -> dict:
    """The query of somebody who has thought of nothing else."""
    return {"query": {"multi_match": {"query": text, "fields": ["*"], "lenient": True}}}


def fill(opensearch: OpenSearch, number: int) -> None:
    """Adds variations of the people in the index, until there are so many."""
    index = f"/{INDEX_ALIAS}"
    opensearch.call("PUT", f"{index}/_settings", {"index": {"refresh_interval": "-1"}})
    made = people.read(people.default_file(), number)
    while some := list(itertools.islice(made, 200)):
        opensearch.bulk(INDEX_ALIAS, some)
    opensearch.call("PUT", f"{index}/_settings", {"index": {"refresh_interval": "1s"}})


def sent_by(service: Service, opensearch: OpenSearch, requests: list[str]) -> list[dict]:
    """The queries that the application sends to OpenSearch for these suggestions, as OpenSearch logs slow ones."""
    settings = f"/{INDEX_ALIAS}/_settings"
    threshold = "index.search.slowlog.threshold.query.trace"
    opensearch.call("PUT", settings, {threshold: "0ms"})
    log = opensearch.data / "logs" / "opensearch_index_search_slowlog.json"
    before = log.stat().st_size
    for request in requests:
        service.answer(*request.split(" ", 2))
    opensearch.call("PUT", settings, {threshold: None})
    # Others may search at the same time, such as for what to sweep.
    lines = [line for line in log.read_bytes()[before:].decode().splitlines() if "nearly_topics" in line]
    # The query is escaped twice.
    queries = [json.loads(json.loads(f'"{json.loads(line)["source"]}"')) for line in lines]
    if len(queries) != len(requests):
        raise Problem(f"{len(requests)} requests made {len(queries)} queries: see {log}")
    return queries


def write(name: str, lines: list[str]) -> Path:
    file = LOGS / "search" / f"{name}.txt"
    file.write_text("\n".join(lines) + "\n")
    return file


@dataclass(frozen=True)
class Burst:
    """wrk's figures of one burst: requests per second, and p50 and p99 in milliseconds."""

    rate: float
    p50: float
    p99: float


def burst(url: str, file: Path, key: str, connections: int, seconds: int) -> Burst:
    threads = min(WRK_THREADS, connections)
    command = [tool("wrk", "wrk"), f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency"]
    printed = output_of(
        [*command, "-s", BENCH / "search.lua", url], seconds + 60, {"BENCH_REQUESTS": str(file), "BENCH_KEY": key}
    )
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if not rate or "Non-2xx" in printed or "Socket errors" in printed:
        raise Problem(f"wrk: {printed.strip()[-400:]}")

    def millis(share: str) -> float:
        value, unit = re.search(rf"\b{share}%\s+([\d.]+)(us|ms|s)\b", printed).groups()
        return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

    return Burst(float(rate.group(1)), millis("50"), millis("99"))


def row(what: str, number: int, connections: int, ours: list[Burst], other: list[Burst], aims: tuple[float, float]) -> list[str]:
    def cells(name: str) -> list[str]:
        return [middle([getattr(one, name) for one in side], " ms", 1) for side in (ours, other)]

    ratios = [[getattr(one, name) / getattr(two, name) for one, two in zip(ours, other)] for name in ("p50", "p99")]
    met = all(statistics.median(each) <= aim for each, aim in zip(ratios, aims))
    shares = [middle(each) for each in ratios]
    return [what, f"{number:,}", str(connections), *cells("p50"), shares[0], *cells("p99"), shares[1], "yes" if met else "no"]


HEADINGS = ["", "people", "connections", "p50", "other", "ratio", "p99", "other", "ratio", "as aimed at"]


@dataclass(frozen=True)
class Operation:
    """Requests to the application, and what OpenSearch is asked in comparison; the aims are ratios of p50 and p99."""

    name: str
    ours: list[str]
    other: list[str]
    aims: tuple[float, float]


def searches(name: str, aim: float) -> Operation:
    return Operation(
        f"{name}, beside multi_match",
        [f"POST /api/expertise-search {json.dumps({'query': text})}" for text in texts()],
        [f"POST /{INDEX_ALIAS}/_search {json.dumps(plain(text))}" for text in texts()],
        (aim, aim),
    )


def of_words(service: Service, opensearch: OpenSearch) -> list[Operation]:
    path = f"/{INDEX_ALIAS}/_search"
    typed = [
        f"GET /api/autosuggest?q={quote(text[:length])}" for text, length in zip(texts(), [2, 4, 6, 3, 8, 5] * QUERIES)
    ]
    return [
        searches("expertise-search by words", 2),
        Operation(
            "autosuggest, beside its query",
            typed,
            [f"POST {path} {json.dumps(query)}" for query in sent_by(service, opensearch, typed)],
            (math.inf, 1.5),
        ),
    ]


def measure(repetitions: int, concurrency: tuple[int, ...], numbers: list[int]) -> list[list[str]]:
    """One row for each operation, number of people and number of concurrent searches; by meaning of the first people only."""
    (LOGS / "search").mkdir(parents=True, exist_ok=True)
    rows: list[list[str]] = []
    with OpenSearch("search/opensearch") as opensearch:

        def compare(service: Service, operation: Operation) -> None:
            number = opensearch.count(INDEX_ALIAS)
            files = write("requests", operation.ours), write("requests-other", operation.other)
            sides = [(service.url, files[0]), (opensearch.url, files[1])]
            for connections in concurrency:

                def bursts(seconds: int) -> list[Burst]:
                    return [burst(url, file, service.key, connections, seconds) for url, file in sides]

                bursts(WARM_UP_SECONDS)
                ours, other = zip(*[bursts(WRK_SECONDS) for _ in range(repetitions)])
                rows.append(row(operation.name, number, connections, ours, other, operation.aims))
                print(" | ".join(rows[-1]), flush=True)

        with Service(opensearch, meaning=True) as service:
            service.wait_for_line("that the batch is completed", Service.ENDED, BATCH_SECONDS)
            service.wait_for_line("that all texts have their meaning", Service.UNDERSTOOD, VECTORS_SECONDS)
            compare(service, searches("expertise-search by words and meaning", 3))
        with Service(opensearch, meaning=False) as service:
            service.wait_for_line("that it has started", Service.STARTED, START_SECONDS)
            for number in numbers:
                fill(opensearch, number)
                for operation in of_words(service, opensearch):
                    compare(service, operation)
    return rows
