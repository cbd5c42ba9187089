"""The line to the store, shared by all that wait: asked seldom, and all go when it is back."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.jobs.durable import rank
from ezrec_tui.jobs.facts import End, Outcome
from ezrec_tui.jobs.line import LONGEST_SECONDS, Bell, Line

DOWN = Outcome(end=End.UNREACHABLE, why="No connection to store.")
ages = st.datetimes(datetime(2024, 1, 1), datetime(2050, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
priorities = st.integers(1, 100)


class Store:
    """Asked whether it is there."""

    def __init__(self) -> None:
        self.found: Outcome | None = DOWN
        self.asked = 0

    async def look(self) -> Outcome | None:
        self.asked += 1
        return self.found


def test_a_hundred_jobs_that_look_for_a_day_ask_the_store_as_often_as_one() -> None:
    now = [0.0]
    store, line = Store(), Line(Bell(), lambda: now[0])

    async def a_day() -> None:
        while now[0] < 24 * 3600:
            assert await line.hindrance(store.look) == DOWN
            now[0] += 0.5  # a hundred jobs that look every minute look about twice a second

    asyncio.run(a_day())
    assert store.asked <= 24 * 3600 / LONGEST_SECONDS + 10


def test_who_finds_the_line_up_wakes_all_others() -> None:
    async def many_wait() -> int:
        bell, store = Bell(), Store()
        line, gone = Line(bell), 0

        async def wait() -> None:
            nonlocal gone
            await bell.wait(3600)
            if await line.hindrance(store.look) is None:
                gone += 1

        waiting = [asyncio.create_task(wait()) for _ in range(50)]
        await asyncio.sleep(0)
        store.found = None
        assert await line.hindrance(store.look) is None
        await asyncio.gather(*waiting)
        assert store.asked == 1
        return gone

    assert asyncio.run(many_wait()) == 50


def test_an_upload_that_got_through_is_proof_enough() -> None:
    async def find() -> int:
        store, line = Store(), Line(Bell())
        line.is_up()
        assert await line.hindrance(store.look) is None
        return store.asked

    assert asyncio.run(find()) == 0


@given(priorities, priorities, ages, ages)
def test_the_oldest_goes_first_and_a_priority_before_any_age(
    one: int, other: int, old: datetime, new: datetime
) -> None:
    if one < other:
        assert rank(one, new) < rank(other, old)
    if one == other and new - old >= timedelta(minutes=1):
        assert rank(one, old) < rank(other, new)
    assert 1 <= rank(one, old) < 2**31
