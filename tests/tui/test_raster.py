"""Pictures in cells: pure, so tried with whatever comes."""

from hypothesis import given
from hypothesis import strategies as any_

from ezrec_tui.tui.profile import CONSOLE_PROFILE, OTHERS_CONSOLE, PLAIN_CONSOLE, PROFILES, TRUECOLOR, Profile
from ezrec_tui.tui.raster import STEADY, Grey, Raster, fit, scale


def raster(profile: Profile) -> Raster:
    return Raster(profile.greys, profile.glyphs.halves, "█", "│")


def seen(cell: tuple[str, Grey | None, Grey | None]) -> tuple[int, int]:
    """The luma of a cell's upper and lower half, as an eye sees them."""
    glyph, ink, ground = cell
    upper, lower = {"▀": (ink, ground), "▄": (ground, ink), "█": (ink, ink), " ": (ground, ground)}[glyph]
    assert upper is not None
    assert lower is not None
    return upper.luma, lower.luma


@given(any_.data(), any_.integers(1, 40), any_.integers(1, 30), any_.integers(0, 60), any_.integers(0, 50))
def test_each_pixel_is_the_mean_of_those_it_stands_for(
    data: any_.DataObject, width: int, height: int, across: int, down: int
) -> None:
    grey = data.draw(any_.binary(min_size=width * height, max_size=width * height))
    rows = scale(grey, width, height, across, down)
    assert [len(row) for row in rows] == ([across] * down if across else [])
    for y, row in enumerate(rows):
        top, bottom = y * height // down, max((y + 1) * height // down, y * height // down + 1)
        for x, luma in enumerate(row):
            left, right = x * width // across, max((x + 1) * width // across, x * width // across + 1)
            block = [grey[v * width + u] for v in range(top, bottom) for u in range(left, right)]
            assert luma == sum(block) // len(block)


@given(any_.integers(1, 300), any_.integers(1, 100), any_.floats(0.3, 4))
def test_a_picture_fills_its_room_and_keeps_its_shape(width: int, height: int, aspect: float) -> None:
    across, down = fit(width, height, aspect)
    assert 0 <= across <= width
    assert 0 <= down <= height
    if across > 20 and down > 10:
        assert abs(across / (2 * down) / aspect - 1) < 0.1
        assert across + 2 * aspect + 1 > width or down >= height - 1, "neither side is full"


def test_with_grounds_enough_every_two_pixels_are_what_they_are() -> None:
    shades = raster(TRUECOLOR)
    for top, upper in enumerate(shades.greys):
        for bottom, lower in enumerate(shades.greys):
            (code,) = shades.codes([bytes([top]), bytes([bottom])])[0]
            cell = shades.cells[code]
            assert seen((cell.glyph, cell.ink, cell.ground)) == (upper.luma, lower.luma)


def test_the_console_draws_on_its_eight_grounds_alone_and_errs_by_less_than_a_seventh() -> None:
    shades = raster(CONSOLE_PROFILE)
    assert all(cell.ground is None or cell.ground.number < 8 for cell in shades.cells)
    for top, upper in enumerate(shades.greys):
        for bottom, lower in enumerate(shades.greys):
            (code,) = shades.codes([bytes([top]), bytes([bottom])])[0]
            cell = shades.cells[code]
            above, below = seen((cell.glyph, cell.ink, cell.ground))
            assert abs(above - upper.luma) + abs(below - lower.luma) <= 255 / 7
            if upper is lower:
                assert (above, below) == (upper.luma, lower.luma)


def test_no_colour_with_a_meaning_is_used_up_for_greys() -> None:
    for profile in (CONSOLE_PROFILE, PLAIN_CONSOLE):
        red, green, yellow, cyan = 1, 2, 3, 6
        assert not {red, green, yellow, cyan, 9} & {grey.number for grey in profile.greys}
    assert {grey.number for grey in OTHERS_CONSOLE.greys} == {0, 7, 8, 15}


def test_without_half_blocks_a_cell_is_one_pixel() -> None:
    shades = raster(PLAIN_CONSOLE)
    assert shades.tall == 1
    assert [shades.cells[code].glyph for code in shades.codes([bytes([0, 5])])[0]] == ["█", "█"]


@given(any_.sampled_from(sorted(PROFILES)), any_.integers(0, 255), any_.integers(0, 255))
def test_noise_changes_nothing_and_a_change_is_followed(name: str, luma: int, other: int) -> None:
    shades = raster(PROFILES[name])
    lumas = [grey.luma for grey in shades.greys]
    ((level,),) = shades.levels([bytes([luma])])
    assert abs(lumas[level] - luma) == min(abs(one - luma) for one in lumas)
    ((after,),) = shades.levels([bytes([other])], [bytes([level])])
    if abs(other - luma) < STEADY:
        assert after == level
    assert abs(lumas[after] - other) <= min(abs(one - other) for one in lumas) + 2 * STEADY


@given(any_.sampled_from(sorted(PROFILES)))
def test_a_dimmed_picture_is_darker_wherever_it_can_be(name: str) -> None:
    shades = raster(PROFILES[name])
    every = bytes(range(len(shades.greys)))
    (dimmed,) = shades.dimmed([every])
    assert all(after <= before for before, after in zip(every, dimmed, strict=True))
    assert dimmed[-1] < every[-1]


def test_a_mark_stands_on_the_middle_of_the_greys_that_it_covers() -> None:
    shades = raster(TRUECOLOR)
    (code,) = shades.codes([bytes([0]), bytes([20])])[0]
    cell = shades.cells[shades.marked(code)]
    assert (cell.glyph, cell.mark) == ("│", True)
    assert cell.ground is not None
    assert abs(cell.ground.luma - (shades.greys[0].luma + shades.greys[20].luma) / 2) <= 6
