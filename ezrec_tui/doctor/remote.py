"""What lies beyond this machine: the network, the store, the database; each asked for real, by its own way."""

import json
import socket
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.supabase import BookingsTable
from ezrec_tui.clock import sensor_ns
from ezrec_tui.config import Settings
from ezrec_tui.database import NO_RIGHT, DatabaseError, Refused, ask, connect
from ezrec_tui.delivery.store import Store, StoreError
from ezrec_tui.doctor.checks import Failed, Found, warning
from ezrec_tui.doctor.machine import nearest
from ezrec_tui.engine.machine import MachineReader
from ezrec_tui.model import Progress
from ezrec_tui.plural import plural

CONNECT_SECONDS = 5.0
NOBODY = str(uuid.UUID(int=0))
"""An id that no row has: an update of it needs the right, and changes nothing."""


def look_at_network(settings: Settings, root: Path = Path("/")) -> Found:
    """Whether there is a way out, and whether the store's and the database's hosts can be found and answer."""
    try:
        hosts = _hosts(settings)
    except StoreError as error:
        raise Failed(error.what, error.to_do) from error
    route = MachineReader(sensor_ns, root).look().network
    if route is False:
        what = "there is no way out of this machine"
        to_do = "check the network's cable, or the Wi-Fi, and the router"
        if hosts:
            raise Failed(f"{what}: videos and bookings wait; recording goes on", to_do)
        return warning(f"{what}; neither store nor database needs one, the clock does", to_do)
    for name, host, port in hosts:
        try:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
        except socket.gaierror as error:
            raise Failed(f"the {name}'s host {host} is not known here", "check its address, and the DNS") from error
        except OSError as error:
            why = error.strerror or "no answer"
            raise Failed(
                f"the {name} at {host}:{port} cannot be reached: {why}", "check address and firewall"
            ) from error
    if not hosts:
        return Found("neither store nor database is set that would need it")
    return Found(f"{' and '.join(f'{name} ({host})' for name, host, _ in hosts)} can be reached")


def _hosts(settings: Settings) -> list[tuple[str, str, int]]:
    """Name, host and port of each that is set. Raises StoreError."""
    hosts: list[tuple[str, str, int]] = []
    if settings.aws_s3_bucket:
        from ezrec_tui.delivery.s3_target import S3Target

        hosts.append(("store", *_host_of(S3Target.of(settings).address("x"))))
    if settings.supabase_url:
        hosts.append(("database", *_host_of(settings.supabase_url)))
    return hosts


