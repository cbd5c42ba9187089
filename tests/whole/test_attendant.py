"""An attendant who presses anything, before a live engine; `make attendant` does it 20,000 times."""

import random
from pathlib import Path

import pytest

from tests.whole.attendant import run, tell

pytestmark = pytest.mark.alone


def test_random_keys_on_a_live_engine_break_nothing_and_stop_no_recording_unasked(tmp_path: Path) -> None:
    pressed = run(tmp_path / "data", keys=1500, seed=random.randrange(10**6))
    tell(pressed)
    assert not pressed.wrong
    assert pressed.stops_confirmed > 0, "it pressed too little to mean anything"
    assert pressed.written > 0
