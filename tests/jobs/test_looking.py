"""A few pictures out of a recording: from all of its length, and of both cameras at the same moments."""

from ezrec_tui.jobs.looking import some
from ezrec_tui.model import NS, Segment

SECONDS = 10


def segments(camera: int, count: int, late_ns: int = 0) -> list[Segment]:
    return [
        Segment(
            camera=camera,
            name=f"camera-{camera}_{number}.ts",
            first_ns=number * SECONDS * NS + late_ns,
            last_ns=(number + 1) * SECONDS * NS - NS // 30 + late_ns,
            frames=300,
            bytes=1,
        )
        for number in range(count)
    ]


def test_an_hour_is_looked_at_in_a_few_segments_from_its_beginning_to_its_end() -> None:
    left, right = some([*segments(1, 360, NS // 60), *segments(0, 360)], [0, 1], 9)
    numbers = [one.first_ns // (SECONDS * NS) for one in left]
    assert numbers == [20, 60, 100, 140, 180, 220, 260, 300, 340]
    assert len(right) <= 2 * len(left)
    for one in left:
        assert any(other.first_ns <= one.first_ns + NS and one.last_ns - NS <= other.last_ns for other in right)


def test_a_short_recording_is_looked_at_whole_and_the_left_camera_comes_first() -> None:
    left, right = some([*segments(0, 2), *segments(1, 2)], [1, 0], 9)
    assert ([one.camera for one in left], [one.camera for one in right]) == ([1, 1], [0, 0])


def test_a_camera_without_footage_has_nothing_to_look_at() -> None:
    assert some(segments(1, 3), [0, 1], 9) == [[], []]
    assert some(segments(0, 3), [0, 1], 9)[1] == []
