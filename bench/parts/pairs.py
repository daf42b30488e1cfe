"""Fair pairs on a noisy machine: a batch, then its rival while the application is suspended, repeatedly."""

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
    """A batch, the result of its rival, and the load of the machine during the batch."""

    batch: Batch
    rival: object
    load: dict[str, float]


def side_by_side(
    application: Application, others: list[Child], people: int, rival: Callable[[Batch], object], repetitions: int
) -> list[Measured]:
    """Runs the rival after each batch. The application must be idle, with a schedule that leaves time for the rival.

    `others` are the other programs that work on the batch, for its load.
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
        # The time of a batch that started before the hold includes the rival's.
        if batch.started > resumed:
            pairs.append(Measured(batch, result, used))
        if len(pairs) == repetitions:
            return pairs
    raise Problem(f"only {len(pairs)} of {repetitions} batches did not overlap with their rivals")
