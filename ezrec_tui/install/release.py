"""Releases: each a folder with one version of the program, whole and tried, beside the others. A link says which one
runs; to put it back is to go back."""

import json
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from ezrec_tui.install.machine import CommandFailed, Machine, Refused
from ezrec_tui.install.source import Source

PROGRAM = Path("/opt/ezrec")
RELEASES = PROGRAM / "releases"
CURRENT = PROGRAM / "venv"
"""The link to the release that runs; the units run what lies there."""
TRIED = "tried"
"""A release has a file of this name when it is whole and its smoke test was passed."""

DATA = Path("/var/lib/ezrec")
SOCKET = Path("/run/ezrec/engine.sock")
BEFORE = DATA / "before-upgrade"
"""The databases as they were, until the new release runs: an older program does not read those of a newer one."""
ENGINE, KIOSK = UNITS = ("ezrec-engine.service", "ezrec-kiosk.service")
LOGIN = "getty@tty1.service"
"""What has tty1 where no screen is."""
ENGINE_USER = "ezrec"
PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-input")
UNDER_WAY = ("starting", "recording", "finishing")
"""States of a recording that a stop of the engine would cost seconds."""


def current(machine: Machine) -> Path | None:
    """The release that runs."""
    return machine.link(CURRENT)


def is_tried(machine: Machine, release: Path) -> bool:
    return machine.exists(release / TRIED)


@contextmanager
def constraints(numpy: str) -> Generator[Path]:
    """A file that tells pip which version of each package was tested with this program.

    `numpy` is the version of the system's own, which Picamera2 was built for, and stays. Debian 12's is a 1: Picamera2
    would not load beside a newer one, nor would the tested OpenCV beside that.
    """
    tested = resources.files("ezrec_tui.install").joinpath("tested.txt").read_text().splitlines()
    if numpy.startswith("1."):
        tested = ["numpy<2", *(line for line in tested if not line.startswith("opencv-python-headless=="))]
    with TemporaryDirectory(prefix="ezrec-versions-") as folder:
        file = Path(folder) / "tested.txt"
        file.write_text("\n".join(tested) + "\n")
        yield file


@dataclass(frozen=True, slots=True)
class Built:
    """The source as a release, whole and tried. What fails is not left behind."""

    source: Source
    release: Path
    python: str
    """The system's own, whose packages (Picamera2) the release sees."""
    even_now: bool
    """While a recording is under way too, which needs the processor itself."""

    def __str__(self) -> str:
        return f"build EZREC {self.source.version} in {self.release} and try it (takes minutes)"

    def is_done(self, machine: Machine) -> bool:
        return is_tried(machine, self.release)

    def do(self, machine: Machine) -> None:
        if not self.even_now:
            refuse_while_recording(machine)
        here = machine.path(self.release)
        shutil.rmtree(here, ignore_errors=True)
        try:
            machine.run(self.python, "-m", "venv", "--system-site-packages", here)
            with self.source.handed_over() as source, constraints(self._numpy(machine)) as versions:
                machine.run(here / "bin" / "pip", "install", *PIP_OPTIONS, "--constraint", versions, source)
            self._try(machine, here)
            os.sync()
            machine.write(self.release / TRIED, b"", 0o644)
        except BaseException:
            shutil.rmtree(here, ignore_errors=True)
            raise

    def _numpy(self, machine: Machine) -> str:
        """Version of the system's; empty where there is none."""
        with suppress(CommandFailed):
            return machine.run(self.python, "-c", "import numpy; print(numpy.__version__)").strip()
        return ""

    def _try(self, machine: Machine, here: Path) -> None:
        try:
            machine.run(here / "bin" / "ezrec", "smoke-test", user=ENGINE_USER, environment={"HOME": "/nonexistent"})
        except CommandFailed as error:
            raise Refused(
                f"EZREC {self.source.version} failed its smoke test and was not put in place; what ran before runs on."
                f"\n{error}"
            ) from error


@dataclass(frozen=True, slots=True)
class Running:
    """The release is the one that runs; if it does not start, the one before is, with its databases."""

    release: Path
    even_now: bool
    """While a recording is under way too."""

    def __str__(self) -> str:
        return f"run {self.release.name} ({', '.join(UNITS)})"

    def is_done(self, machine: Machine) -> bool:
        if current(machine) != self.release:
            return False
        return not machine.has_systemd or (_is(machine, ENGINE, "active") and _has_its_screen(machine))

    def do(self, machine: Machine) -> None:
        before = current(machine)
        if not machine.has_systemd:
            machine.put_link(CURRENT, self.release)
            return
        if not self.even_now:
            refuse_while_recording(machine)
        stop(machine)
        if before is None or before == self.release:
            machine.put_link(CURRENT, self.release)
            start(machine)
        else:
            self._run_instead_of(before, machine)

    def _run_instead_of(self, before: Path, machine: Machine) -> None:
        keep_databases(machine)
        machine.put_link(CURRENT, self.release)
        try:
            start(machine)
        except CommandFailed as error:
            stop(machine)
            bring_back_databases(machine)
            machine.put_link(CURRENT, before)
            machine.remove(self.release)
            start(machine)
            raise Refused(f"{self.release.name} did not start; {before.name} runs again.\n{error}") from error
        machine.remove(BEFORE)


