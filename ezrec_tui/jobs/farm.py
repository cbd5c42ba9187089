"""Has videos made by other machines: the Pi's side. Footage is staged in the bucket, the order goes into the shared
database, and what came of it is read there.

Nothing but the render depends on it: while the database is away, or no machine is alive, the job waits and says so.
An order's id counts its tries, so that whoever is killed here finds the one under way again.
"""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dbos import DBOSClient, WorkflowStatus
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from ezrec_tui.config import Settings
from ezrec_tui.delivery.s3_staging import Staging
from ezrec_tui.delivery.store import Meter, Stopped, Store
from ezrec_tui.jobs.durable import NAME, VERSION
from ezrec_tui.jobs.facts import End, Given
from ezrec_tui.jobs.lease import living
from ezrec_tui.jobs.order import PARCEL, QUEUE, WORKFLOW, Made, Order
from ezrec_tui.jobs.shared_database import open_engine, place
from ezrec_tui.model import Progress

if TYPE_CHECKING:
    from ezrec_tui.jobs.parcel import Parcel

AT_ONCE = 8
"""Videos of this Pi that may be under way on other machines."""
LOOK_SECONDS = 1.0
"""Between two looks at an order."""
UNDER_WAY = ("ENQUEUED", "PENDING", "DELAYED")
PROGRESS = text("SELECT machine, progress FROM ezrec.progress WHERE workflow = :id")
PRIORITY = text(
    "UPDATE dbos.workflow_status SET priority = :rank"
    " WHERE workflow_uuid = :id AND status = 'ENQUEUED' AND priority <> :rank"
)
FORGET = text("DELETE FROM ezrec.progress WHERE workflow LIKE :prefix")

log = logging.getLogger(__name__)


class NotMade(Exception):
    """An order that is not done; the text is one line for people, `end` says what follows."""

    def __init__(self, end: End, why: str) -> None:
        super().__init__(why)
        self.end = end


