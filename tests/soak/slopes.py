"""Does it grow? A line through what was measured, by least squares, with its error."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean

Point = tuple[float, float]
"""Hours, and what was measured then."""

DOUBT = 0.001
"""Chance that what does not grow is taken for growing, of one measure."""
FEWEST_BLOCKS = 3
"""Of a life; shorter ones say nothing of a slope."""
LEAST_FREEDOM = 4


@dataclass(frozen=True)
class Slope:
    """By how much something grows in an hour, the same in all lives of a process, each from a level of its own."""

    per_hour: float
    error: float
    """Standard error of that."""
    freedom: int
    """Points less lives less one."""
    level: float
    """Of all points, on average."""

    @property
    def surely(self) -> float:
        """It grows by at least that in an hour, but for DOUBT; below 0 it may well be that it shrinks."""
        return self.per_hour - student(1 - DOUBT, self.freedom) * self.error


def blocks(points: Sequence[Point], hours: float) -> list[Point]:
    """Means of each span of so many hours: what goes up and down within one is no growth, and neighbours are alike."""
    spans: dict[int, list[Point]] = {}
    for at, value in points:
        spans.setdefault(int((at - points[0][0]) / hours), []).append((at, value))
    return [(fmean(at for at, _ in span), fmean(value for _, value in span)) for span in spans.values()]


def fit(lives: Sequence[Sequence[Point]]) -> Slope | None:
    """The slope that all lives have in common; None where there is too little to say."""
    told = [life for life in lives if len(life) >= FEWEST_BLOCKS]
    freedom = sum(map(len, told)) - len(told) - 1
    if freedom < LEAST_FREEDOM:
        return None
    about = [(fmean(at for at, _ in life), fmean(value for _, value in life)) for life in told]
    away = [
        (at - middle, value - level) for life, (middle, level) in zip(told, about, strict=True) for at, value in life
    ]
    spread = sum(at * at for at, _ in away)
    per_hour = sum(at * value for at, value in away) / spread
    left = sum((value - per_hour * at) ** 2 for at, value in away)
    level = fmean(value for life in told for _, value in life)
    return Slope(per_hour, sqrt(left / freedom / spread), freedom, level)


def student(chance: float, freedom: int) -> float:
    """Quantile of Student's t by its expansion about the normal one: within a twentieth from LEAST_FREEDOM on."""
    z = NormalDist().inv_cdf(chance)
    n = freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
