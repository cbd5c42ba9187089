"""`ezrec pin`, in a real terminal."""

import os
import re
import sys
from pathlib import Path

from ezrec_tui.config import load_settings
from tests.whole.terminal import terminal

COMMAND = [sys.executable, "-m", "ezrec_tui", "pin"]


def test_the_line_for_the_settings_is_printed_and_the_pin_is_never_seen(tmp_path: Path) -> None:
    with terminal(f"pin-{os.getpid()}", COMMAND, os.environ, (160, 33)) as screen:
        screen.until("PIN, 4 to 12 digits")
        screen.press("7", "7", "1", "9", "3", "Enter")
        screen.until("the same again")
        screen.press("7", "7", "1", "9", "3", "Enter")
        text = screen.until("ended with 0")
    assert "77193" not in text
    [line] = re.findall(r"EZREC_PIN=\S+", text)
    (tmp_path / ".env").write_text(line + "\n")
    pin = load_settings(_env_file=tmp_path / ".env").ezrec_pin
    assert pin is not None
    assert pin.matches("77193")


def test_two_different_ones_make_no_line() -> None:
    with terminal(f"pins-{os.getpid()}", COMMAND, os.environ, (160, 33)) as screen:
        screen.until("PIN, 4 to 12 digits")
        screen.press("1", "2", "3", "4", "Enter")
        screen.until("the same again")
        screen.press("1", "2", "3", "5", "Enter")
        text = screen.until("ended with 1")
    assert "ezrec: the two are not the same: try again" in text
    assert "EZREC_PIN" not in text


def test_what_is_no_pin_is_refused_in_one_line() -> None:
    with terminal(f"nopin-{os.getpid()}", COMMAND, os.environ, (160, 33)) as screen:
        screen.until("PIN, 4 to 12 digits")
        screen.press("1", "2", "Enter")
        text = screen.until("ended with 1")
    assert "ezrec: not a PIN: 4 to 12 digits" in text
