"""The engine's link to a recorder: a process that it has started, or that an engine before it has left recording.

Each recorder listens on a Unix socket of its own. The engine binds that socket and hands it to the process it starts,
as standard input; from then on the process alone holds it, from its first instruction to its very end. So whoever can
connect has found a living recorder, and whoever is refused knows that there is none: what a dead one left behind
deceives nobody. Two engines never do this at a time, as they hold the data folder's lock.
"""

import asyncio
import contextlib
import logging
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable, Collection, Generator
from pathlib import Path

from ezrec_tui.engine.supervisor import LINE_LIMIT, take_lines

FOLDER_MODE, SOCKET_MODE = 0o700, 0o600
WHO_SECONDS = 5.0
"""A process that was just started says so late that it listens itself."""
END_SECONDS = 5.0
"""Between SIGTERM, which a recorder obeys within two, and SIGKILL."""
LOOK_SECONDS = 0.02

log = logging.getLogger(__name__)


def recorder_socket(data: Path, camera: int) -> Path:
    """Where the recorder of a camera listens."""
    return data / "run" / f"recorder-{camera}"


def take_over(path: Path) -> "Link | None":
    """The living recorder that listens there; None if there is none. Raises OSError."""
    deadline = time.monotonic() + WHO_SECONDS
    while True:
        talk = socket.socket(socket.AF_UNIX)
        try:
            with short_address(path) as address:
                talk.connect(address)
            link = Link(talk, _peer(talk))
        except (FileNotFoundError, ConnectionRefusedError):
            talk.close()
            return None
        except ProcessLookupError:  # the kernel names the engine that bound the socket, until the recorder listens
            talk.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_SECONDS)
        except OSError:
            talk.close()
            raise
        else:
            log.info("taken over: pid %d, which listens on %s", link.pid, path)
            return link


def start_recorder(path: Path, command: list[str]) -> "Link":
    """Start a recorder that listens there, where none does. Raises OSError."""
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    talk = socket.socket(socket.AF_UNIX)
    try:
        with listening_at(path) as listening, short_address(path) as address:
            talk.connect(address)
            pid = os.posix_spawn(
                command[0],
                command,
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, listening.fileno(), 0), (os.POSIX_SPAWN_DUP2, 2, 1)],
                setsid=True,  # what ends a terminal or its job does not end a recording
            )
        log.info("started: pid %d, which listens on %s", pid, path)
        return Link(talk, pid, is_new=True)
    except OSError:
        talk.close()
        raise


@contextlib.contextmanager
def listening_at(path: Path) -> Generator[socket.socket]:
    """A socket to hand to a recorder; closed here at the end. The folder has to be there, and the path free."""
    with socket.socket(socket.AF_UNIX) as listening, short_address(path) as address:
        listening.bind(address)
        path.chmod(SOCKET_MODE)
        listening.listen()
        yield listening


def end_recorders(data: Path, but: Collection[int] = ()) -> None:
    """End the recorders that are there, `but` those of some cameras, in order; waits until they are gone.

    Raises OSError.
    """
    kept = {recorder_socket(data, camera) for camera in but}
    found = [link for path in (data / "run").glob("recorder-*") if path not in kept and (link := take_over(path))]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for link in found:
            link.send_signal(number)
        for link in [link for link in found if link.ends_within(END_SECONDS)]:
            link.close()
            found.remove(link)
    for link in found:
        log.error("pid %d cannot be killed: it hangs in the kernel", link.pid)
        link.close()


class Link:
    """A recorder: its socket, and the kernel's handle of its process, our child or not (see `supervisor.Process`)."""

    def __init__(self, talk: socket.socket, pid: int, *, is_new: bool = False) -> None:
        """Raises ProcessLookupError."""
        self.pid, self.is_new = pid, is_new
        self._handle = os.pidfd_open(pid)
        self._talk = talk
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._ended = asyncio.Event()
        self._status: int | None = None

    async def open(self) -> None:
        """Attach it to the running event loop. Once, and before the others."""
        asyncio.get_running_loop().add_reader(self._handle, self._note_end)
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._talk, limit=LINE_LIMIT)

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    def write(self, line: bytes) -> bool:
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(line)
        return True

    async def hear(self, on_line: Callable[[bytes], None]) -> None:
        if self._reader is not None:
            await take_lines(self._reader, on_line)

    async def wait(self) -> int | None:
        await self._ended.wait()
        return self._status

    def ask_to_end(self) -> None:
        self.send_signal(signal.SIGTERM)  # a closed socket would only tell it that it is alone

    def send_signal(self, number: signal.Signals) -> None:
        if not self.has_ended:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end, without an event loop."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def close(self) -> None:
        """Let go of it, without an event loop."""
        self._talk.close()
        os.close(self._handle)

    def _note_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        with contextlib.suppress(ChildProcessError):  # another's child: its status is not ours to know
            result = os.waitid(os.P_PIDFD, self._handle, os.WEXITED | os.WNOHANG)
            if result is not None:
                self._status = result.si_status if result.si_code == os.CLD_EXITED else -result.si_status
        os.close(self._handle)
        self._ended.set()
        if self._writer is not None:
            self._writer.close()


def _peer(talk: socket.socket) -> int:
    """The process that listens. Raises ProcessLookupError where that is an engine's, gone or ours."""
    pid, _, _ = struct.unpack("3i", talk.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if pid in (0, os.getpid()):
        raise ProcessLookupError(f"process {pid} is no recorder")
    return pid


@contextlib.contextmanager
def short_address(path: Path) -> Generator[str]:
    """A name of a socket that the kernel takes, however long its folder's is."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
