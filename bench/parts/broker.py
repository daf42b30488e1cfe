"""The benchmark's own Artemis broker, as the tests start it."""

from __future__ import annotations

import re
import shutil
from functools import cache

from .application import PROJECT, jdk
from .children import LOGS, Child, free_port, output_of, tool

READY = re.compile("^started$")
START_SECONDS, BUILD_SECONDS = 60, 900


@cache
def class_path() -> str:
    """That of the tests, which have the server."""
    file = LOGS / "test.classpath"
    if not (PROJECT / "target" / "test-classes" / "org" / "colleaguesearch" / "ArtemisBroker.class").exists():
        output_of([tool("mvn", "maven"), "-q", "-B", "-f", PROJECT / "pom.xml", "test-compile"], BUILD_SECONDS)
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={file}", "-Dmdep.includeScope=test"]
    output_of([tool("mvn", "maven"), "-q", "-B", "-f", PROJECT / "pom.xml", *goal], BUILD_SECONDS)
    return f"{PROJECT / 'target' / 'test-classes'}:{PROJECT / 'target' / 'classes'}:{file.read_text().strip()}"


class Broker(Child):
    """Started and ready. With `after`, on the port and, unless it is to be empty, with the messages of a stopped one."""

    def __init__(self, name: str, after: Broker | None = None, empty: bool = False):
        self.port = after.port if after else free_port()
        self.folder = after.folder if after else LOGS / f"{name}-journal"
        if not after or empty:
            shutil.rmtree(self.folder, ignore_errors=True)
        command = [jdk() / "bin" / "java", "-Xmx256m", "-cp", class_path()]
        super().__init__(name, [*command, "org.colleaguesearch.ArtemisBroker", self.folder, self.port])
        self.wait_for_line("that it is ready", READY, START_SECONDS)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"