def _is(machine: Machine, unit: str, state: str) -> bool:
    return machine.run("systemctl", "show", "-P", "ActiveState", unit).strip() == state


def _has_its_screen(machine: Machine) -> bool:
    """It runs, or it cannot here: there is no console."""
    can = machine.run("systemctl", "show", "-P", "ConditionResult", KIOSK).strip() == "yes"
    return _is(machine, KIOSK, "active" if can else "inactive")


def start(machine: Machine) -> None:
    """Start both units and wait until they say that they are ready. Raises CommandFailed."""
    machine.run("systemctl", "daemon-reload")
    for unit in UNITS:
        try:
            machine.run("systemctl", "start", unit)
        except CommandFailed as error:
            said = machine.run("journalctl", "--no-pager", "-o", "cat", "-n", "15", "-u", unit)
            raise CommandFailed(f"{error}\n{said.rstrip()}") from error


def stop(machine: Machine) -> None:
    """Stop both units, the screen first; recordings end in order. Raises CommandFailed."""
    for unit in reversed(UNITS):
        if machine.succeeds("systemctl", "cat", unit):
            machine.run("systemctl", "stop", unit)


def refuse_while_recording(machine: Machine) -> None:
    """Raises Refused while a recording is under way: to stop the engine costs seconds of it."""
    release = current(machine)
    if release is None or not machine.has_systemd or not machine.succeeds("systemctl", "is-active", ENGINE):
        return
    seen = machine.run(
        machine.path(release) / "bin" / "ezrec", "status", "--json", environment={"EZREC_SOCKET": str(SOCKET)}
    )
    under_way = [one["label"] for one in json.loads(seen)["recordings"] if one["state"] in UNDER_WAY]
    if under_way:
        raise Refused(
            f"a recording is under way ({', '.join(under_way)}):"
            " wait for its end, or add --now, which costs seconds of it"
        )


def keep_databases(machine: Machine) -> None:
    """A copy of the databases of an engine that is stopped. Raises OSError."""
    machine.remove(BEFORE)
    kept = machine.path(BEFORE)
    kept.mkdir(mode=0o700, parents=True)
    for file in machine.path(DATA).glob("*.db*"):
        shutil.copy2(file, kept)
    os.sync()


def bring_back_databases(machine: Machine) -> None:
    """The databases as they were; those of an engine that is stopped. Raises OSError."""
    data, kept = machine.path(DATA), machine.path(BEFORE)
    owner = data.stat()
    for file in data.glob("*.db*"):
        file.unlink()
    for file in kept.iterdir():
        shutil.copy2(file, data)
        os.chown(data / file.name, owner.st_uid, owner.st_gid)
    os.sync()
    machine.remove(BEFORE)


@dataclass(frozen=True, slots=True)
class OthersGone:
    """Of other releases only the one before is kept."""

    release: Path

    def __str__(self) -> str:
        return "remove older releases"

    def is_done(self, machine: Machine) -> bool:
        return not self._older(machine)

    def do(self, machine: Machine) -> None:
        for one in self._older(machine):
            machine.remove(one)

    def _older(self, machine: Machine) -> list[Path]:
        folder = machine.path(RELEASES)
        others = [RELEASES / one.name for one in folder.glob("*") if one.name != self.release.name]
        tried = sorted((one for one in others if is_tried(machine, one)), key=lambda one: _age(machine, one))
        return [one for one in others if one not in tried[-1:]]


def _age(machine: Machine, release: Path) -> float:
    return machine.path(release / TRIED).stat().st_mtime


@dataclass(frozen=True, slots=True)
class Stopped:
    """Engine and screen are stopped, for good."""

    even_now: bool

    def __str__(self) -> str:
        return f"stop {', '.join(UNITS)}"

    def is_done(self, machine: Machine) -> bool:
        return not machine.has_systemd or not any(machine.succeeds("systemctl", "is-active", unit) for unit in UNITS)

    def do(self, machine: Machine) -> None:
        if not self.even_now:
            refuse_while_recording(machine)
        stop(machine)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """systemd knows the units no more, and tty1 has its login again."""

    def __str__(self) -> str:
        return "give tty1 its login back"

    def is_done(self, machine: Machine) -> bool:
        if not machine.has_systemd:
            return True
        return all(_load_state(machine, unit) == "not-found" for unit in UNITS) and (
            _load_state(machine, LOGIN) != "masked"
        )

    def do(self, machine: Machine) -> None:
        machine.run("systemctl", "daemon-reload")
        if Path("/dev/tty1").exists():
            machine.run("systemctl", "start", LOGIN)


def _load_state(machine: Machine, unit: str) -> str:
    return machine.run("systemctl", "show", "-P", "LoadState", unit).strip()
