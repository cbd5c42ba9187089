"""The videos that are being made: which step, how far, how fast, how much longer; failed ones on top."""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from ezrec_tui.model import Job, JobState, WaitsFor
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import Panel, bar, heading, line, page
from ezrec_tui.tui.wording import rate, short, time_of_day

STEP, RATE, LEFT = 11, 12, 14
"""Cells of the columns; the booking and the bar share what is left."""

ORDER = (JobState.FAILED, JobState.RUNNING, JobState.WAITING, JobState.PAUSED, JobState.QUEUED)


class Jobs(Panel):
    fades = True
    shows_time = True

    def draw(self, width: int, height: int) -> Content:
        texts, strong = self.look.texts, self.look.profile.strong
        lines = [heading(line((texts.jobs, strong("$ink"))), width, self.look)]
        jobs = self.snapshot.jobs if self.snapshot else ()
        jobs = jobs_in_order(jobs)
        if not jobs:
            lines.append(line((self.look.cut(texts.no_jobs, width), "$muted")))
        room = height - 1
        shown = jobs if len(jobs) <= room else jobs[: max(0, room - 1)]
        lines += [job_row(job, width, self.look, self.now) for job in shown]
        if len(jobs) > len(shown):
            lines.append(line((texts.more.format(count=len(jobs) - len(shown)), "$muted")))
        return page(lines, height)


def jobs_in_order(jobs: Iterable[Job]) -> list[Job]:
    """What asks for somebody first, what is over last."""
    return sorted(jobs, key=lambda job: ORDER.index(job.state) if job.state in ORDER else len(ORDER))


def job_row(job: Job, width: int, look: Look, now: datetime) -> Content:
    """What becomes of a recording, in a line."""
    glyphs = look.glyphs
    shape, tone = {
        JobState.FAILED: (glyphs.lost, "$act-ink"),
        JobState.RUNNING: (glyphs.armed, "$info"),
        JobState.WAITING: (glyphs.alert, "$look"),
        JobState.PAUSED: (glyphs.stopped, "$look"),
        JobState.DONE: (glyphs.good, "$ok"),
        JobState.CANCELLED: (glyphs.lost, "$muted"),
    }.get(job.state, (glyphs.pending, "$muted"))
    label = min(28, max(8, width // 4))
    quiet = job.state in (JobState.DONE, JobState.CANCELLED, JobState.QUEUED)
    name = look.fit(look.name(job.label or job.booking_id), label)
    start = line((f"{shape} ", tone), (name, "$muted" if quiet else "$ink"), "  ")
    return line(start, _rest(job, width - label - 4, look, now)).truncate(width)


def _rest(job: Job, width: int, look: Look, now: datetime) -> Content:
    texts = look.texts
    step = texts.job_step[job.step]
    match job.state:
        case JobState.FAILED:
            key = "" if look.read_only else texts.key_retries.format(key=key_name(ACT["retry"], texts))
            state = f"{texts.job_state[job.state]}  "
            why = look.said(job.error) if job.error else step
            room = width - len(state) - len(key) - 2
            return line((state, look.profile.strong("$act-ink")), (look.fit(why, room), "$ink"), "  ", (key, "$ink"))
        case JobState.RUNNING:
            return _progress(job, width, look)
        case JobState.WAITING if job.waits_for is WaitsFor.HOURS and job.error:
            return line((look.fit(step, STEP), "$muted"), (look.cut(look.said(job.error), width - STEP), "$muted"))
        case JobState.WAITING:
            soon = job.retry_at - now if job.retry_at else None
            text = texts.tries_again_in.format(time=short(soon.total_seconds())) if soon else texts.job_state[job.state]
            why = f"  {look.said(job.error)}" if job.error else ""
            return line((look.fit(step, STEP), "$ink"), (look.cut(text + why, width - STEP), "$look"))
        case JobState.DONE:
            text = texts.done_at.format(time=time_of_day(job.finished_at, look.venue)) if job.finished_at else ""
            text = text or texts.job_state[job.state]
            if job.video_deleted_at:
                text = f"{text}  {texts.in_the_store_only}"
            if not job.fallbacks:
                return line((look.cut(text, width), "$muted"))
            without = texts.without.format(what=", ".join(map(look.said, job.fallbacks)))
            room = width - len(text) - 2
            return line((f"{text}  ", "$muted"), (look.cut(f"{look.glyphs.alert} {without}", room), "$look"))
        case JobState.QUEUED | JobState.CANCELLED:
            return line((texts.job_state[job.state], "$muted"))
        case JobState.PAUSED:
            return line((look.fit(step, STEP), "$muted"), (texts.job_state[job.state], "$muted"))


def _progress(job: Job, width: int, look: Look) -> Content:
    texts, progress = look.texts, job.progress
    parts = [line((look.fit(texts.job_step[job.step], STEP), "$ink"))]
    if progress.total <= 0:
        return line(*parts, (rate(progress, texts), "$muted"))
    left = texts.time_left.format(time=short(progress.seconds_left)) if progress.seconds_left is not None else ""
    room = width - STEP - 5
    speed = rate(progress, texts)
    columns = [(left, LEFT)] if room >= LEFT + 4 else []
    columns = [(speed, RATE), *columns] if room >= RATE + LEFT + 6 else columns
    parts.append(bar(progress.fraction, max(0, room - sum(cells for _, cells in columns)), look, "$info"))
    parts.append(line(f"{int(progress.fraction * 100):>3} %"))
    parts += [line((look.cut(text, cells).rjust(cells), "$muted")) for text, cells in columns]
    return line(*parts)
