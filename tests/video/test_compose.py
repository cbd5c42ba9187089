"""Composing and branding, by pixel values."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ezrec_tui.config import LogoPosition
from ezrec_tui.model import MergeMethod
from ezrec_tui.video.brand import Logo, overlays
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.method import settle
from ezrec_tui.video.planes import Canvas, Planes
from ezrec_tui.video.probe import Colour

WIDTH, HEIGHT, OVERLAP = 320, 180, 40


def flat(y: int, u: int = 128, v: int = 128, width: int = WIDTH, height: int = HEIGHT) -> Planes:
    return (
        np.full((height, width), y, np.uint8),
        np.full((height // 2, width // 2), u, np.uint8),
        np.full((height // 2, width // 2), v, np.uint8),
    )


def composed(method: MergeMethod, left: Planes | None, right: Planes | None) -> Planes:
    composer = Composer(method, WIDTH, HEIGHT, OVERLAP)
    canvas = Canvas(composer.width, composer.height)
    for plane in canvas.planes:
        plane[:] = 77
    composer.compose(left, right, canvas.planes)
    return canvas.planes


def test_feather_copies_outside_the_overlap_and_blends_straight_inside() -> None:
    noise = np.random.default_rng(1)
    left: Planes = flat(40, 90, 200)
    left[0][:] = noise.integers(16, 235, left[0].shape)
    right: Planes = flat(200, 170, 60)
    y, u, v = composed(MergeMethod.FEATHER, left, right)
    assert y.shape == (HEIGHT, 2 * WIDTH - OVERLAP)
    assert (y[:, : WIDTH - OVERLAP] == left[0][:, : WIDTH - OVERLAP]).all()
    assert (y[:, WIDTH:] == 200).all()
    share = (np.arange(OVERLAP) + 0.5) / OVERLAP
    expected = left[0][:, WIDTH - OVERLAP :] * (1 - share) + 200 * share
    assert np.abs(y[:, WIDTH - OVERLAP : WIDTH] - expected).max() <= 1
    share = (np.arange(OVERLAP // 2) + 0.5) / (OVERLAP // 2)
    seam = slice((WIDTH - OVERLAP) // 2, WIDTH // 2)
    assert np.abs(u[:, seam] - (90 * (1 - share) + 170 * share)).max() <= 1
    assert np.abs(v[:, seam] - (200 * (1 - share) + 60 * share)).max() <= 1


def test_side_by_side_puts_the_left_picture_on_the_left_and_loses_nothing() -> None:
    y, u, v = composed(MergeMethod.SIDE_BY_SIDE, flat(40, 90, 91), flat(200, 170, 171))
    assert y.shape == (HEIGHT, 2 * WIDTH)
    assert (y[:, :WIDTH] == 40).all()
    assert (y[:, WIDTH:] == 200).all()
    assert (u[:, : WIDTH // 2] == 90).all()
    assert (v[:, WIDTH // 2 :] == 171).all()


@pytest.mark.parametrize("method", [MergeMethod.FEATHER, MergeMethod.SIDE_BY_SIDE])
def test_a_camera_without_a_picture_leaves_its_part_dark_and_the_other_whole(method: MergeMethod) -> None:
    y, u, _ = composed(method, flat(40), None)
    assert (y[:, :WIDTH] == 40).all()
    assert (y[:, WIDTH:] == 16).all()
    assert (u[:, WIDTH // 2 :] == 128).all()
    y, _, _ = composed(method, None, flat(200))
    assert (y[:, -WIDTH:] == 200).all()
    assert (y[:, :-WIDTH] == 16).all()
    y, u, _ = composed(method, None, None)
    assert (y == 16).all()
    assert (u == 128).all()


def test_each_method_falls_back_to_the_next_with_its_reason() -> None:
    assert settle(MergeMethod.FEATHER, 320, 40, 2) == (MergeMethod.FEATHER, ())
    method, reasons = settle(MergeMethod.PANORAMA, 320, 40, 2)
    assert (method, len(reasons)) == (MergeMethod.FEATHER, 1)
    method, reasons = settle(MergeMethod.PANORAMA, 320, 0, 2)
    assert (method, len(reasons)) == (MergeMethod.SIDE_BY_SIDE, 2)
    method, reasons = settle(MergeMethod.FEATHER, 320, 320, 2)
    assert method is MergeMethod.SIDE_BY_SIDE
    assert "320 px does not fit into 320 px" in reasons[0]
    method, reasons = settle(MergeMethod.FEATHER, 320, 40, 1)
    assert (method, len(reasons)) == (MergeMethod.SINGLE, 1)


def image(path: Path, colour: tuple[int, ...], width: int, height: int) -> Path:
    picture = np.zeros((height, width, len(colour)), np.uint8)
    picture[:] = colour
    assert cv2.imwrite(str(path), picture)
    return path


def changed(before: int, picture: Planes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom (exclusive) of what a logo has changed."""
    rows, columns = np.nonzero(picture[0] != before)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize(
    ("position", "box"),
    [
        (LogoPosition.TOP_LEFT, (10, 10, 70, 40)),
        (LogoPosition.TOP_CENTER, (130, 10, 190, 40)),
        (LogoPosition.TOP_RIGHT, (250, 10, 310, 40)),
        (LogoPosition.BOTTOM_LEFT, (10, 140, 70, 170)),
        (LogoPosition.BOTTOM_CENTER, (130, 140, 190, 170)),
        (LogoPosition.BOTTOM_RIGHT, (250, 140, 310, 170)),
        (LogoPosition.CENTER, (130, 74, 190, 104)),
    ],
)
def test_a_logo_keeps_its_proportions_and_stands_ten_pixels_from_the_edge(
    tmp_path: Path, position: LogoPosition, box: tuple[int, int, int, int]
) -> None:
    path = image(tmp_path / "logo.png", (255, 255, 255), 200, 100)
    ready, notes = overlays((Logo(path, position, 60, 60),), WIDTH, HEIGHT, Colour())
    picture = flat(60)
    ready[0].apply(picture)
    assert notes == ()
    assert changed(60, picture) == box


