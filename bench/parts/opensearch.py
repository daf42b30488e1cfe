"""The OpenSearch that the build unpacked, as a child of the benchmark with its own data folder."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from .application import OPENSEARCH_HOME, jdk
from .children import LOGS, Child, Problem, free_port, other_user

START_SECONDS = 300
GIVEN_BY_OPENSEARCH = ("creation_date", "uuid", "version", "provided_name")


def without_vectors(document: dict) -> dict:
    """Without what the application computes of the texts some time after it has delivered them."""
    for items in document.values():
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                item.pop("_meaning", None)
    return document


class OpenSearch(Child):
    """Started and ready. With `after`, on the port and data of a killed one, and possibly still starting."""

    def __init__(self, name: str = "opensearch", after: OpenSearch | None = None):
        start = OPENSEARCH_HOME / "bin" / "opensearch"
        if not start.exists():
            raise Problem(f"{start} is missing: mvn -DskipTests package unpacks it")
        self.port = after.port if after else free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = LOGS / "opensearch-data"
        if not after:
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir(parents=True)
        settings = {
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "path.data": self.data,
            "path.logs": self.data / "logs",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        environment = {"OPENSEARCH_JAVA_HOME": str(jdk()), "OPENSEARCH_JAVA_OPTS": "-Xms1g -Xmx1g"}
        command = [*other_user(), start, *(f"-E{key}={value}" for key, value in settings.items())]
        super().__init__(name, command, OPENSEARCH_HOME, environment)
        self.is_started = False
        if not after:
            self.await_started()

    def await_started(self) -> None:
        if not self.is_started:
            self.wait_for_line("that it started", re.compile(r"\bo\.o\.n\.Node\b.*\bstarted\b"), START_SECONDS)
            self.is_started = True

    def stop(self) -> None:
        super().stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def call(self, method: str, path: str, body: object = None) -> dict:
        """OpenSearch's response; a body that is a string is sent as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        data = None if body is None else text.encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as failure:
            raise Problem(f"OpenSearch: {method} {path}: {failure.code} {failure.read()[:300]!r}") from None
        except OSError as failure:
            raise Problem(f"OpenSearch: {method} {path}: {failure}") from None

    def definition(self, alias: str) -> tuple[str, dict]:
        """The name of the index behind an alias, and the definition to create it again."""
        ((name, index),) = self.call("GET", f"/{alias}").items()
        for key in GIVEN_BY_OPENSEARCH:
            index["settings"]["index"].pop(key, None)
        return name, index

    def bulk(self, index: str, documents: list[dict]) -> None:
        """Indexes documents by their ids."""
        lines = [line for document in documents for line in ({"index": {"_id": document["id"]}}, document)]
        if self.call("POST", f"/{index}/_bulk", "".join(json.dumps(line) + "\n" for line in lines))["errors"]:
            raise Problem(f"OpenSearch did not take all documents of {index}")

    def count(self, index: str) -> int:
        self.call("POST", f"/{index}/_refresh")
        return self.call("GET", f"/{index}/_count")["count"]

    def save_documents(self, index: str, file: Path) -> None:
        """Saves all documents, one JSON object per line, in the order of indexing, without the vectors of their texts."""
        with file.open("w") as lines:
            for hit in self.hits(index):
                lines.write(json.dumps(without_vectors(hit["_source"]), separators=(",", ":"), ensure_ascii=False) + "\n")

    def hits(self, index: str) -> Iterator[dict]:
        """All documents with their ids, in the order of indexing, as of the last refresh."""
        page = self.call("POST", f"/{index}/_search?scroll=1m", {"size": 10_000, "sort": ["_doc"]})
        while page["hits"]["hits"]:
            yield from page["hits"]["hits"]
            page = self.call("POST", "/_search/scroll", {"scroll": "1m", "scroll_id": page["_scroll_id"]})
