"""Sweeps beside everything else the worker does: one at a time, on a thread, as the engine asks for them."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable

from ezrec_tui.delivery.deletions import Deletion, Deletions, Delivered
from ezrec_tui.delivery.retention import Kind
from ezrec_tui.jobs.board import Board
from ezrec_tui.jobs.facts import Facts, Given
from ezrec_tui.jobs.history import done_jobs, not_ended
from ezrec_tui.jobs.messages import Message, Sweep, Swept
from ezrec_tui.jobs.sweep import Asked, Sweeper
from ezrec_tui.model import Job, JobState
from ezrec_tui.recording_files import RecordingError, read_manifest

log = logging.getLogger(__name__)


class Sweeps:
    def __init__(self, sweeper: Sweeper, deletions: Deletions, send: Callable[[Message], None]) -> None:
        """`send` is told what came of each."""
        self._sweeper, self._deletions, self._send = sweeper, deletions, send
        self._running: asyncio.Task[None] | None = None
        self._history_is_known = False

    def begin(self, command: Sweep) -> None:
        """Begin one, unless one is under way: the engine asks again."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._sweep(command))

    async def _sweep(self, command: Sweep) -> None:
        try:
            if not self._history_is_known:
                await self._learn_from_history()
                self._history_is_known = True
            asked = Asked(command.need, frozenset(command.running), await self._not_done())
            self._send(await asyncio.to_thread(self._sweeper.sweep, asked))
        except sqlite3.Error as error:
            log.error("nothing is deleted: its journal cannot be written: %s", error)
            self._send(Swept(freed=0, hindrance=f"the journal of deletions cannot be written: {error}"))

    async def _not_done(self) -> frozenset[str]:
        given_up = {one.booking_id for one in await asyncio.to_thread(self._deletions.given_up)}
        delivered = {one.booking_id for one in await asyncio.to_thread(self._deletions.delivered)} - given_up
        return await not_ended([*delivered], JobState.DONE) | await not_ended([*given_up], JobState.CANCELLED)

    async def _learn_from_history(self) -> None:
        """Know what was delivered before there was a journal, or while one lived that was lost."""
        known = {one.booking_id for one in await asyncio.to_thread(self._deletions.delivered)}
        for given, facts in await done_jobs():
            if given.booking_id not in known and (delivered := await asyncio.to_thread(_delivered, given, facts)):
                await asyncio.to_thread(self._deletions.put_delivered, delivered)


def _delivered(given: Given, facts: Facts) -> Delivered | None:
    """What a job that is done has delivered; None when its footage is not here any more."""
    if facts.video is None or facts.key is None or facts.uploaded_at is None:
        return None
    try:
        booking = read_manifest(given.folder).booking
    except RecordingError:
        return None
    return Delivered(
        given.booking_id, given.label, given.folder, facts.video, facts.key, booking.start, facts.uploaded_at
    )


def mark(board: Board, deletion: Deletion) -> None:
    """Show a job's footage or video as deleted here."""
    if job := board.get(deletion.booking_id):
        board.put(marked(job, deletion))


def all_marked(jobs: Iterable[Job], deletions: Deletions) -> list[Job]:
    """Jobs with what the journal knows of their files."""
    known = {job.booking_id: job for job in jobs}
    for given_up in deletions.given_up():
        job = known.get(given_up.booking_id)
        if job is not None and job.state is JobState.CANCELLED:
            known[job.booking_id] = job.model_copy(update={"kept_until": given_up.until})
    for deletion in deletions.all():
        job = known.get(deletion.booking_id)
        if job is not None and deletion.done_at is not None:
            known[deletion.booking_id] = marked(job, deletion)
    return list(known.values())


def marked(job: Job, deletion: Deletion) -> Job:
    name = "footage_deleted_at" if deletion.kind is Kind.FOOTAGE else "video_deleted_at"
    return job.model_copy(update={name: deletion.done_at})
