"""The phrasebook: everything the engine can say has its Spanish, and nothing is said wrongly or changed on the way."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from string import Formatter

import av
import pytest

from ezrec_tui.model import Answer
from ezrec_tui.tui.texts import ENGLISH, SPANISH
from ezrec_tui.tui.texts.spanish_phrases import PHRASES, SHELVES
from ezrec_tui.tui.texts.spanish_phrases.systems import SYSTEMS
from tests.tui import states
from tests.tui.conftest import View
from tests.tui.spoken import NOT_SHOWN, sentences, shape_of, texts
from tests.tui.told import told

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
    if sys.version_info < (3, 13):
        unsaid = {english for english in unsaid if not english.startswith("Illegal trailing comma")}
    assert {shape_of(english) for english in unsaid} <= {"[Errno {}] {}", "[Errno {}] {}: {}"}
    assert str(OSError(28, "No space left on device", "/a")) == "[Errno 28] No space left on device: '/a'"


def test_no_phrase_stands_in_the_book_twice() -> None:
    assert len({shape_of(english) for english in PHRASES}) == sum(map(len, SHELVES))


def test_a_phrase_leaves_the_same_gaps_in_both_languages() -> None:
    for english, spanish in PHRASES.items():
        assert gaps(english).keys() == gaps(spanish).keys(), english
        assert set(gaps(english).values()) <= {"", "number", "said"}, english
        assert set(gaps(spanish).values()) <= {""}, english
        names = [name for _, name, _, _ in Formatter().parse(english) if name]
        assert len(names) == len(set(names)), english
        between = [literal for literal, name, _, _ in Formatter().parse(english) if name][1:]
        assert all(between), f"one gap follows on another: {english}"


# What is in the gaps

SAFE = "aZ 7ñŁ{}[]()*+?.^$|\\\n\t\"'!%€\u202e\x00"
PLAIN = [english for english in PHRASES if not gaps(english) and not re.search("[:;,.{(]", english)]
"""Sentences without a gap, and without what could as well be the end of the one that they are put in."""
FILLINGS = 8


def filling(kind: str, chance: Random) -> tuple[str, str]:
    """Something to put into a gap, and the same in Spanish."""
    match kind:
        case "number":
            number = chance.choice([str(chance.randrange(10**9)), f"{chance.uniform(-99, 1000):.1f}"])
            return number, number.replace(".", ",")
        case "said":
            english = chance.choice(PLAIN)
            return english, PHRASES[english]
        case _:
            name = "".join(chance.choices(SAFE, k=chance.randrange(30))) + "x"
            return name, name


@pytest.mark.parametrize("number", range(FILLINGS))
def test_a_phrase_is_recognised_whatever_is_in_its_gaps(number: int) -> None:
    for english, spanish in PHRASES.items():
        chance = Random(f"{number} {english}")
        values = {name: filling(kind, chance) for name, kind in gaps(english).items()}
        said = filled(english, {name: one for name, (one, _) in values.items()})
        assert SPANISH.said(said) == filled(spanish, {name: other for name, (_, other) in values.items()}), english


EXAMPLES = {"": "/a", "number": "7", "said": "it gives no picture"}
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
    "no video of " * 800,
)


@pytest.mark.parametrize("label", HOSTILE, ids=lambda label: repr(label[:30]))
def test_a_name_stays_as_it_is_whatever_it_looks_like(label: str) -> None:
    for english in (one for one in PHRASES if "label" in gaps(one)):
        values = {name: EXAMPLES[kind] for name, kind in gaps(english).items()} | {"label": label}
        expected = {name: PHRASES.get(value, value) for name, value in values.items()} | {"label": label}
        assert SPANISH.said(filled(english, values)) == filled(PHRASES[english], expected)


@pytest.mark.parametrize(
    "text",
    [
        "no video of x yet: " * 500,
        "the disk fails: " * 600,
        "; it then begins by itself" * 400,
        "; ".join(["It is sent again."] * 2000),
        ". " * 5000,
        "{" * 10_000,
        ": , ; " * 2000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_text_made_to_be_hard_is_read_all_the_same(text: str) -> None:
    assert SPANISH.said(text)


def test_what_the_book_does_not_know_stays_as_it_is() -> None:
    for text in ("", " ", "Ana", "the dog ate the disk: woof", "AccessDenied", "Se está grabando Ana hasta las 18:00."):
        assert SPANISH.said(text) == text


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Ana stopped; resume within 10 s", "Ana: parada; se puede seguir durante 10 s"),
        ("1.5 h of recording left; make room in /data", "sitio para 1,5 h de grabación; hacer más en /data"),
        (
            "no video of Ana yet: No connection to s3.host. It is tried again by itself.",
            "todavía no hay vídeo de Ana: No hay conexión con s3.host. Se reintenta solo.",
        ),
        (
            "no video of Ana yet: The store is full, or its quota is: bucket a at b (QuotaExceeded). Make room there.",
            "todavía no hay vídeo de Ana: El almacén está lleno, o su cuota: el bucket a de b (QuotaExceeded)."
            " Hacer sitio ahí.",
        ),
        (
            "camera 1: file:/x.mp4: not a video that can be read (Invalid data found when processing input);"
            " export it again, as an MP4",
            "cámara 1: file:/x.mp4: no es un vídeo que se pueda leer (datos no válidos); exportarlo de nuevo, como MP4",
        ),
        (
            "bookings.json, booking number 3: its camera_id is a list, not text",
            "bookings.json, reserva número 3: su camera_id es una lista, no un texto",
        ),
        (
            "/data/bookings.json: line 3, column 4: Expecting value; the 3 bookings known before stand",
            "/data/bookings.json: línea 3, columna 4: se esperaba un valor; siguen valiendo las reservas de antes (3)",
        ),
        (
            "Ana starts in less than 1 hour and camera 2 is not well: no frame for 2 s",
            "Ana empieza en menos de 1 hora y la cámara 2 no está bien: ningún fotograma durante 2 s",
        ),
        ("the disk fails: /data: Input/output error", "el disco falla: /data: error al leer o escribir"),
    ],
)
def test_a_sentence_in_a_sentence_is_said_too(english: str, spanish: str) -> None:
    assert SPANISH.said(english) == spanish


def test_a_screen_in_english_carries_no_phrasebook() -> None:
    assert ENGLISH.said is str
    spoken = (
        "import sys; from ezrec_tui.tui.texts import ENGLISH, SPANISH; ENGLISH.said('x is booked');"
        " book = 'ezrec_tui.tui.texts.spanish_phrases'; before = book in sys.modules; SPANISH.said('x is booked');"
        " print(before, book in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", spoken], text=True).split() == ["False", "True"]


# On the screen

ENGLISH_WORDS = re.compile(
    r"\b(the|is|are|not|and|of|it|its|by|to|for|yet|does|check|camera|disk|footage|video)\b", re.I
)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_screen_in_spanish_shows_spanish_only(view: View, size: tuple[int, int]) -> None:
    records = {"bookings": states.bookings(), "alerts": states.alerts(), "done": states.acts()}
    async with view(states.busy_jobs(), size=size, language="es", **records) as viewer:
        for key in ("1", "2", *["down"] * 7, "3", "4", *["down"] * 3, "5", *["down"] * 5, "6", "7", "f1", "1"):
            await viewer.press(key)
            asked = {"3": "entregada", "4": "vista por", "5": "momento marcado"}.get(key, "")
            await viewer.until(lambda words=asked: words in viewer.text, "what the engine is asked for")
            assert not ENGLISH_WORDS.search(viewer.text), key
        await viewer.open("f7")
        assert "Qué hacer: revisar el cable y la corriente de la cámara" in viewer.text
        assert not ENGLISH_WORDS.search(viewer.text)
    async with view(states.tested(), size=size, language="es") as viewer:
        await viewer.press("7")
        assert "faltan 9 de 150 fotogramas" in " ".join(viewer.text.split())
        assert not ENGLISH_WORDS.search(viewer.text)


async def test_what_the_engine_answers_is_said_in_the_screens_language(view: View) -> None:
    async with view(states.recording(), language="es") as viewer:
        viewer.peer.answer = Answer(ok=True, message="moment marked in the disk fails")
        await viewer.press("f4")
        await viewer.settled()
        assert "momento marcado en the disk fails" in viewer.text
        viewer.peer.answer = Answer(ok=False, message="b/20 ? is not being recorded")
        viewer.peer.status = 409
        await viewer.press("f4")
        await viewer.until(lambda: viewer.asked, "the refusal")
        assert "b/20 ? no se está grabando" in viewer.text


def test_what_the_house_really_says_is_said_in_spanish(tmp_path: Path) -> None:
    english = [one.replace(str(tmp_path), "/data") for one in told(tmp_path)]
    assert len(english) > 60
    left = {text: SPANISH.said(text) for text in english if ENGLISH_WORDS.search(SPANISH.said(text))}
    assert not left
