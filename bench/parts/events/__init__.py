"""The events of the long form of bench/chaos besides kills, each in its own scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..scene import Scene
from .api import patience_over, starving_export, token_stalls
from .database import database_at_end, database_at_trigger, database_mid_run
from .disk import disk_full_h2, disk_full_postgresql
from .index import foreign_document, mapping_upgrade
from .sessions import sessions_own_folder, sessions_same_folder
from .sources import conditional_killed, feed_killed

FULL = "the disk of the {} ledger fills up in the middle of a batch, and then has space again"


@dataclass(frozen=True)
class Event:
    """`has_database`: the ledger is in the PostgreSQL that all events share."""

    name: str
    description: str
    run: Callable[[Scene], None]
    has_database: bool = True


EVENTS = [
    Event("sessions", "all database sessions are terminated, and a second instance starts", sessions_same_folder),
    Event("sessions-own-folder", "the same, and the second instance has its own folder", sessions_own_folder),
    Event("foreign-document", "documents without `id` are in the index during the sweep", foreign_document, False),
    Event("database-at-end", "the database is stopped at the end of a batch for 35 to 100 s", database_at_end),
    Event("database-mid-run", "the database is stopped in the middle of a batch for 10 to 40 s", database_mid_run),
    Event("database-at-trigger", "the database is stopped for 50 s when a batch is due", database_at_trigger),
    Event("token-stalls", "the token endpoint sends headers and then nothing; the runs are cancelled", token_stalls),
    Event("patience-over", "the API is down for longer than `patience`", patience_over),
    Event("starving-export", "an export waits for a part of the API that is down", starving_export),
    Event("mapping-upgrade", "killed during a mapping upgrade; started with the former mapping", mapping_upgrade, False),
    Event("feed-killed", "killed up to five times while it reads or delivers a bulk feed", feed_killed, False),
    Event("conditional-killed", "the same in a batch whose sections have not changed", conditional_killed, False),
    Event("disk-full-h2", FULL.format("H2"), disk_full_h2, False),
    Event("disk-full-postgresql", FULL.format("PostgreSQL"), disk_full_postgresql, False),
]
