"""The people API, and the rivals of the application: the thread-pool script and wrk."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from functools import cache
from pathlib import Path

from .application import PROJECT
from .children import Child, Missing, Problem, free_port, output_of, tool

BENCH = PROJECT / "bench"
WRK_THREADS = 2


def upstream_file() -> Path:
    shared = PROJECT.parent / "shared" / "bench" / "upstream.mjs"
    return shared if shared.exists() else BENCH / "upstream.mjs"


class Upstream(Child):
    """The people API; latency in seconds, other options as in upstream.mjs."""

    def __init__(
        self,
        people: int,
        latency: float = 0,
        sigma: float = 0,
        *others: object,
        name: str = "upstream",
        port: int | None = None,
    ):
        self.port = port or free_port()
        self.url, self.people = f"http://127.0.0.1:{self.port}", people
        node = tool("node", "nodejs")
        options = ["--people", people, "--latency", round(latency * 1000), "--sigma", sigma, *others]
        self.shown = " ".join(["`node", upstream_file().name, *map(str, options)]) + "`"
        super().__init__(name, [node, upstream_file(), "--port", self.port, *options])
        self.wait_for_line("its address", re.compile("upstream on http"), 60)

    def stats(self, reset: bool = False) -> dict:
        """Its counters since the last reset."""
        path = "/stats?reset=1" if reset else "/stats"
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)


@cache
def python_with_requests() -> str:
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            if subprocess.run([python, "-c", "import requests"], capture_output=True, timeout=60).returncode == 0:
                return python
        except OSError:
            pass
    raise Missing("python3-requests", "python3-requests")


def thread_pool(upstream: Upstream, people: int, workers: int, seconds: float) -> float:
    """Seconds that the thread-pool script takes for that many people."""
    command = [python_with_requests(), BENCH / "thread_pool.py", upstream.url, people, workers]
    printed = output_of(command, seconds)
    return float(re.search(r"([\d.]+) s,", printed).group(1))


def wrk(upstream: Upstream, connections: int, duration: int) -> float:
    """URLs per second that wrk gets from the upstream; duration in seconds."""
    command = [
        tool("wrk", "wrk"),
        f"-t{WRK_THREADS}",
        f"-c{connections}",
        f"-d{duration}s",
        "-s",
        BENCH / "wrk.lua",
        upstream.url,
    ]
    printed = output_of(command, duration + 30, {"BENCH_PEOPLE": str(upstream.people)})
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if not rate or "Non-2xx" in printed:
        raise Problem(f"wrk: {printed.strip()[-300:]}")
    return float(rate.group(1))
