"""How two cameras stand to each other, from the points that both see.

Four explanations are tried: the right camera is turned against the left one (one place, one kind of lens), or it sees
one plane that the left one sees too (a homography); each with straight lenses and with lenses that bend. Each is
fitted to four fifths of the points and judged by the last fifth, five times; the simplest one that is as good as any
is kept, and fitted to all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.matching import Matches

INLIER_PX = 3.0
"""How far a match may lie from where the geometry puts it."""
LOOSE_SHARE = 0.006
"""Of the width: how far, while the lens is not known yet."""
FOLDS = 5
WORTH = 0.97
"""A less simple explanation has to bring the error on held-out points down to this."""
FOCALS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0)
"""Focal lengths to begin with, as shares of the width."""
FOCAL_SPREAD, UNLIKE_SPREAD, BEND_SPREAD = 0.6, 0.01, 0.15
"""What is expected before anything is seen (standard deviations): of the focal length's logarithm around that of the
width, of its difference between the two cameras, and of k1. Weighs as much as a single match."""
STEPS = 40

Vector = NDArray[np.float64]
Size = tuple[int, int]


class Kind(Enum):
    """The explanations, the simplest first."""

    TURNED = "turned"
    TURNED_BENT = "turned, lens bends"
    PLANE = "plane"
    PLANE_BENT = "plane, lens bends"

    @property
    def plane(self) -> bool:
        return self in (Kind.PLANE, Kind.PLANE_BENT)

    @property
    def bent(self) -> bool:
        return self in (Kind.TURNED_BENT, Kind.PLANE_BENT)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cameras; `matrix` leads from the left one's directions to the right one's."""

    left: Lens
    right: Lens
    matrix: Points

    def errors(self, left: Points, right: Points) -> Points:
        """How far matches (n, 2) miss: in the right picture (x, y), then in the left one, (n, 4) px; NaN: folded."""
        there = self.right.pixels(self.left.rays(left) @ self.matrix.T) - right
        here = self.left.pixels(self.right.rays(right) @ np.linalg.inv(self.matrix).T) - left
        return np.hstack([there, here])

    def misses(self, matches: Matches) -> Vector:
        """How far each match misses, the mean of both ways, px; infinite where it has no place."""
        found = np.sqrt(np.sum(self.errors(matches.left, matches.right) ** 2, axis=1) / 2)
        return np.where(np.isnan(found), np.inf, found)


@dataclass(frozen=True, slots=True)
class Estimate:
    kind: Kind
    pair: Pair
    inliers: NDArray[np.bool_]
    """Of the matches."""
    rmse_px: float
    held_out_px: dict[Kind, float]
    """The error of each explanation on points that it was not fitted to."""
    spread: Callable[[Points], Vector]
    """How uncertain (standard deviation, px) the place in the right picture is of pixels (n, 2) of the left one."""


def agreeing(matches: Matches, width: int) -> NDArray[np.bool_]:
    """The matches that one movement of the picture explains, give or take what a lens bends."""
    none = np.zeros(len(matches), bool)
    if len(matches) < 8:
        return none
    loose = max(6.0, LOOSE_SHARE * width)
    found, _ = cv2.findHomography(matches.left, matches.right, cv2.USAC_MAGSAC, loose, maxIters=20_000, confidence=0.9999)
    if found is None:
        return none
    moved = cv2.perspectiveTransform(matches.left[:, None], found)[:, 0]
    return np.hypot(*(moved - matches.right).T) < loose


def estimate(
    matches: Matches, sizes: tuple[Size, Size], distortion: tuple[float, float] | None, kinds: tuple[Kind, ...]
) -> Estimate:
    """The best of `kinds` for these matches, nearly all of them right (`agreeing`), at least a dozen.

    `sizes` are (width, height) of the left and the right picture. With `distortion` (k1, k2) the lens is known.
    """
    fits = {kind: _Fit(kind, sizes, distortion) for kind in kinds}
    parts = np.random.default_rng(5).permutation(len(matches)) % FOLDS
    held_out: dict[Kind, float] = {}
    for kind, fit in fits.items():
        squares = list[Vector]()
        for number in range(FOLDS):
            pair = fit.pair(fit.solve(_some(matches, parts != number)))
            squares.append(np.minimum(pair.misses(_some(matches, parts == number)), 2 * INLIER_PX) ** 2)
        held_out[kind] = float(np.sqrt(np.mean(np.concatenate(squares))))
    kept = kinds[0]
    for kind in kinds[1:]:
        if held_out[kind] < WORTH * held_out[kept]:
            kept = kind
    fit = fits[kept]
    found = fit.solve(matches)
    pair = fit.pair(found)
    missed = pair.misses(matches)
    inliers = missed < INLIER_PX
    rmse = float(np.sqrt(np.mean(missed[inliers] ** 2))) if inliers.any() else float("inf")
    return Estimate(kept, pair, inliers, rmse, held_out, fit.spread(found, matches))


def _some(matches: Matches, chosen: NDArray[np.bool_]) -> Matches:
    return Matches(matches.left[chosen], matches.right[chosen], matches.features)


