"""Where the processor time goes during a measurement. It explains a ratio on a small or busy machine."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

from .children import Child


class Load:
    """Seconds since its creation: wall time, and processor time of each child and of the whole machine."""

    def __init__(self, *children: Child):
        self._children = children
        self._start = self._now()

    def _now(self) -> dict[str, float]:
        user, nice, system, _idle, _waiting, *others = map(
            int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        )
        busy = (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")
        return {"wall": time.monotonic(), "machine": busy} | {
            type(child).__name__.lower(): child.processor_seconds() for child in self._children
        }

    def so_far(self) -> dict[str, float]:
        return {name: value - self._start[name] for name, value in self._now().items()}


def load_note(loads: list[dict[str, float]], urls: int) -> str:
    """One line with the median of several loads, each of a batch of so many URLs."""
    middle = {name: statistics.median(load[name] for load in loads) for name in loads[0]}
    wall, machine, cores = middle.pop("wall"), middle.pop("machine"), os.cpu_count()
    ours = sum(middle.values())
    each = ", ".join(f"{name} {seconds / urls * 1e6:.0f} µs" for name, seconds in middle.items())
    return (
        f"processor time a URL: {each}; together {ours / wall / cores:.0%} of the {cores} cores,"
        f" everything else on the machine {max(0.0, machine - ours) / wall / cores:.0%}"
    )
