"""The machine that is installed on: its files, its commands, its systemd."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.files import fsync_folder, write_atomic

KEPT_LINES = 15
"""Of what a command said that failed."""


class Refused(Exception):
    """It cannot be done; the text says why and what to do. What was done so far stays, and is not done again."""


class CommandFailed(Refused):
    """A command of this machine did not do what it should."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything below `root`; nothing outside of it is touched, and what does not run is not started."""

    root: Path = Path("/")

    @property
    def is_whole(self) -> bool:
        """This machine, or the tree that we are in; not a folder of it."""
        return self.root == Path("/")

    @property
    def has_systemd(self) -> bool:
        """Whether services can be started: a systemd runs here. It does not while an image is made."""
        return self.is_whole and Path("/run/systemd/system").is_dir()

    @property
    def is_root(self) -> bool:
        return os.geteuid() == 0

    def path(self, path: Path) -> Path:
        """Where an absolute path of the machine lies."""
        return self.root / path.relative_to("/")

    def read(self, path: Path) -> bytes | None:
        """A file's bytes; None when there is none. Raises OSError."""
        try:
            return self.path(path).read_bytes()
        except FileNotFoundError:
            return None

    def link(self, path: Path) -> Path | None:
        """Where a link leads; None when it is none."""
        here = self.path(path)
        return here.readlink() if here.is_symlink() else None

    def exists(self, path: Path) -> bool:
        """A file, a folder, or a link wherever it leads."""
        return os.path.lexists(self.path(path))

    def write(self, path: Path, data: bytes, mode: int) -> None:
        """A whole file or none, with folders above it. Raises OSError."""
        here = self.path(path)
        write_atomic(here, data)
        here.chmod(mode)

    def put_link(self, path: Path, to: Path) -> None:
        """A link in place of what was there, at once. Raises OSError, for a folder that is in its place too."""
        here = self.path(path)
        here.parent.mkdir(parents=True, exist_ok=True)
        partial = here.with_name(f".{here.name}.new")
        partial.unlink(missing_ok=True)
        partial.symlink_to(to)
        partial.replace(here)
        fsync_folder(here.parent)

    def remove(self, path: Path) -> None:
        """A file, a link (not what it leads to), or a folder with all in it. Raises OSError."""
        here = self.path(path)
        if here.is_dir() and not here.is_symlink():
            shutil.rmtree(here)
        else:
            here.unlink(missing_ok=True)
        fsync_folder(here.parent)

    def run(self, *command: str | Path, environment: Mapping[str, str] | None = None, user: str | None = None) -> str:
        """What a command prints. `user`: who runs it, where we are root. Raises CommandFailed."""
        # The wheel or clone that the installer runs from is nothing to the programs that it starts.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        who = user if self.is_root and self.is_whole else None
        try:
            done = subprocess.run(
                command,
                env=ours | dict(environment or {}),
                cwd="/",
                user=who,
                group=who,
                extra_groups=None if who is None else [],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
            )
        except OSError as error:
            raise CommandFailed(f"{command[0]}: {error.strerror}") from error
        if done.returncode:
            raise CommandFailed(
                f"{_words(command)}: status {done.returncode}\n{_last_lines(done.stdout + done.stderr)}"
            )
        return done.stdout

    def succeeds(self, *command: str | Path) -> bool:
        try:
            self.run(*command)
        except CommandFailed:
            return False
        return True


def _words(command: Sequence[str | Path]) -> str:
    return " ".join(map(str, command))


def _last_lines(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-KEPT_LINES:])
