"""Reads the ledger, from a copy of the H2 file, so that the file stays unchanged, or from PostgreSQL."""

from __future__ import annotations

import csv
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .application import JAR, jdk
from .children import Problem, output_of

QUERY_SECONDS = 60
RUNS = """
    select b.id batch, b.state batch_state, coalesce(b.people, -1) people, r.indexer, r.state,
        count(c.number) begun, count(c.done) done, coalesce(sum(c.urls), 0) urls,
        coalesce(sum(c.documents + c.unchanged), 0) documents, coalesce(sum(c.csv_rows), 0) csv_rows,
        coalesce(sum(c.errors), 0) errors,
        (select count(*) from failed_url f where f.batch_id = r.batch_id and f.indexer = r.indexer) failed_urls
    from batch b
    join run r on r.batch_id = b.id
    left join chunk c on c.batch_id = r.batch_id and c.indexer = r.indexer
    where not exists (select 1 from export e where e.batch_id = b.id)
    group by b.id, b.state, b.people, r.batch_id, r.indexer, r.state
    order by b.id, r.indexer"""


@dataclass(frozen=True)
class Run:
    """The ledger's record of one indexer in a batch; people is -1 before the people are listed. The documents include
    those that are unchanged.
    """

    indexer: str
    state: str
    people: int
    begun: int
    done: int
    urls: int
    documents: int
    csv_rows: int
    errors: int
    failed_urls: int


@dataclass(frozen=True)
class BatchEntry:
    id: str
    state: str
    runs: list[Run]

    @property
    def is_completed(self) -> bool:
        return self.state == "completed"

    @property
    def chunks_done(self) -> int:
        return sum(run.done for run in self.runs)

    @property
    def urls(self) -> int:
        return sum(run.urls for run in self.runs)


def entries(rows: list[dict]) -> list[BatchEntry]:
    """The batches in the result of RUNS, oldest first."""
    batches: dict[tuple, list[Run]] = {}
    for row in rows:
        of_batch = batches.setdefault((row.pop("batch"), row.pop("batch_state")), [])
        texts = {key: row.pop(key) for key in ("indexer", "state")}
        of_batch.append(Run(**texts, **{key: int(text) for key, text in row.items()}))
    return [BatchEntry(*key, runs) for key, runs in batches.items()]


class Ledger:
    """The H2 file of a stopped application."""

    def __init__(self, file: Path, copy: Path | None = None):
        """The file without its extension .mv.db; it need not exist yet. The folder for copies; default: beside it."""
        self.file = Path(f"{file}.mv.db")
        self.copy = copy or file.with_name("ledger-copy")
        self.copy.mkdir(parents=True, exist_ok=True)
        self.jar = self.copy / "h2.jar"
        with zipfile.ZipFile(JAR) as all_jars:
            (name,) = (name for name in all_jars.namelist() if name.startswith("BOOT-INF/lib/h2-"))
            self.jar.write_bytes(all_jars.read(name))

    def batches(self) -> list[BatchEntry]:
        """All batches, oldest first; none before the tables exist."""
        return entries(self._rows()) if self.file.exists() else []

    def _rows(self) -> list[dict]:
        shutil.copyfile(self.file, self.copy / "ledger.mv.db")
        answer = self.copy / "answer.csv"
        answer.unlink(missing_ok=True)
        url = f"jdbc:h2:file:{self.copy / 'ledger'};MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;IFEXISTS=TRUE"
        statement = f"call csvwrite('{answer}', '{RUNS}')"
        command = [jdk() / "bin" / "java", "-cp", self.jar, "org.h2.tools.Shell", "-url", url, "-user", "", "-sql"]
        try:
            output_of([*command, statement], QUERY_SECONDS)
        except Problem as problem:
            if 'Table "batch" not found' in str(problem):
                return []
            raise
        with answer.open(newline="") as lines:
            return list(csv.DictReader(lines))
