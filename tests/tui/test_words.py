"""Texts, wording and the table of acts: pure, so tried with whatever comes."""

import dataclasses
import os
import pwd
import string
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from ezrec_tui.console.letters import LETTERS
from ezrec_tui.console.shapes import AREAS
from ezrec_tui.model import Progress
from ezrec_tui.tui import wording
from ezrec_tui.tui.act import EngineAct, Question, ReadAlert, Situation
from ezrec_tui.tui.actions import ACTS, here
from ezrec_tui.tui.glyphs import CONSOLE, RICH
from ezrec_tui.tui.listings.help import KEY, LABEL, help_lines
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.profile import ANSI256, CONSOLE_PROFILE, OTHERS_CONSOLE, PLAIN_CONSOLE, TRUECOLOR, choose_profile
from ezrec_tui.tui.run import viewer_name
from ezrec_tui.tui.texts import ENGLISH, LANGUAGES, SPANISH, Texts
from ezrec_tui.tui.widgets.digits import large_digits, rows_for


def said(texts: Texts) -> list[str]:
    """Every text of a language."""
    every = list[str]()
    for value in dataclasses.asdict(texts).values():
        every += [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else ()
        every += value if isinstance(value, tuple) else ()
    return every


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_leave_the_same_blanks() -> None:
    for field in dataclasses.fields(Texts):
        one, other = getattr(ENGLISH, field.name), getattr(SPANISH, field.name)
        if isinstance(one, str):
            assert blanks(one) == blanks(other), field.name
        elif isinstance(one, dict):
            assert one.keys() == other.keys(), field.name
        elif isinstance(one, tuple):
            assert len(one) == len(other), field.name  # pyright: ignore[reportUnknownArgumentType]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_fits_the_smallest_screen(language: str) -> None:
    texts = LANGUAGES[language]
    for one in help_lines(ACTS, texts):
        assert 2 + KEY + 2 + len(one.does) + (LABEL if one.key or one.label else 0) <= 76, one
        assert len(one.label) < LABEL, one
        assert len(one.key) <= KEY - 2, one


def test_no_screen_gives_a_key_twice_and_none_confirms_what_it_opened() -> None:
    assert len({act.id for act in ACTS}) == len(ACTS)
    for place in Place:
        keys = [act.key for act in here(Situation(place=place))]
        assert len(set(keys)) == len(keys), place
    for act in ACTS:
        if isinstance(act, EngineAct) and isinstance(act.ask, Question | ReadAlert):
            assert act.ask.key not in {"enter", "escape", "space", act.key}


def test_what_ends_or_gives_up_something_or_changes_sides_asks_first() -> None:
    asking = {act.id for act in ACTS if isinstance(act, EngineAct) and isinstance(act.ask, Question)}
    assert asking == {"stop", "swap", "calibrate", "calibrate_from", "cancel_job", "cancel_booking"}


@given(any_.text(), any_.integers(-1, 60))
def test_a_wrapped_text_keeps_to_its_cells_and_loses_no_letter(text: str, cells: int) -> None:
    shown = wording.harmless(text, "?")
    lines = wording.wrap(shown, cells)
    assert lines
    if cells > 1:
        assert all(wording.width(one) <= cells for one in lines)
        assert "".join(lines).replace(" ", "") == shown.replace(" ", "")


@given(any_.text(), any_.booleans())
def test_no_name_steers_the_terminal(name: str, console: bool) -> None:
    shown = wording.harmless(name, "?", console=console)
    assert all(unicodedata.category(one)[0] not in "C" and one not in "\u2028\u2029" for one in shown)
    assert wording.harmless(shown, "?", console=console) == shown


@given(any_.text(), any_.integers(0, 60))
def test_a_text_fills_its_cells_exactly(text: str, cells: int) -> None:
    assert wording.width(wording.fit(wording.harmless(text, "?"), cells, "…")) == cells


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "now"),
        (59, "in 59 s"),
        (60, "in 1 min"),
        (61, "in 2 min"),
        (3541, "in 1 h 00 min"),
        (5400, "in 1 h 30 min"),
        (86399, "in 24 h 00 min"),
        (90000, "in 1 d 1 h"),
    ],
)
def test_how_soon_something_starts(seconds: int, words: str) -> None:
    assert wording.starts_in(timedelta(seconds=seconds), ENGLISH) == words


def test_numbers_are_written_as_the_language_does() -> None:
    assert wording.mbit(6_020_000, ENGLISH) == "6.0 Mbit/s"
    assert wording.mbit(6_020_000, SPANISH) == "6,0 Mbit/s"
    assert wording.size(2_124_000_000, SPANISH) == "2,1 GB"
    assert [wording.number(84_960, 0, texts) for texts in (ENGLISH, SPANISH)] == ["84,960", "84 960"]
    assert [wording.number(1204.5, 1, texts) for texts in (ENGLISH, SPANISH)] == ["1204.5", "1204,5"]
    assert wording.rate(Progress(unit="frames", rate=84.6), ENGLISH) == "85 fps"
    assert wording.rate(Progress(unit="bytes", rate=2.3e6), ENGLISH) == "18.4 Mbit/s"
    assert wording.rate(Progress(unit="frames"), ENGLISH) == ""


@given(any_.integers(1, 12), any_.integers(0, 100), any_.timedeltas(timedelta(), timedelta(days=9)))
def test_large_digits_keep_to_their_room(height: int, width: int, span: timedelta) -> None:
    text = wording.digits(span)
    rows = rows_for((text, "0:00"), height, width)
    for glyphs in (RICH, CONSOLE):
        lines = large_digits(text, rows, height, "$ink", glyphs)
        assert len(lines) == height
        assert max(one.cell_length for one in lines) <= max(width, len(text))


def test_the_terminal_is_recognised() -> None:
    assert choose_profile({"TERM": "linux"}) is OTHERS_CONSOLE
    assert choose_profile({"TERM": "linux"}, frozenset(AREAS) | LETTERS) is CONSOLE_PROFILE
    assert choose_profile({"TERM": "linux"}, LETTERS) is PLAIN_CONSOLE
    assert choose_profile({"TERM": "xterm-256color"}) is ANSI256
    assert choose_profile({"TERM": "xterm-256color", "COLORTERM": "truecolor"}) is TRUECOLOR
    assert choose_profile({}) is ANSI256


def test_the_viewer_is_the_terminals_user_and_over_ssh_from_where() -> None:
    assert viewer_name({"USER": "ana"}) == "ana"
    assert viewer_name({"LOGNAME": "ana", "SSH_CONNECTION": "10.0.0.7 50022 10.0.0.1 22"}) == "ana from 10.0.0.7"
    assert viewer_name({}) == pwd.getpwuid(os.getuid()).pw_name
    assert len(viewer_name({"USER": "a" * 500})) == 200
