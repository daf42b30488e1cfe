"""Connections between a node and what it uses, which can be cut as by a network that drops all packets."""

from __future__ import annotations

import asyncio
import threading

CHUNK_BYTES = 64 * 1024


class Link:
    """Forwards from a port of its own to another port of this machine.

    While it is cut, nothing is forwarded and nothing is closed. What has been sent arrives late, when it is healed. One
    thread serves all links; `cut` and `heal` may be called by any thread.
    """

    _loop: asyncio.AbstractEventLoop | None = None

    def __init__(self, target: int):
        if Link._loop is None:
            Link._loop = asyncio.new_event_loop()
            threading.Thread(target=Link._loop.run_forever, daemon=True).start()
        self.target = target
        self.port: int = asyncio.run_coroutine_threadsafe(self._listen(), Link._loop).result(10)

    async def _listen(self) -> int:
        self._whole = asyncio.Event()
        self._whole.set()
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        try:
            there, to_there = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._forward(reader, to_there), self._forward(there, writer))

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # reset by one end: closed at the other end, too
        await self._whole.wait()
        writer.close()

    def cut(self) -> None:
        Link._loop.call_soon_threadsafe(self._whole.clear)

    def heal(self) -> None:
        Link._loop.call_soon_threadsafe(self._whole.set)