def _host_of(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def look_at_store(settings: Settings, now: Callable[[], datetime]) -> Found:
    """Put a small object of ours, look at it, and delete it: what a video needs, by the way that videos go."""
    try:
        return _try_bucket(settings, now) if settings.aws_s3_bucket else _try_folder(settings, now)
    except StoreError as error:
        raise Failed(error.what, error.to_do) from error
    except OSError as error:
        raise Failed(
            f"{settings.store_dir} cannot be used: {error.strerror}", "mend its rights, or its disk"
        ) from error


def _try_folder(settings: Settings, now: Callable[[], datetime]) -> Found:
    from ezrec_tui.delivery.folder import FolderStore

    folder = nearest(settings.store_dir)  # what is not there yet is not made: other checks look at it meanwhile
    delivered = folder / _put(FolderStore(folder), settings, now)
    delivered.unlink()
    for empty in (delivered.parent, delivered.parent.parent):
        if any(empty.iterdir()):
            break
        empty.rmdir()
    where = folder if folder == settings.store_dir.absolute() else f"{folder} (where {settings.store_dir} will be made)"
    return Found(f"the folder {where}: a file was put there, looked at and deleted")


def _try_bucket(settings: Settings, now: Callable[[], datetime]) -> Found:
    from ezrec_tui.delivery.s3 import S3Store
    from ezrec_tui.delivery.s3_bucket import Bucket
    from ezrec_tui.delivery.s3_target import S3Target

    target = replace(S3Target.of(settings), tries=1, connect_seconds=CONNECT_SECONDS, answer_seconds=10)
    with TemporaryDirectory(prefix="ezrec-doctor-") as state:
        store = S3Store(target, Path(state))
        key = _put(store, settings, now)
    try:
        Bucket(target).delete(key)
    except StoreError:
        return warning(
            f"{store.name}: objects can be put and looked at, and not deleted, which videos do not need",
            f"delete {key} there by hand",
        )
    try:
        media = settings.aws_user_media_bucket or settings.aws_s3_bucket
        Bucket(replace(target, bucket=media)).look(f"{settings.user_id or 'user'}/logo/logo.png")
    except StoreError as error:
        return warning(f"{store.name} is all right; players' own logos cannot be read: {error.what}", error.to_do)
    return Found(f"{store.name}: an object was put there, looked at and deleted")


def _put(store: Store, settings: Settings, now: Callable[[], datetime]) -> str:
    """Put a small object and look at it; its key. Raises StoreError, OSError, Failed."""
    key = f"{settings.user_id or 'ezrec'}/doctor/{uuid.uuid4().hex}.txt"
    with TemporaryDirectory(prefix="ezrec-doctor-") as folder:
        path = Path(folder) / "ours.txt"
        path.write_text(json.dumps({"ezrec doctor": now().isoformat()}))
        store.probe(path, key)
        stored = store.put(path, key, on_progress=_unseen, should_stop=lambda: False)
        if not store.verify(path, stored.key):
            raise Failed(f"{store.name}: what was put there is not there", "look at the store: it loses objects")
    return stored.key


def look_at_database(settings: Settings, now: Callable[[], datetime]) -> Found:
    """Read the bookings as the engine does; and whether what it writes may be written, without writing any of it."""
    if not settings.supabase_url:
        return Found("none is set: bookings come from the file, videos are published to a local record")
    try:
        client = connect(settings)
        door = Door(settings.timezone, settings.camera_id, settings.user_id)
        rows, wrong = BookingsTable(lambda: client, door).read(now())
        ask(client.table("videos").select("*").limit(1))
        for table, row in (("bookings", {"status": "Completed"}), ("videos", {"filename": "none"})):
            try:
                ask(client.table(table).update(row).eq("id", NOBODY))  # pyright: ignore[reportArgumentType]
            except Refused as error:
                if error.code != NO_RIGHT:
                    raise
                raise Failed(f"the key may not write the table {table}", _KEY) from error
        cameras = ask(client.table("cameras").select("id").eq("id", settings.camera_id)).rows
    except DatabaseError as error:
        raise Failed(str(error), "check SUPABASE_URL and the key, and that the project runs") from error
    what = f"{len(rows)} {plural(len(rows), 'booking', 'bookings')} of ours from yesterday on"
    if wrong:
        return warning(f"{what}; {len(wrong)} cannot be read: {wrong[0]}", "mend them in the database")
    if not settings.camera_id or not settings.user_id:
        return warning(f"{what}; whose they are is not set", "set CAMERA_ID and USER_ID")
    if not cameras:
        return warning(f"{what}; no row of cameras has the id {settings.camera_id}", "check CAMERA_ID, or add the row")
    return Found(what)


def look_at_shared_jobs(settings: Settings) -> Found:
    """Whether the database over which other machines make the videos lets us in, and make our tables."""
    if not settings.ezrec_jobs_url.get_secret_value():
        return Found("none are set: this machine makes its videos itself")
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from ezrec_tui.jobs.shared_database import open_engine, place

    engine = open_engine(settings.ezrec_jobs_url)
    where = place(engine)
    try:
        with engine.connect() as connection:
            may = connection.execute(
                text("SELECT has_database_privilege(current_user, current_database(), 'CREATE')")
            ).scalar_one()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()
        why = said[-1] if said else type(error).__name__
        raise Failed(f"the jobs' database ({where}) cannot be used: {why}", "check EZREC_JOBS_URL") from error
    finally:
        engine.dispose()
    if not may:
        raise Failed(f"no tables may be made in {where}", "give this user the right CREATE on the database")
    return Found(f"{where} lets us in")


_KEY = "use the service role key, or mend the rules of row-level security"


def _unseen(_: Progress) -> None:
    """A small object needs no bar."""
