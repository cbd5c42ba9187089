"""How the soak judges: what grows is found, over lives and beside noise; what does not, or settles, is not."""

import random

import pytest

from tests.soak.meters import MEMORY, Growth
from tests.soak.slopes import Point, blocks, fit, student

HOURS = [number / 240 for number in range(8 * 240)]
"""Every second of eight hours at 60 times the speed."""


def noisy(lot: random.Random, per_hour: float, level: float = 100.0, saw: float = 5.0) -> list[Point]:
    """A measure that goes up and down with each booking, and by `per_hour` beside that."""
    return [(at, level + per_hour * at + saw * (at % 0.2) / 0.2 + lot.gauss(0, 1)) for at in HOURS]


def grows(*lives: list[Point]) -> bool:
    measured = [blocks(life, 0.25) for life in lives]
    return Growth("engine", MEMORY, fit(measured), 0, measured).is_significant


def test_a_leak_is_found_beside_noise_and_no_leak_is_not() -> None:
    lot = random.Random(1)
    assert grows(noisy(lot, 1.0))
    assert not any(grows(noisy(lot, 0)) for _ in range(50))


def test_a_process_that_was_killed_and_begins_anew_does_not_hide_its_leak() -> None:
    life = noisy(random.Random(2), 1.0)
    thirds = [[(at, value - 3 * number) for at, value in life[640 * number :][:640]] for number in range(3)]
    assert grows(*thirds)
    assert not grows([point for third in thirds for point in third]), "as one life it falls back each time"


def test_the_error_is_that_of_a_line_whose_noise_is_known() -> None:
    lot = random.Random(3)
    slopes = [fit([[(at, 2 * at + lot.gauss(0, 1)) for at in range(20)]]) for _ in range(400)]
    found = [slope for slope in slopes if slope]
    off = [abs(slope.per_hour - 2) / slope.error for slope in found]
    assert sum(one > student(0.975, 18) for one in off) / len(off) == pytest.approx(0.05, abs=0.035)
    assert sum(slope.error for slope in found) / len(found) == pytest.approx((20 * (20**2 - 1) / 12) ** -0.5, rel=0.05)


def test_too_short_a_life_says_nothing() -> None:
    assert fit([]) is None
    assert fit([[(0, 1), (1, 2)], [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2)]]) is None


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 7.173), (10, 4.144), (30, 3.385)])
def test_students_quantiles_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    assert student(0.999, freedom) == pytest.approx(quantile, rel=0.05)
