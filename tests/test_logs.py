"""The log: what is logged is read again whole, by booking, within a bound, whoever writes; repeats are counted."""

import logging
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.log_file import LOG_NAME, LogFile, full_files
from ezrec_tui.log_lines import LogLine, follow, plain, read_all, read_line, tail
from ezrec_tui.logs import Repeats, about, about_booking, log_as_engine, log_as_recorder, log_line_of_child
from ezrec_tui.redact import redact

log = logging.getLogger("somebody")


@pytest.fixture
def folder(tmp_path: Path) -> Generator[Path]:
    """Where this process logs, as the engine does."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers.clear()
    log_as_engine("INFO", tmp_path)
    yield tmp_path
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)


def texts(folder: Path) -> list[str]:
    return [line.text for line in read_all(folder)]


def at(second: float, text: str = "no frame", level: str = "WARNING", booking: str | None = None) -> LogLine:
    return LogLine(at=datetime.fromtimestamp(second, UTC), level=level, source="recorder-0", text=text, booking=booking)


def test_a_line_is_read_as_it_was_logged(folder: Path) -> None:
    log.warning("no frame: %.1f s — ñ", 2.1, extra=about("b 1"))
    with about_booking("b2"):
        log.error("gone\nfor ever")
    first, second = read_all(folder)
    assert (first.level, first.source, first.text, first.booking) == (
        "WARNING",
        "somebody",
        "no frame: 2.1 s — ñ",
        "b 1",
    )
    assert first.at is not None
    assert first.at.utcoffset() is not None
    assert (second.booking, second.text) == ("b2", "gone\nfor ever")
    assert [line.text for line in tail(folder, 10)] == [first.text, "gone", "for ever"]


def test_who_puts_line_breaks_into_a_name_writes_no_line_of_their_own(folder: Path) -> None:
    log.info("STARTED (%s)", '\n{"level": "ERROR", "text": "forged"}\n2026-11-23 ERROR forged')
    assert [line.level for line in read_all(folder)] == ["INFO"]


def test_a_traceback_of_a_child_is_one_line_of_its_booking(folder: Path) -> None:
    program = (
        "import logging; from ezrec_tui.logs import about, log_as_child; log_as_child('INFO')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('x').exception('render failed', extra=about('b7'))\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    for line in [*said.splitlines(), "a library speaks"]:
        log_line_of_child("worker", line)
    failed, other = read_all(folder)
    assert (failed.source, failed.level, failed.booking) == ("worker", "ERROR", "b7")
    assert failed.text.startswith("render failed\nTraceback")
    assert failed.text.endswith("ZeroDivisionError: division by zero")
    assert (other.level, other.text) == ("WARNING", "a library speaks")


def test_a_line_that_was_torn_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_text(at(1).written() + '\n{"at": "2026-11-23T18:0')
    LogFile(tmp_path).append(at(2, "next").written())
    whole, torn, following = read_all(tmp_path)
    assert (whole.text, torn.at, following.text) == ("no frame", None, "next")


def write_many(folder: Path, name: str, count: int, file_bytes: int) -> None:
    file = LogFile(folder, file_bytes, files_kept=1000)
    for number in range(count):
        file.append(LogLine(level="INFO", source=name, text=str(number)).written())


def test_of_many_writers_that_rotate_no_line_is_lost_and_each_one_keeps_its_order(tmp_path: Path) -> None:
    count, names = 300, ("engine", "recorder-0", "recorder-1")
    writers = [multiprocessing.Process(target=write_many, args=(tmp_path, name, count, 2000)) for name in names]
    deadline = time.monotonic() + 60

    def goes_on() -> bool:
        assert time.monotonic() < deadline
        return any(writer.is_alive() for writer in writers)

    for writer in writers:
        writer.start()
    read = list(follow(tmp_path, goes_on))
    assert len(full_files(tmp_path)) > 4
    assert all(writer.exitcode == 0 for writer in writers)
    for lines in (list(read_all(tmp_path)), read):
        for name in names:
            assert [line.text for line in lines if line.source == name] == [str(number) for number in range(count)]


def test_the_log_stays_within_its_bound_when_a_recorder_alone_writes(tmp_path: Path) -> None:
    engine = LogFile(tmp_path, 2000, 3)
    engine.append("the engine was here")
    recorder = LogFile(tmp_path, 2000, 3)
    for number in range(2000):
        recorder.append(f"line {number}")
    sizes = [path.stat().st_size for path in [*full_files(tmp_path), tmp_path / LOG_NAME]]
    assert len(sizes) == 4
    assert max(sizes) <= 2000 + len("line 1999\n")
    engine.append("and is back")
    assert texts(tmp_path)[-2:] == ["line 1999", "and is back"]


def test_the_tail_goes_back_over_the_beginning_of_a_file(tmp_path: Path) -> None:
    write_many(tmp_path, "engine", 100, 1000)
    assert [line.text for line in tail(tmp_path, 40)] == [str(number) for number in range(60, 100)]
    assert len(tail(tmp_path, 1000)) == 100


def test_only_the_last_lines_of_a_long_log_are_read(tmp_path: Path) -> None:
    write_many(tmp_path, "engine", 5000, 10**9)
    assert [line.text for line in tail(tmp_path, 20)] == [str(number) for number in range(4980, 5000)]


def test_without_a_log_there_are_no_lines(tmp_path: Path) -> None:
    assert tail(tmp_path, 5) == []
    assert texts(tmp_path) == []


def test_a_failure_that_comes_again_every_second_for_a_day_is_a_line_and_counts() -> None:
    repeats = Repeats(seconds=600)
    written = [line for second in range(86_400) for line in repeats.take(at(second), second)]
    written += repeats.end()
    assert len(written) == 145
    assert written[0].text == "no frame"
    assert written[1].text == "no frame (599 times more within 10 minutes)"
    counts = [int(line.text.split("(")[1].split()[0]) for line in written[1:]]
    assert 1 + sum(counts) == 86_400


def test_what_is_said_again_much_later_or_of_another_booking_is_a_line_again() -> None:
    repeats = Repeats(seconds=600)
    said = [at(0), at(1, booking="b1"), at(2, text="another"), at(700), at(701, level="ERROR")]
    assert [
        line for number, line in enumerate(said) for line in repeats.take(line, [0, 1, 2, 700, 701][number])
    ] == said
    assert repeats.end() == []


def test_what_people_and_recordings_do_is_written_each_time() -> None:
    repeats = Repeats(seconds=600)
    assert sum(len(repeats.take(at(0, "act extend", "INFO"), 0)) for _ in range(50)) == 50


def test_counts_that_are_not_told_yet_are_told_at_the_end(tmp_path: Path, folder: Path) -> None:
    for _ in range(5):
        log.warning("no line")
    logging.getLogger().handlers[0].close()
    assert texts(folder) == ["no line", "no line (4 times more within 10 minutes)"]


def test_a_log_that_cannot_be_written_stops_nobody_and_is_told_once(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log_as_recorder("INFO", "recorder-0", folder)
    (folder / LOG_NAME).unlink()
    (folder / LOG_NAME).mkdir()
    log.info("one")
    log.info("two")
    (folder / LOG_NAME).rmdir()
    log.info("three")
    assert texts(folder) == ["three"]


def test_for_people_a_line_moves_no_cursor_and_names_its_booking() -> None:
    line = at(0, "act \x1b[2J by=x\r\nmore", booking="b1\x07")
    assert plain(line, UTC) == "1970-01-01 00:00:00.000 WARNING recorder-0: act �[2J by=x� booking=b1�\nmore"


@given(st.text())
def test_whatever_stands_in_the_file_is_a_line(written: str) -> None:
    assert read_line(written).level


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_as_it_was(text: str, booking: str) -> None:
    line = at(0, text, booking=booking)
    assert "\n" not in line.written()
    assert read_line(line.written()) == line


@pytest.mark.parametrize(
    "text",
    [
        "GET https://store/b/v.mp4?X-Amz-Expires=60&X-Amz-Signature=hushhush failed",
        "redirected to https%3A%2F%2Fstore%2Fv.mp4%3FX-Amz-Signature%3Dhushhush",
        "postgres://ezrec:hush/hush@db:5432/x is down",
        "http://ezrec:hush@hush@proxy:80",
        "header Authorization: Bearer hushhush0123",
        '{"access_token": "hushhush"}',
        '{\\"refresh_token\\": \\"hushhush\\"}',
        "AWS_SECRET_ACCESS_KEY=hushhush",
        "EZREC_PIN: hushhush",
        "at postgres%3A%2F%2Fezrec%3Ahush%40db",
        "https://store/v.mp4?hush=1",
        "the token was eyJhbGciOiJI.hush.hush",
        "sb_secret_hush is not known",
        "-----BEGIN RSA PRIVATE KEY-----\nhush",
    ],
)
def test_what_has_the_form_of_a_secret_is_not_logged(text: str) -> None:
    assert "hush" not in redact(text)


@pytest.mark.parametrize("text", ["AKIAIOSFODNN7EXAMPLE", "scrypt:00ff:00ff", "PIN 4711"])
def test_nor_are_keys_hashes_and_pins(text: str) -> None:
    assert text.split()[-1] not in redact(f"{text} was refused")


def test_what_is_no_secret_stays_as_it_is() -> None:
    plain_text = (
        "act extend by=Ana (pid 4711): b1 ends at 19:30; key=player-7/2026-11-23/b1.mp4, 25 tokens of https://store/b"
    )
    assert redact(plain_text) == plain_text
