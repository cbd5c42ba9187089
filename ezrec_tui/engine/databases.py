"""Damaged databases: moved aside with a word, so that the engine always starts."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ezrec_tui.folders import Folders

PARTS = ("-wal", "-shm", "")


def mend_databases(folders: Folders, at: datetime) -> dict[Path, tuple[str, str]]:
    """Move aside those that are damaged; of each what was wrong, and what to do. Before any of them is opened."""
    to_do = {
        folders.engine_database: "nothing: recordings are found again by their folders; bookings made here are lost",
        folders.outbox_database: "look in the venue's app for the last videos; what was not sent yet is lost",
        folders.retention_database: "nothing: what is kept here is known again from the jobs",
        folders.jobs_database: "nothing: videos that were not published are made again",
        folders.local_record: "nothing: the videos are where they were delivered; the list of them begins anew",
    }
    looks = {path: move_aside_if_damaged(path, at) for path in to_do}
    return {path: (what, to_do[path]) for path, what in looks.items() if what}


def move_aside_if_damaged(path: Path, at: datetime) -> str:
    """Look at every page of a database; one that is damaged is renamed, not deleted.

    Returns what was wrong, empty if nothing. Raises OSError, sqlite3.OperationalError for a disk that fails.
    """
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("pages of it are wrong")
    except sqlite3.OperationalError:  # the disk, a lock: not the database's content
        raise
    except sqlite3.DatabaseError as error:
        aside = path.with_name(f"{path.name}.damaged-{at:%Y%m%d-%H%M%S}")
        for suffix in PARTS:
            if (part := path.with_name(path.name + suffix)).exists():
                part.rename(aside.with_name(aside.name + suffix))
        return f"the database {path.name} was damaged ({error}); it is kept as {aside}, and a new one begun"
    return ""
