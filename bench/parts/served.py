"""What the people API serves, and whether the application has delivered exactly that."""

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
from .opensearch import OpenSearch, without_vectors

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
        """One response, over the thread's own connection."""
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
    """How the documents of an index differ from what is served, plus the foreign ones with these ids."""
    opensearch.call("GET", f"/_cluster/health/{alias}?wait_for_status=yellow&timeout=60s")
    opensearch.call("POST", f"/{alias}/_refresh")
    found = {hit["_id"]: hit["_source"] for hit in opensearch.hits(alias)}
    for document in found.values():
        without_vectors(document).pop("fetched", None)  # the batch and time of each section
    differences = [f"{alias}: foreign document {each} missing" for each in foreign if not found.pop(each, None)]
    differences += [f"{alias}: document {person} missing" for person in served.documents.keys() - found.keys()]
    differences += [f"{alias}: unexpected document {person}" for person in found.keys() - served.documents.keys()]
    for person in served.documents.keys() & found.keys():
        if found[person] != served.documents[person]:
            differences.append(f"{alias}: {person} is {found[person]} instead of {served.documents[person]}")
    return first_few(sorted(differences))


def differences_of_ledger(served: Served, batch: BatchEntry) -> list[str]:
    """How the ledger's counts of a completed batch differ from those of what is served."""
    people = len(served.documents)
    chunks = -(-people // SMALL_CHUNK)
    right = [
        Run(section, "completed", people, chunks, chunks, people, people, served.items[section], 0, 0)
        for section in SECTIONS
    ]
    pairs = zip(batch.runs, right)
    differences = [f"ledger: {run} instead of {expected}" for run, expected in pairs if run != expected]
    if len(batch.runs) != len(right):
        differences.append(f"ledger: {len(batch.runs)} runs instead of {len(right)}")
    return differences


def contents(csv: Path, batch: str) -> dict[str, bytes]:
    """The contents of a batch's files in the CSV folder, by indexer and suffix; empty for a folder."""
    left = [path for path in csv.rglob("*") if path.name.startswith(batch)]
    names = [f"{path.parent.relative_to(csv)}/…{path.name.removeprefix(batch)}" for path in left]
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in zip(names, left)}


def differences_of_files(found: dict[str, bytes], right: dict[str, bytes]) -> list[str]:
    """How the files of a batch differ, row by row, from those of an undisturbed one."""
    differences = [f"file {name} missing" for name in right.keys() - found.keys()]
    differences += [f"unexpected file {name}" for name in found.keys() - right.keys()]
    for name in right.keys() & found.keys():
        rows, expected = found[name].split(b"\r\n"), right[name].split(b"\r\n")
        if rows != expected:
            shorter = min(len(rows), len(expected))
            at = next((n for n in range(shorter) if rows[n] != expected[n]), shorter)
            differences.append(
                f"{name}: {len(rows)} rows, {len(set(rows))} of them distinct, instead of {len(expected)};"
                f" first difference in row {at + 1}: {rows[at:at + 1]} instead of {expected[at:at + 1]}"
            )
    return first_few(sorted(differences))


def first_few(differences: list[str]) -> list[str]:
    return differences[:SHOWN] + ([f"… and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else [])
