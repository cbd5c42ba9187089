"""What a camera lacks is said with its times, all of it and nothing else."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.jobs.missing import NOTED_NS, is_about_missing, missing, sentence
from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, Segment

EPOCH = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
START_NS, END_NS = 60 * NS, 3660 * NS


def manifest(*spans: tuple[int, int, int]) -> Manifest:
    """A recording of an hour with these segments: camera, first and last second."""
    return Manifest(
        booking=Booking(id="b1", start=EPOCH, end=EPOCH.replace(hour=19)),
        epoch=EPOCH,
        boots=(Boot(boot_id="b", epoch_sensor_ns=0),),
        start_ns=START_NS,
        end_ns=END_NS,
        fps=30,
        width=320,
        height=180,
        cameras=(CameraCount(camera=0, serial=""), CameraCount(camera=1, serial="")),
        segments=tuple(
            Segment(camera=c, name=f"{c}-{first}", first_ns=first * NS, last_ns=last * NS, frames=1, bytes=1)
            for c, first, last in spans
        ),
    )


def test_a_camera_that_went_and_came_back_is_named_with_the_times_of_the_venues_clock() -> None:
    cut = manifest((0, 60, 3660), (1, 60, 1000), (1, 1300, 3660))
    [gap] = missing(cut)
    said = sentence(gap, cut, ZoneInfo("Europe/Madrid"))
    assert said == "camera 2 gave no footage from 19:16:40 to 19:21:40 (300 s)"
    assert is_about_missing(said)


def test_a_camera_that_never_came_is_named_as_such() -> None:
    alone = manifest((0, 60, 3660))
    assert [sentence(gap, alone, UTC) for gap in missing(alone)] == ["camera 2 gave no footage at all (3600 s)"]


def test_other_lines_of_a_job_are_not_about_missing_footage() -> None:
    assert not is_about_missing("logo /a.png: there is no such file")
    assert not is_about_missing("only one camera has footage; its picture is used alone")


@given(st.lists(st.integers(0, 3700), unique=True, max_size=20))
def test_gaps_and_segments_together_make_up_the_whole_recording(edges: list[int]) -> None:
    edges = sorted(edges[: len(edges) // 2 * 2])
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    found = [gap for gap in missing(manifest(*((0, *span) for span in spans))) if gap.camera == 0]
    gaps = {second for gap in found for second in range(gap.from_ns // NS, gap.until_ns // NS)}
    covered = {second for first, last in spans for second in range(first, last)}
    whole = set(range(60, 3660))
    assert not gaps & covered
    short = NOTED_NS // NS
    uncovered = sorted(whole - covered - gaps)
    assert all(not set(range(second - short, second + 1)) <= set(uncovered) for second in uncovered)
