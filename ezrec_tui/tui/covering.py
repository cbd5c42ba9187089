"""Which camera's lens is covered by a hand: the one whose picture goes dark while the other's does not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean

from ezrec_tui.model import CameraPicture

COVERED, OPEN = 0.4, 0.6
"""Share of its usual brightness below which a picture is covered, and above which it is no longer."""

DARKEST = 20.0
"""Mean luma of a picture that is too dark for a hand to make a difference."""

FOLLOW = 0.05
"""How much of a change of the light is taken over with each picture: an evening is followed, a hand is not. While a
lens is covered nothing is, as the cameras' exposure then answers the hand."""


@dataclass(slots=True)
class Covering:
    """Looks at pictures as they come, a camera each."""

    covered: frozenset[int] = frozenset()
    """The cameras whose lens is covered now."""
    dark: frozenset[int] = frozenset()
    """Those whose picture is too dark to tell."""
    _usual: dict[int, float] = field(default_factory=dict[int, float])
    """Mean luma, of a lens that is open."""
    _levels: dict[int, tuple[int, float]] = field(default_factory=dict[int, tuple[int, float]])
    """Mean luma of the newest picture, and when that was exposed."""

    def look(self, pictures: Mapping[int, CameraPicture]) -> None:
        """Take up the newest picture of each camera; one that gives none is left out."""
        new = [one for index, one in pictures.items() if self._levels.get(index, (-1, 0.0))[0] != one.sensor_ns]
        self._levels = {index: level for index, level in self._levels.items() if index in pictures}
        for picture in new:
            luma = fmean(picture.grey)
            self._levels[picture.index] = picture.sensor_ns, luma
            self._usual.setdefault(picture.index, luma)
        self.covered = frozenset(index for index in self._levels if self._is_covered(index))
        if not self.covered:
            for picture in new:
                _, luma = self._levels[picture.index]
                self._usual[picture.index] += FOLLOW * (luma - self._usual[picture.index])
        self.dark = frozenset(index for index in self._levels if self._usual[index] < DARKEST)

    def _is_covered(self, index: int) -> bool:
        usual, (_, luma) = self._usual[index], self._levels[index]
        return usual >= DARKEST and luma < usual * (OPEN if index in self.covered else COVERED)
