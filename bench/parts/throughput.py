"""2. Throughput: no latency, CSV only. Calls per second, over those of the Python script and wrk on the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .application import START_SECONDS, Application
from .children import Problem
from .comparisons import WRK_THREADS, Upstream, thread_pool, wrk
from .load import load_note
from .pairs import Measured, side_by_side
from .table import Row, middle

PEOPLE = 20_000
WORKERS = 100
WARM_UPS = 6  # batches: the JVM compiles for about 100,000 URLs
SCRIPT_URLS = 2_000
WRK_SECONDS = 10


def measure(repetitions: int) -> Iterator[Row]:
    script = Row(2, "no latency, CSV: URLs/s over the Python script's", aim=10)
    hammer = Row(2, "no latency, CSV: URLs/s over wrk's", aim=0.5)
    try:
        fill(script, hammer, repetitions)
    except Problem as problem:
        script.not_measured = hammer.not_measured = str(problem)
    yield script
    yield hammer


def fill(script: Row, hammer: Row, repetitions: int) -> None:
    def attempt(row: Row, call: Callable[[], float]) -> float | None:
        if row.not_measured:
            return None
        try:
            return call()
        except Problem as problem:
            row.not_measured = str(problem)
            return None

    with Upstream(PEOPLE) as upstream:
        with Application("throughput", upstream.url, WORKERS, heap="512m", schedule="0/5 * * * * ?") as application:
            for _ in range(WARM_UPS):
                application.next_batch(PEOPLE, START_SECONDS + 120)

            def rivals(_: object) -> tuple[float | None, float | None]:
                return (
                    attempt(script, lambda: SCRIPT_URLS / thread_pool(upstream, SCRIPT_URLS, WORKERS, 120)),
                    attempt(hammer, lambda: wrk(upstream, WORKERS, WRK_SECONDS)),
                )

            pairs: list[Measured] = side_by_side(application, [upstream], PEOPLE, rivals, repetitions)

    ours = [PEOPLE / pair.batch.seconds for pair in pairs]
    for column, row, name in ((0, script, "Python script"), (1, hammer, f"wrk -t{WRK_THREADS} -c{WORKERS}")):
        row.ours = middle(ours, " URLs/s", 0)
        if not row.not_measured:
            theirs = [pair.rival[column] for pair in pairs]
            row.beside = f"{name} {middle(theirs, ' URLs/s', 0)}"
            row.ratios = [one / other for one, other in zip(ours, theirs)]
    script.notes = [application.shown, upstream.shown, load_note([pair.load for pair in pairs], PEOPLE)]
