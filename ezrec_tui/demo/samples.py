"""Sample logos and a sample intro for the demo, drawn here."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

INTRO_SECONDS = 2
INTRO_SIZE = (1280, 720)
FONT = cv2.FONT_HERSHEY_DUPLEX
WHITE, NAVY, LIME = (255, 255, 255), (74, 38, 18), (80, 220, 190)
"""Blue, green, red."""


@dataclass(frozen=True, slots=True)
class Samples:
    main_logo: Path
    user_logo: Path
    sponsor_logo: Path
    intro: Path


def write_samples(folder: Path) -> Samples:
    """Draw the samples into `folder`, which is made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    samples = Samples(
        folder / "venue-logo.png", folder / "player-logo.png", folder / "sponsor-logo.png", folder / "intro.mp4"
    )
    _write_png(samples.main_logo, _badge(400, "EZREC", NAVY))
    _write_png(samples.user_logo, _badge(240, "PLAYER", (40, 40, 160)))
    _write_png(samples.sponsor_logo, _badge(240, "SPONSOR", (30, 110, 30)))
    _write_intro(samples.intro)
    return samples


def _badge(size: int, word: str, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A round badge with a word on it, (size, size, 4): blue, green, red, alpha."""
    picture = np.zeros((size, size, 4), np.uint8)
    centre, radius = (size // 2, size // 2), size // 2 - 2
    cv2.circle(picture, centre, radius, (*colour, 230), -1, cv2.LINE_AA)
    cv2.circle(picture, centre, radius - size // 40, (*WHITE, 255), max(2, size // 60), cv2.LINE_AA)
    _centred(picture, word, size * 0.62, (*WHITE, 255))
    return picture


def _centred(picture: NDArray[np.uint8], word: str, width: float, colour: tuple[int, ...]) -> None:
    """Write a word in the middle of a picture, `width` pixels wide."""
    (drawn, _), _ = cv2.getTextSize(word, FONT, 1.0, 2)
    scale = width / drawn
    thickness = max(1, round(scale * 1.6))
    (text_width, text_height), _ = cv2.getTextSize(word, FONT, scale, thickness)
    at = ((picture.shape[1] - text_width) // 2, (picture.shape[0] + text_height) // 2)
    cv2.putText(picture, word, at, FONT, scale, colour, thickness, cv2.LINE_AA)


def _write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise OSError(f"{path} cannot be encoded")
    path.write_bytes(data.tobytes())


def _write_intro(path: Path, fps: int = 25) -> None:
    """Two seconds of another size and rate than the recording's, as a venue's own intro would be."""
    width, height = INTRO_SIZE
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23"}
        frames = INTRO_SECONDS * fps
        for number in range(frames):
            picture = np.empty((height, width, 3), np.uint8)
            picture[:] = NAVY
            shown = (number + 1) / frames
            cv2.rectangle(picture, (0, height - 24), (round(width * shown), height), LIME, -1)
            _centred(picture, "EZREC", width * (0.40 + 0.10 * shown), WHITE)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
