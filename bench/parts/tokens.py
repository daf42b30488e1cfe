"""A token endpoint (OAuth 2 client credentials) that can stall: it sends the headers of its response, then nothing."""

from __future__ import annotations

import json
import select
import threading
import time
from http.server import BaseHTTPRequestHandler

from .quiet_server import QuietServer

TOKEN = "token-of-the-bench"
# The application renews a token half a minute before it expires, so it renews this one after eight seconds.
LIFETIME_SECONDS = 38
LONGEST_STALL = 300


class Tokens:
    """Any thread may set `stalls`; the lock guards the list of stalled responses."""

    def __init__(self):
        self.stalls, self.asked = False, 0
        self._lock, self._held = threading.Lock(), []
        tokens = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                tokens.asked += 1
                body = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
                text = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if tokens.stalls:
                    tokens._hold(self.connection)
                    self.close_connection = True
                else:
                    self.wfile.write(text)

            def log_message(self, *_) -> None:
                """Logs nothing."""

        self._server = QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _hold(self, connection) -> None:
        """Holds a response until the client closes the connection, even if `stalls` becomes false."""
        began = time.monotonic()
        with self._lock:
            self._held.append(None)
            at = len(self._held) - 1
        select.select([connection], [], [], LONGEST_STALL)
        with self._lock:
            self._held[at] = time.monotonic() - began

    def held(self) -> list[float | None]:
        """The client's wait in seconds for each stalled response; None: it still waits."""
        with self._lock:
            return list(self._held)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
