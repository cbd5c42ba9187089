"""`ezrec logs`: of one booking, as JSON, the last ones, and over the files while they grow."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from ezrec_tui.log_file import LogFile
from ezrec_tui.log_lines import LogLine

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def ezrec(data: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ezrec_tui", "logs", *arguments],
        env=os.environ | {"EZREC_DATA_DIR": str(data), "TIMEZONE_NAME": "Europe/Madrid"},
        cwd=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def printed(data: Path, *arguments: str) -> list[str]:
    return ezrec(data, *arguments).communicate()[0].splitlines()


def said(booking: str | None, text: str) -> str:
    return LogLine(at=AT, level="INFO", source="engine", booking=booking, text=text).written()


def test_the_log_is_shown_by_booking_by_number_and_as_json(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs", file_bytes=100)
    for booking, text in (("b1", "STARTED"), (None, "no line"), ("b1", "ENDED"), ("b10", "STARTED")):
        log.append(said(booking, text))
    assert printed(tmp_path, "--booking", "b1") == [
        "2026-11-23 19:00:00.000 INFO    engine: STARTED booking=b1",
        "2026-11-23 19:00:00.000 INFO    engine: ENDED booking=b1",
    ]
    assert [json.loads(line)["text"] for line in printed(tmp_path, "--json", "-n", "2")] == ["ENDED", "STARTED"]


def test_who_follows_sees_what_comes_over_all_files(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs", file_bytes=300)
    for number in range(30):
        log.append(said("b1", str(number)))
    following = ezrec(tmp_path, "-f", "--json", "--booking", "b1", "-n", "3")
    assert following.stdout
    seen = [json.loads(following.stdout.readline())["text"] for _ in range(3)]
    for number in range(30, 33):
        log.append(said("b2", "of another"))
        log.append(said("b1", str(number)))
        seen.append(json.loads(following.stdout.readline())["text"])
    following.terminate()
    following.communicate()
    assert seen == ["27", "28", "29", "30", "31", "32"]


def test_without_a_log_it_says_where_it_looked(tmp_path: Path) -> None:
    asked = ezrec(tmp_path)
    assert str(tmp_path / "logs") in asked.communicate()[1]
    assert asked.returncode == 1
