"""Logos: loaded once, turned to YUV and multiplied by their opacity once, then laid on every frame's rectangle."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.config import LogoPosition
from ezrec_tui.video import planes
from ezrec_tui.video.kernel import Fixed, Kernel
from ezrec_tui.video.planes import Plane, Planes, even
from ezrec_tui.video.probe import BT709, Colour

Floats = NDArray[np.floating]

MARGIN = 10
"""Pixels between a logo and the edge of the picture."""


@dataclass(frozen=True, slots=True)
class Logo:
    """An image and where it goes: inside a box of `width` x `height` pixels, with its own proportions."""

    path: Path
    position: LogoPosition
    width: int
    height: int


class LogoError(Exception):
    """A logo cannot be used. The text is one line."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A logo ready to lay on: its rectangle, its planes times opacity, and what of the picture shines through."""

    left: int
    top: int
    colours: Fixed
    through: Fixed
    """0 is opaque, 255 is clear."""
    kernel: Kernel | None

    def apply(self, picture: Planes) -> None:
        """Lay it on, in place."""
        width, height = planes.size_of(self.colours.planes)
        rectangle = planes.part(picture, self.left, self.top, width, height)
        if self.kernel is not None:
            self.kernel.lay(self.colours, self.through, rectangle)
            return
        for target, colour, through in zip(rectangle, self.colours.planes, self.through.planes, strict=True):
            cv2.multiply(target, through, target, 1 / 255)
            cv2.add(target, colour, target)


def overlays(
    logos: tuple[Logo, ...], width: int, height: int, colour: Colour, kernel: Kernel | None = None
) -> tuple[tuple[Overlay, ...], tuple[str, ...]]:
    """The logos that can be used on a picture of this size, and a line for each that cannot.

    Without a kernel OpenCV lays them on, to the same result.
    """
    ready: list[Overlay] = []
    notes: list[str] = []
    for logo in logos:
        try:
            ready.append(_prepare(logo, width, height, colour, kernel))
        except LogoError as error:
            notes.append(f"logo {logo.position}: {error}; it is left out")
    return tuple(ready), tuple(notes)


def _prepare(logo: Logo, width: int, height: int, colour: Colour, kernel: Kernel | None) -> Overlay:
    image = load_logo(logo.path)
    box_width = min(logo.width, max(2, width - 2 * MARGIN))
    box_height = min(logo.height, max(2, height - 2 * MARGIN))
    factor = min(box_width / image.shape[1], box_height / image.shape[0])
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    opacity = image[:, :, 3:]
    colours = np.concatenate((image[:, :, :3] * opacity, opacity), axis=2)
    small = cv2.resize(colours, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    padded = np.zeros((size[1] + size[1] % 2, size[0] + size[0] % 2, 4), np.float32)
    padded[: size[1], : size[0]] = small
    left, top = _corner(logo.position, (width, height), (padded.shape[1], padded.shape[0]))
    layers = _to_yuv(padded, colour)
    opaque = padded[:, :, 3]
    half = _halved(opaque)
    luma_through, chroma_through = _bytes((1 - opaque) * 255), _bytes((1 - half) * 255)
    return Overlay(left, top, Fixed(layers), Fixed((luma_through, chroma_through, chroma_through)), kernel)


def load_logo(path: Path) -> Floats:
    """(height, width, 4): blue, green, red and opacity, each 0 to 1. Raises LogoError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LogoError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    except cv2.error as error:
        raise LogoError(f"{path}: cannot be decoded ({error.err})") from error
    if image is None:
        raise LogoError(f"{path}: not an image that can be read")
    top = {"uint8": 255.0, "uint16": 65535.0}.get(image.dtype.name, 1.0)
    values = np.asarray(image, np.float32) / top
    if values.ndim == 2:
        values = values[:, :, None]
    channels = values.shape[2]
    colours = values[:, :, :3] if channels >= 3 else np.repeat(values[:, :, :1], 3, axis=2)
    opacity = values[:, :, channels - 1 :] if channels in (2, 4) else np.ones_like(values[:, :, :1])
    return np.concatenate((colours, opacity), axis=2)


def _corner(position: LogoPosition, canvas: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Left and top, even numbers; the margin gives way when there is no room for it."""
    room_x, room_y = canvas[0] - size[0], canvas[1] - size[1]
    horizontal = {"left": min(MARGIN, room_x), "center": room_x // 2, "right": max(0, room_x - MARGIN)}
    vertical = {"top": min(MARGIN, room_y), "center": room_y // 2, "bottom": max(0, room_y - MARGIN)}
    row, _, column = position.partition("_")
    return even(horizontal[column or "center"]), even(vertical[row])


def _to_yuv(colours: Floats, colour: Colour) -> Planes:
    """Planes of a picture (blue, green, red, opacity) whose colours are multiplied by the opacity already."""
    red_part, blue_part = (0.2126, 0.0722) if colour.matrix == BT709 else (0.299, 0.114)
    blue, green, red, opacity = (colours[:, :, channel] for channel in range(4))
    luma = red_part * red + (1 - red_part - blue_part) * green + blue_part * blue
    black, reach, chroma_reach = (0.0, 255.0, 255.0) if colour.full_range else (16.0, 219.0, 224.0)
    y = luma * reach + black * opacity
    u = (blue - luma) / (2 * (1 - blue_part)) * chroma_reach + 128 * opacity
    v = (red - luma) / (2 * (1 - red_part)) * chroma_reach + 128 * opacity
    return _bytes(y), _bytes(_halved(u)), _bytes(_halved(v))


def _halved(plane: Floats) -> Floats:
    """The mean of each two by two pixels."""
    height, width = plane.shape
    return plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3), dtype=np.float32)


def _bytes(plane: Floats) -> Plane:
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)
