"""`ezrec doctor`: is this machine fit? All checks side by side, each with a limit of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from ezrec_tui.config import Settings, SettingsError
from ezrec_tui.doctor import access, cameras, machine, remote
from ezrec_tui.doctor.checks import Check, Failed, Found, Verdict, run_checks
from ezrec_tui.model import Level, Value


class DoctorReport(Value):
    """What `ezrec doctor --json` prints."""

    ok: bool
    """Nothing has failed; there may be warnings."""
    failed: int
    warnings: int
    checks: tuple[Verdict, ...]


def checks(settings: Settings, now: Callable[[], datetime]) -> tuple[Check, ...]:
    """In the order in which they are told."""
    return (
        Check("settings", partial(access.look_at_settings, settings)),
        Check("cameras", partial(cameras.look_at_cameras, settings), 40),
        Check("encoder", partial(machine.look_at_encoder, settings)),
        Check("disk speed", partial(machine.look_at_speed, settings), 30),
        Check("disk room", partial(machine.look_at_room, settings)),
        Check("permissions", partial(access.look_at_permissions, settings)),
        Check("clock", partial(machine.look_at_clock, settings, now)),
        Check("power and heat", machine.look_at_power),
        Check("network", partial(remote.look_at_network, settings)),
        Check("store", partial(remote.look_at_store, settings, now), 40),
        Check("database", partial(remote.look_at_database, settings, now), 40),
        Check("other machines", partial(remote.look_at_shared_jobs, settings), 40),
        Check("bookings file", partial(access.look_at_bookings_file, settings)),
        Check("branding", partial(access.look_at_branding, settings)),
        Check("fonts", machine.look_at_fonts),
    )


def checks_without(error: SettingsError) -> tuple[Check, ...]:
    """What can be looked at with settings that do not hold."""

    def tell() -> Found:
        raise Failed(str(error), "mend them, and run this again for all that needs them")

    return (
        Check("settings", tell),
        Check("power and heat", machine.look_at_power),
        Check("fonts", machine.look_at_fonts),
    )


def examine(given: Sequence[Check], on_verdict: Callable[[Verdict], None]) -> DoctorReport:
    """Run the checks; `on_verdict` is told each as it comes."""
    verdicts: list[Verdict] = []
    for verdict in run_checks(given):
        verdicts.append(verdict)
        on_verdict(verdict)
    failed = sum(verdict.level is Level.FAILED for verdict in verdicts)
    warnings = sum(verdict.level is Level.WARNING for verdict in verdicts)
    return DoctorReport(ok=not failed, failed=failed, warnings=warnings, checks=tuple(verdicts))
