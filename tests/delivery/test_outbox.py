"""The outbox: what was put is published once, in order, whoever dies or fails on the way."""

import multiprocessing
import signal
import sqlite3
from collections.abc import Generator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.database import NotLetIn, Refused, Unreachable, connect
from ezrec_tui.delivery.outbox import LONGEST_PAUSE_SECONDS, LONGEST_WAIT_SECONDS, Outbox, is_news
from ezrec_tui.delivery.publish import LocalRecord, SupabasePublisher
from ezrec_tui.model import PublishedStatus, VideoRecord
from tests.delivery.outbox_users import NOW, STEPS, put_all, put_and_die, put_many, send_and_die, video
from tests.peers.proxy import Proxy
from tests.peers.supabase import Supabase

LATER = timedelta(seconds=LONGEST_WAIT_SECONDS)


class Journal:
    """A publisher that writes down what it is asked, and fails as it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.failing: dict[str, Exception] = {}

    def insert_video(self, video: VideoRecord) -> None:
        self._say(video.booking_id, "video")

    def update_booking(self, booking_id: str, status: PublishedStatus, updated_at: datetime) -> None:
        self._say(booking_id, status.value)

    def of(self, name: str) -> list[str]:
        return [what for whom, what in self.said if whom == name]

    def _say(self, whom: str, what: str) -> None:
        if error := self.failing.get(whom):
            raise error
        self.said.append((whom, what))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Generator[Outbox, None, None]:
    one = Outbox(path)
    yield one
    one.close()


@pytest.fixture
def proxy(supabase: Supabase) -> Generator[Proxy, None, None]:
    with Proxy(int(supabase.url.rpartition(":")[2])) as line:
        yield line


WORDS = (b"PATCH /rest/v1/bookings", b"POST /rest/v1/videos", b"Uploading", b"Completed")
"""By which a request is known whose reply gets lost."""

WHOLE_WAY = [*(step.value for step in STEPS), "video", "Completed"]


def test_each_booking_is_published_in_order_and_once(outbox: Outbox) -> None:
    journal = Journal()
    for name in ("a", "b"):
        put_all(outbox, name)
    assert (outbox.waiting(), outbox.waiting("a")) == (12, 6)
    assert outbox.drain(journal, NOW) == 12
    assert outbox.drain(journal, NOW) == 0
    assert (journal.of("a"), journal.of("b")) == (WHOLE_WAY, WHOLE_WAY)
    assert outbox.waiting() == 0


def test_what_was_put_outlives_the_process_that_put_it(path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=put_and_die, args=(path,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    journal = Journal()
    outbox = Outbox(path)
    outbox.drain(journal, NOW)
    outbox.close()
    assert journal.of("a") == WHOLE_WAY


def test_a_sender_that_is_killed_between_sending_and_remembering_does_no_harm(path: Path, supabase: Supabase) -> None:
    supabase.add_booking("a", NOW, NOW + LATER)
    outbox = Outbox(path)
    put_all(outbox, "a")
    context, settings = multiprocessing.get_context("spawn"), supabase.settings()
    for rows in (5, 2):  # up to the video; the video again and what follows it
        child = context.Process(target=send_and_die, args=(path, settings, rows))
        child.start()
        child.join(60)
        assert child.exitcode == -signal.SIGKILL
    assert outbox.drain(SupabasePublisher(connect(settings)), NOW) == 1
    assert outbox.waiting() == 0
    outbox.close()
    assert supabase.sql("SELECT booking_id FROM videos") == [{"booking_id": "a"}]
    assert supabase.sql("SELECT status FROM bookings") == [{"status": "Completed"}]


def test_through_a_bad_line_every_row_arrives_once_and_in_order(
    outbox: Outbox, supabase: Supabase, proxy: Proxy
) -> None:
    names = [f"b{number}" for number in range(4)]
    supabase.sql("CREATE TABLE IF NOT EXISTS told (number serial, id text, status text)")
    supabase.sql("TRUNCATE told")
    supabase.sql(
        """CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
           $$ BEGIN INSERT INTO told (id, status) VALUES (NEW.id, NEW.status); RETURN NEW; END $$"""
    )
    supabase.sql("CREATE OR REPLACE TRIGGER tell AFTER UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION tell()")
    publisher = SupabasePublisher(connect(supabase.settings(f"http://127.0.0.1:{proxy.port}")))
    for name in names:
        supabase.add_booking(name, NOW, NOW + LATER)
        put_all(outbox, name)
    now, faults = NOW, 0
    while outbox.waiting():
        assert faults < 100, "rows stay for ever"
        proxy.lose_reply_to(WORDS[faults % len(WORDS)], then_refuse=True)
        outbox.drain(publisher, now)
        proxy.heal()
        faults += 1
        now += LATER
    assert faults > len(WORDS)
    assert supabase.sql("SELECT booking_id FROM videos ORDER BY 1") == [{"booking_id": name} for name in names]
    for name in names:
        told = [row["status"] for row in supabase.sql("SELECT status FROM told WHERE id = %s ORDER BY number", name)]
        assert list(dict.fromkeys(told)) == [*(step.value for step in STEPS), "Completed"]
        assert told == sorted(told, key=[*WHOLE_WAY].index), "a status went backwards"
    supabase.sql("DROP TRIGGER tell ON bookings")


def test_a_booking_that_fails_holds_back_its_own_rows_and_nobody_elses(outbox: Outbox) -> None:
    journal = Journal()
    journal.failing["bad"] = Unreachable("500")
    put_all(outbox, "bad")
    put_all(outbox, "good")
    assert outbox.drain(journal, NOW) == 6
    assert (journal.of("bad"), journal.of("good")) == ([], WHOLE_WAY)
    ((row,), waiting) = outbox.failing(), outbox.waiting("bad")
    assert (row.booking_id, row.table, row.attempts, row.error, waiting) == ("bad", "bookings", 1, "500", 6)
    journal.failing.clear()
    assert outbox.drain(journal, NOW) == 0, "it waits before it tries again"
    assert outbox.drain(journal, NOW + LATER) == 6
    assert (journal.of("bad"), outbox.failing()) == (WHOLE_WAY, ())


def test_a_status_that_is_refused_gives_way_to_what_comes_after_it_and_a_video_never_does(outbox: Outbox) -> None:
    class WithoutUploading(Journal):
        def _say(self, whom: str, what: str) -> None:
            if what == "Uploading":
                raise Refused("that is no status", "22P02")
            super()._say(whom, what)

    journal = WithoutUploading()
    put_all(outbox, "a")
    outbox.drain(journal, NOW)
    assert journal.of("a") == [step for step in WHOLE_WAY if step != "Uploading"]
    assert (outbox.waiting(), outbox.failing()) == (0, ())

    class WithoutVideos(Journal):
        def _say(self, whom: str, what: str) -> None:
            if what == "video":
                raise Refused("no such user", "23503")
            super()._say(whom, what)

    refusing = WithoutVideos()
    put_all(outbox, "b")
    outbox.drain(refusing, NOW)
    assert refusing.of("b") == [step.value for step in STEPS]
    ((row,), waiting) = outbox.failing(), outbox.waiting("b")
    assert (row.table, row.error, row.refused, waiting) == ("videos", "no such user", True, 2)
    outbox.hurry("b")
    assert outbox.failing() == ()
    assert outbox.drain(journal, NOW) == 2, "asked for, it is tried at once"


def test_with_a_key_that_is_not_taken_all_wait_and_little_is_tried(outbox: Outbox) -> None:
    tries: list[str] = []

    class Locked(Journal):
        def _say(self, whom: str, what: str) -> None:
            tries.append(whom)
            raise NotLetIn("the key does not do")

    for number in range(30):
        put_all(outbox, f"b{number}")
    for second in range(600):
        outbox.drain(Locked(), NOW + timedelta(seconds=second))
    assert str(outbox.trouble) == "the key does not do"
    assert not any(row.refused for row in outbox.failing()), "it is no row's fault"
    assert len(tries) < 3 * (10 + 600 / (LONGEST_PAUSE_SECONDS / 2))
    journal, mended = Journal(), NOW + timedelta(seconds=600 + LONGEST_PAUSE_SECONDS)
    for second in range(3):
        outbox.drain(journal, mended + timedelta(seconds=second))
    assert (outbox.waiting(), outbox.trouble) == (0, None)
    assert all(journal.of(f"b{number}") == WHOLE_WAY for number in range(30))


def test_when_the_line_is_back_and_the_only_row_is_refused_it_is_the_row_s_fault_alone(outbox: Outbox) -> None:
    journal = Journal()
    outbox.put_video(video("a"), NOW)
    journal.failing["a"] = Unreachable("down")
    outbox.drain(journal, NOW)
    assert str(outbox.trouble) == "down"
    journal.failing["a"] = Refused("no such user")
    outbox.drain(journal, NOW + LATER)
    assert outbox.trouble is None
    (row,) = outbox.failing()
    assert (row.error, row.refused) == ("no such user", True)


def test_the_file_of_an_older_version_is_taken_over(outbox: Outbox, path: Path) -> None:
    put_all(outbox, "a")
    outbox.close()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE outbox DROP COLUMN refused")
    database.close()
    newer = Outbox(path)
    journal = Journal()
    assert newer.drain(journal, NOW) == 6
    newer.close()
    assert journal.of("a") == WHOLE_WAY


def test_any_number_of_hopeless_bookings_do_not_block_the_others(outbox: Outbox) -> None:
    journal = Journal()
    for number in range(20):
        journal.failing[f"bad{number}"] = Refused("no") if number % 2 else Unreachable("500")
        put_all(outbox, f"bad{number}")
    put_all(outbox, "good")
    for round_ in range(20):
        outbox.drain(journal, NOW + round_ * LATER)
    assert journal.of("good") == WHOLE_WAY


def test_while_the_line_is_down_little_is_tried_and_all_is_sent_when_it_is_back(outbox: Outbox) -> None:
    tries: list[str] = []

    class Down(Journal):
        def _say(self, whom: str, what: str) -> None:
            tries.append(whom)
            raise Unreachable("down")

    for number in range(30):
        put_all(outbox, f"b{number}")
    for second in range(3600):
        outbox.drain(Down(), NOW + timedelta(seconds=second))
    assert 30 < len(tries) < 3 * (10 + 3600 / (LONGEST_PAUSE_SECONDS / 2))
    journal, now = Journal(), NOW + timedelta(seconds=3600 + LONGEST_PAUSE_SECONDS)
    for second in range(3):
        outbox.drain(journal, now + timedelta(seconds=second))
    assert outbox.waiting() == 0
    assert all(journal.of(f"b{number}") == WHOLE_WAY for number in range(30))


def test_a_clock_that_was_set_back_does_not_hold_rows(outbox: Outbox) -> None:
    journal = Journal()
    journal.failing["a"] = Unreachable("down")
    outbox.put_status("a", PublishedStatus.RECORDING, NOW)
    outbox.drain(journal, NOW)
    journal.failing.clear()
    assert outbox.drain(journal, NOW - timedelta(days=900)) == 1


@given(st.lists(st.sampled_from(list(PublishedStatus))))
def test_a_status_never_goes_backwards(statuses: list[PublishedStatus]) -> None:
    order = [*STEPS, PublishedStatus.COMPLETED]
    last: PublishedStatus | None = None
    for status in statuses:
        if last is None or is_news(last, status):
            assert status is not last
            assert last is not PublishedStatus.COMPLETED
            if last is not None and last in order and status in order:
                assert order.index(status) > order.index(last)
            last = status


def test_a_step_that_runs_again_publishes_nothing_again(outbox: Outbox) -> None:
    journal = Journal()
    put_all(outbox, "a")
    outbox.drain(journal, NOW)
    put_all(outbox, "a")
    assert outbox.waiting() == 0


def test_a_job_that_failed_and_is_tried_again_says_so(outbox: Outbox) -> None:
    said = [
        outbox.put_status("a", status, NOW)
        for status in (
            PublishedStatus.PROCESSING,
            PublishedStatus.FAILED,
            PublishedStatus.FAILED,
            PublishedStatus.PROCESSING,
            PublishedStatus.COMPLETED,
            PublishedStatus.FAILED,
        )
    ]
    assert said == [True, True, False, True, True, False]


def test_while_one_sends_another_does_not(outbox: Outbox, path: Path) -> None:
    other = Outbox(path)

    class Nosy(Journal):
        def _say(self, whom: str, what: str) -> None:
            assert other.drain(Journal(), NOW) == 0
            other.put_status("b", PublishedStatus.RECORDING, NOW)
            super()._say(whom, what)

    put_all(outbox, "a")
    journal = Nosy()
    outbox.drain(journal, NOW)
    other.close()
    assert journal.of("a") == WHOLE_WAY
    assert journal.of("b") == ["Recording"], "and putting is free meanwhile"


def test_a_row_of_another_version_is_kept_and_told(outbox: Outbox, path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(
            """INSERT INTO outbox (booking_id, "table", action, body, created_at)
               VALUES ('a', 'trophies', 'insert', '{}', '2026-05-30T00:00:00+00:00')"""
        )
    database.close()
    assert outbox.drain(Journal(), NOW) == 0
    (row,) = outbox.failing()
    assert row.error == "a row for the table trophies is not understood; another version of the program wrote it"


def test_what_another_version_wrote_of_a_booking_stops_no_status_and_no_video(outbox: Outbox, path: Path) -> None:
    outbox.put_status("a", PublishedStatus.RECORDING, NOW)
    outbox.put_video(video("a"), NOW)
    with sqlite3.connect(path) as database:
        database.execute("""UPDATE outbox SET body = '{"of": "another version"}'""")
    database.close()
    assert outbox.last_status("a") is None
    assert outbox.put_status("a", PublishedStatus.RECORDING_FINISHED, NOW)
    assert outbox.put_video(video("a"), NOW)
    assert outbox.last_status("a") is PublishedStatus.RECORDING_FINISHED
    assert not outbox.put_video(video("a"), NOW), "what is understood still says what is there"


def test_what_was_sent_is_forgotten_in_time_and_nothing_else(outbox: Outbox) -> None:
    journal = Journal()
    put_all(outbox, "sent")
    outbox.drain(journal, NOW)
    put_all(outbox, "waiting")
    assert outbox.prune(NOW) == 0
    assert outbox.prune(NOW + timedelta(days=30)) == 5
    assert outbox.waiting() == 6
    assert outbox.last_status("sent") is PublishedStatus.COMPLETED, "or a lost database would have it done again"


def test_two_processes_put_at_once_and_nothing_is_lost(path: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=put_many, args=(path, "engine"))
    child.start()
    put_many(path, "worker")
    child.join(60)
    assert child.exitcode == 0
    outbox = Outbox(path)
    record = LocalRecord(tmp_path / "published.db")
    assert outbox.drain(record, NOW) == 60
    outbox.close()
    assert len(record.videos()) == 10
