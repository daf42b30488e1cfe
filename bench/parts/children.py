"""The programs that the benchmark starts: every wait is bounded, and no program outlives the benchmark."""

from __future__ import annotations

import atexit
import os
import queue
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

LOGS = Path(__file__).resolve().parents[2] / "target" / "bench"
STOP_SECONDS = 20


class Problem(Exception):
    """One line that says why a measurement could not be made."""


class Missing(Problem):
    def __init__(self, tool: str, package: str):
        super().__init__(f"{tool} missing (apt-get install {package})")


def tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Missing(name, package)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def other_user() -> list[str]:
    """The prefix for a program that refuses to run as root: it becomes another user in a user namespace."""
    if os.geteuid() != 0:
        return []
    return [tool("unshare", "util-linux"), "--user", "--map-user=1000", "--map-group=1000"]


def output_of(command: list, seconds: float, environment: dict | None = None) -> str:
    """Runs a command and returns its output."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired:
        raise Problem(f"{shlex.join(map(str, command))} did not finish within {seconds:.0f} s") from None
    if done.returncode:
        raise Problem(f"{shlex.join(map(str, command))} exited with {done.returncode}: {done.stdout.strip()[-400:]}")
    return done.stdout


class Child:
    """A program that runs beside the benchmark, in its own process group, with its output in a log file."""

    running: list[Child] = []

    def __init__(self, name: str, command: list, folder: Path | None = None, environment: dict | None = None):
        self.name, self.log = name, LOGS / f"{name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.peak_mib: float | None = None
        self._lines: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        Child.running.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _read(self) -> None:
        with self.log.open("wb") as log:
            for line in self.process.stdout:
                self._lines.put((time.monotonic(), line.decode(errors="replace").rstrip()))
                log.write(line)
                log.flush()
        self._lines.put(None)

    def wait_for_line(self, what: str, pattern: re.Pattern, seconds: float) -> tuple[float, re.Match]:
        """The next matching line, with the monotonic time of its arrival."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise Problem(
                    f"{self.name} did not print {what} within {seconds:.0f} s: see {self.log}"
                ) from None
            if line is None:
                raise Problem(f"{self.name} exited before it printed {what}: see {self.log}")
            found = pattern.search(line[1])
            if found:
                return line[0], found

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if the program still runs after that time. Records its peak resident memory."""
        deadline = time.monotonic() + seconds
        while self.process.returncode is None:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self.peak_mib = usage.ru_maxrss / 1024
            elif time.monotonic() > deadline:
                return None
            else:
                time.sleep(0.02)
        return self.process.returncode

    def log_size(self) -> int:
        """The current end of the log, for log_from."""
        return self.log.stat().st_size if self.log.exists() else 0

    def log_from(self, place: int = 0) -> list[str]:
        """The lines of the log since that place."""
        with self.log.open("rb") as log:
            log.seek(place)
            return log.read().decode(errors="replace").splitlines()

    def processor_seconds(self) -> float:
        """Processor time used so far, on all cores together."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def hold(self) -> None:
        """Suspends the program, so that it takes no processor time from the next measurement."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def end(self, by: signal.Signals = signal.SIGKILL) -> None:
        """Ends the program with a signal, or with SIGKILL if that takes too long. Keeps its files."""
        os.killpg(self.process.pid, by)
        if self.wait(STOP_SECONDS) is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            if self.wait(STOP_SECONDS) is None:
                raise Problem(f"{self.name} did not end within {STOP_SECONDS} s of SIGKILL")
        Child.running.remove(self)

    def stop(self) -> None:
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.resume()
            if self.wait(STOP_SECONDS) is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.wait(STOP_SECONDS)
        if self in Child.running:
            Child.running.remove(self)


@atexit.register
def stop_all() -> None:
    for child in reversed(Child.running[:]):
        child.stop()
