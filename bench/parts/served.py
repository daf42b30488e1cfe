"""What the people API serves, and whether the application has brought all of it, and nothing else, where it belongs."""

from __future__ import annotations

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

from .application import SECTIONS, SMALL_CHUNK
from .children import Problem
from .comparisons import Upstream
from .ledger import BatchEntry, Run
from .opensearch import OpenSearch

CALLERS = 32
SHOWN = 3


class Served:
    """The document of each person by id, and the number of items of each section."""

    def __init__(self, upstream: Upstream):
        self._upstream = upstream
        self._own = threading.local()
        people, page = [], "/people?active=true&page=1&size=500"
        while page:
            answer = self.get(page)
            people += answer["items"]
            page = answer["next"]
        with ThreadPoolExecutor(CALLERS) as callers:
            self.documents = {document["id"]: document for document in callers.map(self._document, people)}
        self.items = {
            section: sum(len(document[section]) for document in self.documents.values()) for section in SECTIONS
        }

    def get(self, path: str) -> dict:
        """One answer, over a connection of the thread's own."""
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(urlsplit(self._upstream.url).netloc, timeout=30)
        try:
            self._own.connection.request("GET", path)
            with self._own.connection.getresponse() as response:
                body = response.read()
            if response.status != 200:
                raise Problem(f"the upstream answers {path} with {response.status}: {body[:200]!r}")
            return json.loads(body)
        except (OSError, http.client.HTTPException, ValueError) as failure:
            raise Problem(f"the upstream's answer to {path}: {failure!r}") from None

    def _document(self, person: dict) -> dict:
        path = f"/people/{quote(person['id'], safe='')}/"
        sections = {section: self.get(path + section)[section] for section in SECTIONS}
        return {**person, "active": True, **sections}


def differences_of_index(
    served: Served, opensearch: OpenSearch, alias: str, foreign: tuple[str, ...] = ()
) -> list[str]:
    """How the documents of an index differ from what is served; foreign ones, by their ids, have to be there, too."""
    opensearch.call("GET", f"/_cluster/health/{alias}?wait_for_status=yellow&timeout=60s")
    opensearch.call("POST", f"/{alias}/_refresh")
    found = {hit["_id"]: hit["_source"] for hit in opensearch.hits(alias)}
    told = [f"{alias}: the foreign document {each} is gone" for each in foreign if not found.pop(each, None)]
    told += [f"{alias}: no document {person}" for person in served.documents.keys() - found.keys()]
    told += [f"{alias}: a document too many, {person}" for person in found.keys() - served.documents.keys()]
    for person in served.documents.keys() & found.keys():
        if found[person] != served.documents[person]:
            told.append(f"{alias}: {person} is {found[person]}, and not {served.documents[person]}")
    return few(sorted(told))


def differences_of_ledger(served: Served, batch: BatchEntry) -> list[str]:
    """How the ledger's counts of a completed batch differ from those of what is served."""
    people = len(served.documents)
    chunks = -(-people // SMALL_CHUNK)
    right = [
        Run(section, "completed", people, chunks, chunks, people, people, served.items[section], 0, 0)
        for section in SECTIONS
    ]
    told = [f"ledger: {run}, and not {expected}" for run, expected in zip(batch.runs, right) if run != expected]
    return told if len(batch.runs) == len(right) else [*told, f"ledger: {len(batch.runs)} runs, and not {len(right)}"]


def contents(csv: Path, batch: str) -> dict[str, bytes]:
    """What a batch has left in the CSV folder, by indexer and ending; of a folder, nothing but that it is there."""
    left = [path for path in csv.rglob("*") if path.name.startswith(batch)]
    names = [f"{path.parent.relative_to(csv)}/…{path.name.removeprefix(batch)}" for path in left]
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in zip(names, left)}


def differences_of_files(found: dict[str, bytes], right: dict[str, bytes]) -> list[str]:
    """How the files of a batch differ, row by row, from those of an undisturbed one."""
    told = [f"no file {name}" for name in right.keys() - found.keys()]
    told += [f"a file is left, {name}" for name in found.keys() - right.keys()]
    for name in right.keys() & found.keys():
        rows, expected = found[name].split(b"\r\n"), right[name].split(b"\r\n")
        if rows != expected:
            shorter = min(len(rows), len(expected))
            at = next((n for n in range(shorter) if rows[n] != expected[n]), shorter)
            told.append(
                f"{name}: {len(rows)} rows, {len(set(rows))} of them different, and not {len(expected)};"
                f" from row {at + 1} on: {rows[at:at + 1]}, and not {expected[at:at + 1]}"
            )
    return few(sorted(told))


def few(told: list[str]) -> list[str]:
    return told[:SHOWN] + ([f"… and {len(told) - SHOWN} more"] if len(told) > SHOWN else [])
