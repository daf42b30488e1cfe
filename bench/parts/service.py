"""The application as a service, seen through its API and its health endpoints."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import time
from dataclasses import dataclass
from pathlib import Path

from .application import PROJECT, batch_settings, java
from .children import Child, Problem, free_port

KEY_NAME, SECRET, SALT = "bench", "not-a-secret", b"16 bytes of salt"
PROBE_TIMEOUT = 15


def key_hash() -> str:
    """The hash of the key for the settings: sha256:<salt>:<hash>, both base64url."""
    parts = (SALT, hashlib.sha256(SALT + SECRET.encode()).digest())
    return ":".join(["sha256", *(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)])


@dataclass(frozen=True)
class Answer:
    """An HTTP response with its time in seconds. Status 0: no response, and the body says why."""

    status: int
    body: dict
    seconds: float

    def __str__(self) -> str:
        return f"{self.status} after {self.seconds:.1f} s, {json.dumps(self.body)[:600]}"


class Service(Child):
    """A service that starts no batch by itself, unless the settings say so. A prefix puts it into a namespace."""

    def __init__(
        self,
        name: str,
        folder: Path,
        upstream: str,
        opensearch: str | None,
        alias: str,
        others: dict | None = None,
        prefix: list | None = None,
    ):
        self.port, self.management = free_port(), free_port()
        settings = {
            **batch_settings(folder, upstream, opensearch, alias),
            "server.port": self.port,
            "management.server.port": self.management,
            "colleagues.run-at-start": "false",
            "colleagues.catch-up": "false",
            "colleagues.routes.live": "false",
            "colleagues.export.folder": folder / "exports",
            "colleagues.extract.in": folder / "in",
            "colleagues.extract.out": folder / "extract",
            "colleagues.web.keys[0].name": KEY_NAME,
            "colleagues.web.keys[0].hash": key_hash(),
            "colleagues.web.keys[0].scopes": "search,export,operate",
            "colleagues.web.requests-per-second": 1000,
            **(others or {}),
        }
        self.csv = folder / "csv"
        super().__init__(name, [*(prefix or []), *java(settings=settings)], folder=PROJECT)

    def await_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (answer := self.api("GET", "/runs?size=1")).status != 200:
            if self.wait(0.5) is not None:
                code = self.process.returncode
                raise Problem(f"{self.name} exited during its start with {code}: see {self.log}")
            if time.monotonic() > deadline:
                raise Problem(f"{self.name} was not ready within {seconds:.0f} s: {answer}: see {self.log}")

    def api(self, method: str, path: str, body: object = None, headers: dict | None = None) -> Answer:
        headers = {"X-API-Key": f"{KEY_NAME}.{SECRET}", "Content-Type": "application/json", **(headers or {})}
        return ask(self.port, method, f"/api{path}", body, headers, 60)

    def health(self, group: str = "") -> Answer:
        """The health of everything, or of a group such as /readiness."""
        return ask(self.management, "GET", f"/actuator/health{group}", None, {}, PROBE_TIMEOUT)

    def runs(self, batch: str) -> dict[str, dict]:
        """The runs of a batch by indexer; none while the API is unavailable."""
        answer = self.api("GET", f"/runs?batch_id={batch}")
        return {run["indexer"]: run for run in answer.body.get("runs", [])} if answer.status == 200 else {}


def ask(port: int, method: str, path: str, body: object, headers: dict, seconds: float) -> Answer:
    """Sends one request to 127.0.0.1; `seconds` limits each wait for the socket."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        status = response.status
    except (OSError, http.client.HTTPException) as failure:
        return Answer(0, {"failure": repr(failure)}, time.monotonic() - began)
    finally:
        connection.close()
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        read = {"text": text[:300]}
    return Answer(status, read if isinstance(read, dict) else {"json": read}, time.monotonic() - began)
