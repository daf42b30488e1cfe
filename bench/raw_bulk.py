#!/usr/bin/env python3
"""Measures how fast OpenSearch indexes the same documents when the requests are rendered beforehand.

    bench/raw_bulk.py http://127.0.0.1:9200 INDEX DOCUMENTS --chunk 100 --connections 12

DOCUMENTS has one JSON object per line, with an `id`. Each becomes a partial upsert, as the application sends it. INDEX
must exist and be empty: OpenSearch skips an update that changes nothing, which would distort the result.
"""

from __future__ import annotations

import argparse
import http.client
import json
import queue
import sys
import threading
import time
import urllib.parse

RESPONSE_TIMEOUT = 60  # seconds


def render(documents: list[bytes]) -> bytes:
    lines = []
    for document in documents:
        lines.append(json.dumps({"update": {"_id": json.loads(document)["id"]}}).encode())
        lines.append(b'{"doc":' + document + b',"doc_as_upsert":true}')
    return b"\n".join(lines) + b"\n"


class Sender(threading.Thread):
    """One connection; takes requests from the queue until it is empty."""

    def __init__(self, host: str, target: str, bodies: queue.SimpleQueue[bytes]):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection(host, timeout=RESPONSE_TIMEOUT)
        self.target, self.bodies = target, bodies
        self.created, self.failure = 0, None

    def run(self) -> None:
        try:
            while True:
                self.send(self.bodies.get_nowait())
        except queue.Empty:
            pass
        except (OSError, http.client.HTTPException) as failure:
            self.failure = f"{type(failure).__name__}: {failure}"

    def send(self, body: bytes) -> None:
        self.connection.request("POST", self.target, body, {"Content-Type": "application/x-ndjson"})
        response = self.connection.getresponse()
        answer = response.read()
        # Counts bytes, because parsing the responses would take processor time from OpenSearch.
        self.created += answer.count(b'"result":"created"')
        if response.status != 200 or b'"errors":false' not in answer:
            raise http.client.HTTPException(f"{response.status} {answer[:300]!r}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("url")
    arguments.add_argument("index")
    arguments.add_argument("documents", type=argparse.FileType("rb"))
    arguments.add_argument("--chunk", type=int, default=100, help="documents per request")
    arguments.add_argument("--connections", type=int, default=12, help="requests in flight")
    options = arguments.parse_args()

    documents = options.documents.read().splitlines()
    bodies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for first in range(0, len(documents), options.chunk):
        bodies.put(render(documents[first : first + options.chunk]))
    host = urllib.parse.urlsplit(options.url).netloc
    senders = [Sender(host, f"/{options.index}/_bulk", bodies) for _ in range(options.connections)]

    start, processor = time.perf_counter(), time.process_time()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    seconds, processor = time.perf_counter() - start, time.process_time() - processor

    for failure in filter(None, (sender.failure for sender in senders)):
        sys.exit(f"raw bulk failed: {failure}")
    created = sum(sender.created for sender in senders)
    if created != len(documents):
        sys.exit(f"raw bulk created {created} of {len(documents)} documents: was the index empty?")
    print(
        f"raw bulk: documents {created}, chunks of {options.chunk}, connections {options.connections}, {seconds:.3f} s,"
        f" {created / seconds:.1f} documents/s, own processor time {processor / seconds:.0%} of one core"
    )


if __name__ == "__main__":
    main()
