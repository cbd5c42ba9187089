"""What the README and docs say is so: commands are taken and run, links lead somewhere, words are the program's own."""

import importlib.util
import json
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from ezrec_tui.bookings.parse import Door
from ezrec_tui.cli import app
from ezrec_tui.config import Settings
from tests.docs.pages import BLOCK, HOUSE, LINK, PAGES, SPAN, Command, commands, shell_blocks
from tests.docs.settings_page import PAGE, described, page
from tests.engine.running import running_engine

ELSEWHERE = {
    "": "tests/whole/test_screen.py",
    "calibrate": "tests/cli/test_calibrate.py",
    "cameras test": "tests/engine/test_camera_test.py",
    "demo": "tests/whole/test_demo.py",
    "doctor": "tests/doctor/test_access.py",
    "engine": "tests/engine/running.py",
    "install": "tests/install/test_install.py",
    "pin": "tests/cli/test_pin.py",
    "render": "tests/cli/test_render.py",
    "smoke-test": "tests/doctor/test_smoke.py",
    "uninstall": "tests/install/test_install.py",
    "upload": "tests/cli/test_upload.py",
    "worker": "tests/machines/test_machines.py",
}
"""Commands that a test of their own runs: they take files, a person, another machine, or long. By their first words."""
USAGE_ERROR = cast("type[Exception]", typer.BadParameter.__base__)
"""Of typer's own copy of click, which it does not name."""
PLACEHOLDERS = {"ID", "FILE", "K", "LEFT", "RIGHT", "OUT", "PATH"}


def test_every_command_on_the_pages_is_one_that_the_program_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in PLACEHOLDERS:
        Path(name).touch()
    wrong = [f"{one}: {why}" for one in commands() if one.words[0] == "ezrec" and (why := refusal(one))]
    assert wrong == []
    assert len(commands()) > 60, "they are found at all"


def refusal(command: Command) -> str:
    """Why the program's own parser does not take it; empty when it does."""
    error = usage_error(command.words)
    if error is None or (not command.whole and is_incomplete(error)):
        return ""
    return f"{type(error).__name__}: {error}"


def usage_error(words: Sequence[str]) -> Exception | None:
    parser = typer.main.get_command(app)
    rest = list(words[1:])
    while isinstance(parser, TyperGroup) and rest and rest[0] in parser.commands:
        parser, rest = parser.commands[rest[0]], rest[1:]
    if isinstance(parser, TyperGroup) and rest and not rest[0].startswith("-"):
        return ValueError(f"there is no {rest[0]}")
    try:
        parser.make_context("ezrec", rest).close()
    except USAGE_ERROR as error:
        return error
    return None


def is_incomplete(error: Exception | None) -> bool:
    """Nothing is wrong with what is there."""
    return type(error).__name__ in ("MissingParameter", "NoArgsIsHelpError")


def test_a_command_that_does_not_exist_is_found() -> None:
    wrong = (("ezrec", "recrod"), ("ezrec", "record", "start", "--hours", "1"), ("ezrec", "record", "extend", "long"))
    assert all(refusal(Command("page", 1, words, whole=True)) for words in wrong)


def test_every_make_on_the_pages_is_a_target_and_its_options_are_taken() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text(), re.MULTILINE))
    for one in commands():
        if one.words[0] == "make":
            assert one.words[1] in targets, one
            for option in (word.removeprefix("OPTIONS=") for word in one.words[2:] if one.words[1] == "demo"):
                assert refusal(Command(one.page, one.line, ("ezrec", "demo", *option.split()), whole=True)) == "", one


def test_every_module_that_a_page_has_run_is_there() -> None:
    named = {found for page in PAGES for found in re.findall(r"python3? -m ([\w.]+)", page.read_text())}
    assert "ezrec_tui.install" in named
    assert [name for name in named if importlib.util.find_spec(name) is None] == []


def test_every_block_for_a_shell_is_one() -> None:
    for where, text in shell_blocks():
        done = subprocess.run(
            ["sh", "-n"], input=text.replace("<this repository>", "repository"), capture_output=True, text=True
        )
        assert done.returncode == 0, f"{where}: {done.stderr}"


