"""The offset of two cameras is that of nearest frames, whatever is between the frames that are compared."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, Segment
from ezrec_tui.phase import drift_ppm, offset_ms, phase_ns

FPS = 30
FRAME_NS = NS / FPS
AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def manifest(cameras: int = 2) -> Manifest:
    return Manifest(
        booking=Booking(id="b1", start=AT, end=AT + timedelta(minutes=1)),
        epoch=AT,
        boots=(Boot(boot_id="x", epoch_sensor_ns=0),),
        end_ns=3600 * NS,
        fps=FPS,
        width=320,
        height=180,
        cameras=tuple(CameraCount(camera=n, serial="x") for n in range(cameras)),
    )


def footage(camera: int, at_ns: int, seconds: int, ppm: float = 0, gap_at: int = -1) -> list[Segment]:
    """Segments of 300 frames from an instant on, of a clock that is `ppm` slow; after `gap_at` it is opened again."""
    segments = list[Segment]()
    for number in range(seconds // 10):
        if number == gap_at:
            at_ns += 3_123_456_789
        last_ns = at_ns + round(299 * FRAME_NS * (1 + ppm / 1e6))
        segments.append(Segment(camera=camera, name=f"{number}", first_ns=at_ns, last_ns=last_ns, frames=300, bytes=1))
        at_ns = last_ns + round(FRAME_NS * (1 + ppm / 1e6))
    return segments


@given(
    offset=st.floats(-0.5, 0.5),
    frames=st.lists(st.integers(-100, 100), min_size=1, max_size=40),
    jitter=st.lists(st.floats(-0.02, 0.02), min_size=40, max_size=40),
)
def test_whole_frames_between_two_stamps_do_not_matter(offset: float, frames: list[int], jitter: list[float]) -> None:
    differences = [round((offset + n + j) * FRAME_NS) for n, j in zip(frames, jitter, strict=False)]
    found = phase_ns(differences, FPS)
    assert found is not None
    assert -FRAME_NS / 2 <= found <= FRAME_NS / 2
    apart = abs(found - offset * FRAME_NS) % FRAME_NS
    assert min(apart, FRAME_NS - apart) <= 0.021 * FRAME_NS


def test_the_second_camera_behind_the_first_is_positive_and_strays_do_not_move_it() -> None:
    assert phase_ns([5_000_000] * 6, FPS) == pytest.approx(5_000_000, abs=1)
    assert phase_ns([-5_000_000] * 6, FPS) == pytest.approx(-5_000_000, abs=1)
    assert phase_ns([5_000_000] * 9 + [16_000_000, -9_000_000], FPS) == pytest.approx(5_000_000, abs=1)
    assert phase_ns([], FPS) is None


@pytest.mark.parametrize("behind_ms", [-12.0, 0.0, 7.5])
def test_a_recordings_offset_is_measured_from_its_segments_however_they_are_split(behind_ms: float) -> None:
    left = footage(0, 60 * NS, 600)
    right = footage(1, 62 * NS + round(behind_ms * 1e6), 600)
    assert offset_ms([*left, *right], manifest()) == pytest.approx(behind_ms, abs=0.001)
    assert drift_ppm([*left, *right], manifest()) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("ppm", [-40.0, 25.0])
def test_drift_is_measured_also_over_a_camera_that_was_opened_again(ppm: float) -> None:
    left = footage(0, 60 * NS, 1800, ppm=10)
    right = footage(1, 60 * NS, 1800, ppm=10 + ppm, gap_at=70)
    assert drift_ppm([*left, *right], manifest()) == pytest.approx(ppm, abs=0.1)


def test_one_camera_or_two_that_never_ran_together_have_no_offset() -> None:
    assert offset_ms(footage(0, 60 * NS, 60), manifest(1)) is None
    assert drift_ppm(footage(0, 60 * NS, 60), manifest(1)) is None
    apart = [*footage(0, 60 * NS, 60), *footage(1, 900 * NS, 60)]
    assert offset_ms(apart, manifest()) is None