class Farm:
    """The other machines. Any thread may use it."""

    def __init__(self, settings: Settings, rank: Callable[[Given], int]) -> None:
        """`rank` is an order's place among those that wait, the smallest first. Touches no network."""
        self._settings, self._rank = settings, rank
        self._engine: Engine = open_engine(settings.ezrec_jobs_url)
        self._client = DBOSClient(
            system_database_engine=self._engine, application_name=NAME, retry_connection_errors=False, lazy=True
        )
        self._staging = threading.Lock()

    def require(self) -> None:
        """That there is somebody who makes videos. Raises NotMade."""
        with self._talk(), self._engine.connect() as connection:
            alive = living(connection)
        if not alive:
            why = f"no machine makes videos now: start `ezrec worker` on one (EZREC_JOBS_URL: {place(self._engine)})"
            raise NotMade(End.NO_MACHINE, why)

    def stage(
        self,
        store: Store,
        order: Order,
        parcel: "Parcel",
        scratch: Path,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """Bring what a video is made of where other machines find it, one video after the other.

        `scratch` is a file of this order's own. Raises Unreachable, Refused, Stopped, OSError.
        """
        while not self._staging.acquire(timeout=0.2):
            if should_stop():
                raise Stopped
        try:
            staging = Staging(self._settings, store, order.mark)
            meter = Meter(sum(file.stat().st_size for file in parcel.files.values()), on_progress)
            done = 0
            for name, file in parcel.files.items():
                staging.put(file, name, lambda now, done=done: meter.at(done + int(now.done), done), should_stop)
                done += file.stat().st_size
                meter.at(done, done)
            scratch.write_bytes(parcel.text())
            staging.put(scratch, PARCEL, lambda _: None, should_stop)
        finally:
            scratch.unlink(missing_ok=True)
            self._staging.release()

    def knows(self, order: Order) -> bool:
        """Whether somebody is at it, is to be, or has made it. Raises NotMade."""
        with self._talk():
            latest = self._latest(order)
            return latest is not None and (latest.status in UNDER_WAY or _done(latest) is not None)

    def make(
        self, order: Order, given: Given, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> Made:
        """Have a video made and delivered of what is staged, or hear what came of it. Raises NotMade, Stopped."""
        with self._talk():
            latest = self._latest(order)
            if latest is not None and (made := _done(latest)):
                return made
            if latest is None or latest.status not in UNDER_WAY:
                self.require()
                workflow = self._enqueue(order, given, latest)
            else:
                workflow = latest.workflow_id
            return self._follow(workflow, given, on_progress, should_stop)

    def drop(self, store: Store, order: Order) -> None:
        """Forget an order, and delete what is staged for it. Raises NotMade, Unreachable, Refused."""
        self.forget(order)
        Staging(self._settings, store, order.mark).clear()

    def forget(self, order: Order) -> None:
        """Nobody works on an order any more, and what came of it is not known. Raises NotMade."""
        with self._talk():
            ids = [one.workflow_id for one in self._all(order)]
            if ids:
                self._client.cancel_workflows(ids)
                self._client.delete_workflows(ids)
                with self._engine.connect() as connection:
                    connection.execute(FORGET, {"prefix": f"{_prefix(order)}%"})

    def _follow(
        self, workflow: str, given: Given, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> Made:
        pause = threading.Event()
        while True:
            status = self._client.retrieve_workflow(workflow).get_status()
            if status.status == "SUCCESS":
                made = Made.model_validate(status.output)
                if made.end is not End.DONE:
                    raise NotMade(made.end, f"on {made.machine}: {made.why}")
                return made
            if status.status not in UNDER_WAY:
                raise NotMade(End.REFUSED, f"another machine could not make the video: {status.error or status.status}")
            if should_stop():
                self._client.cancel_workflow(workflow)
                raise Stopped
            self.require()
            with self._engine.connect() as connection:
                if status.status == "ENQUEUED":
                    connection.execute(PRIORITY, {"id": workflow, "rank": self._rank(given)})
                elif row := connection.execute(PROGRESS, {"id": workflow}).one_or_none():
                    on_progress(Progress.model_validate_json(row.progress))
            pause.wait(LOOK_SECONDS)

    def _enqueue(self, order: Order, given: Given, latest: WorkflowStatus | None) -> str:
        number = int(latest.workflow_id.rpartition(":")[2]) + 1 if latest else 1
        workflow = f"{_prefix(order)}{number}"
        self._client.enqueue(
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": workflow,
                "app_version": VERSION,
                "priority": self._rank(given),
            },
            order.model_dump(mode="json"),
        )
        log.info("its video is to be made by another machine")
        return workflow

    def _latest(self, order: Order) -> WorkflowStatus | None:
        tries = self._all(order)
        return max(tries, key=lambda one: int(one.workflow_id.rpartition(":")[2]), default=None)

    def _all(self, order: Order) -> list[WorkflowStatus]:
        return self._client.list_workflows(workflow_id_prefix=_prefix(order))

    @contextmanager
    def _talk(self) -> Generator[None]:
        """The database's errors as ours."""
        try:
            yield
        except ProgrammingError as error:
            why = f"no machine has made videos for {place(self._engine)} yet: start `ezrec worker` on one"
            raise NotMade(End.NO_MACHINE, why) from error
        except SQLAlchemyError as error:
            log.debug("the jobs' database does not answer", exc_info=error)
            why = f"the jobs' database ({place(self._engine)}) does not answer"
            raise NotMade(End.NO_MACHINE, why) from error


def _prefix(order: Order) -> str:
    return f"{WORKFLOW}:{order.mark}:"


def _done(status: WorkflowStatus) -> Made | None:
    """What was made, when it was."""
    if status.status != "SUCCESS":
        return None
    made = Made.model_validate(status.output)
    return made if made.end is End.DONE else None
