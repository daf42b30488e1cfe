"""What the benchmark knows about the application: how to build it, its settings, its log lines.

Only this file must follow changes of these.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .children import LOGS, Child, Problem, output_of, tool

PROJECT = Path(__file__).resolve().parents[2]
JAR = PROJECT / "target" / "colleague-search.jar"
OPENSEARCH_HOME = PROJECT / "target" / "opensearch"
CSV_FOLDER, LEDGER_FOLDER = LOGS / "csv", LOGS / "ledger"  # emptied when the application has stopped
OLDEST_JDK = 21
CHUNK = 100
SMALL_CHUNK = 20  # for many short chunks
INDEX_ALIAS = "colleagues"
SECTIONS = ("functions", "geography", "memberships", "patents")
BUILD_SECONDS = 900
START_SECONDS = 90

SUMMARY = re.compile(
    r"run functions\b.*?people\W+(?P<people>\d+)\W+URLs\W+(?P<urls>\d+)\W+documents\W+(?P<documents>\d+)"
    r"\W+rows\W+(?P<rows>\d+)\W+errors\W+(?P<errors>\d+)(?:, unchanged \d+)?\W+(?P<seconds>\d+(?:\.\d+)?) s\b"
)


@dataclass(frozen=True)
class Batch:
    """The summary line of one run, and the monotonic times of its start and end."""

    people: int
    urls: int
    documents: int
    rows: int
    errors: int
    seconds: float
    ended: float

    @property
    def started(self) -> float:
        return self.ended - self.seconds


def functions_path(person: int) -> str:
    """The URL of a person as the application encodes it: upstream.mjs derives the latency from this text."""
    return f"/people/p%3A{person}/functions"


def chunks_in_flight(workers: int) -> int:
    """Ten people in flight per worker, so that workers do not wait for the slowest URL of a chunk."""
    return max(12, 10 * workers // CHUNK)


def build() -> None:
    if JAR.exists():
        return
    print(f"building {JAR.relative_to(PROJECT)} …", flush=True)
    command = [tool("mvn", "maven"), "-q", "-B", "-DskipTests", "-f", PROJECT / "pom.xml", "package"]
    output_of(command, BUILD_SECONDS)


def jdk_version(home: Path) -> int:
    """The feature version of the JDK or JRE in a folder; 0 if there is none."""
    try:
        text = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, timeout=20).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', text)
    return int(found.group(1)) if found else 0


@cache
def jdk() -> Path:
    """JAVA_HOME if it is new enough, otherwise the newest of the usual folders and PATH."""
    named = os.environ.get("JAVA_HOME")
    if named and jdk_version(Path(named)) >= OLDEST_JDK:
        return Path(named)
    folders = [*Path("/usr/lib/jvm").glob("*"), *Path.home().glob(".sdkman/candidates/java/*")]
    path = [Path(folder).resolve().parent for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    newest = max([*folders, *path], key=jdk_version, default=None)
    if newest is None or jdk_version(newest) < OLDEST_JDK:
        raise Problem(
            f"JDK {OLDEST_JDK} or later missing: set JAVA_HOME, or apt-get install openjdk-{OLDEST_JDK}-jdk-headless"
        )
    return newest


class Application(Child):
    """One process of the application that fetches the functions section of everyone from the upstream.

    With a schedule, the process runs batch after batch; the first ones warm it up. Without one, it runs one batch and
    exits.
    """

    def __init__(
        self,
        name: str,
        upstream: str,
        workers: int,
        heap: str,
        schedule: str | None = None,
        opensearch: str | None = None,
        java_options: tuple[str, ...] = (),
        others: dict | None = None,
    ):
        # Without CSV where OpenSearch is measured, because its rival writes no CSV either.
        settings = {
            "colleagues.apis.default.base-url": upstream,
            "management.server.port": -1,
            "server.port": -1,
            "colleagues.deliver-to": "opensearch" if opensearch else "csv",
            "colleagues.indexing.only": "functions",
            "colleagues.indexing.batch-size": CHUNK,
            "colleagues.database.file": LEDGER_FOLDER / "ledger",
            "colleagues.csv.folder": CSV_FOLDER,
            "camel.threadpool.config.chunks.pool-size": chunks_in_flight(workers),
            "camel.threadpool.config.chunks.max-pool-size": chunks_in_flight(workers),
        }
        if opensearch:
            settings["colleagues.opensearch.url"] = opensearch
        if schedule:
            settings["colleagues.schedule"] = schedule
        settings.update(others or {})
        command = [jdk() / "bin" / "java", f"-Xmx{heap}", *java_options, "-jar", JAR]
        command += [] if schedule else ["--once"]
        command += [f"--{key}={value}" for key, value in settings.items()]
        words = shlex.join(map(str, command[1:])).replace(f"{PROJECT}/", "")
        self.sized = f"{workers} workers, {chunks_in_flight(workers)} chunks in flight"
        self.shown = f"`PRACTICE_FOCUS_THREAD_COUNT={workers} java {words}`"
        super().__init__(name, command, folder=PROJECT, environment={"PRACTICE_FOCUS_THREAD_COUNT": str(workers)})

    def stop(self) -> None:
        super().stop()
        for folder in (CSV_FOLDER, LEDGER_FOLDER):
            shutil.rmtree(folder, ignore_errors=True)

    def next_batch(self, people: int, seconds: float) -> Batch:
        """Waits for the end of the next batch; a Problem if it did not deliver everyone."""
        ended, found = self.wait_for_line("the summary of a run", SUMMARY, seconds)
        fields = found.groupdict()
        batch = Batch(
            *(int(fields[key]) for key in ("people", "urls", "documents", "rows", "errors")),
            float(fields["seconds"]),
            ended,
        )
        if batch.people != people or batch.urls != people or batch.errors:
            raise Problem(f"a run over {people} people says: {found.group(0)}: see {self.log}")
        return batch


def batch_settings(folder: Path, upstream: str, opensearch: str | None, alias: str) -> dict:
    """Settings for all indexers, with delivery to CSV and, unless there is none, OpenSearch, and all files in one folder."""
    delivery = {"colleagues.deliver-to": "csv"}
    if opensearch:
        delivery = {
            "colleagues.deliver-to": "opensearch,csv",
            "colleagues.opensearch.url": opensearch,
            "colleagues.opensearch.alias": alias,
        }
    return {
        **delivery,
        "colleagues.apis.default.base-url": upstream,
        "colleagues.apis.default.retry.first-delay": "100ms",
        "colleagues.csv.folder": folder / "csv",
        "colleagues.database.file": folder / "ledger",
        "colleagues.indexing.batch-size": SMALL_CHUNK,
        # Kills may hit the same chunk many times.
        "colleagues.indexing.chunk-attempts": 1000,
    }


def java(*arguments: str, settings: dict) -> list:
    """The command that runs the application for a small batch, where a fast start matters more than fast code."""
    options = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    return [jdk() / "bin" / "java", *options, "-jar", JAR, *arguments, *(f"--{k}={v}" for k, v in settings.items())]


class Once(Child):
    """One `--once` of all indexers, to OpenSearch and CSV, with all files in its own folder."""

    BEGUN = re.compile(r"batch \S+ (opened by|\(started at)")
    LISTED = re.compile(r"batch \S+: \d+ active people")

    def __init__(
        self, name: str, folder: Path, upstream: str, opensearch: str, alias: str, others: dict | None = None
    ):
        settings = {**batch_settings(folder, upstream, opensearch, alias), **(others or {})}
        self.launched = time.monotonic()
        super().__init__(name, java("--once", settings=settings), folder=PROJECT)
