"""Points that two pictures have in common.

SIFT, compared by the square roots of its histograms: on the pairs that were measured its matches lie half as far from
their place as ORB's, for a second more.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.lens import Points

Bgr = NDArray[np.uint8]

MOST_FEATURES = 6000
RATIO = 0.8
"""How much nearer the best partner has to be than the second best."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Row n of `left` and of `right`, (n, 2) pixels each, show the same."""

    left: Points
    right: Points
    features: tuple[int, int]
    """How many points each picture has, matched or not."""

    def __len__(self) -> int:
        return len(self.left)

    def some(self, chosen: NDArray[np.bool_]) -> "Matches":
        return Matches(self.left[chosen], self.right[chosen], self.features)


def find_matches(left: Bgr, right: Bgr) -> Matches:
    """Features of both pictures, (height, width, 3), each the other's best partner, and clearly so."""
    (here, these), (there, those) = _features(left), _features(right)
    found = len(here), len(there)
    if min(found) < 2:
        return Matches(np.empty((0, 2)), np.empty((0, 2)), found)
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    back = {match.queryIdx: match.trainIdx for match in matcher.match(those, these)}
    kept = [
        (best.queryIdx, best.trainIdx)
        for best, second in matcher.knnMatch(these, those, 2)
        if best.distance < RATIO * second.distance and back[best.trainIdx] == best.queryIdx
    ]
    pairs = np.array(kept, np.intp).reshape(-1, 2)
    lefts, rights = here[pairs[:, 0]], there[pairs[:, 1]]
    _, first = np.unique(np.hstack([lefts, rights]).round(1), axis=0, return_index=True)
    return Matches(lefts[first], rights[first], found)


def _features(picture: Bgr) -> tuple[Points, NDArray[np.float32]]:
    """Places (n, 2) and descriptions (n, 128)."""
    sift = cv2.SIFT.create(MOST_FEATURES, contrastThreshold=0.02, enable_precise_upscale=True)
    keys, described = sift.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), None)
    if not keys:
        return np.empty((0, 2)), np.empty((0, 128), np.float32)
    places = np.array([key.pt for key in keys], np.float64)
    shares = described / np.maximum(described.sum(axis=1, keepdims=True), 1e-6)
    return places, np.sqrt(shares).astype(np.float32)
