"""1. Fan-out: are all workers always busy? Wall time over the shortest possible time for that many workers."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Iterator

from .application import START_SECONDS, Application, functions_path
from .children import Problem
from .comparisons import Upstream, thread_pool, wrk
from .latency import ideal_seconds, latency_of
from .load import Load, load_note
from .table import Row, middle

LATENCY = 0.05  # seconds
URLS_PER_WORKER = 100
AIM = 1.05
WARM_UP_BATCHES = 3  # 100 workers: 1.26, 1.08 and 1.04 times the ideal, then steady
WRK_SECONDS = 5
SCRIPT_URLS = 3_000  # at most, because the script makes about 500 calls per second with any number of workers
CASES = [(workers, sigma) for sigma in (0, 1) for workers in (10, 100, 500)]


def measure(repetitions: int) -> Iterator[Row]:
    for workers, sigma in CASES:
        row = Row(1, f"fan-out, {workers} workers, 50 ms{', heavy tail' if sigma else ''}", aim=AIM, at_most=True)
        try:
            fill(row, workers, sigma, repetitions)
        except Problem as problem:
            row.not_measured = str(problem)
        yield row


def fill(row: Row, workers: int, sigma: float, repetitions: int) -> None:
    people = URLS_PER_WORKER * workers
    latencies = [latency_of(functions_path(person), LATENCY, sigma) for person in range(people)]
    ideal = ideal_seconds(latencies, workers)
    limit = 30 + 10 * ideal
    with Upstream(people, LATENCY, sigma) as upstream:
        check(upstream, latencies)
        with Application("fan-out", upstream.url, workers, heap="512m", schedule="0/1 * * * * ?") as application:
            for _ in range(WARM_UP_BATCHES):
                application.next_batch(people, START_SECONDS + limit)
            seconds, loads = [], []
            for _ in range(repetitions):
                load = Load(application, upstream)
                seconds.append(application.next_batch(people, limit).seconds)
                loads.append(load.so_far())
        how = application.shown if (workers, sigma) == CASES[0] else f"the same with {application.sized}"
        row.notes = [how, upstream.shown, load_note(loads, people)]
        row.ours = middle(seconds, " s")
        row.ratios = [each / ideal for each in seconds]
        row.beside = f"ideal {ideal:.2f} s; " + "; ".join(others(upstream, workers, sigma, latencies, repetitions))


def others(upstream: Upstream, workers: int, sigma: float, latencies: list[float], repetitions: int) -> Iterator[str]:
    urls = min(len(latencies), SCRIPT_URLS)
    ideal = ideal_seconds(latencies[:urls], workers)
    try:
        ratios = [
            thread_pool(upstream, urls, workers, 120 + 10 * ideal) / ideal for _ in range(1 if sigma else repetitions)
        ]
        yield f"Python script {statistics.median(ratios):.2f} × its ideal" + (
            f" ({urls:,} URLs)" if urls < len(latencies) else ""
        )
    except Problem as problem:
        yield f"Python script not measured: {problem}"
    if sigma:
        return  # wrk has no fixed order of URLs, so its ideal is unknown
    try:
        yield f"wrk {workers / LATENCY / wrk(upstream, workers, WRK_SECONDS):.2f} × ideal"
    except Problem as problem:
        yield f"wrk not measured: {problem}"


def check(upstream: Upstream, latencies: list[float]) -> None:
    """Checks that the upstream has the computed latencies; otherwise the ideal is meaningless."""
    connection = http.client.HTTPConnection(upstream.url.removeprefix("http://"), timeout=30)
    connection.connect()
    for person in range(20):
        start = time.perf_counter()
        connection.request("GET", functions_path(person))
        connection.getresponse().read()
        late = time.perf_counter() - start - latencies[person]
        if not -0.003 < late < 0.1:
            raise Problem(
                f"the upstream answered {functions_path(person)} {late * 1000:+.0f} ms from the computed latency"
            )
    connection.close()
