"""The load of searches: wrk sends the same queries alternately to the application and directly to OpenSearch."""

from __future__ import annotations

import json
import os
import re
import statistics
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .application import INDEX_ALIAS, JAR, PROJECT, jdk
from .children import LOGS, Child, Problem, free_port, output_of, tool
from .comparisons import WRK_THREADS
from .opensearch import OpenSearch
from .table import middle

BENCH = PROJECT / "bench"
SHARED_PEOPLE = PROJECT.parent / "shared" / "data" / "colleagues.jsonl"
QUERIES = 400
WARM_UP_SECONDS, WRK_SECONDS = 45, 10
BATCH_SECONDS, START_SECONDS = 180, 60


def people_file() -> Path:
    return SHARED_PEOPLE if SHARED_PEOPLE.exists() else PROJECT / "demo" / "people.jsonl"


class Service(Child):
    """The application as a service, with one key, on an index that it has filled."""

    # The summaries of all runs are logged at the end of the batch, ordered by name.
    ENDED = re.compile(r"run patents completed: people \d+, .*errors 0,")

    def __init__(self, opensearch: OpenSearch):
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
            "colleagues.demo.people": people_file(),
            "colleagues.database.file": folder / "ledger",
            "colleagues.csv.folder": folder / "csv",
        }
        command = [jdk() / "bin" / "java", "-Xmx512m", "-XX:+UseZGC", "-jar", JAR]
        super().__init__("search/application", command + [f"--{k}={v}" for k, v in settings.items()], folder=PROJECT)

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
    people = [person for person in map(json.loads, people_file().open()) if person["active"]]
    found: list[str] = []
    for person in people:
        for patent in person["patents"][:1]:
            found.append(patent["title"])
            words = [word for word in re.findall("[a-z]{5,}", patent.get("abstract", "").lower())]
            found.append(" ".join(dict.fromkeys(words[3:20:3])))
        for function, place in zip(person["functions"][:1], person["geography"][:1]):
            found.append(f"{function['title']} {place['city']}")
        found.append(person["name"])
    return [text for text in found if text][: QUERIES]


def query_of(template: str, requests: list[dict]) -> list[dict]:
    """The queries that the application sends to OpenSearch for these requests: its template, run by jq."""
    program = "def header($name): .[$name];\n" + (PROJECT / "routes" / "api" / f"{template}.jq").read_text()
    file = LOGS / "search" / "requests.jsonl"
    file.write_text("\n".join(map(json.dumps, requests)))
    return [json.loads(line) for line in output_of([tool("jq", "jq"), "-c", program, file], 60).splitlines()]


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


def row(what: str, connections: int, ours: list[Burst], direct: list[Burst]) -> list[str]:
    ratios = [one.p99 / other.p99 for one, other in zip(ours, direct)]

    def cell(name: str, unit: str, digits: int) -> list[str]:
        return [middle([getattr(one, name) for one in side], unit, digits) for side in (ours, direct)]

    return [
        what,
        str(connections),
        *cell("rate", "", 0),
        *cell("p50", " ms", 1),
        *cell("p99", " ms", 1),
        middle(ratios),
        "yes" if statistics.median(ratios) <= 1.3 else "no",
    ]


HEADINGS = ["", "connections", "per second", "direct", "p50", "direct", "p99", "direct", "p99 ratio", "≤ 1.3"]


def measure(repetitions: int, concurrency: tuple[int, ...]) -> list[list[str]]:
    """One row for each operation and number of concurrent searches."""
    (LOGS / "search").mkdir(parents=True, exist_ok=True)
    with OpenSearch("search/opensearch") as opensearch, Service(opensearch) as service:
        service.wait_for_line("that the batch is completed", Service.ENDED, BATCH_SECONDS)
        opensearch.call("POST", f"/{INDEX_ALIAS}/_refresh")
        searches = [{"query": text} for text in texts()]
        typed = [{"q": text[:length]} for text, length in zip(texts(), [2, 4, 6, 3, 8, 5] * QUERIES)]
        path = f"/{INDEX_ALIAS}/_search"
        operations = {
            "expertise-search": (
                [f"POST /api/expertise-search {json.dumps(search)}" for search in searches],
                [f"POST {path} {json.dumps(query)}" for query in query_of("expertise-search", searches)],
            ),
            "autosuggest": (
                [f"GET /api/autosuggest?q={quote(one['q'])}" for one in typed],
                [f"POST {path} {json.dumps(query)}" for query in query_of("autosuggest", typed)],
            ),
        }
        rows = []
        for name, (ours, direct) in operations.items():
            method, target, *body = ours[0].split(" ", 2)
            service.answer(method, target, *body)
            files = write(name, ours), write(f"{name}-direct", direct)
            for connections in concurrency:
                burst(service.url, files[0], service.key, connections, WARM_UP_SECONDS)
                burst(opensearch.url, files[1], service.key, connections, WARM_UP_SECONDS)
                pairs = [
                    (
                        burst(service.url, files[0], service.key, connections, WRK_SECONDS),
                        burst(opensearch.url, files[1], service.key, connections, WRK_SECONDS),
                    )
                    for _ in range(repetitions)
                ]
                rows.append(row(name, connections, [one for one, _ in pairs], [other for _, other in pairs]))
                print(" | ".join(rows[-1]), flush=True)
        return rows
