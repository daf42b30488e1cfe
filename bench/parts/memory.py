"""4. Memory: a list ten times as long must not need more. Peak resident memory of 1,000,000 URLs over 100,000."""

from __future__ import annotations

from collections.abc import Iterator

from .application import CSV_FOLDER, START_SECONDS, Application
from .children import Problem
from .comparisons import Upstream
from .table import Row, middle

HEAP = "256m"
SHORT, LONG = 100_000, 1_000_000
WORKERS = 100
SLOWEST = 1_000  # URLs per second; slower is an error


# A JVM grows its heap as it likes, so a longer run takes more. With the whole heap committed at the start, only the
# memory of the list can differ.
CASES = [("", ()), (", heap taken at the start", (f"-Xms{HEAP}", "-XX:+AlwaysPreTouch"))]


def measure(repetitions: int) -> Iterator[Row]:
    for suffix, java_options in CASES:
        row = Row(4, f"memory, -Xmx{HEAP}{suffix}: peak of {LONG:,} URLs over {SHORT:,}", aim=1.1, at_most=True)
        try:
            # The long run is made once, because it takes minutes and a peak only rises.
            peaks = [peak(SHORT, java_options, row) for _ in range(repetitions)]
            long = peak(LONG, java_options, row)
            row.ours = f"{long:.0f} MiB"
            row.beside = f"{SHORT:,} URLs: {middle(peaks, ' MiB', 0)}"
            row.ratios = [long / each for each in peaks]
        except Problem as problem:
            row.not_measured = str(problem)
        yield row


def peak(people: int, java_options: tuple[str, ...], row: Row) -> float:
    """Peak resident memory, in MiB, of a process that does one run over that many people."""
    limit = people / SLOWEST
    with (
        Upstream(people) as upstream,
        Application("memory", upstream.url, WORKERS, HEAP, java_options=java_options) as application,
    ):
        row.notes = [application.shown, upstream.shown]
        application.next_batch(people, START_SECONDS + limit)
        code = application.wait(START_SECONDS)
        if code != 0:
            raise Problem(f"a run over {people:,} URLs exited with {code}: see {application.log}")
        rows = sum(1 for file in CSV_FOLDER.rglob("*.csv") if "errors" not in file.name for _ in file.open("rb")) - 1
        if rows != people:
            raise Problem(f"a run over {people:,} URLs left {rows:,} rows in {CSV_FOLDER}")
        return application.peak_mib