def test_every_command_is_run_here_against_an_engine_or_by_a_test_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {form(one.words): one for one in commands() if one.words[0] == "ezrec" and not needs_more(one.words)}
    here = {words: one for words, one in named.items() if not run_elsewhere(words)}
    assert {("status",), ("record", "start", "--minutes", "N"), ("jobs", "list")} <= here.keys()
    with running_engine(tmp_path / "data", MERGE_METHOD="side_by_side") as engine:
        engine.until(lambda seen: len(seen.cameras) == 2)
        for name in ("EZREC_DATA_DIR", "EZREC_SOCKET"):
            monkeypatch.setenv(name, engine.environment[name])
        for one in here.values():
            done = CliRunner().invoke(app, list(one.words[1:]))
            assert done.exit_code == 0, f"{one}\n{done.output}\n{done.exception}"


def form(words: Sequence[str]) -> tuple[str, ...]:
    """A command without its program; its numbers do not matter."""
    return tuple("N" if word.isdigit() else word for word in words[1:])


def needs_more(words: Sequence[str]) -> bool:
    """It is named with placeholders, or without what it needs: then it is parsed, and a test of its own runs it."""
    return bool(PLACEHOLDERS & set(words)) or is_incomplete(usage_error(words))


def run_elsewhere(words: tuple[str, ...]) -> bool:
    first = [start for start in ELSEWHERE if " ".join(words).startswith(start) and (start or not words)]
    return any((HOUSE / ELSEWHERE[start]).is_file() for start in first)


def test_every_link_leads_somewhere() -> None:
    gone: list[str] = []
    for one in PAGES:
        for link in LINK.findall(one.read_text()):
            path, _, anchor = unquote(link).partition("#")
            if "://" in link:
                continue
            target = (one.parent / path).resolve() if path else one
            if not target.exists() or (anchor and anchor not in anchors(target)):
                gone.append(f"{one.name}: {link}")
    assert gone == []


def anchors(markdown: Path) -> set[str]:
    """Of its headings, as they are made of them."""
    headings = re.findall(r"^#+ (.+)$", markdown.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_what_troubleshooting_quotes_is_what_the_program_says() -> None:
    said = "".join(path.read_text() for path in sorted((HOUSE / "ezrec_tui").rglob("*.py")))
    said += "".join(path.read_text() for path in HOUSE.glob("*.service"))
    cells = [line.split("|")[1] for line in (HOUSE / "docs/troubleshooting.md").read_text().splitlines() if "|" in line]
    quoted = [words for cell in cells for words in re.findall(r'"([^"]+)"', cell)]
    assert len(quoted) > 12
    assert [words for words in quoted if words not in said] == []


def test_the_bookings_of_the_readme_are_ones_that_would_be_recorded() -> None:
    (example,) = (block[3] for block in BLOCK.finditer((HOUSE / "README.md").read_text()) if block[2] == "json")
    rows, wrong = Door(UTC).bookings(json.loads(example))
    assert (len(rows), wrong) == (1, ())


def test_every_setting_that_a_page_names_is_one() -> None:
    known = {name.upper() for name in Settings.model_fields} | {"AWS_CA_BUNDLE"}
    ends = ("_SERIAL", "_PATH", "_KEY", "_METHOD", "_ID", "_URL", "_BUCKET", "_HOURS", "_DAYS", "_PIN", "_FPS", "_NAME")
    named = {
        (one.name, found)
        for one in PAGES
        for span in SPAN.findall(one.read_text())
        for found in re.findall(r"\b[A-Z][A-Z0-9_]*_[A-Z0-9_]+\b", span)
        if found.endswith(ends)
    }
    assert len(named) > 20
    assert sorted(pair for pair in named if pair[1] not in known) == []


def test_the_page_of_settings_is_as_the_settings_are_and_each_says_what_it_means() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"
    assert [one.name for one in described() if not one.meaning] == []
    assert {one.name for one in described()} == set(Settings.model_fields)


@pytest.mark.parametrize(
    ("given", "bitrate"),
    [({}, 6), ({"recording_quality": "high"}, 10), ({"recording_quality": "low", "recording_bitrate": 4_000_000}, 4)],
)
def test_the_quality_sets_the_bitrate_where_that_is_not_set(given: dict[str, object], bitrate: int) -> None:
    assert Settings(_env_file=None, **given).recording_bitrate == bitrate * 1_000_000  # pyright: ignore[reportCallIssue, reportArgumentType]
