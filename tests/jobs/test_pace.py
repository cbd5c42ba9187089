"""How often the queues are looked at."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ezrec_tui.jobs.pace import OFTEN, SELDOM, Pace


class House:
    def __init__(self) -> None:
        self.told: list[float] = []
        self.calm = asyncio.Event()
        self.pace = Pace(self._look_every, self._sleep)

    async def _look_every(self, seconds: float) -> None:
        self.told.append(seconds)

    async def _sleep(self, _: float) -> None:
        await self.calm.wait()

    async def settle(self) -> None:
        """Let all that can go on go on."""
        for _ in range(20):
            await asyncio.sleep(0)


@asynccontextmanager
async def following() -> AsyncGenerator[House]:
    house = House()
    task = asyncio.create_task(house.pace.follow())
    try:
        yield house
    finally:
        task.cancel()


async def test_with_no_job_it_is_looked_seldom_after_a_while_and_often_as_soon_as_one_comes() -> None:
    async with following() as house:
        await house.settle()
        assert house.told == []
        house.calm.set()
        await house.settle()
        assert house.told == [SELDOM]
        with house.pace.making_way():
            await house.settle()
            assert house.told == [SELDOM, OFTEN]
        await house.settle()
        assert house.told == [SELDOM, OFTEN, SELDOM]


async def test_while_all_jobs_wait_it_is_looked_seldom() -> None:
    async with following() as house:
        house.calm.set()
        with house.pace.making_way(), house.pace.making_way():
            with house.pace.resting():
                await house.settle()
                assert house.told[-1:] != [SELDOM]
                with house.pace.resting():
                    await house.settle()
                    assert house.told[-1] == SELDOM
            await house.settle()
            assert house.told[-1] == OFTEN


async def test_a_job_that_comes_before_it_is_calm_changes_nothing() -> None:
    async with following() as house:
        await house.settle()
        with house.pace.making_way():
            house.calm.set()
            await house.settle()
            assert house.told == []
