"""What is a console, and what only looks like one."""

import os

from ezrec_tui.console.front import console_number
from ezrec_tui.console.loaded import loaded_characters


def test_a_terminal_that_is_no_console_has_no_number_and_no_font() -> None:
    leader, follower = os.openpty()
    try:
        assert console_number(follower) is None
        assert loaded_characters(follower) is None
    finally:
        os.close(leader)
        os.close(follower)


def test_a_pipe_has_none_either() -> None:
    to_read, to_write = os.pipe()
    try:
        assert console_number(to_write) is None
        assert loaded_characters(to_write) is None
    finally:
        os.close(to_read)
        os.close(to_write)
