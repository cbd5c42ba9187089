"""`ezrec worker`: a machine that makes videos for others, over a database that they share.

A life ends with its lease (see `jobs.lease`): when the database is gone, when the machine slept too long, when it is
killed. The process then begins anew, under a new name, and takes orders again as soon as the database answers.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ezrec_tui.child import share_memory_pools
from ezrec_tui.config import Settings
from ezrec_tui.files import safe_name
from ezrec_tui.jobs import durable
from ezrec_tui.jobs.lease import LEASE_SECONDS, Lease, LeaseLost
from ezrec_tui.jobs.maker import Maker
from ezrec_tui.jobs.only import only_worker
from ezrec_tui.jobs.order import QUEUE, WORKFLOW, Order
from ezrec_tui.jobs.shared_database import line_settings, open_engine, place, shared_url
from ezrec_tui.jobs.turn import Turn, make_table
from ezrec_tui.niceness import GENTLEST, be_gentle

LOOK_SECONDS = 2.0
"""Between two looks for machines that are dead; each says that this one lives."""
AGAIN_SECONDS = 2.0
"""Before a new life."""
MOST_LIVES = 20
"""An order that outlived so many machines is given back as failed: it may be what kills them."""
TAKEN = text(
    "SELECT DISTINCT executor_id FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id <> :me"
    " AND name = :workflow"
)

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Make videos until the process is ended. Only one does on a data folder; another one waits for its end.

    Raises Shut for settings that do not hold, OSError.
    """
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # what is under way is taken over by others
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    share_memory_pools()
    be_gentle(GENTLEST)
    engine = open_engine(settings.ezrec_jobs_url)
    data = settings.ezrec_data_dir.absolute()
    data.mkdir(parents=True, exist_ok=True)
    try:
        with only_worker(data / "worker.lock"):
            _live(settings, engine)
    except LeaseLost as error:
        log.warning("this machine counts as dead, and begins anew: %s", error)
    except SQLAlchemyError as error:
        log.warning("%s does not answer: %s", place(engine), str(error.__cause__ or error).strip())
    time.sleep(AGAIN_SECONDS)
    os.execv(sys.executable, sys.orig_argv)  # nothing of this life may go on: no thread, no connection


def _live(settings: Settings, engine: Engine) -> None:
    lost = threading.Event()
    with Lease(engine, safe_name(socket.gethostname()), LEASE_SECONDS) as lease:
        maker = Maker(settings, lease.name)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_LIVES)
        def video(order: dict[str, Any]) -> dict[str, Any]:
            workflow = DBOS.workflow_id
            assert workflow is not None
            turn = Turn(engine, workflow, lease.name, lost.set)
            return maker.make(Order.model_validate(order), turn).model_dump(mode="json")

        make_table(engine)
        durable.keep_quiet()
        DBOS(config=_config(settings, lease.name))
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=1.0, on_conflict="always_update")
        log.info("ready to make videos as %s, for %s", lease.name, place(engine))
        while not lost.wait(LOOK_SECONDS):
            lease.keep()
            _take_over(engine, lease)
        raise LeaseLost("the database does not say whose an order is")


def _take_over(engine: Engine, lease: Lease) -> None:
    """Put the orders of machines that are dead back into the queue. Raises SQLAlchemyError, LeaseLost."""
    with engine.connect() as connection:
        names = connection.execute(TAKEN, {"me": lease.name, "workflow": WORKFLOW}).scalars().all()
    for name in names:
        if lease.is_dead(name):
            log.warning("machine %s is dead; its orders are taken over", name)
            DBOS._recover_pending_workflows([name])  # pyright: ignore[reportPrivateUsage] (no public call for it)


def _config(settings: Settings, name: str) -> DBOSConfig:
    return {
        "name": durable.NAME,
        "system_database_url": shared_url(settings.ezrec_jobs_url).render_as_string(hide_password=False),
        "application_version": durable.VERSION,
        "executor_id": name,
        "max_executor_threads": 8,
        "sys_db_pool_size": 8,
        "db_engine_kwargs": {"connect_args": line_settings()},
        "log_level": "WARNING",
        "enable_otlp": False,
        "use_listen_notify": False,
        "scheduler_polling_interval_sec": 3600.0,
    }
