"""Orders without a Pi: footage staged, and the database told."""

from pathlib import Path

from dbos import DBOSClient
from sqlalchemy import Engine, text

from ezrec_tui.config import Settings
from ezrec_tui.delivery.player_media import PlayerMedia
from ezrec_tui.delivery.store import open_store
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.facts import Given
from ezrec_tui.jobs.farm import Farm
from ezrec_tui.jobs.order import QUEUE, WORKFLOW, Order
from ezrec_tui.jobs.parcel import pack
from ezrec_tui.jobs.plan import plan_render
from ezrec_tui.model import Progress
from ezrec_tui.recording_files import finalise
from tests.jobs.house import submit
from tests.jobs.recordings import START


def stage(settings: Settings, folders: Folders, seconds: int, booking_id: str = "b1") -> Order:
    """Make a recording, and stage its footage."""
    folder = submit(folders, booking_id, seconds).folder
    manifest = finalise(folder)
    order = Order.of(manifest, folders, "")
    parcel = pack(plan_render(folder, manifest, settings, folders, PlayerMedia({})))
    store = open_store(settings, folders.data)
    farm(settings).stage(store, order, parcel, folders.data / "staged", lambda _: None, lambda: False)
    return order


def farm(settings: Settings) -> Farm:
    return Farm(settings, lambda _: 1)


def given(order: Order) -> Given:
    return Given(booking_id=order.booking_id, label="", folder=Path(), priority=1, created_at=START)


def enqueue(order: Order, jobs_url: str) -> str:
    """As `Farm.make` does it, for nobody who waits; the order's id."""
    client = DBOSClient(system_database_url=jobs_url)
    workflow = f"{WORKFLOW}:{order.mark}:1"
    client.enqueue(
        {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": workflow}, order.model_dump(mode="json")
    )
    client.destroy()
    return workflow


def hand_to(engine: Engine, machine: str, status: str = "PENDING") -> None:
    """All orders, to a machine of this name."""
    change = text("UPDATE dbos.workflow_status SET status = :status, executor_id = :machine")
    with engine.connect() as connection:
        connection.execute(change, {"machine": machine, "status": status})


def progress(engine: Engine) -> Progress:
    """How far the only order is."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT progress FROM ezrec.progress")).scalar_one_or_none()
    return Progress.model_validate_json(found) if found else Progress()
