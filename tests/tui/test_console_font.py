"""Nothing is drawn on the console that the font there cannot show: looked up in the real fonts."""

import dataclasses
import re
from pathlib import Path
from typing import cast

import pytest
from textual._border import BORDER_CHARS
from textual.css.types import EdgeType

from ezrec_tui.console.font import FONT_FOLDER, SOURCES, CellSize, build_font
from ezrec_tui.console.psf import read_font
from ezrec_tui.tui import screens
from ezrec_tui.tui.profile import CONSOLE_PROFILE, PLAIN_CONSOLE, Profile
from ezrec_tui.tui.raster import Raster
from ezrec_tui.tui.screens.idle import IDLE_SECONDS, IdleScreen
from ezrec_tui.tui.texts import LANGUAGES
from ezrec_tui.tui.texts.spanish_phrases import PHRASES
from ezrec_tui.tui.widgets.digits import STROKES
from tests.tui import states
from tests.tui.conftest import View
from tests.tui.test_words import said

SHOWN = (states.idle, states.recording, states.stopped, states.busy_jobs, states.overlapping, states.hostile)
PAGES = ("2", "down", "3", "4", "5", "f1", "end", "1")
FONTS = {
    PLAIN_CONSOLE.name: read_font((FONT_FOLDER / f"{SOURCES[CellSize.LARGE]}.psf.gz").read_bytes()).table,
    CONSOLE_PROFILE.name: build_font(CellSize.LARGE).table,
}
CONSOLES = pytest.mark.parametrize("profile", [PLAIN_CONSOLE, CONSOLE_PROFILE], ids=lambda one: one.name)


def lacking(text: str, profile: Profile) -> set[str]:
    return set(text) - FONTS[profile.name].keys() - {"\n"}


@CONSOLES
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_and_shape_is_in_the_font(language: str, profile: Profile) -> None:
    shapes = [str(value) for value in dataclasses.asdict(profile.glyphs).values()]
    for text in said(LANGUAGES[language]) + shapes:
        assert not lacking(text, profile), text
    for text in PHRASES.values():
        assert not lacking(text, profile), text
    if not profile.glyphs.halves:
        assert not lacking("".join(row for rows in STROKES.values() for row in rows), profile)


@CONSOLES
def test_the_borders_are_in_the_font(profile: Profile) -> None:
    sheets = "".join(sheet.read_text() for sheet in Path(screens.__file__).parent.glob("*.tcss"))
    borders = set(re.findall(r"(?:border|outline)(?:-\w+)?: *(\w+)", sheets)) - {"none"}
    assert borders
    for name in borders:
        assert not lacking("".join(part for row in BORDER_CHARS[cast(EdgeType, name)] for part in row), profile), name


@CONSOLES
async def test_whatever_is_drawn_is_in_the_font(view: View, profile: Profile) -> None:
    async with view(states.idle(), profile=profile, bookings=states.bookings(), log=states.log()) as viewer:

        def look(where: str) -> None:
            assert not lacking(viewer.text, profile), where

        for sequence, state in enumerate(SHOWN, 100):
            shown = state().model_copy(update={"sequence": sequence})
            viewer.peer.show(shown)
            await viewer.until(lambda shown=shown: viewer.app.snapshot == shown, state.__name__)
            look(state.__name__)
        for key in PAGES:
            await viewer.press(key)
            look(key)
        viewer.peer.show(states.recording().model_copy(update={"sequence": 200}))
        await viewer.until(lambda: "RECORDING" in viewer.text, "a recording")
        for key in ("f3", "f8"):
            await viewer.open(key)
            look(key)
            await viewer.press("escape")
        viewer.peer.show(states.idle().model_copy(update={"sequence": 300}))
        await viewer.until(lambda: viewer.app.snapshot is not None and not viewer.app.snapshot.recordings, "idle")
        viewer.clock.advance(IDLE_SECONDS)
        await viewer.until(lambda: isinstance(viewer.app.screen, IdleScreen), "the idle clock")
        await viewer.pilot.pause()
        look("idle clock")


@CONSOLES
def test_what_pictures_are_drawn_with_is_in_the_font(profile: Profile) -> None:
    glyphs = profile.glyphs
    cells = Raster(profile.greys, glyphs.halves, glyphs.steps[-1], glyphs.upright).cells
    assert not lacking("".join({cell.glyph for cell in cells}), profile)
