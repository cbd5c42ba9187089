"""The store and the venue's database, both real, each behind a line that can be made to fail."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ezrec_tui.jobs.steps import PROBE
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket
from tests.peers.s3_restart import RestartableS3, restartable_s3
from tests.peers.supabase import CAMERA, USER, Postgres, Supabase, apply_schema, dialect, install_dialect, postgres

LOOKED_AT = f"{USER}/{PROBE}"
"""Where the worker begins an upload and drops it, to see that the store would take one: it may be at it any time."""
LINE_BYTES_PER_SECOND = 4_000_000
"""Of each connection to the store, so that an upload lasts long enough to be hit."""


@dataclass(frozen=True)
class Cloud:
    """Both servers and both lines."""

    store: RestartableS3
    postgres: Postgres
    database: Supabase
    store_line: Proxy
    database_line: Proxy

    @property
    def bucket(self) -> S3Bucket:
        return self.store.bucket

    @property
    def lines(self) -> tuple[Proxy, Proxy]:
        return self.store_line, self.database_line

    def heal(self) -> None:
        """Lift all faults of both lines."""
        for line in self.lines:
            line.heal()
        self.store_line.throttle(LINE_BYTES_PER_SECOND)

    def settings(self) -> dict[str, str]:
        """Of a worker whose world this is."""
        server = self.bucket.server
        return {
            "AWS_S3_BUCKET": self.bucket.name,
            "AWS_ACCESS_KEY_ID": server.access_key,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{self.store_line.port}",
            "SUPABASE_URL": f"http://127.0.0.1:{self.database_line.port}",
            "SUPABASE_SERVICE_ROLE_KEY": self.database.secret_key,
            "USER_ID": USER,
            "CAMERA_ID": CAMERA,
        }

    def told(self, booking_id: str) -> list[str]:
        """Every status that the booking's row has had since it was made, in order."""
        rows = self.database.sql("SELECT status FROM told WHERE id = %s ORDER BY number", booking_id)
        return [str(row["status"]) for row in rows]


@contextmanager
def cloud(folder: Path) -> Generator[Cloud]:
    """Servers of their own, with their data in the folder; ended at the end."""
    install_dialect()
    with ExitStack() as stack:
        store = stack.enter_context(restartable_s3(folder / "store"))
        server = stack.enter_context(postgres())
        apply_schema(server.url)
        database = stack.enter_context(dialect(server.url))
        _note_statuses(database)
        store_line = stack.enter_context(Proxy(store.bucket.server.port))
        database_line = stack.enter_context(Proxy(urlsplit(database.url).port or 0))
        both = Cloud(store, server, database, store_line, database_line)
        both.heal()
        yield both


def _note_statuses(database: Supabase) -> None:
    database.sql("CREATE TABLE told (number serial, id text, status text)")
    database.sql(
        """CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
           $$ BEGIN INSERT INTO public.told (id, status) VALUES (NEW.id, NEW.status); RETURN NEW; END $$"""
    )
    database.sql("CREATE TRIGGER tell AFTER UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION tell()")