def test_a_logo_has_its_colours_and_lets_the_picture_through_by_its_opacity(tmp_path: Path) -> None:
    red = image(tmp_path / "red.png", (0, 0, 255, 255), 40, 40)
    half = image(tmp_path / "half.png", (255, 255, 255, 128), 40, 40)
    clear = image(tmp_path / "clear.png", (255, 255, 255, 0), 40, 40)
    logos = (
        Logo(red, LogoPosition.TOP_LEFT, 40, 40),
        Logo(half, LogoPosition.TOP_RIGHT, 40, 40),
        Logo(clear, LogoPosition.CENTER, 40, 40),
    )
    ready, _ = overlays(logos, WIDTH, HEIGHT, Colour())
    picture = flat(100, 120, 130)
    for overlay in ready:
        overlay.apply(picture)
    y, u, v = picture
    assert abs(int(y[30, 30]) - 63) <= 1
    assert abs(int(u[15, 15]) - 102) <= 1
    assert abs(int(v[15, 15]) - 240) <= 1
    assert abs(int(y[30, 290]) - (100 + 235) / 2) <= 1
    assert abs(int(u[15, 145]) - 124) <= 1
    assert y[90, 160] == 100
    assert u[45, 80] == 120


@pytest.mark.parametrize("name", ["logo.jpg", "logo.bmp", "logo.webp"])
def test_images_of_other_kinds_are_logos_too(tmp_path: Path, name: str) -> None:
    path = image(tmp_path / name, (255, 255, 255), 64, 64)
    ready, notes = overlays((Logo(path, LogoPosition.CENTER, 32, 32),), WIDTH, HEIGHT, Colour())
    assert (len(ready), notes) == (1, ())


def test_grey_images_with_sixteen_bits_are_logos_too(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((30, 30), 65535, np.uint16))
    ready, _ = overlays((Logo(path, LogoPosition.CENTER, 30, 30),), WIDTH, HEIGHT, Colour())
    picture = flat(60)
    ready[0].apply(picture)
    assert picture[0][90, 160] == 235


def test_a_logo_larger_than_the_picture_is_shrunk_to_fit(tmp_path: Path) -> None:
    path = image(tmp_path / "logo.png", (255, 255, 255), 4000, 4000)
    ready, _ = overlays((Logo(path, LogoPosition.TOP_LEFT, 4000, 4000),), WIDTH, HEIGHT, Colour())
    picture = flat(60)
    ready[0].apply(picture)
    assert changed(60, picture) == (10, 10, 170, 170)


def test_logos_that_cannot_be_used_are_named_and_the_others_stay(tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("not an image")
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    good = image(tmp_path / "good.png", (255, 255, 255), 10, 10)
    logos = tuple(
        Logo(path, LogoPosition.CENTER, 20, 20) for path in (tmp_path / "gone.png", text, empty, tmp_path, good)
    )
    ready, notes = overlays(logos, WIDTH, HEIGHT, Colour())
    assert len(ready) == 1
    assert len(notes) == 4
    for path, note in zip((tmp_path / "gone.png", text, empty, tmp_path), notes, strict=True):
        assert str(path) in note
        assert "\n" not in note
