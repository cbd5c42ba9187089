"""Who looks through a camera's viewfinder, and how often pictures are taken for them."""

import threading

import numpy as np
import pytest

from ezrec_tui.cameras.picture import Plane
from ezrec_tui.cameras.viewfinder import View, Viewfinder, view_of
from ezrec_tui.model import NS


class Hour:
    """A clock in a test's hands."""

    def __init__(self) -> None:
        self.ns = 100 * NS

    def __call__(self) -> int:
        return self.ns


def seen_at(sensor_ns: int) -> View:
    return view_of(sensor_ns, np.zeros((90, 160), np.uint8))


def shown(finder: Viewfinder, hour: Hour, seconds: float, fps: int = 30) -> list[int]:
    """Numbers of the frames that a camera puts in while it runs for so long."""
    numbers = list[int]()
    for number in range(round(seconds * fps)):
        if finder.is_due(hour.ns):
            finder.put(seen_at(hour.ns))
            numbers.append(number)
        hour.ns += NS // fps
    return numbers


def test_no_picture_is_taken_while_nobody_looks() -> None:
    hour = Hour()
    finder = Viewfinder(hour)
    assert not finder.wanted
    assert shown(finder, hour, seconds=5) == []


def test_while_somebody_looks_five_pictures_a_second_are_taken_and_none_three_seconds_later() -> None:
    hour = Hour()
    finder = Viewfinder(hour)
    finder.ask(after_ns=0, seconds=0)
    assert shown(finder, hour, seconds=10) == list(range(0, 91, 6))
    assert not finder.wanted
    finder.ask(after_ns=0, seconds=0)
    assert shown(finder, hour, seconds=1) == [0, 6, 12, 18, 24]


def test_who_asks_gets_a_newer_picture_than_the_last_or_none() -> None:
    finder = Viewfinder()
    assert finder.ask(after_ns=0, seconds=0) is None
    first = seen_at(1_000)
    finder.put(first)
    assert finder.ask(after_ns=0, seconds=0) is first
    assert finder.ask(after_ns=1_000, seconds=0) is None


def test_who_asks_waits_for_the_next_picture() -> None:
    finder = Viewfinder()
    finder.put(seen_at(1_000))
    got = list[View | None]()
    viewer = threading.Thread(target=lambda: got.append(finder.ask(after_ns=1_000, seconds=20)))
    viewer.start()
    while not finder.wanted:
        threading.Event().wait(0.001)
    finder.put(seen_at(900))
    finder.put(seen_at(1_001))
    viewer.join(20)
    assert [view.sensor_ns for view in got if view is not None] == [1_001]


@pytest.mark.parametrize(
    ("size", "grey", "middle"),
    [((1080, 1920), (180, 320), (384, 512)), ((180, 320), (180, 320), (180, 320)), ((90, 158), (90, 158), (90, 158))],
)
def test_a_view_is_a_small_picture_and_the_middle_at_full_resolution(
    size: tuple[int, int], grey: tuple[int, int], middle: tuple[int, int]
) -> None:
    luma: Plane = np.zeros(size, np.uint8)
    luma[size[0] // 2, size[1] // 2] = 200
    view = view_of(7, luma)
    assert (view.grey.shape, view.middle.shape) == (grey, middle)
    assert view.middle[middle[0] // 2, middle[1] // 2] == 200
    luma[:] = 0
    assert view.middle.max() == 200, "its own copy"
