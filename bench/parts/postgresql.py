"""The benchmark's own PostgreSQL cluster, with ledgers as its databases."""

from __future__ import annotations

import csv
import io
import re
import shutil
import signal
from pathlib import Path

from .children import LOGS, Child, Problem, free_port, other_user, output_of, tool
from .ledger import RUNS, BatchEntry, entries

USER = "bench"
START_SECONDS, QUERY_SECONDS = 60, 30
READY = re.compile("database system is ready to accept connections")
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=32MB")


def binary(name: str) -> Path | str:
    """A program of the newest PostgreSQL installed by Debian's packages, otherwise of PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return installed[-1] if installed else tool(name, "postgresql")


def check_installed() -> None:
    """Raises a Problem that says what is missing, before anything starts."""
    binary("postgres")
    tool("psql", "postgresql-client")


class PostgreSQL(Child):
    """Started and ready. With `after`, on the port and data of a stopped one. A prefix puts it into a namespace."""

    def __init__(self, name: str, after: PostgreSQL | None = None, prefix: list | None = None):
        self.psql = tool("psql", "postgresql-client")
        self.prefix = after.prefix if after else prefix or []
        self.port = after.port if after else free_port()
        self.data = after.data if after else LOGS / f"{name}-data"
        if not after:
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.parent.mkdir(parents=True, exist_ok=True)
            options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
            output_of([*other_user(), binary("initdb"), "-D", self.data, *options], 120)
        command = [*self.prefix, *other_user(), binary("postgres"), "-D", self.data, "-p", self.port]
        super().__init__(name, [*command, *(word for each in SETTINGS for word in ("-c", each))])
        self.wait_for_line("that it is ready", READY, START_SECONDS)

    def stop(self) -> None:
        """Stops immediately; SIGTERM would wait until all sessions are closed."""
        if self in Child.running and self.process.returncode is None:
            self.end(signal.SIGINT)

    def drop(self) -> None:
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def url(self, database: str) -> str:
        """The JDBC URL."""
        return f"jdbc:postgresql://127.0.0.1:{self.port}/{database}"

    def query(self, database: str, statement: str) -> list[dict]:
        address = ["-h", "127.0.0.1", "-p", self.port, "-U", USER, "-d", database]
        answer = output_of([self.psql, "-X", "--csv", *address, "-c", statement], QUERY_SECONDS)
        return list(csv.DictReader(io.StringIO(answer)))

    def create(self, database: str, tablespace: Path | None = None) -> None:
        if tablespace:
            self.query("postgres", f"create tablespace \"{database}\" location '{tablespace}'")
        self.query("postgres", f'create database "{database}"' + (f' tablespace "{database}"' if tablespace else ""))

    def terminate_sessions(self, database: str) -> int:
        """Terminates all sessions of a database except its own, and returns their number."""
        others = f"from pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid()"
        return len(self.query("postgres", f"select pg_terminate_backend(pid) {others}"))


class PostgreSQLLedger:
    def __init__(self, server: PostgreSQL, database: str):
        self.server, self.database = server, database

    def batches(self) -> list[BatchEntry]:
        """All batches, oldest first; none before the tables exist."""
        try:
            return entries(self.server.query(self.database, RUNS))
        except Problem as problem:
            if 'relation "batch" does not exist' in str(problem):
                return []
            raise