class _Fit:
    """Fits one explanation. Its unknowns are a vector: focal length, difference, turn (or homography), k1."""

    def __init__(self, kind: Kind, sizes: tuple[Size, Size], distortion: tuple[float, float] | None) -> None:
        self._kind, self._sizes, self._distortion = kind, sizes, distortion
        self._unit = float(max(sizes[0]))
        estimated = kind.bent and distortion is None
        turned = np.array([FOCAL_SPREAD, UNLIKE_SPREAD, np.inf, np.inf, np.inf])
        self._spreads = np.concatenate([np.full(8, np.inf) if kind.plane else turned, [BEND_SPREAD] * estimated])

    def pair(self, unknowns: Vector) -> Pair:
        k1, k2 = self._distortion or (float(unknowns[-1]) if self._kind.bent else 0.0, 0.0)
        focal = unlike = 0.0
        if self._kind.plane:
            matrix = np.append(unknowns[:8], 1.0).reshape(3, 3)
        else:
            focal, unlike = unknowns[:2]
            matrix = np.asarray(cv2.Rodrigues(unknowns[2:5])[0])
        lenses = (
            Lens(width, height, self._unit * float(np.exp(focal + sign * unlike / 2)), k1, k2)
            for (width, height), sign in zip(self._sizes, (-1, 1), strict=True)
        )
        return Pair(*lenses, matrix)

    def solve(self, matches: Matches) -> Vector:
        """The unknowns that fit the matches best; a few wrong ones among them do little."""
        return _least_squares(lambda unknowns: self._residuals(unknowns, matches), self._begin(matches))

    def spread(self, unknowns: Vector, matches: Matches) -> Callable[[Points], Vector]:
        residuals = self._residuals(unknowns, matches)
        weighted = _slopes(lambda at: self._residuals(at, matches), unknowns, residuals)
        weights = _weights(residuals)[:, None]
        # Both ways of a match are one observation, seen twice.
        noise = 2 * np.sum(weights[:, 0] * residuals**2) / np.sum(weights)
        covariance = np.linalg.pinv(weighted.T @ (weights * weighted)) * noise

        def at(pixels: Points) -> Vector:
            def there(unknowns: Vector) -> Vector:
                pair = self.pair(unknowns)
                return pair.right.pixels(pair.left.rays(pixels) @ pair.matrix.T).ravel()

            slopes = _slopes(there, unknowns, there(unknowns)).reshape(-1, 2, unknowns.size)
            return np.sqrt(np.einsum("nij,jk,nik->n", slopes, covariance, slopes))

        return at

    def _residuals(self, unknowns: Vector, matches: Matches) -> Vector:
        errors = np.nan_to_num(self.pair(unknowns).errors(matches.left, matches.right), nan=100 * INLIER_PX)
        expected = unknowns / self._spreads
        return np.concatenate([errors.ravel(), expected[np.isfinite(self._spreads)]])

    def _begin(self, matches: Matches) -> Vector:
        bend = [0.0] * (self._kind.bent and self._distortion is None)
        if self._kind.plane:
            return np.concatenate([self._homography(matches), bend])
        starts = [np.concatenate([self._turn(np.log(share), matches), bend]) for share in FOCALS]
        return min(starts, key=lambda unknowns: _loss(self._residuals(unknowns, matches)))

    def _turn(self, focal: float, matches: Matches) -> Vector:
        """The rotation for a focal length: that which lays one set of directions best onto the other."""
        pair = self.pair(np.concatenate([[focal], np.zeros(self._spreads.size - 1)]))
        here, there = (rays / np.linalg.norm(rays, axis=1, keepdims=True) for rays in _rays(pair, matches))
        u, _, v = np.linalg.svd(np.nan_to_num(there).T @ np.nan_to_num(here))
        matrix = u @ np.diag([1, 1, np.linalg.det(u @ v)]) @ v
        return np.concatenate([[focal, 0.0], np.asarray(cv2.Rodrigues(matrix)[0]).ravel()])

    def _homography(self, matches: Matches) -> Vector:
        pair = self.pair(np.concatenate([np.eye(3).ravel()[:8], np.zeros(self._spreads.size - 8)]))
        here, there = (rays[:, :2] for rays in _rays(pair, matches))
        loose = 2 * INLIER_PX / self._unit
        found, _ = cv2.findHomography(here, there, cv2.USAC_MAGSAC, loose, maxIters=20_000, confidence=0.9999)
        if found is None:
            found = np.eye(3)
        return (found / found[2, 2]).ravel()[:8]


def _rays(pair: Pair, matches: Matches) -> tuple[Points, Points]:
    return pair.left.rays(matches.left), pair.right.rays(matches.right)


def _weights(residuals: Vector) -> Vector:
    """Cauchy's: half for what is an inlier's farthest away, less and less beyond."""
    return 1 / (1 + (residuals / INLIER_PX) ** 2)


def _loss(residuals: Vector) -> float:
    return float(np.sum(np.log1p((residuals / INLIER_PX) ** 2)))


def _slopes(function: Callable[[Vector], Vector], at: Vector, value: Vector) -> Points:
    """The derivatives of the function's values (m) by its unknowns (n), (m, n), by small steps."""
    columns = list[Vector]()
    for number in range(at.size):
        step = np.zeros(at.size)
        step[number] = 1e-6 * max(1.0, abs(at[number]))
        columns.append((function(at + step) - value) / step[number])
    return np.stack(columns, axis=1)


def _least_squares(function: Callable[[Vector], Vector], start: Vector) -> Vector:
    """Levenberg's and Marquardt's way to the unknowns with the least loss."""
    at, value = start, function(start)
    damping = 1e-3
    for _ in range(STEPS):
        slopes, weights = _slopes(function, at, value), _weights(value)[:, None]
        normal, gradient = slopes.T @ (weights * slopes), slopes.T @ (weights[:, 0] * value)
        step = np.linalg.lstsq(normal + damping * np.diag(np.diag(normal)), -gradient, rcond=None)[0]
        moved = function(at + step)
        if _loss(moved) < _loss(value):
            at, value, damping = at + step, moved, damping / 5
            if np.linalg.norm(step) < 1e-9 * (1 + np.linalg.norm(at)):
                break
        else:
            damping *= 4
            if damping > 1e8:
                break
    return at
