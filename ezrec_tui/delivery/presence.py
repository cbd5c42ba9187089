"""Tells the venue's app that this machine is there and how it does: its rows in `cameras` and `system_status`.

Only the newest counts, so that nothing is ever kept to be told later: what cannot be told now is told anew next time.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ezrec_tui.database import NotLetIn, Refused, Reply, Request, Row, ask
from ezrec_tui.delivery.columns import Columns
from ezrec_tui.model import Banner, CameraState, Status

if TYPE_CHECKING:
    from supabase import Client

NO_TABLE = frozenset({"PGRST205", "42P01"})
NO_KEY = "42P10"
"""SQLSTATE of an upsert on columns that are not unique together."""
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000

log = logging.getLogger(__name__)


class Presence:
    """One machine's rows, by its user's id and its camera's. Blocks; for one thread at a time."""

    def __init__(self, connect: Callable[[], "Client"], user_id: str, camera_id: str) -> None:
        """With no `camera_id` nothing is told; with no `user_id` only the row in `cameras` is."""
        self._connect, self._user_id, self._camera_id = connect, user_id, camera_id
        self._columns = Columns()
        self._tables = {"cameras": self._tell_camera, "system_status": self._tell_system}
        self._refused: dict[str, str] = {}
        self._upserts = True
        """Whether the far side lets us bring or make our row of `system_status` at once."""
        if not user_id:
            del self._tables["system_status"]

    def tell(self, status: Status) -> None:
        """Bring both rows to say this. Raises Unreachable, NotLetIn, and Refused for settings that name no database.

        What the database refuses about one of them is logged once, and does not keep the other from being told.
        """
        if not self._camera_id:
            return
        client = self._connect()
        for table, tell in list(self._tables.items()):
            try:
                tell(client, status)
            except NotLetIn:
                raise
            except Refused as error:
                self._note(table, error)
            else:
                self._refused.pop(table, None)

    def _note(self, table: str, error: Refused) -> None:
        if error.code in NO_TABLE:
            log.info("the database has no table %s: it is not told, until the next start", table)
            del self._tables[table]
        elif self._refused.get(table) != str(error):
            self._refused[table] = str(error)
            log.warning("the table %s does not take how this machine does: %s", table, error)

    def _tell_camera(self, client: "Client", status: Status) -> None:
        def update(columns: Row) -> Reply:
            return ask(_request(client.table("cameras").update(columns).eq("id", self._camera_id)))

        self._columns.without_unknown("cameras", camera_row(status), update)

    def _tell_system(self, client: "Client", status: Status) -> None:
        key: Row = {"user_id": self._user_id, "camera_id": self._camera_id}
        table = client.table("system_status")

        def upsert(columns: Row) -> Reply:
            return ask(_request(table.upsert(columns | key, on_conflict="user_id,camera_id")))

        def update(columns: Row) -> Reply:
            return ask(_request(table.update(columns).match(key)))

        def insert(columns: Row) -> Reply:
            return ask(_request(table.insert(columns | key)))

        row = system_row(status)
        if self._upserts:
            try:
                self._columns.without_unknown("system_status", row, upsert)
            except Refused as error:
                if error.code != NO_KEY:
                    raise
                log.info("our row of system_status is looked for each time: the table has no key for it")
                self._upserts = False
            else:
                return
        if not self._columns.without_unknown("system_status", row, update).rows:
            self._columns.without_unknown("system_status", row, insert)


def camera_row(status: Status) -> Row:
    """What the app reads of this machine in `cameras`."""
    return {
        "status": _camera_word(status),
        "is_recording": status.is_recording,
        "last_seen": status.at.isoformat(),
    }


def system_row(status: Status) -> Row:
    """What it reads in `system_status`, but for its key; without what is not known yet."""
    machine, disk, health = status.health.machine, status.health.disk, status.health
    row: Row = {
        "status": status.banner.value,
        "is_recording": status.is_recording,
        "current_booking_id": status.current_booking_id,
        "last_heartbeat": status.at.isoformat(),
        "errors_count": health.errors,
        "total_recordings": health.recordings,
        "successful_uploads": health.deliveries,
    }
    if machine is not None:
        row |= {
            "cpu_usage": round(machine.cpu_percent, 1),
            "memory_usage": round(machine.memory_percent, 1),
            "memory_available_mb": round(machine.memory_available / MEGABYTE),
        }
    if disk is not None:
        row |= {"disk_usage": round(disk.used_percent, 1), "disk_free_gb": round(disk.free / GIGABYTE, 2)}
    return row


def _camera_word(status: Status) -> str:
    """`recording` goes before `error`: what is on its way to a player matters most."""
    if status.is_recording:
        return "recording"
    ill = status.banner is Banner.ALERT or any(
        camera.state in (CameraState.LOST, CameraState.STALLED) for camera in status.cameras
    )
    return "error" if ill else "online"


def _request(builder: Any) -> Request:
    """supabase-py types its requests in part only."""
    return builder
