"""The worker process: it runs the jobs, and obeys and informs the engine. It may be killed at any time."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from ezrec_tui.child import Channel
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.delivery.deletions import Deletions
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.player_media import prune_media
from ezrec_tui.delivery.publish import open_publisher
from ezrec_tui.events import prune_events
from ezrec_tui.folders import Folders
from ezrec_tui.jobs import durable
from ezrec_tui.jobs.board import Board
from ezrec_tui.jobs.commands import Commands
from ezrec_tui.jobs.facts import Given
from ezrec_tui.jobs.farm import Farm
from ezrec_tui.jobs.giving_up import GivingUp
from ezrec_tui.jobs.held import Held
from ezrec_tui.jobs.history import cancelled_since, known_jobs, prune, workflow_id
from ezrec_tui.jobs.line import Bell
from ezrec_tui.jobs.messages import Command, Message, Sweep
from ezrec_tui.jobs.only import only_worker
from ezrec_tui.jobs.pace import Pace
from ezrec_tui.jobs.pipeline import Pipeline
from ezrec_tui.jobs.pulse import Pulse
from ezrec_tui.jobs.sender import Sender
from ezrec_tui.jobs.steps import Steps
from ezrec_tui.jobs.sweep import Sweeper
from ezrec_tui.jobs.sweeping import Sweeps, all_marked, mark

NEWEST, FAILED = 200, 50
"""Jobs told of at the start; together fewer than the channel's backlog."""
JOURNAL_DAYS = 1000
"""What was deleted is known for so long."""
PRUNE_SECONDS = 24 * 3600.0
FIRST_LOOK_SECONDS, LOOK_SECONDS, LOOK_AGAIN_SECONDS = 2.0, 1800.0, 60.0
"""At the store: after the start, while it is well, and while it is not."""
TIDY_AGAIN = timedelta(days=7)
"""What is staged for jobs that were cancelled is looked for so long."""

log = logging.getLogger(__name__)


async def run(settings: Settings, clock: Clock, channel: Channel[Command]) -> None:
    """Run jobs until the engine closes the channel. What is under way then is dropped, and gone on with next time."""
    folders = Folders(settings.ezrec_data_dir.absolute(), settings.timezone)
    loop = asyncio.get_running_loop()
    bell = Bell(clock.sleep)
    outbox = Outbox(folders.outbox_database)
    something_sent = asyncio.Event()
    sender = Sender(
        outbox,
        lambda: open_publisher(settings, folders),
        lambda: loop.call_soon_threadsafe(something_sent.set),
        clock.now,
    )
    board = Board(channel.send)
    durable.configure(folders.jobs_database)
    priorities = durable.Priorities(folders.jobs_database)
    deletions = Deletions(folders.retention_database)
    steps = Steps(settings, folders, outbox, sender, deletions, clock.now, open_farm(settings, priorities))
    held = Held(folders.jobs_database)
    pace, pulse = Pace(durable.look_every), Pulse()
    pipeline = Pipeline(steps, board, priorities, held, clock, bell, pace, pulse)
    giving_up = GivingUp(folders, deletions, timedelta(days=settings.given_up_days), clock.now)
    commands = Commands(pipeline, board, priorities, held, giving_up, clock)
    sweeper = Sweeper(
        folders, deletions, steps.store, outbox.waiting, timedelta(days=settings.keep_days),
        on_deleted=lambda deletion: mark(board, deletion), now=clock.now,
    )  # fmt: skip
    sweeps = Sweeps(sweeper, deletions, channel.send)
    with only_worker(folders.data / "jobs.lock"):
        await durable.launch(*steps.at_once)
        known = [pipeline.as_held(job) for job in await known_jobs(NEWEST, FAILED)]
        board.open(all_marked(known, deletions))
        sender.start()
        beside = (
            asyncio.create_task(pace.follow()),
            asyncio.create_task(pulse.watch()),
            asyncio.create_task(_prune_daily(settings.history_days, folders, outbox, deletions, steps, clock)),
            asyncio.create_task(_follow_sender(something_sent, bell, commands, steps)),
            asyncio.create_task(_watch_store(steps, channel.send, clock)),
        )
        asked = read_commands(channel, loop)
        while (command := await asked.get()) is not None:
            if isinstance(command, Sweep):
                sweeps.begin(command)
            elif refused := await commands.obey(command):
                channel.send(refused)
        for task in beside:
            task.cancel()


def read_commands(channel: Channel[Command], loop: asyncio.AbstractEventLoop) -> asyncio.Queue[Command | None]:
    """Commands as they come, read by a thread; None at the end."""
    commands: asyncio.Queue[Command | None] = asyncio.Queue()

    def read() -> None:
        for command in channel.commands():
            loop.call_soon_threadsafe(commands.put_nowait, command)
        loop.call_soon_threadsafe(commands.put_nowait, None)

    threading.Thread(target=read, name="commands", daemon=True).start()
    return commands


def open_farm(settings: Settings, priorities: durable.Priorities) -> Farm | None:
    """The other machines, where there are to be any."""
    if not settings.ezrec_jobs_url.get_secret_value():
        return None

    def rank_of(given: Given) -> int:
        return durable.rank(priorities.get(workflow_id(given.booking_id)) or given.priority, given.created_at)

    return Farm(settings, rank_of)


async def _follow_sender(something_sent: asyncio.Event, bell: Bell, commands: Commands, steps: Steps) -> None:
    """Whenever something was published, wake who waits for the line, and finish what had been refused."""
    while True:
        await commands.take_up_published(steps.is_published)
        await something_sent.wait()
        something_sent.clear()
        bell.ring()


async def _watch_store(steps: Steps, send: Callable[[Message], None], clock: Clock) -> None:
    """Look at the store when nobody does, so that a wrong key is known before the first video."""
    await clock.sleep(FIRST_LOOK_SECONDS)
    while True:
        seen = await asyncio.to_thread(steps.look_at_store)
        send(seen)
        await clock.sleep(LOOK_AGAIN_SECONDS if seen.why else LOOK_SECONDS)


async def _prune_daily(
    days: int, folders: Folders, outbox: Outbox, deletions: Deletions, steps: Steps, clock: Clock
) -> None:
    """Forget what is long over. A job that failed is never forgotten, nor what is not sent."""
    while True:
        before = clock.now() - timedelta(days=days)
        await asyncio.to_thread(deletions.prune, clock.now() - timedelta(days=JOURNAL_DAYS))
        try:
            await asyncio.to_thread(prune_media, folders.media, before)
        except OSError as error:
            log.warning("old media of players cannot be deleted: %s: %s", error.filename, error.strerror)
        jobs, rows = await prune(before), await asyncio.to_thread(outbox.prune, before)
        events = await asyncio.to_thread(prune_events, folders.data, before)
        if jobs or rows or events:
            log.info("forgotten: %d jobs, %d published rows, %d events older than %d days", jobs, rows, events, days)
        await asyncio.to_thread(steps.tidy_store)
        await asyncio.to_thread(steps.tidy_staged, await cancelled_since(clock.now() - TIDY_AGAIN))
        await clock.sleep(PRUNE_SECONDS)
