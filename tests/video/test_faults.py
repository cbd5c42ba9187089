"""Damage, cancelling and kills: what is whole is used, and nothing half-made is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.model import Progress
from ezrec_tui.video.render import RenderJob, Stopped, render
from tests.video.clips import lumas
from tests.video.test_render import LEFT_CODE, OVERLAP, halves, job, pair, segments

TS_PACKET = 188


def test_a_torn_tail_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(120)), list(range(120)))
    torn = left[-1]
    data = torn.read_bytes()
    torn.write_bytes(data[: len(data) * 2 // 3])
    result = render(job(tmp_path, left, right))
    on_left, on_right = halves(result)
    assert on_right == list(range(120))
    assert on_left[:90] == list(range(90))
    assert len(lumas(result.video)) == 120


def test_damaged_packets_are_skipped_and_told_and_the_rest_is_in_step(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(120)), list(range(120)))
    data = bytearray(left[0].read_bytes())
    hole = len(data) // 2 // TS_PACKET * TS_PACKET
    data[hole : hole + 20 * TS_PACKET] = os.urandom(20 * TS_PACKET)
    left[0].write_bytes(data)
    result = render(job(tmp_path, left, right))
    on_left, on_right = halves(result)
    assert on_right == list(range(120))
    assert on_left[60:] == list(range(60, 120))
    assert result.fallbacks
    assert any("left camera" in line for line in result.fallbacks)


def test_an_empty_and_a_foreign_segment_are_left_out_and_told(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(90)), list(range(90)))
    empty, foreign = tmp_path / "left-8.ts", tmp_path / "left-9.ts"
    empty.write_bytes(b"")
    foreign.write_text("not a segment\n" * 500)
    result = render(job(tmp_path, (left[0], empty, left[1], foreign), right))
    assert halves(result) == (list(range(90)), list(range(90)))
    assert len(result.fallbacks) == 2
    assert str(empty) in result.fallbacks[0]
    assert str(foreign) in result.fallbacks[1]


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(300)), list(range(300)))
    partial = tmp_path / ".out.mp4.partial"
    with pytest.raises(Stopped):
        render(job(tmp_path, left, right, preset="veryslow"), should_stop=partial.exists)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_an_error_in_the_caller_s_own_hook_ends_all_and_leaves_nothing(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(60)), list(range(60)))

    def fail(progress: Progress) -> None:
        raise RuntimeError(f"at {progress.done}")

    with pytest.raises(RuntimeError, match="at "):
        render(job(tmp_path, left, right), fail)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_a_file_that_vanishes_is_one_clear_error(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(90)), list(range(90)))
    result = render(job(tmp_path, (left[0], tmp_path / "gone.ts"), right))
    assert "gone.ts: there is no such file" in result.fallbacks[0]


CHILD = """
import sys
from pathlib import Path
from ezrec_tui.video.render import RenderJob, render

folder = Path(sys.argv[1])
left, right = (tuple(sorted(folder.glob(f"{side}-*.ts"))) for side in ("left", "right"))
job = RenderJob(left, right, folder / "out.mp4", 30, folder / "cache", overlap=40, preset="veryslow", bitrate=2_000_000)
render(job, lambda progress: print(progress.done, flush=True))
"""


def test_after_a_kill_no_video_is_there_and_a_new_render_succeeds(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(300)), list(range(300)))
    with subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        while not (tmp_path / ".out.mp4.partial").exists():
            assert child.stdout.readline()
        child.kill()
        assert child.wait() == -signal.SIGKILL
    assert not (tmp_path / "out.mp4").exists()
    result = render(RenderJob(left, right, tmp_path / "out.mp4", 30, tmp_path / "cache", overlap=OVERLAP))
    assert halves(result) == (list(range(300)), list(range(300)))
    assert not (tmp_path / ".out.mp4.partial").exists()


def test_the_same_job_twice_gives_the_same_video(tmp_path: Path) -> None:
    left = segments(tmp_path, "left", list(range(30)), LEFT_CODE)
    first = render(job(tmp_path, left, ())).video.read_bytes()
    assert render(job(tmp_path, left, ())).video.read_bytes() == first
