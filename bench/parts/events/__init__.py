"""What the long form of bench/chaos does to the application besides kills; each event in a scene of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scene import Scene
from .api import patience_over, starving_export, token_stalls
from .database import database_at_end, database_at_trigger, database_mid_run
from .disk import disk_full_h2, disk_full_postgresql
from .index import foreign_document, mapping_upgrade
from .sessions import sessions_own_folder, sessions_same_folder

FULL = "the disk of the {} ledger is full in the middle of a batch, and then has room again"


@dataclass(frozen=True)
class Event:
    """`has_database`: its ledger is in the PostgreSQL that all events share."""

    name: str
    told: str
    run: Callable[[Scene], None]
    has_database: bool = True


EVENTS = [
    Event("sessions", "its database sessions are terminated, and a second instance starts", sessions_same_folder),
    Event("sessions-own-folder", "the same, and the second has a folder of its own", sessions_own_folder),
    Event("foreign-document", "documents without `id` are in the index when it sweeps", foreign_document, False),
    Event("database-at-end", "the database is stopped at the end of a batch for 35 to 100 s", database_at_end),
    Event("database-mid-run", "the database is stopped in the middle of a batch for 10 to 40 s", database_mid_run),
    Event("database-at-trigger", "the database is stopped when a batch is due, for 50 s", database_at_trigger),
    Event("token-stalls", "the token endpoint sends headers and then nothing; the runs are cancelled", token_stalls),
    Event("patience-over", "the API is away for longer than `patience`", patience_over),
    Event("starving-export", "an export waits for a part of the API that is down", starving_export),
    Event("mapping-upgrade", "killed in a mapping upgrade; started with the former mapping", mapping_upgrade, False),
    Event("disk-full-h2", FULL.format("H2"), disk_full_h2, False),
    Event("disk-full-postgresql", FULL.format("PostgreSQL"), disk_full_postgresql, False),
]
