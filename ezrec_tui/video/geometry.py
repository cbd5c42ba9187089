"""How two cameras stand to each other, from the points that both see.

Several explanations are tried: the right camera is turned against the left one (one place, one kind of lens), or it
sees one plane that the left one sees too (a homography); each with straight lenses and with lenses that bend. Each is
fitted to four fifths of the points and judged by the last fifth, five times; the simplest one that is as good as any
is kept, fitted to all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.matching import Matches

INLIER_PX = 3.0
"""How far a match may lie from where the geometry puts it."""
LOOSE_SHARE = 0.006
"""Of the width: how far, while the lens is not known yet."""
FOLDS, JUDGED = 5, 400
"""Of the points: into how many parts, and how many at most, to judge the explanations by."""
WORTH = 0.97
"""A less simple explanation has to bring the error on held-out points down to this."""
FOCALS, BENDS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0), (0.0, -0.12, -0.3)
"""To begin with: focal lengths, as shares of the width, and k1."""
FOCAL_SPREAD, UNLIKE_SPREAD, BEND_SPREADS = 0.6, 0.01, (0.15, 0.05)
"""What is expected before anything is seen (standard deviations): of the focal length's logarithm around that of the
width, of its difference between the two cameras, and of k1 and k2. Weighs as much as a single match."""
STEPS, ENOUGH = 60, 1e-6
"""Of the fit: how many at most, and the share of the loss that a step has to save for another one."""

Vector = NDArray[np.float64]
Size = tuple[int, int]


class Kind(Enum):
    """The explanations, the simplest first."""

    TURNED = "turned"
    TURNED_BENT = "turned, lenses with k1"
    TURNED_BENT_TWICE = "turned, lenses with k1 and k2"
    PLANE = "plane"
    PLANE_BENT = "plane, lenses with k1"

    @property
    def plane(self) -> bool:
        return self in (Kind.PLANE, Kind.PLANE_BENT)

    @property
    def bends(self) -> int:
        """How many of the lenses' numbers are estimated, when none is given."""
        return {Kind.TURNED_BENT: 1, Kind.TURNED_BENT_TWICE: 2, Kind.PLANE_BENT: 1}.get(self, 0)


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
    found = _homography(matches.left, matches.right, loose)
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
    order = np.random.default_rng(5).permutation(len(matches))
    few = matches.some(order < JUDGED)
    found = {kind: fit.solve(few, fit.begin(few)) for kind, fit in fits.items()}
    parts = order[order < JUDGED] % FOLDS
    held_out: dict[Kind, float] = {}
    for kind, fit in fits.items():
        squares = list[Vector]()
        for number in range(FOLDS):
            pair = fit.pair(fit.solve(few.some(parts != number), found[kind]))
            squares.append(np.minimum(pair.misses(few.some(parts == number)), 2 * INLIER_PX) ** 2)
        held_out[kind] = float(np.sqrt(np.mean(np.concatenate(squares))))
    kept = kinds[0]
    for kind in kinds[1:]:
        if held_out[kind] < WORTH * held_out[kept]:
            kept = kind
    fit = fits[kept]
    unknowns = fit.solve(matches, found[kept])
    pair = fit.pair(unknowns)
    missed = pair.misses(matches)
    inliers = missed < INLIER_PX
    rmse = float(np.sqrt(np.mean(missed[inliers] ** 2))) if inliers.any() else float("inf")
    return Estimate(kept, pair, inliers, rmse, held_out, fit.spread(unknowns, matches))


class _Fit:
    """Fits one explanation. Its unknowns are a vector: the homography's first eight numbers, or focal length, its
    difference and the turn; then as much of k1 and k2 as is to be estimated."""

    def __init__(self, kind: Kind, sizes: tuple[Size, Size], distortion: tuple[float, float] | None) -> None:
        self._plane, self._sizes, self._distortion = kind.plane, sizes, distortion
        self._unit = float(max(sizes[0]))
        self._bends = kind.bends if distortion is None else 0
        first = [np.inf] * 8 if kind.plane else [FOCAL_SPREAD, UNLIKE_SPREAD, np.inf, np.inf, np.inf]
        self._spreads = np.array([*first, *BEND_SPREADS[: self._bends]])

    def pair(self, unknowns: Vector) -> Pair:
        first, bends = unknowns[: self._spreads.size - self._bends], unknowns[self._spreads.size - self._bends :]
        k1, k2 = self._distortion or (float(value) for value in (*bends, 0, 0)[:2])
        focal = unlike = 0.0
        if self._plane:
            matrix = np.append(first, 1.0).reshape(3, 3)
        else:
            focal, unlike = first[:2]
            matrix = np.asarray(cv2.Rodrigues(first[2:])[0], np.float64)
        left, right = (
            Lens(width, height, self._unit * float(np.exp(focal + sign * unlike / 2)), k1, k2)
            for (width, height), sign in zip(self._sizes, (-1, 1), strict=True)
        )
        return Pair(left, right, matrix)

    def solve(self, matches: Matches, start: Vector) -> Vector:
        """The unknowns that fit the matches best; a few wrong ones among them do little."""
        return _least_squares(lambda unknowns: self._residuals(unknowns, matches), start)

    def begin(self, matches: Matches) -> Vector:
        """Unknowns to start from."""
        bends = [np.array([bend, 0.0])[: self._bends] for bend in (BENDS if self._bends else BENDS[:1])]
        if self._plane:
            starts = [self._homography(bend, matches) for bend in bends]
        else:
            starts = [self._turn(float(np.log(share)), bend, matches) for share in FOCALS for bend in bends]
        return min(starts, key=lambda unknowns: _loss(self._residuals(unknowns, matches)))

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

    def _turn(self, focal: float, bends: Vector, matches: Matches) -> Vector:
        """The rotation for a lens: that which lays one set of directions best onto the other."""
        here, there = self._rays(np.array([focal, 0, 0, 0, 0, *bends]), matches)
        here, there = (rays / np.linalg.norm(rays, axis=1, keepdims=True) for rays in (here, there))
        u, _, v = np.linalg.svd(there.T @ here)
        matrix = u @ np.diag([1, 1, np.linalg.det(u @ v)]) @ v
        return np.array([focal, 0.0, *np.asarray(cv2.Rodrigues(matrix)[0]).ravel(), *bends])

    def _homography(self, bends: Vector, matches: Matches) -> Vector:
        here, there = (rays[:, :2] for rays in self._rays(np.array([*np.eye(3).ravel()[:8], *bends]), matches))
        found = _homography(here, there, 2 * INLIER_PX / self._unit)
        matrix = np.eye(3) if found is None else found / found[2, 2]
        return np.array([*matrix.ravel()[:8], *bends])

    def _rays(self, unknowns: Vector, matches: Matches) -> tuple[Points, Points]:
        """The directions of both ends of the matches, through these lenses."""
        pair = self.pair(unknowns)
        here, there = pair.left.rays(matches.left), pair.right.rays(matches.right)
        seen = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
        return here[seen], there[seen]


def _homography(here: Points, there: Points, loose: float) -> Points | None:
    """The homography (3, 3) that most of these pairs (n, 2) agree to within `loose`, if there is one."""
    found: Any = cv2.findHomography(here, there, cv2.USAC_MAGSAC, loose, maxIters=10_000, confidence=0.9999)[0]
    return None if found is None else np.asarray(found, np.float64)


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
        saved = _loss(value) - _loss(moved)
        if saved > 0:
            at, value, damping = at + step, moved, damping / 5
            if saved < ENOUGH * _loss(value):
                break
        else:
            damping *= 4
            if damping > 1e8:
                break
    return at
