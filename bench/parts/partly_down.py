"""The people API with a part that is down: calls below /down/ get no response, all others work."""

from __future__ import annotations

import threading

from .front import Call, Front, Response

DOWN = "/down/"


class PartlyDown(Front):
    """Calls below /down/ get their connection closed at once or, if it hangs, when the server closes."""

    def __init__(self, port: int, hangs: bool = False):
        self.calls_down = 0
        self._closing = threading.Event()
        if not hangs:
            self._closing.set()
        super().__init__(port)

    def answer(self, call: Call) -> Response | None:
        if not call.path.startswith(DOWN):
            return super().answer(call)
        self.calls_down += 1
        self._closing.wait()
        return None

    def close(self) -> None:
        self._closing.set()
        super().close()
