"""The end of the log: what was written is read again, and nothing more is needed for it."""

import logging
from pathlib import Path

from ezrec_tui.logs import FORMAT, LOG_NAME, tail


def write(folder: Path, *records: tuple[int, str, str]) -> None:
    handler = logging.FileHandler(folder / LOG_NAME, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    for level, source, text in records:
        handler.emit(logging.LogRecord(source, level, "", 0, text, None, None))
    handler.close()


def test_a_line_is_read_as_it_was_logged(tmp_path: Path) -> None:
    write(tmp_path, (logging.WARNING, "recorder 0", "no frame: 2.1 s — ñ"), (logging.ERROR, "worker", "gone\n  at x"))
    first, second, third = tail(tmp_path, 10)
    assert (first.level, first.text) == ("WARNING", "no frame: 2.1 s — ñ")
    assert first.at is not None
    assert first.at.utcoffset() is not None
    assert (second.level, second.source, second.text) == ("ERROR", "worker", "gone")
    assert (third.at, third.level, third.text) == (None, "ERROR", "  at x")


def test_only_the_last_lines_of_a_long_log_are_read(tmp_path: Path) -> None:
    write(tmp_path, *((logging.INFO, "engine", f"line {number} {'x' * 200}") for number in range(5000)))
    lines = tail(tmp_path, 20)
    assert [line.text.split()[1] for line in lines] == [str(number) for number in range(4980, 5000)]


def test_without_a_log_there_are_no_lines(tmp_path: Path) -> None:
    assert tail(tmp_path, 5) == []
