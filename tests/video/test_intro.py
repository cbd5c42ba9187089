"""The intro is converted once and joined by copying; the recording is never encoded for it."""

from pathlib import Path

import av
import pytest

from ezrec_tui.video.render import render
from tests.video import clips
from tests.video.test_render import HEIGHT, WIDE, halves, job, pair, video_packets


@pytest.mark.parametrize("tone", [False, True])
def test_the_recording_s_packets_are_the_same_with_and_without_intro_and_all_decodes(
    tmp_path: Path, tone: bool
) -> None:
    left, right = pair(tmp_path, list(range(75)), list(range(75)))
    intro = clips.write(tmp_path / "intro.mp4", clips.ticks(25, 25), size=(200, 200), rate=25, bframes=2, tone=tone)
    plain = video_packets(render(job(tmp_path, left, right)).video)
    result = render(job(tmp_path, left, right, intro=intro))
    joined = video_packets(result.video)
    assert (result.intro_frames, result.frames, result.fallbacks) == (30, 75, ())
    assert [data for _, _, data in joined[30:]] == [data for _, _, data in plain]
    assert {duration for _, duration, _ in joined} == {joined[1][0]}
    assert [time for time, _, _ in joined] == [joined[1][0] * n for n in range(105)]
    assert halves(result) == (list(range(75)), list(range(75)))
    assert result.duration_seconds == 3.5
    with av.open(str(result.video)) as container:
        sounds = container.streams.audio
        assert len(sounds) == tone
        if tone:
            heard = sum(frame.samples for frame in container.decode(sounds[0]))
            assert 0.9 < heard / 48_000 < 1.05


def test_an_intro_of_another_shape_stands_in_the_middle_on_black(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    intro = clips.write(tmp_path / "intro.mp4", clips.ticks(30), size=(200, 200))
    result = render(job(tmp_path, left, right, intro=intro))
    picture = clips.lumas(result.video)[15]
    edge = (WIDE - HEIGHT) // 2
    assert picture.shape == (HEIGHT, WIDE)
    assert picture[:, : edge - 4].max() < 24
    assert picture[:, WIDE - edge + 4 :].max() < 24
    assert picture[40:, edge + 4 : WIDE - edge - 4].min() > 40


def test_a_converted_intro_is_used_again_and_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    intro = clips.write(tmp_path / "intro.mp4", clips.ticks(30))
    first = render(job(tmp_path, left, right, intro=intro)).video.read_bytes()
    (cached,) = (tmp_path / "cache").iterdir()
    made = cached.stat().st_mtime_ns
    assert render(job(tmp_path, left, right, intro=intro)).video.read_bytes() == first
    assert cached.stat().st_mtime_ns == made
    cached.write_bytes(b"damaged")
    assert render(job(tmp_path, left, right, intro=intro)).video.read_bytes() == first
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [cached.name]


def test_other_settings_of_the_video_convert_the_intro_again(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    intro = clips.write(tmp_path / "intro.mp4", clips.ticks(30))
    for width in (WIDE, WIDE // 2):
        result = render(job(tmp_path, left, right, intro=intro, output_width=width))
        assert result.intro_frames == 30
        assert len(clips.lumas(result.video)) == 40
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_cached_intro_with_other_parameter_sets_is_never_joined(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    intro = clips.write(tmp_path / "intro.mp4", clips.ticks(30))
    render(job(tmp_path, left, right, intro=intro, output_width=WIDE // 2))
    (foreign,) = (tmp_path / "cache").iterdir()
    good = render(job(tmp_path, left, right, intro=intro)).video.read_bytes()
    (cached,) = set((tmp_path / "cache").iterdir()) - {foreign}
    cached.write_bytes(foreign.read_bytes())
    assert render(job(tmp_path, left, right, intro=intro)).video.read_bytes() == good
