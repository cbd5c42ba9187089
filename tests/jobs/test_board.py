"""What the board tells of jobs, and when."""

from datetime import UTC, datetime

from ezrec_tui.jobs.board import PROGRESS_SECONDS, Board
from ezrec_tui.jobs.messages import JobChanged, Message, Ready
from ezrec_tui.model import Job, JobState, Progress

JOB = Job(booking_id="b1", state=JobState.QUEUED, created_at=datetime(2026, 3, 1, tzinfo=UTC))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> tuple[Board, list[Message]]:
    told: list[Message] = []
    board = Board(told.append, clock)
    board.open([JOB])
    return board, told


def test_the_jobs_known_from_before_follow_the_word_that_the_worker_is_ready() -> None:
    told: list[Message] = []
    board = Board(told.append, Clock())
    newer = JOB.model_copy(update={"state": JobState.RUNNING})
    board.put(newer)
    assert not told
    board.open([JOB, JOB.model_copy(update={"booking_id": "b2"})])
    assert told[:2] == [Ready(), JobChanged(job=newer)]  # not what was read before it went on
    assert len(told) == 3


def test_every_change_is_told_and_progress_now_and_then() -> None:
    clock = Clock()
    board, told = opened(clock)
    board.change("b1", state=JobState.RUNNING)
    for frames in range(1, 81):
        clock.now += PROGRESS_SECONDS / 8
        board.progress("b1", Progress(done=frames, total=80))
    assert len(told) - 3 == 10
    board.change("b1", state=JobState.DONE)
    last = told[-1]
    assert isinstance(last, JobChanged)
    assert (last.job.state, last.job.progress.done) == (JobState.DONE, 80)


def test_what_comes_late_does_not_bring_a_job_back_that_is_over() -> None:
    clock = Clock()
    board, told = opened(clock)
    board.change("b1", state=JobState.CANCELLED)
    clock.now += 10
    count = len(told)
    board.change("b1", state=JobState.RUNNING)
    board.progress("b1", Progress(done=1))
    assert len(told) == count
    board.put(JOB)
    assert board.get("b1") == JOB
