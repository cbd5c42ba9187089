"""PSF, the format of console fonts: both versions are read, the second is written.

Sequences of combining characters are left out: the kernel's console knows none.
"""

import gzip
import struct
from dataclasses import dataclass
from functools import cached_property

Bitmap = tuple[int, ...]
"""A row of pixels each, from the top; the leftmost pixel is the highest of `width` bits."""

PSF1, PSF2 = b"\x36\x04", b"\x72\xb5\x4a\x86"
PSF1_512, PSF1_TABLE = 1, 6
PSF1_SEQUENCE, PSF1_END = 0xFFFE, 0xFFFF
PSF2_HEADER = struct.Struct("<4s7I")
PSF2_TABLE = 1
PSF2_SEQUENCE, PSF2_END = b"\xfe", b"\xff"


class NotAFont(ValueError):
    """The data is not a PSF font with a table of characters; the text says why."""


@dataclass(frozen=True)
class Font:
    """Glyphs of `width` x `height` pixels; `characters[i]` are those that glyph i stands for."""

    width: int
    height: int
    glyphs: tuple[Bitmap, ...]
    characters: tuple[frozenset[str], ...]

    @cached_property
    def table(self) -> dict[str, int]:
        """The glyph of each character."""
        return {character: index for index, held in enumerate(self.characters) for character in held}


def read_font(data: bytes) -> Font:
    """A font from the bytes of its file, gzipped or not. Raises NotAFont."""
    try:
        plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        if plain.startswith(PSF1):
            return _read_first(plain)
        if plain.startswith(PSF2):
            return _read_second(plain)
    except (struct.error, gzip.BadGzipFile, EOFError, UnicodeDecodeError) as error:
        raise NotAFont(f"a broken font: {error}") from error
    raise NotAFont("not a PSF font")


def _read_first(data: bytes) -> Font:
    mode, height = data[2], data[3]
    if not mode & PSF1_TABLE:
        raise NotAFont("a font without a table of characters")
    count = 512 if mode & PSF1_512 else 256
    end = 4 + count * height
    glyphs = tuple(tuple(data[start : start + height]) for start in range(4, end, height))
    words = struct.unpack(f"<{(len(data) - end) // 2}H", data[end : len(data) - (len(data) - end) % 2])
    characters, held, in_sequence = list[frozenset[str]](), set[str](), False
    for word in words:
        if word == PSF1_END:
            characters.append(frozenset(held))
            held, in_sequence = set[str](), False
        elif word == PSF1_SEQUENCE:
            in_sequence = True
        elif not in_sequence:
            held.add(chr(word))
    return _whole(Font(8, height, glyphs, tuple(characters[:count])), count)


def _read_second(data: bytes) -> Font:
    _, _, start, flags, count, size, height, width = PSF2_HEADER.unpack_from(data)
    if not flags & PSF2_TABLE:
        raise NotAFont("a font without a table of characters")
    across = (width + 7) // 8
    glyphs = tuple(
        tuple(
            int.from_bytes(data[row : row + across], "big") >> (across * 8 - width)
            for row in range(first, first + height * across, across)
        )
        for first in range(start, start + count * size, size)
    )
    entries = data[start + count * size :].split(PSF2_END)[:count]
    characters = tuple(frozenset(entry.split(PSF2_SEQUENCE)[0].decode()) for entry in entries)
    return _whole(Font(width, height, glyphs, characters), count)


def _whole(font: Font, count: int) -> Font:
    if len(font.glyphs) != count or len(font.characters) != count or any(len(g) != font.height for g in font.glyphs):
        raise NotAFont("a font that was cut off")
    return font


def write_font(font: Font) -> bytes:
    """The bytes of a PSF2 file."""
    across = (font.width + 7) // 8
    count, size = len(font.glyphs), across * font.height
    header = PSF2_HEADER.pack(PSF2, 0, PSF2_HEADER.size, PSF2_TABLE, count, size, font.height, font.width)
    spare = across * 8 - font.width
    rows = b"".join((row << spare).to_bytes(across, "big") for glyph in font.glyphs for row in glyph)
    table = b"".join("".join(sorted(held)).encode() + PSF2_END for held in font.characters)
    return header + rows + table
