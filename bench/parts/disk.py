"""A small disk that can be filled: a tmpfs in a mount namespace, which disappears with its last process."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .application import PROJECT
from .children import Child, Problem, tool

# The mount ends by itself if the benchmark is killed.
LIFETIME_SECONDS = 3600
BLOCK = 4096


class Skipped(Exception):
    """Why an event cannot run on this machine."""


class Disk(Child):
    """Programs started with its prefix see it at `folder`; the benchmark sees it at `seen`."""

    def __init__(self, name: str, folder: Path, size: str):
        if os.geteuid() != 0:
            raise Skipped("it mounts a small disk, which requires root")
        folder.mkdir(parents=True, exist_ok=True)
        script = f'mount -t tmpfs -o size={size} tmpfs "$1" && echo mounted && exec sleep {LIFETIME_SECONDS}'
        super().__init__(name, [tool("unshare", "util-linux"), "--mount", "sh", "-c", script, "sh", folder])
        try:
            self.wait_for_line("that it is mounted", re.compile("^mounted$"), 30)
        except Problem:
            self.stop()
            raise Skipped(f"mounting a tmpfs is not permitted here: see {self.log}") from None
        self.folder, self.seen = folder, Path(f"/proc/{self.process.pid}/root{folder}")
        self.prefix = [tool("nsenter", "util-linux"), f"--mount=/proc/{self.process.pid}/ns/mnt"]
        self.prefix += ["sh", "-c", 'cd "$0" && exec "$@"', PROJECT]

    def fill(self) -> None:
        """Fills all free space, including what was freed since the last call."""
        with (self.seen / "ballast").open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(BLOCK))
            except OSError:
                return

    def make_room(self) -> None:
        (self.seen / "ballast").unlink()
