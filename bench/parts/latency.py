"""Computes the latencies of upstream.mjs, and the shortest possible time for them with a number of workers."""

import heapq
import math


def share(text: str) -> float:
    """A number from 0 to 1 for a text; upstream.mjs has the same function."""
    bits = 0x811C9DC5
    for character in text.encode("ascii"):
        bits = ((bits ^ character) * 0x01000193) & 0xFFFFFFFF
    bits = ((bits ^ (bits >> 15)) * 0x85EBCA6B) & 0xFFFFFFFF
    return (bits ^ (bits >> 13)) / 2**32


def latency_of(path: str, median: float, sigma: float) -> float:
    """Seconds that upstream.mjs waits before it answers a path, encoded as the client sends it."""
    if not sigma:
        return median
    radius = math.sqrt(-2 * math.log(max(share(path + "u"), 1e-9)))
    return median * math.exp(sigma * radius * math.cos(2 * math.pi * share(path + "v")))


def ideal_seconds(latencies: list[float], workers: int) -> float:
    """List scheduling: each URL, in the order of the list, goes to the first free worker."""
    free_at = [0.0] * workers
    for latency in latencies:
        heapq.heapreplace(free_at, free_at[0] + latency)
    return max(free_at)
