"""Side by side on a noisy machine: one batch, then its rival while the application is held, and so on in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .application import Application, Batch
from .children import Child, Problem
from .load import Load

BATCH_SECONDS = 120
SPARE_ATTEMPTS = 3


@dataclass(frozen=True)
class Measured:
    """A batch, what its rival returned, and the load of the machine while the batch went on."""

    batch: Batch
    rival: object
    load: dict[str, float]


def side_by_side(
    application: Application, others: list[Child], people: int, rival: Callable[[Batch], object], repetitions: int
) -> list[Measured]:
    """Lets the rival run after each batch. The application must be idle now, and have a schedule that leaves room.

    `others` are the programs that have a part in the batch, for its load.
    """
    pairs = []
    for _ in range(repetitions + SPARE_ATTEMPTS):
        load = Load(application, *others)
        resumed = time.monotonic()
        application.resume()
        batch = application.next_batch(people, BATCH_SECONDS)
        application.hold()
        used = load.so_far()
        result = rival(batch)
        # A batch that a trigger had started before the hold has the rival's time in its own.
        if batch.started > resumed:
            pairs.append(Measured(batch, result, used))
        if len(pairs) == repetitions:
            return pairs
    raise Problem(f"only {len(pairs)} of {repetitions} batches could be kept apart from their rivals")
