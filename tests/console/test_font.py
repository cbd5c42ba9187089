"""The kiosk's font, made from the real one of console-setup."""

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from ezrec_tui.console.font import FONT_FOLDER, SOURCES, CellSize, NoFont, build_font, signs, size_for, with_signs
from ezrec_tui.console.letters import LETTERS
from ezrec_tui.console.psf import Font, NotAFont, read_font, write_font

TRIED = gzip.decompress((FONT_FOLDER / f"{SOURCES[CellSize.SMALL]}.psf.gz").read_bytes())


def stock(size: CellSize) -> Font:
    return read_font((FONT_FOLDER / f"{SOURCES[size]}.psf.gz").read_bytes())


@pytest.mark.parametrize("size", CellSize)
def test_the_font_holds_every_sign_as_drawn_and_every_letter_as_it_was(size: CellSize) -> None:
    base, made = stock(size), build_font(size)
    assert (made.width, made.height) == size.pixels
    assert len(made.glyphs) == 512
    assert sum(map(len, made.characters)) == len(made.table), "a character stands for two glyphs"
    for sign, bitmap in signs(base).items():
        assert made.glyphs[made.table[sign]] == bitmap, sign
    for letter in LETTERS:
        assert made.glyphs[made.table[letter]] == base.glyphs[base.table[letter]], letter


@pytest.mark.parametrize("size", CellSize)
def test_no_two_signs_look_the_same_nor_like_a_letter(size: CellSize) -> None:
    made = build_font(size)
    shown = [made.glyphs[made.table[sign]] for sign in signs(stock(size))]
    assert len(set(shown)) == len(shown)
    assert made.glyphs[made.table["▲"]] != made.glyphs[made.table["↑"]]
    assert not set(shown) & {made.glyphs[made.table[letter]] for letter in LETTERS}


@pytest.mark.parametrize("size", CellSize)
def test_blocks_and_lines_meet_at_the_edges_of_their_cells(size: CellSize) -> None:
    made = build_font(size)
    width, height = size.pixels
    full = (1 << width) - 1

    def glyph(sign: str) -> tuple[int, ...]:
        return made.glyphs[made.table[sign]]

    assert glyph("▀") == (full,) * (height // 2) + (0,) * (height // 2)
    assert all(upper ^ lower == full for upper, lower in zip(glyph("▀"), glyph("▄"), strict=True))
    assert all(left ^ right == full for left, right in zip(glyph("▌"), glyph("▐"), strict=True))
    rightmost, leftmost = 1, 1 << (width - 1)
    for corner, row, edge in (("╭", -1, rightmost), ("╮", -1, leftmost), ("╰", 0, rightmost), ("╯", 0, leftmost)):
        assert glyph(corner)[row] == glyph("│")[row], corner
        assert [line & edge for line in glyph(corner)] == [line & edge for line in glyph("─")], corner


def test_what_is_written_is_read_back() -> None:
    made = build_font(CellSize.MIDDLE)
    assert read_font(write_font(made)) == made


BROKEN = {
    "empty": b"",
    "text": b"no font at all",
    "without its table": TRIED[:3000],
    "half a table": TRIED[:-200],
    "half a gzip": gzip.compress(TRIED)[:3000],
    "a header alone": struct.pack("<4s7I", b"\x72\xb5\x4a\x86", *(1,) * 7),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_font_is_refused_with_a_reason(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(NotAFont):
        read_font(data)
    (tmp_path / f"{SOURCES[CellSize.SMALL]}.psf.gz").write_bytes(data)
    with pytest.raises(NoFont, match="install the package console-setup-linux"):
        build_font(CellSize.SMALL, tmp_path)


def test_a_missing_font_or_one_without_room_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoFont, match="install the package console-setup-linux"):
        build_font(CellSize.SMALL, tmp_path)
    base = stock(CellSize.SMALL)
    with pytest.raises(NoFont, match="take a Uni2-Terminus"):
        with_signs(replace(base, characters=tuple(held | {"x"} for held in base.characters)))


@pytest.mark.parametrize(
    ("display", "size"),
    [
        ("1920,1080", CellSize.LARGE),
        ("1280,768", CellSize.LARGE),
        ("1024,768", CellSize.MIDDLE),
        ("800,480", CellSize.SMALL),
        ("320,240", CellSize.SMALL),
        ("?", CellSize.SMALL),
    ],
)
def test_the_size_fits_the_display(tmp_path: Path, display: str, size: CellSize) -> None:
    framebuffer = tmp_path / "virtual_size"
    framebuffer.write_text(f"{display}\n")
    assert size_for(framebuffer) is size
    assert size_for(tmp_path / "none") is CellSize.SMALL
