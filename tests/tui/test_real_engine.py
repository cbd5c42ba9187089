"""The screens in a real terminal, on a real engine: what they say is what it does."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.model import BookingStatus, CameraState, NewBooking
from tests.engine.running import running_engine
from tests.whole.terminal import terminal

pytestmark = pytest.mark.waits


def test_an_attendant_goes_through_all_screens_names_a_recording_and_cancels_a_booking(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", MERGE_METHOD="side_by_side") as engine:
        engine.until(lambda seen: len(seen.cameras) == 2 and all(c.state is CameraState.IDLE for c in seen.cameras))
        client = engine.client
        start = datetime.now(UTC) + timedelta(hours=3)
        booked = NewBooking(start=start, end=start + timedelta(hours=1), id="later", title="Liga de los jueves")
        assert asyncio.run(client.book(booked)).ok
        environment = engine.environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        with terminal("ezrec-places", [sys.executable, "-m", "ezrec_tui"], environment) as screen:
            screen.until("IDLE", "1 Home", "5 Log")

            screen.press("3")
            screen.until("Bookings", "Liga de los jueves", "this place")
            screen.press("DC")
            screen.until("Cancel this booking?")
            screen.until("Liga de los jueves", press="s", absent="Cancel this booking?")
            screen.until("cancelled")
            (booking,) = asyncio.run(client.bookings())
            assert booking.status is BookingStatus.CANCELLED

            screen.press("5")
            screen.until("Who did what", "cancel booking", "book")
            screen.press("F6")
            screen.until("Log of the engine", "INFO", "act cancel booking")

            screen.press("7")
            screen.until("How the videos are joined", "never; F4 calibrates the cameras")
            screen.press("F7")
            screen.until("How are the videos joined?", "[ side by side (now) ]", "panorama: cannot be had now")
            screen.until("videos from now on: side_by_side", press="Enter", absent="How are the videos joined?")
            screen.press("1")
            screen.press("F2")
            screen.until("Record now", "Name")
            screen.until("Record now", "Finale", press="Finale")
            screen.until("RECORDING", "Finale", press="Enter", absent="Record now")
            engine.until(lambda seen: bool(seen.recordings) and "Finale" in seen.recordings[0].label)

            screen.press("2")
            screen.until("2 Videos", "RECORDING", "No video is being made.")
            screen.press("F8")
            screen.until("Stop recording?")
            screen.until("STOPPED", press="s")
            screen.until("2 Videos", "Finale", "done")

            screen.press("F1")
            screen.until("Keys on every screen")
            screen.press("l")
            screen.until("Teclas en todas las pantallas", "1 Inicio")
            screen.press("F10")
            screen.until("ended with 0")
