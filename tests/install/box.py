"""A Debian tree with a real systemd of its own, at this machine's speed: `box.sh` in an overlay that
takes all changes."""

import os
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("box.sh")
PATIENCE = 120.0
LOOK_SECONDS = 0.1


class BoxError(Exception):
    """A command in the box failed; the text says what it printed."""


@dataclass(frozen=True)
class Box:
    init: int
    """Its systemd, as this machine numbers it."""

    def run(self, command: str) -> str:
        """What a shell command prints there. Raises BoxError when its status is not 0."""
        done = self._do(command)
        if done.returncode:
            raise BoxError(f"{command}: status {done.returncode}\n{done.stdout}")
        return done.stdout

    def fails(self, command: str) -> str:
        """What a command prints that has to fail."""
        done = self._do(command)
        if not done.returncode:
            raise BoxError(f"{command}: it did not fail\n{done.stdout}")
        return done.stdout

    def holds(self, command: str) -> bool:
        return self._do(command).returncode == 0

    def wait(self, command: str, patience: float = PATIENCE) -> None:
        """Until a command's status is 0."""
        wait(lambda: self.holds(command), command, patience)

    def _do(self, command: str) -> subprocess.CompletedProcess[str]:
        inside = [
            "nsenter",
            f"--target={self.init}",
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--cgroup",
            "--time",
        ]
        clean = ["env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
        return subprocess.run(
            [*inside, *clean, "sh", "-c", f"cd /root; {command}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip


def wait(come: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not come():
        if time.monotonic() > deadline:
            raise BoxError(f"it did not come: {what}")
        time.sleep(LOOK_SECONDS)


@contextmanager
def overlaid(tree: Path, changes: Path) -> Generator[Path]:
    """The tree for a `with`, with what lies in `changes / "files"` over it, where all that is changed is written to."""
    files, work, root = (changes / name for name in ("files", "work", "root"))
    for folder in (files, work, root):
        folder.mkdir(parents=True, exist_ok=True)
    over = f"lowerdir={tree},upperdir={files},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", over, root], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", root], check=True)


@contextmanager
def box(root: Path) -> Generator[Box]:
    """The machine whose files are these, up for a `with`."""
    group = _cgroups() / f"ezrec-box-{os.getpid()}"
    group.mkdir()
    process = subprocess.Popen(["sh", SCRIPT, root, group], stdin=subprocess.DEVNULL)
    try:
        wait(lambda: bool(_children(process.pid)), "the namespaces")
        one = Box(int(_children(process.pid)[0]))
        one.wait("systemctl is-system-running | grep -qE '^(running|degraded)$'")
        yield one
    finally:
        process.kill()
        process.wait()
        wait(lambda: _emptied(group), "the end of its processes")


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _cgroups() -> Path:
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    return next(Path(where) for _, where, kind, *_ in mounts if kind == "cgroup2")


def _emptied(group: Path) -> bool:
    """Remove a cgroup and all in it, if no process is in them any more."""
    below = sorted((one for one in group.rglob("*") if one.is_dir()), reverse=True)
    try:
        for one in (*below, group):
            one.rmdir()
    except OSError:
        return False
    return True
