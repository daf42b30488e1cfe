"""A server between the application and the people API."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from .quiet_server import QuietServer


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Call(BaseHTTPRequestHandler):
    """A request to a front. Its thread has its own connection to the upstream."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    front: Front

    def setup(self) -> None:
        super().setup()
        self.upstream = http.client.HTTPConnection("127.0.0.1", self.front.port, timeout=30)

    def finish(self) -> None:
        self.upstream.close()
        super().finish()

    def forward(self) -> Response:
        self.upstream.request("GET", self.path)
        with self.upstream.getresponse() as answer:
            return Response(answer.status, answer.read())

    def do_GET(self) -> None:
        response = self.front.answer(self)
        if response is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != http.client.NOT_MODIFIED:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *_) -> None:
        """Logs nothing."""


class Front:
    """Forwards requests to the upstream. Subclasses answer some of them in another way, each in a thread of its own."""

    def __init__(self, port: int):
        self.port = port
        self._server = QuietServer(("127.0.0.1", 0), type("CallOfFront", (Call,), {"front": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, call: Call) -> Response | None:
        """The response; None to close the connection."""
        return call.forward()

    def __enter__(self) -> Front:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
