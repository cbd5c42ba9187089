"""Points that two pictures have in common.

SIFT, compared by the square roots of its histograms: on the pairs that were measured its matches lie half as far from
their place as ORB's, for a second more.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.lens import Points

Bgr = NDArray[np.uint8]

MOST_FEATURES = 6000
STRIP, MARGIN = 640, 48
"""Columns that are looked at together, and how far beyond them a feature may reach."""
FAINTEST = 0.01
"""Contrast of a feature: a quarter of what is usual, as the ground of a court has little."""
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
    """Places (n, 2) and descriptions (n, 128). Strip by strip: SIFT takes 200 bytes for each pixel it looks at."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    width = grey.shape[1]
    strips = -(-width // STRIP)
    sift = cv2.SIFT.create(MOST_FEATURES // strips, contrastThreshold=FAINTEST, enable_precise_upscale=True)
    places, descriptions = [np.empty((0, 2))], [np.empty((0, 128), np.float32)]
    for left, right in pairwise(np.linspace(0, width, strips + 1).astype(int).tolist()):
        start = max(0, left - MARGIN)
        keys, described = sift.detectAndCompute(np.ascontiguousarray(grey[:, start : right + MARGIN]), None)
        if keys:
            found = np.array([(key.pt[0] + start, key.pt[1]) for key in keys], np.float64)
            inside = (found[:, 0] >= left) & (found[:, 0] < right)
            shares = described[inside] / np.maximum(described[inside].sum(axis=1, keepdims=True), 1e-6)
            places.append(found[inside])
            descriptions.append(np.sqrt(shares).astype(np.float32))
    return np.concatenate(places), np.concatenate(descriptions)
