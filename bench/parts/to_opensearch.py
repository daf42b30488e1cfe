"""3. Delivery: no latency, to OpenSearch. Documents per second, over a raw parallel _bulk of the same documents.

Both sides create every document: OpenSearch skips an update that changes nothing, which would favour the second side.
So each side starts with an empty index of the same definition on the same OpenSearch, after the other's index, with its
merges, is deleted. The raw side sends the documents of the application's first batch.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from .application import CHUNK, INDEX_ALIAS, START_SECONDS, Application, Batch, chunks_in_flight
from .children import LOGS, Problem, output_of
from .comparisons import BENCH, Upstream, wrk
from .load import load_note
from .opensearch import OpenSearch
from .pairs import side_by_side
from .table import Row, middle

PEOPLE = 20_000
WORKERS = 100
RAW_INDEX = "raw-bulk"
WRK_SECONDS = 5
WARM_UPS = 5  # besides the first: OpenSearch also gets faster for about 100,000 documents
DOCUMENTS = LOGS / "documents.ndjson"


def measure(repetitions: int) -> Iterator[Row]:
    row = Row(3, "no latency, OpenSearch: documents/s over raw _bulk", aim=0.9)
    try:
        fill(row, repetitions)
    except Problem as problem:
        row.not_measured = str(problem)
    yield row


def fill(row: Row, repetitions: int) -> None:
    with Upstream(PEOPLE) as upstream, OpenSearch() as opensearch:
        with Application(
            "to-opensearch", upstream.url, WORKERS, heap="512m", schedule="0/5 * * * * ?", opensearch=opensearch.url
        ) as application:
            first = application.next_batch(PEOPLE, START_SECONDS + 120)
            application.hold()
            index, definition = opensearch.definition(INDEX_ALIAS)
            expect_all(opensearch, first)
            opensearch.save_documents(INDEX_ALIAS, DOCUMENTS)

            def raw(batch: Batch) -> float:
                expect_all(opensearch, batch)
                opensearch.call("DELETE", f"/{index}")
                opensearch.call("PUT", f"/{RAW_INDEX}", {key: definition[key] for key in ("mappings", "settings")})
                rate, row.beside = raw_bulk(opensearch)
                opensearch.call("DELETE", f"/{RAW_INDEX}")
                opensearch.call("PUT", f"/{index}", definition)
                return rate

            raw(first)
            others = [upstream, opensearch]
            side_by_side(application, others, PEOPLE, raw, WARM_UPS)
            pairs = side_by_side(application, others, PEOPLE, raw, repetitions)
            ceiling = fetch_ceiling(upstream)
        row.notes = [application.shown, upstream.shown, load_note([pair.load for pair in pairs], PEOPLE)]

    ours = [PEOPLE / pair.batch.seconds for pair in pairs]
    theirs = [pair.rival for pair in pairs]
    row.ours = middle(ours, " documents/s", 0)
    row.notes += [f"last run of the rival: {row.beside}", ceiling]
    row.beside = f"raw _bulk {middle(theirs, ' documents/s', 0)}"
    row.ratios = [one / other for one, other in zip(ours, theirs)]


def expect_all(opensearch: OpenSearch, batch: Batch) -> None:
    count = opensearch.count(INDEX_ALIAS)
    if not count == batch.documents == PEOPLE:
        raise Problem(f"{PEOPLE} people, the log says {batch.documents} documents, the index has {count}")


def fetch_ceiling(upstream: Upstream) -> str:
    try:
        rate = wrk(upstream, WORKERS, WRK_SECONDS)
        return f"wrk gets {rate:,.0f} URLs/s from this upstream, an upper bound for any delivery"
    except Problem as problem:
        return f"the speed of the upstream was not measured: {problem}"


def raw_bulk(opensearch: OpenSearch) -> tuple[float, str]:
    options = ["--chunk", CHUNK, "--connections", chunks_in_flight(WORKERS)]
    printed = output_of(
        [sys.executable, BENCH / "raw_bulk.py", opensearch.url, RAW_INDEX, DOCUMENTS, *options], 180
    ).strip()
    return float(re.search(r"([\d.]+) documents/s", printed).group(1)), printed
