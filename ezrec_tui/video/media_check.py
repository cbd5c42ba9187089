"""Files from outside, looked at before they are used: is it a picture, is it a video, and of a sane size.

A picture's size is read from its header first: a few kilobytes can claim to be gigabytes of pixels.
"""

import struct
from pathlib import Path

from ezrec_tui.video.brand import LogoError, load_logo
from ezrec_tui.video.probe import VideoError, probe

MOST_PIXELS = 4096 * 4096
"""Of a logo."""
WIDEST = 4096
"""Pixels of an intro's longer side."""
LONGEST_SECONDS = 180.0
"""Of an intro."""
HEADER = 1 << 16
"""Bytes in which a picture has to say how large it is."""


class Unfit(Exception):
    """It cannot be used; the text is one line."""


def require_logo(path: Path) -> None:
    """That it is a PNG, JPEG or WebP picture of a sane size that can be decoded. Raises Unfit, OSError."""
    with path.open("rb") as file:
        size = picture_size(file.read(HEADER))
    if size is None:
        raise Unfit("it is no PNG, JPEG or WebP picture")
    width, height = size
    if not 0 < width * height <= MOST_PIXELS:
        raise Unfit(f"it has {width}x{height} pixels, which is no size for a logo")
    try:
        load_logo(path)
    except LogoError as error:
        raise Unfit("it is damaged and cannot be decoded") from error


def require_intro(path: Path) -> None:
    """That it is a video of a sane size and length. Raises Unfit."""
    try:
        found = probe(path)
    except VideoError as error:
        raise Unfit("it is no video that can be read") from error
    if max(found.width, found.height) > WIDEST:
        raise Unfit(f"it has {found.width}x{found.height} pixels, which is no size for an intro")
    if not 0 < found.duration_seconds <= LONGEST_SECONDS:
        raise Unfit(f"it lasts {found.duration_seconds:.0f} s; an intro has to last 1 to {LONGEST_SECONDS:.0f}")


def picture_size(header: bytes) -> tuple[int, int] | None:
    """Width and height as the head of a PNG, JPEG or WebP file says; None of anything else. Pure."""
    try:
        if header.startswith(b"\x89PNG\r\n\x1a\n") and header[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", header, 16)
            return width, height
        if header[:4] == b"RIFF" and header[8:12] == b"WEBP":
            return _webp_size(header)
        if header.startswith(b"\xff\xd8"):
            return _jpeg_size(header)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg_size(header: bytes) -> tuple[int, int] | None:
    """From the frame header, past the segments before it (ITU T.81, B.1.1.4)."""
    at = 2
    while header[at] == 0xFF:
        marker = header[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", header, at + 5)
            return width, height
        at += 1 if marker == 0xFF else 2 + struct.unpack_from(">H", header, at + 2)[0]
    return None


def _webp_size(header: bytes) -> tuple[int, int] | None:
    """From the first chunk, of each of the three kinds of it (RFC 9649)."""
    match header[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(header[24:27], "little"), 1 + int.from_bytes(header[27:30], "little")
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", header, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(header[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case _:
            return None
