"""The people API with a part that is down: calls below /down/ get no response, all others work."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler

from .quiet_server import QuietServer

DOWN = "/down/"


class PartlyDown:
    """Forwards requests to the upstream, over one connection per thread. Calls below /down/ get their connection closed
    at once or, if it hangs, when the server closes.
    """

    def __init__(self, port: int, hangs: bool = False):
        self.calls_down = 0
        self._closing = threading.Event()
        if not hangs:
            self._closing.set()
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                self.upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

            def finish(self) -> None:
                self.upstream.close()
                super().finish()

            def do_GET(self) -> None:
                if self.path.startswith(DOWN):
                    front.calls_down += 1
                    front._closing.wait()
                    self.close_connection = True
                    return
                self.upstream.request("GET", self.path)
                with self.upstream.getresponse() as answer:
                    body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_) -> None:
                """Logs nothing."""

        self._server = QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> PartlyDown:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
