"""Bookings, several engines at a time, until as many kills as asked for took place; and the figures of them all."""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TypedDict

from ezrec_tui.model import NS
from tests.campaign.booking import record_and_kill
from tests.campaign.kills import Moment, Target
from tests.campaign.verdict import Loss, Verdict, judge
from tests.whole.numbers import FPS, sensor_time

MOST_LOST = 2 * FPS
"""Frames that a kill may cost a camera: two seconds."""


class Figures(TypedDict):
    kills: int
    greatest_loss_frames: int
    median_loss_frames: float
    greatest_away_frames: int
    median_away_frames: float


class Summary(TypedDict):
    seed: int
    bookings: int
    whole: int
    kills: int
    by_moment: dict[str, int]
    greatest_loss_frames: int
    gaps_frames: int
    unshown_frames: int
    by_target: dict[str, Figures]
    each: list[dict[str, object]]


class _Lane(threading.Thread):
    """Takes one booking after the other."""

    def __init__(self, campaign: "_Campaign") -> None:
        super().__init__(name="lane", daemon=True)
        self._campaign = campaign

    def run(self) -> None:
        while (number := self._campaign.next_number()) is not None:
            self._campaign.put(self._campaign.take(number))


class _Campaign:
    """The lock guards what the lanes share."""

    def __init__(self, kills: int, seed: int, folder: Path) -> None:
        self.verdicts: list[Verdict] = []
        self._wanted, self._seed, self._folder = kills, seed, folder
        self._lock = threading.Lock()
        self._begun = 0

    def next_number(self) -> int | None:
        with self._lock:
            if self._done >= self._wanted:
                return None
            self._begun += 1
            return self._begun

    @property
    def _done(self) -> int:
        return sum(len(verdict.outcome.kills) for verdict in self.verdicts)

    def take(self, number: int) -> Verdict:
        with self._lock:
            left = self._wanted - self._done
        verdict = judge(record_and_kill(number, self._seed, self._folder, left))
        if not verdict.wrong and not verdict.gaps and not verdict.unshown:
            shutil.rmtree(verdict.outcome.data)
        return verdict

    def put(self, verdict: Verdict) -> None:
        with self._lock:
            self.verdicts.append(verdict)
            _tell_one(verdict, self._done)


def run(kills: int, seed: int, folder: Path, side_by_side: int) -> list[Verdict]:
    """Run the campaign; each booking is told as it ends.

    Its data is kept only if something is wrong, or missing far from any kill.
    """
    campaign = _Campaign(kills, seed, folder)
    lanes = [_Lane(campaign) for _ in range(side_by_side)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return sorted(campaign.verdicts, key=lambda verdict: verdict.outcome.number)


def summary(verdicts: Sequence[Verdict], seed: int) -> Summary:
    kills = [kill for verdict in verdicts for kill in verdict.outcome.kills]
    losses = [loss for verdict in verdicts for loss in verdict.losses]
    return Summary(
        seed=seed,
        bookings=len(verdicts),
        whole=sum(not verdict.wrong for verdict in verdicts),
        kills=len(kills),
        by_moment={moment.value: sum(kill.moment is moment for kill in kills) for moment in Moment},
        greatest_loss_frames=max((loss.cost for loss in losses), default=0),
        gaps_frames=sum(verdict.gaps for verdict in verdicts),
        unshown_frames=sum(verdict.unshown for verdict in verdicts),
        by_target={
            target.value: _figures(
                sum(kill.target is target for kill in kills), [loss for loss in losses if loss.kill.target is target]
            )
            for target in Target
        },
        each=[_record(verdict) for verdict in verdicts],
    )


def _figures(kills: int, losses: list[Loss]) -> Figures:
    during = [loss for loss in losses if loss.kill.moment is Moment.RECORDING]
    lost, away = [loss.lost for loss in losses], [loss.away for loss in during]
    return Figures(
        kills=kills,
        greatest_loss_frames=max(lost, default=0),
        median_loss_frames=median(lost or [0]),
        greatest_away_frames=max(away, default=0),
        median_away_frames=median(away or [0]),
    )


def _record(verdict: Verdict) -> dict[str, object]:
    outcome = verdict.outcome
    start_ns = sensor_time(outcome.start)
    return {
        "booking": outcome.number,
        "seconds": round((outcome.end - outcome.start).total_seconds(), 3),
        "frames": verdict.frames,
        "gaps_frames": verdict.gaps,
        "unshown_frames": verdict.unshown,
        "wrong": list(verdict.wrong),
        "kills": [
            {
                "target": kill.target.value,
                "moment": kill.moment.value,
                "at_seconds": round((kill.at_ns - start_ns) / NS, 3),
                "lost_frames": [loss.lost for loss in verdict.losses if loss.kill is kill],
                "away_frames": [loss.away for loss in verdict.losses if loss.kill is kill],
            }
            for kill in outcome.kills
        ],
    }


def _tell_one(verdict: Verdict, kills: int) -> None:
    outcome = verdict.outcome
    lost = max((loss.lost for loss in verdict.losses), default=0)
    away = max((loss.away for loss in verdict.losses), default=0)
    names = ", ".join(f"{kill.target.value} {kill.moment.value}" for kill in outcome.kills)
    found = "; ".join(verdict.wrong) or f"whole, {verdict.frames} frames, lost {lost} at most, away {away}"
    if verdict.gaps:
        found += f", {verdict.gaps} in gaps"
    if verdict.unshown:
        found += f", {verdict.unshown} recorded but not shown"
    print(f"{kills:4} kills  booking {outcome.number} ({names}): {found}", flush=True)


def tell(verdicts: Sequence[Verdict]) -> None:
    """The counts, for people."""
    found = summary(verdicts, 0)
    print(f"\n{'killed':12}{'kills':>7}{'lost: most':>12}{'median':>8}{'away: most':>12}{'median':>8}   (frames)")
    for target, figures in found["by_target"].items():
        print(
            f"{target:12}{figures['kills']:7}{figures['greatest_loss_frames']:12}{figures['median_loss_frames']:8g}"
            f"{figures['greatest_away_frames']:12}{figures['median_away_frames']:8g}"
        )
    moments = ", ".join(f"{count} {moment}" for moment, count in found["by_moment"].items())
    print(f"{found['kills']} kills ({moments})")
    print(f"{found['whole']} of {found['bookings']} bookings ended in one whole video, delivered and published once")
    print(f"the greatest loss by a kill: {found['greatest_loss_frames']} frames (at most {MOST_LOST})")
    print(f"{found['unshown_frames']} frames are in the segments and not in the videos")
    if found["gaps_frames"]:
        print(f"{found['gaps_frames']} frames are missing far from any kill: cameras were late on this machine")
