"""Left and right as the attendant set them: everybody who looks sees them so."""

import asyncio
from pathlib import Path

from tests.engine.running import running_engine


def test_swapped_cameras_change_places_in_the_snapshot_and_back(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", CAMERA_1_SERIAL="file:/there/is/none.mp4") as running:
        running.until(lambda seen: [one.serial[:4] for one in seen.cameras] == ["test", "file"])
        assert asyncio.run(running.client.swap_cameras()).ok
        seen = running.until(lambda seen: [one.serial[:4] for one in seen.cameras] == ["file", "test"])
        assert [one.index for one in seen.cameras] == [0, 1], "the left one is 0, whichever it is"
        assert asyncio.run(running.client.swap_cameras()).ok
        running.until(lambda seen: [one.serial[:4] for one in seen.cameras] == ["test", "file"])
