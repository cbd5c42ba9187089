"""`sudo python3 -m ezrec_tui.install` in a clone, or with PYTHONPATH=<a wheel>: makes this machine one of ours.

Nothing else of the program is needed, and nothing from outside of Python. `ezrec install` calls it.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from ezrec_tui.install import plan, release
from ezrec_tui.install.machine import Machine, Refused
from ezrec_tui.install.source import own_source
from ezrec_tui.install.steps import Step

MODEL = Path("/proc/device-tree/model")
"""What a board calls itself; not there on a PC."""


def main() -> None:
    given = _parse()
    machine = Machine(given.root.resolve())
    os.umask(0o022)
    try:
        if not given.dry_run and machine.is_whole and not machine.is_root:
            raise Refused("this changes the machine: run it with sudo, or with --dry-run to see what it would do")
        if given.uninstall:
            carry_out(plan.uninstall_plan(even_now=given.now), machine, dry=given.dry_run)
            _say(f"Kept: footage, videos and logs in {release.DATA}, settings in {plan.SETTINGS}, the users.")
        else:
            source = own_source()
            steps = plan.install_plan(
                source, _python(), ".".join(platform.python_version_tuple()[:2]), on_a_pi=_on_a_pi(), even_now=given.now
            )
            _say(f"EZREC {source.version} from {source.path}")
            carry_out(steps, machine, dry=given.dry_run)
            _say(f"Settings: {plan.SETTINGS}. Footage, videos and logs: {release.DATA}.")
    except (Refused, OSError) as error:
        sys.exit(f"ezrec: {error}")


def carry_out(steps: Sequence[Step], machine: Machine, *, dry: bool) -> None:
    """Do what is not done yet, and say it; with `dry` only say it. Raises Refused and OSError."""
    count = 0
    for step in steps:
        if step.is_done(machine):
            continue
        count += 1
        _say(f"would {step}" if dry else f"{step}")
        if not dry:
            step.do(machine)
    as_it_was = "" if count and not dry else "; nothing was changed"
    _say(f"{len(steps) - count} of {len(steps)} things were as they should be{as_it_was}.")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ezrec install", description="Make this machine one that runs EZREC.")
    parser.add_argument("--dry-run", action="store_true", help="say what there is to do, and change nothing")
    parser.add_argument("--now", action="store_true", help="while a recording is under way too; costs seconds of it")
    parser.add_argument("--uninstall", action="store_true", help="remove all of it but footage, videos and settings")
    parser.add_argument("--root", type=Path, default=Path("/"), help="install below this folder; nothing is started")
    return parser.parse_args()


def _python() -> str:
    """The interpreter of the system that runs us; not that of a venv, which can go away."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def _on_a_pi() -> bool:
    try:
        return "Raspberry Pi" in MODEL.read_text(errors="replace")
    except OSError:
        return False


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
