"""The phrasebook: everything the engine can say has its Spanish, and nothing is said wrongly or changed on the way."""

import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from ezrec_tui.tui.texts import SPANISH
from ezrec_tui.tui.texts.spanish_phrases import PHRASES, SHELVES
from ezrec_tui.tui.texts.spanish_phrases.systems import SYSTEMS
from tests.tui.spoken import NOT_SHOWN, sentences, shape_of, texts

HERE = "ezrec_tui/tui/texts/spanish_phrases"

LIBRARIES = re.compile(r"/(libc[.-]|libpython|libavutil|python3|_?json|_?sqlite3|libsqlite3)[^/]*$")
"""Where words come from that are not ours: files that this process has mapped."""


def gaps(template: str) -> dict[str, str]:
    """The gaps of a template, each with its kind."""
    return {name: kind or "" for _, name, kind, _ in Formatter().parse(template) if name is not None}


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with texts in its gaps, whatever their kind."""
    return "".join(literal + (values[name] if name else "") for literal, name, _, _ in Formatter().parse(template))


def test_every_sentence_that_can_reach_a_screen_has_its_spanish() -> None:
    known = {shape_of(english) for english in PHRASES}
    missing = {one.shape: one.place for one in sentences() if one.shape not in known}
    assert not missing, "\n".join(
        [
            f"no Spanish for {len(missing)} sentences; give each its phrase in {HERE}/,",
            "or, if no screen ever shows it, name it in tests/tui/spoken.py:",
            *(f"  {place}  {shape!r}" for shape, place in missing.items()),
        ]
    )


def test_no_phrase_is_left_of_what_is_no_longer_said() -> None:
    said = {one.shape for one in texts()}
    dead = [english for shelf in SHELVES if shelf is not SYSTEMS for english in shelf if shape_of(english) not in said]
    assert not dead, f"nothing says this any more; take it out of {HERE}/: {dead}"
    assert not NOT_SHOWN - said


def test_what_the_system_says_stands_in_its_libraries() -> None:
    assert av.library_versions
    assert sqlite3.sqlite_version
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line}
    words = b"".join(Path(name).read_bytes() for name in mapped if LIBRARIES.search(name))
    words += Path(json.decoder.__file__).read_bytes()
    unsaid = {english for english in SYSTEMS if english.encode() not in words}
    assert {shape_of(english) for english in unsaid} <= {"[Errno {}] {}", "[Errno {}] {}: {}"}
    assert str(OSError(28, "No space left on device", "/a")) == "[Errno 28] No space left on device: '/a'"


def test_no_phrase_stands_in_the_book_twice() -> None:
    assert len({shape_of(english) for english in PHRASES}) == sum(map(len, SHELVES))


@pytest.mark.parametrize("english", PHRASES)
def test_a_phrase_leaves_the_same_gaps_in_both_languages(english: str) -> None:
    assert gaps(english).keys() == gaps(PHRASES[english]).keys()
    assert set(gaps(english).values()) <= {"", "number", "said"}
    assert set(gaps(PHRASES[english]).values()) <= {""}
    names = [name for _, name, _, _ in Formatter().parse(english) if name]
    assert len(names) == len(set(names))
    for literal, name, kind, _ in list(Formatter().parse(english))[1:]:
        assert literal or not name or kind == "", f"a gap follows on another at {name}"


# What is in the gaps

SAFE = "aZ 7ñŁ{}[]()*+?.^$|\\\n\t\"'!%€\u202e\x00"
NAMES = any_.text(SAFE, max_size=30).map(lambda text: f"{text}x")
NUMBERS = any_.integers(0, 10**9).map(str) | any_.floats(0, 1000).map(lambda value: f"{value:.1f}")
PLAIN = [english for english in PHRASES if not gaps(english) and not re.search("[:;,.{(]", english)]
"""Sentences without a gap, and without what could as well be the end of the one that they are put in."""


@settings(max_examples=12)
@given(any_.data())
@pytest.mark.parametrize("english", PHRASES)
def test_a_phrase_is_recognised_whatever_is_in_its_gaps(english: str, data: any_.DataObject) -> None:
    values, expected = dict[str, str](), dict[str, str]()
    for name, kind in gaps(english).items():
        match kind:
            case "number":
                values[name] = data.draw(NUMBERS)
                expected[name] = values[name].replace(".", ",")
            case "said":
                values[name] = data.draw(any_.sampled_from(PLAIN))
                expected[name] = PHRASES[values[name]]
            case _:
                values[name] = expected[name] = data.draw(NAMES)
    assert SPANISH.said(filled(english, values)) == filled(PHRASES[english], expected)


HOSTILE = (
    "{label}",
    "{0} {} %s }{",
    "(.*)+$|^[a-z]++\\Z",
    "line\nbreak\ttab\0nul \u202e",
    "there is one camera only",
    "the disk is full: nothing is recorded until there is room",
    "the end is not after the start; Ana",
    "x is booked",
    "It is sent again. Ana",
    "Pérez: 2, 'Ana'",
    "5",
    "; ",
    "a" * 10_000,
    "; it then begins by itself" * 400,
    "no video of " * 800,
    "the disk fails: " * 600,
)


@pytest.mark.parametrize("label", HOSTILE, ids=lambda label: repr(label[:30]))
def test_a_name_stays_as_it_is_whatever_it_looks_like(label: str) -> None:
    for english in (one for one in PHRASES if "label" in gaps(one)):
        values = {name: "7" if kind == "number" else "/a" for name, kind in gaps(english).items()} | {"label": label}
        assert SPANISH.said(filled(english, values)) == filled(PHRASES[english], values)


@pytest.mark.parametrize(
    "text",
    ["no video of x yet: " * 500, "; ".join(["It is sent again."] * 2000), ". " * 5000, "{" * 10_000, ": , ; " * 2000],
    ids=lambda text: repr(text[:20]),
)
def test_a_text_made_to_be_hard_is_read_all_the_same(text: str) -> None:
    assert SPANISH.said(text)
