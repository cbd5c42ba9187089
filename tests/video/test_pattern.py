"""The test-pattern cameras can be calibrated, as real ones on a pole; and are refused where they see nothing alike."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ezrec_tui.cameras.view import View
from ezrec_tui.video.calibrate import calibrate
from ezrec_tui.video.refusals import CalibrationRefused
from ezrec_tui.video.rig import camera_map
from tests.video.pattern import scenes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("size", "overlap"), [((320, 180), 40), ((640, 360), 80), ((640, 360), 160)])
def test_both_show_each_place_of_the_court_within_half_a_pixel_of_the_other(
    size: tuple[int, int], overlap: int
) -> None:
    rig = calibrate(scenes(size, overlap), NOW)
    maps = [np.stack(camera_map(rig, camera), axis=-1).astype(np.float64) for camera in (rig.left, rig.right)]
    both = np.all([table[..., 0] >= 0 for table in maps], axis=0)
    left, right = (np.stack(View(bool(side), *size, overlap).places(*table[both].T)) for side, table in enumerate(maps))
    assert np.hypot(*(left - right)).mean() <= 0.5
    assert rig.inliers >= 30
    assert rig.left.gains[1] < 1 < rig.right.gains[1], "the right one gets less light"


def test_their_codes_are_not_taken_for_something_that_both_see() -> None:
    with pytest.raises(CalibrationRefused, match=r"too little in common|do not look alike"):
        calibrate(scenes(overlap=0), NOW)
