"""A random walk: bookings, jobs, uploads, failures, kills, full disks, clock steps; nothing needed ever goes."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ezrec_tui.delivery.deletions import Deletion
from ezrec_tui.delivery.retention import GRACE, Kind, Why, is_lately
from ezrec_tui.model import Booking
from tests.jobs.sweeping import KEEP, SmallHouse, record_of

sizes = st.sampled_from([40, 400, 4000])


@dataclass
class Way:
    """How far a booking is; what the world knows, not the program."""

    of: Booking
    runs: bool = True
    rendered: bool = False
    linked: bool = False
    delivered: bool = False
    in_store: bool = False
    """The object is there, and holds the video's bytes."""
    done_at: datetime | None = None
    job_done: bool = False
    given_up_until: datetime | None = None
    was_due: bool = False
    """It was given up, and there was a time when it might go: it may be gone."""

    @property
    def can_be_given_up(self) -> bool:
        return not self.runs and not self.job_done and self.given_up_until is None


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ezrec-walk-"))
        self.house = SmallHouse(self.folder / "data")
        self.ways: list[Way] = []

    def teardown(self) -> None:
        self.house.close()
        shutil.rmtree(self.folder)

    # Bookings and jobs

    @rule(size=sizes, days_ago=st.integers(0, 5))
    def begin(self, size: int, days_ago: int) -> None:
        of = self.house.booking(f"b{len(self.ways)}", self.house.now - timedelta(days=days_ago))
        self.house.record(of, size)
        self.ways.append(Way(of))

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """A booking comes a step further; where it ends, so does its job."""
        if not (open_ways := [way for way in self.ways if not way.job_done and way.given_up_until is None]):
            return
        way = data.draw(st.sampled_from(open_ways))
        if way.runs:
            way.runs = False
        elif not way.rendered:
            self.house.render(way.of, data.draw(sizes))
            way.rendered = True
        elif not way.delivered:
            way.linked = data.draw(st.booleans())
            self.house.deliver(way.of, linked=way.linked)
            way.delivered = way.in_store = True
        elif way.done_at is None:
            self.house.publish(way.of)
            self.house.know_as_delivered(way.of)
            way.done_at = self.house.now
        else:
            way.job_done = True

    @rule(data=st.data(), size=sizes)
    def whole_way(self, data: st.DataObject, size: int) -> None:
        """A booking that went well, so that there is something to sweep."""
        now, linked = self.house.now, data.draw(st.booleans())
        start = now - timedelta(days=data.draw(st.integers(0, 30)))
        self.house.now -= data.draw(st.sampled_from([timedelta(0), GRACE, timedelta(days=1), KEEP]))
        way = Way(self.house.whole_way(f"b{len(self.ways)}", start, size, linked=linked), linked=linked)
        way.runs, way.rendered, way.delivered, way.in_store = False, True, True, True
        way.done_at = self.house.now
        way.job_done = data.draw(st.sampled_from([True, True, False]))
        self.house.now = now
        self.ways.append(way)

    @precondition(lambda self: any(way.can_be_given_up for way in self.ways))
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from([way for way in self.ways if way.can_be_given_up]))
        way.given_up_until = self.house.give_up(way.of)

    @precondition(lambda self: any(way.given_up_until for way in self.ways))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from([way for way in self.ways if way.given_up_until]))
        whole = self.house.footage_is_whole(way.of)
        if self.house.deletions.take_back(way.of.id):
            assert whole, "what is gone cannot be taken back"
            way.given_up_until, way.was_due = None, False
        else:
            assert way.was_due, "refused before its time was over"

    @rule()
    def send(self) -> None:
        self.house.send()

    @precondition(lambda self: any(way.job_done for way in self.ways))
    @rule(data=st.data())
    def something_more_to_send(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from([way for way in self.ways if way.job_done]))
        self.house.outbox.put_video(record_of(way.of, self.house.now), self.house.now)

    # What befalls

    @precondition(lambda self: any(way.in_store and not way.linked for way in self.ways))
    @rule(data=st.data(), gone=st.booleans())
    def store_loses(self, data: st.DataObject, gone: bool) -> None:
        way = data.draw(st.sampled_from([way for way in self.ways if way.in_store and not way.linked]))
        target = self.house.object_of(way.of)
        if gone:
            target.unlink()
        else:
            target.write_bytes(bytes(target.stat().st_size))
        way.in_store = False

    @rule(up=st.booleans())
    def line(self, up: bool) -> None:
        self.house.line_is_up = up

    @rule(hours=st.sampled_from([0.2, 1, 24, 24 * 10, 24 * 25, -1, -24 * 3, 24 * 365 * 10]))
    def clock_steps(self, hours: float) -> None:
        if EARLY < self.house.now + timedelta(hours=hours) < FAR:
            self.house.now += timedelta(hours=hours)

    # Sweeps

    @rule(need=st.sampled_from([0, 1, 1000, 10**6]))
    def sweep(self, need: int) -> None:
        before, last = self._there(), self._last_line()
        self._note_what_is_due()
        bytes_before, lately = self._bytes(), self._lately()
        self.house.sweep(need, running=self._running(), not_done=self._not_done())
        went = before - self._there()
        for booking_id, kind in went:
            self._make_sure_it_might(booking_id, kind)
        noted = [one for one in self.house.deletions.all() if one.id > last]
        assert {(one.booking_id, one.kind) for one in noted} == went
        assert self.house.deletions.unfinished() == ()
        assert self.house.line_is_up or all(way.given_up_until for way in self._ways_of(went))
        if noted:
            assert 2 * (sum(one.bytes for one in noted) + lately) <= bytes_before + lately
        self._make_sure_of_the_order(noted, before)

    @rule(need=st.sampled_from([0, 1000, 10**6]), at=st.integers(1, 40))
    def sweep_killed(self, need: int, at: int) -> None:
        before = self._there()
        self._note_what_is_due()
        self.house.sweep_killed(at, need, running=self._running(), not_done=self._not_done())
        for booking_id, kind in before - self._there():
            self._make_sure_it_might(booking_id, kind)

    @invariant()
    def nothing_undelivered_is_gone(self) -> None:
        for way in self.ways:
            if way.runs or not (way.job_done or way.was_due):
                assert self.house.footage_is_whole(way.of)
                assert not way.rendered or self.house.folders.video(way.of).exists()

    @invariant()
    def what_is_gone_is_noted_with_its_proof(self) -> None:
        noted = {(one.booking_id, one.kind): one for one in self.house.deletions.all()}
        for way in self.ways:
            if not self.house.footage_is_whole(way.of):
                self._make_sure_of_the_proof(noted[way.of.id, Kind.FOOTAGE], way)
            if way.rendered and not self.house.folders.video(way.of).exists():
                self._make_sure_of_the_proof(noted[way.of.id, Kind.VIDEO], way)

    def _make_sure_of_the_proof(self, noted: Deletion, way: Way) -> None:
        if way.given_up_until:
            assert (noted.why, noted.proof) == (Why.GIVEN_UP, None)
        else:
            assert noted.proof is not None
            assert noted.proof.size > 0

    def _make_sure_it_might(self, booking_id: str, kind: Kind) -> None:
        """That it was no mistake to delete this now."""
        way = next(way for way in self.ways if way.of.id == booking_id)
        assert not way.runs
        if kind is Kind.VIDEO:
            assert not self.house.footage_is_whole(way.of)
        assert self.house.outbox.waiting(booking_id) == 0
        if way.given_up_until:
            assert self.house.now >= way.given_up_until
            return
        assert way.job_done
        assert way.in_store, "deleted though the store does not have it"
        assert way.done_at is not None
        assert self.house.now - way.done_at >= GRACE

    def _make_sure_of_the_order(self, went: list[Deletion], before: set[tuple[str, Kind]]) -> None:
        """What went is the oldest first, and nothing that should go for the same reason was passed over."""
        ways = {way.of.id: way for way in self.ways}

        def place(thing: tuple[str, Kind]) -> tuple[datetime, str, bool]:
            return ways[thing[0]].of.start, thing[0], thing[1] is Kind.VIDEO

        places = [place((one.booking_id, one.kind)) for one in went]
        assert places == sorted(places)
        for thing in before & self._there():
            for one in went:
                if place(thing) < place((one.booking_id, one.kind)):
                    assert not self._should_go(ways[thing[0]], thing[1], one.why), f"{thing} was passed over"

    def _should_go(self, way: Way, kind: Kind, why: Why) -> bool:
        if way.given_up_until:
            return False  # however much should go: it is asked of what goes for the same reason
        if not (way.job_done and way.in_store and way.done_at and self.house.outbox.waiting(way.of.id) == 0):
            return False
        if kind is Kind.VIDEO and (way.of.id, Kind.FOOTAGE) in self._there():
            return False
        age = self.house.now - way.done_at
        return age >= KEEP or (why is Why.ROOM and age >= GRACE and not (kind is Kind.VIDEO and way.linked))

    # What is there

    def _there(self) -> set[tuple[str, Kind]]:
        """Things that are whole."""
        footage = {(way.of.id, Kind.FOOTAGE) for way in self.ways if self.house.footage_is_whole(way.of)}
        return footage | {(way.of.id, Kind.VIDEO) for way in self.ways if self.house.folders.video(way.of).exists()}

    def _last_line(self) -> int:
        return max((one.id for one in self.house.deletions.all()), default=0)

    def _bytes(self) -> int:
        data = self.house.folders.data
        files = [*data.glob("recordings/*/*/*"), *data.glob("processed/*/*.mp4")]
        return sum(file.stat().st_size for file in files)

    def _lately(self) -> int:
        """What went or was begun within the hour; what a kill left whole is decided anew and did not go."""
        there = self._there()
        noted = [one for one in self.house.deletions.all() if is_lately(one.noted_at, self.house.now)]
        return sum(one.bytes for one in noted if (one.booking_id, one.kind) not in there)

    def _ways_of(self, things: set[tuple[str, Kind]]) -> list[Way]:
        return [way for way in self.ways if way.of.id in {booking_id for booking_id, _ in things}]

    def _note_what_is_due(self) -> None:
        for way in self.ways:
            way.was_due |= way.given_up_until is not None and self.house.now >= way.given_up_until and not way.runs

    def _running(self) -> frozenset[str]:
        return frozenset(way.of.id for way in self.ways if way.runs)

    def _not_done(self) -> frozenset[str]:
        return frozenset(way.of.id for way in self.ways if not way.job_done and way.given_up_until is None)


EARLY = datetime(2020, 1, 1, tzinfo=UTC)
FAR = datetime(2080, 1, 1, tzinfo=UTC)

TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
"""A step takes milliseconds of a disk: a walk that fails is told as it was, not made shorter for minutes."""
