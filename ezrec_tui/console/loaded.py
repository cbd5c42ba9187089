"""Which characters the console's font has, asked of the kernel: whatever was loaded, this is the truth."""

import array
import fcntl
import struct

GIO_UNIMAP = 0x4B66
"""Gives pairs of a character and its glyph (linux/kd.h)."""

MOST_PAIRS = 8192
UNKNOWN = "\ufffd"


def loaded_characters(terminal: int) -> frozenset[str] | None:
    """What the font of the virtual console behind the descriptor `terminal` can draw; None when it is none.

    Also None on a console that is neither this process's own nor in front, as the kernel tells of no other.
    """
    pairs = array.array("H", bytes(MOST_PAIRS * 4))
    address, _ = pairs.buffer_info()
    request = bytearray(struct.pack("@HP", MOST_PAIRS, address))
    try:
        fcntl.ioctl(terminal, GIO_UNIMAP, request)
    except OSError:
        return None
    count, _ = struct.unpack("@HP", request)
    return frozenset(chr(character) for character in pairs[: 2 * count : 2]) - {UNKNOWN}
