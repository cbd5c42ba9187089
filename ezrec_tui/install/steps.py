"""The things that make a machine one of ours. Each knows what it is, whether it is so, and how to make it so."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ezrec_tui.install.machine import Machine, Refused


class Step(Protocol):
    """One thing; to make it so again changes nothing."""

    def __str__(self) -> str:
        """What is done, for people: `write /etc/...`."""
        ...

    def is_done(self, machine: Machine) -> bool: ...

    def do(self, machine: Machine) -> None:
        """Make it so. Raises Refused and OSError."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """A file with this content and mode, and how a running machine learns of it."""

    path: Path
    content: bytes
    mode: int = 0o644
    then: Sequence[str] = ()

    def __str__(self) -> str:
        return f"write {self.path}"

    def is_done(self, machine: Machine) -> bool:
        return machine.read(self.path) == self.content and _mode(machine, self.path) == self.mode

    def do(self, machine: Machine) -> None:
        machine.write(self.path, self.content, self.mode)
        if self.then and machine.has_systemd:
            machine.run(*self.then)


@dataclass(frozen=True, slots=True)
class FirstFile:
    """A file that is written where there is none, and then is the venue's own."""

    path: Path
    content: bytes
    mode: int

    def __str__(self) -> str:
        return f"write {self.path}, which is yours from then on"

    def is_done(self, machine: Machine) -> bool:
        return machine.exists(self.path)

    def do(self, machine: Machine) -> None:
        machine.write(self.path, self.content, self.mode)


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link; a file in its place gives way."""

    path: Path
    to: Path
    why: str

    def __str__(self) -> str:
        return f"{self.why}: {self.path}"

    def is_done(self, machine: Machine) -> bool:
        return machine.link(self.path) == self.to

    def do(self, machine: Machine) -> None:
        machine.put_link(self.path, self.to)


@dataclass(frozen=True, slots=True)
class Packages:
    """Debian packages that have to be there."""

    names: Sequence[str]

    def __str__(self) -> str:
        return f"install from Debian what is missing of: {' '.join(self.names)}"

    def is_done(self, machine: Machine) -> bool:
        return not self._missing(machine)

    def do(self, machine: Machine) -> None:
        missing = self._missing(machine)
        if not machine.is_whole:
            raise Refused(f"{machine.root} is a folder, not a machine: {' '.join(missing)} cannot be installed there")
        quietly = {"DEBIAN_FRONTEND": "noninteractive"}
        machine.run("apt-get", "-qq", "update", environment=quietly)
        machine.run("apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing, environment=quietly)

    def _missing(self, machine: Machine) -> list[str]:
        there = installed_packages((machine.read(Path("/var/lib/dpkg/status")) or b"").decode(errors="replace"))
        return [name for name in self.names if name not in there]


def installed_packages(status: str) -> set[str]:
    """The names in dpkg's list of what is installed."""
    installed = set[str]()
    for paragraph in status.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] != " ")
        if fields.get("Status", "").endswith(" ok installed"):
            installed.add(fields["Package"])
    return installed


@dataclass(frozen=True, slots=True)
class Users:
    """The users and groups that a file for systemd-sysusers names."""

    file: Path
    memberships: Sequence[tuple[str, str]]
    """(user, group): each user is there, and in that group besides his own."""

    def __str__(self) -> str:
        return "make the users " + ", ".join(f"{user} (in the group {group})" for user, group in self.memberships)

    def is_done(self, machine: Machine) -> bool:
        users = {line[0] for line in _rows(machine, "passwd")}
        members = {(user, line[0]) for line in _rows(machine, "group") for user in line[-1].split(",")}
        return all(user in users and (user, group) in members for user, group in self.memberships)

    def do(self, machine: Machine) -> None:
        machine.run("systemd-sysusers", f"--root={machine.root}", machine.path(self.file))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this mode. Where we are root it is its owner's."""

    path: Path
    mode: int
    owner: str

    def __str__(self) -> str:
        return f"make the folder {self.path}, {self.owner}'s own"

    def is_done(self, machine: Machine) -> bool:
        if _mode(machine, self.path) != self.mode:
            return False
        return not machine.is_root or machine.path(self.path).stat().st_uid == self._ids(machine)[0]

    def do(self, machine: Machine) -> None:
        here = machine.path(self.path)
        here.mkdir(parents=True, exist_ok=True)
        here.chmod(self.mode)
        if machine.is_root:
            os.chown(here, *self._ids(machine))

    def _ids(self, machine: Machine) -> tuple[int, int]:
        ids = {line[0]: (int(line[2]), int(line[3])) for line in _rows(machine, "passwd")}
        return ids.get(self.owner, (0, 0))


@dataclass(frozen=True, slots=True)
class Gone:
    """What is not there any more."""

    path: Path

    def __str__(self) -> str:
        return f"remove {self.path}"

    def is_done(self, machine: Machine) -> bool:
        return not machine.exists(self.path)

    def do(self, machine: Machine) -> None:
        machine.remove(self.path)


def _rows(machine: Machine, name: str) -> list[list[str]]:
    lines = (machine.read(Path("/etc") / name) or b"").decode(errors="replace").splitlines()
    return [line.split(":") for line in lines if line.count(":") >= 3]


def _mode(machine: Machine, path: Path) -> int | None:
    here = machine.path(path)
    return stat.S_IMODE(here.stat().st_mode) if here.exists() else None
