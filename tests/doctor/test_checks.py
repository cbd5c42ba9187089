"""Checks run side by side, and none keeps the others waiting."""

import threading

from ezrec_tui.doctor.checks import Check, Failed, Found, run_checks
from ezrec_tui.model import Level


def test_checks_run_side_by_side_and_are_told_in_their_order() -> None:
    together = threading.Barrier(3, timeout=20)

    def meet() -> Found:
        together.wait()
        return Found("met")

    verdicts = list(run_checks([Check(name, meet) for name in ("one", "two", "three")]))

    assert [(one.name, one.level, one.what) for one in verdicts] == [
        ("one", Level.OK, "met"), ("two", Level.OK, "met"), ("three", Level.OK, "met"),
    ]  # fmt: skip


def test_a_check_that_hangs_has_failed_when_its_limit_is_over_and_the_others_are_told() -> None:
    never = threading.Event()

    def hang() -> Found:
        never.wait()
        return Found("came after all")

    verdicts = list(run_checks([Check("stuck", hang, seconds=0.2), Check("other", lambda: Found("fine"))]))

    assert [(one.name, one.level) for one in verdicts] == [("stuck", Level.FAILED), ("other", Level.OK)]
    assert verdicts[0].what == "no answer within 0.2 s"
    assert verdicts[0].to_do
    never.set()


def test_what_fails_is_told_with_what_to_do() -> None:
    def fail() -> Found:
        raise Failed("no light", "switch it on")

    (verdict,) = run_checks([Check("lamp", fail)])

    assert (verdict.level, verdict.what, verdict.to_do) == (Level.FAILED, "no light", "switch it on")
    assert str(verdict) == "failed   lamp               no light: switch it on"
