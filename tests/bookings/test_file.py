"""Bookings from a file: read as it changes, and never lost to a slip of the pen."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.bookings import file
from ezrec_tui.bookings.parse import Door, Rejected
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.clock import SystemClock

DOOR = Door(UTC)
LIMIT = 120
"""Seconds until a test that waits is given up."""


class QuickClock(SystemClock):
    """Time in which nobody waits long."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


class PatientClock(SystemClock):
    """Time in which a wait never ends but for the settling of a file."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.05 if seconds == file.SETTLE_SECONDS else 3600)


def row(name: str, **fields: object) -> dict[str, object]:
    return {"id": name, "start_time": "2026-05-30T18:00:00Z", "end_time": "2026-05-30T19:00:00Z", **fields}


def names(said: Bookings) -> list[str]:
    return [one.id for one in said.rows]


async def following(watched: AsyncIterator[Bookings]) -> Bookings:
    return await asyncio.wait_for(anext(watched), LIMIT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bookings.json"


@pytest.mark.parametrize("shape", [[row("a")], {"bookings": [row("a")]}])
def test_both_shapes_of_the_file_are_read(path: Path, shape: object) -> None:
    path.write_text(json.dumps(shape))
    assert names(file.understand(path, file.read(path), DOOR, Bookings())) == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_any_editor_are_read(path: Path, encoding: str) -> None:
    path.write_text(json.dumps([row("a", email="José")], ensure_ascii=False), encoding=encoding)
    (booking,) = file.understand(path, file.read(path), DOOR, Bookings()).rows
    assert booking.email == "José"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'[{"id": 1},\n {"id": 2]', "line 2, column 10: Expecting ',' delimiter"),
        (b"", "the file is empty; write [] for none"),
        (b'[{"id": "\xff"}]', "byte 10 is not text in UTF-8"),
        (b'{"reservas": []}', 'it is neither a list of bookings nor {"bookings": [...]}'),
        (b"5", 'it is neither a list of bookings nor {"bookings": [...]}'),
        (b"[" * 100_000, "it holds a number too long, or is nested too deep"),
        (b"[" + b"9" * 10_000 + b"]", "it holds a number too long, or is nested too deep"),
    ],
    ids=["comma", "empty", "encoding", "object", "number", "nesting", "digits"],
)
def test_a_file_that_cannot_be_understood_keeps_the_bookings_known_before(path: Path, content: bytes, why: str) -> None:
    path.write_text(json.dumps([row("a")]))
    before = file.understand(path, file.read(path), DOOR, Bookings())
    path.write_bytes(content)
    after = file.understand(path, file.read(path), DOOR, before)
    assert after.rows == before.rows
    assert after.new_problems == (Rejected(str(path), f"{why}; the 1 booking known before stands"),)


def test_a_folder_in_the_files_place_is_a_problem_and_nothing_else(path: Path) -> None:
    path.mkdir()
    said = file.understand(path, file.read(path), DOOR, Bookings())
    assert [str(one) for one in said.problems] == [f"{path}: it cannot be read: Is a directory"]


def test_bad_rows_are_told_once_and_the_good_ones_go_on(path: Path) -> None:
    path.write_text(json.dumps([row("a"), row("b", end_time="soon"), 5, row("c", camera_id="x")]))
    door = Door(UTC, camera_id="court-1")
    first = file.understand(path, file.read(path), door, Bookings())
    assert names(first) == ["a"]
    assert [str(one) for one in first.new_problems] == [
        'bookings.json, b: its end_time is "soon", not a time like 2026-05-30T18:00:00+02:00',
        "bookings.json, booking number 3: a booking is an object with fields, this is a number",
    ]
    second = file.understand(path, file.read(path), door, first)
    assert (second.new_problems, second.mended) == ((), ())
    path.write_text(json.dumps([row("a"), row("b")]))
    third = file.understand(path, file.read(path), door, second)
    assert (names(third), third.mended) == (["a", "b"], first.problems)


async def test_the_kernel_tells_of_changes_and_the_set_follows(path: Path) -> None:
    async with aclosing(file.watch(path, DOOR, PatientClock())) as watched:
        assert names(await following(watched)) == []
        waiting = asyncio.ensure_future(anext(watched))
        # The watch is set up on a thread; a change before that is found by the next.
        for attempt in range(LIMIT * 10):
            path.write_text(json.dumps([row("a"), row("b", note=attempt)]))
            done, _ = await asyncio.wait([waiting], timeout=0.1)
            if done:
                break
        assert names(waiting.result()) == ["a", "b"]


async def test_changes_are_found_by_looking_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", "3600000")  # a file system that tells nothing
    async with aclosing(file.watch(path, DOOR, QuickClock())) as watched:
        assert names(await following(watched)) == []
        path.write_text(json.dumps([row("a")]))
        assert names(await following(watched)) == ["a"]
        path.write_text(json.dumps([row("a", status="cancelled")]))
        assert (await following(watched)).rows[0].status == "cancelled"
        path.write_text("{")
        broken = await following(watched)
        assert (names(broken), len(broken.new_problems)) == (["a"], 1)
        path.write_text(json.dumps([row("a"), row("b")]))
        mended = await following(watched)
        assert (names(mended), mended.mended) == (["a", "b"], broken.problems)
        path.unlink()
        assert names(await following(watched)) == []


async def test_a_folder_that_comes_later_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "later" / "bookings.json"
    async with aclosing(file.watch(path, DOOR, QuickClock())) as watched:
        assert names(await following(watched)) == []
        path.parent.mkdir()
        path.write_text(json.dumps([row("a")]))
        assert names(await following(watched)) == ["a"]


async def test_a_file_caught_while_it_is_being_written_is_no_problem(path: Path) -> None:
    path.write_text(json.dumps([row("a")]))

    class WriterFinishes(QuickClock):
        async def sleep(self, seconds: float) -> None:
            if seconds == file.SETTLE_SECONDS:
                path.write_text(json.dumps([row("a"), row("b")]))
            await super().sleep(seconds)

    async with aclosing(file.watch(path, DOOR, WriterFinishes())) as watched:
        assert names(await following(watched)) == ["a"]
        path.write_text(json.dumps([row("a"), row("b")])[:40])
        said = await following(watched)
        assert (names(said), said.problems) == (["a", "b"], ())
