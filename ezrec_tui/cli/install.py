"""`ezrec install` and `ezrec uninstall`: the installer of what is given, or of the program that runs."""

import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from ezrec_tui.cli.common import Failure

OWN = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
"""Not that of a venv: an installed program sees the system's packages, Picamera2 for one."""

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what there is to do, and change nothing.")]
Now = Annotated[bool, typer.Option("--now", help="While a recording is under way too; costs seconds of it.")]
Root = Annotated[Path, typer.Option("--root", help="Below this folder; nothing is started.", hidden=True)]


def install(
    source: Annotated[
        Path | None, typer.Argument(help="A clone's folder or a wheel; default: what runs.", show_default=False)
    ] = None,
    dry_run: DryRun = False,
    now: Now = False,
    root: Root = Path("/"),
) -> None:
    """Install or upgrade EZREC on this machine (sudo): users, folders, units, settings, the program. A second time it
    changes nothing. What fails its smoke test, or does not start, is not kept, and what ran before runs on."""
    chosen = (source or OWN).resolve()
    if not chosen.exists():
        raise Failure(f"there is nothing to install ({chosen}): name a clone's folder or a wheel")
    _run_installer(chosen, dry_run, now, root)


def uninstall(dry_run: DryRun = False, now: Now = False, root: Root = Path("/")) -> None:
    """Remove EZREC from this machine (sudo); footage, videos and settings stay."""
    _run_installer(OWN, dry_run, now, root, "--uninstall")


def _run_installer(source: Path, dry_run: bool, now: bool, root: Path, *options: str) -> None:
    chosen = [*(["--dry-run"] if dry_run else []), *(["--now"] if now else []), "--root", str(root)]
    environment = os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([SYSTEM_PYTHON, "-P", "-m", "ezrec_tui.install", *chosen, *options], env=environment)
    if done.returncode:
        raise typer.Exit(1)
