"""One segment: an MPEG-TS file of ours, written a whole frame at a time."""

import contextlib
import os
from fractions import Fraction
from pathlib import Path
from typing import Self

import av

from ezrec_tui.cameras.camera import CameraSpec, Packet
from ezrec_tui.files import fsync_folder
from ezrec_tui.model import Segment
from ezrec_tui.recording_files import PTS_HZ, pts_of, segment_name

_TIME_BASE = Fraction(1, PTS_HZ)
_OPTIONS = {"flush_packets": "1", "mpegts_copyts": "1"}


class SegmentFile:
    """An open segment.

    The muxer fills a buffer and the buffer goes to the file in one write per frame: a kill cannot tear a frame, and
    what the disk answers (ENOSPC, EIO) is an OSError here and nothing inside the muxer.
    """

    def __init__(self, path: Path, fd: int, spec: CameraSpec, held: Segment) -> None:
        """Made by `create` or `reopen`. `held`: what is in it."""
        self.camera = held.camera
        self.first_ns, self.last_ns = held.first_ns, held.last_ns
        self.frames, self.bytes = held.frames, held.bytes
        self._path, self._fd = path, fd
        self._buffer = _Buffer()
        options = _OPTIONS | ({"mpegts_flags": "initial_discontinuity"} if held.frames else {})
        self._muxer = av.open(self._buffer, "w", format="mpegts", options=options)
        self._stream = self._muxer.add_mux_stream("h264", rate=spec.fps, width=spec.width, height=spec.height)
        self._stream.time_base = _TIME_BASE

    @classmethod
    def create(cls, folder: Path, spec: CameraSpec, first_ns: int) -> Self:
        """Make the file, and its name durable. Never takes a name that is taken. Raises OSError."""
        if first_ns < 0:
            raise ValueError(f"a frame {-first_ns} ns before the recording's epoch has no PTS")
        folder.mkdir(parents=True, exist_ok=True)
        path, fd = _create(folder, spec.index, first_ns)
        try:
            fsync_folder(folder)
        except OSError:
            os.close(fd)
            path.unlink()
            raise
        nothing = Segment(camera=spec.index, name=path.name, first_ns=first_ns, last_ns=first_ns, frames=0, bytes=0)
        return cls(path, fd, spec, nothing)

    @classmethod
    def reopen(cls, folder: Path, spec: CameraSpec, closed: Segment) -> Self:
        """Go on in a closed segment with the frame after its last one. Raises OSError."""
        path = folder / closed.name
        return cls(path, os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC), spec, closed)

    @property
    def name(self) -> str:
        return self._path.name

    def write(self, packet: Packet, pts_ns: int) -> None:
        """Write a frame, all of it or, after an OSError, nothing."""
        muxed = av.Packet(packet.data)
        muxed.stream = self._stream
        muxed.time_base = _TIME_BASE
        muxed.pts = muxed.dts = pts_of(pts_ns)
        muxed.is_keyframe = packet.keyframe
        self._muxer.mux(muxed)
        data = self._buffer.take()
        try:
            _write_all(self._fd, data)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self.bytes)
            raise
        self.bytes += len(data)
        self.frames += 1
        self.last_ns = pts_ns

    def sync(self) -> None:
        """What is written survives a power cut. Raises OSError."""
        os.fsync(self._fd)

    def close(self) -> Segment | None:
        """Make it final: on the disk and closed. None, and no file, without a frame. Raises OSError, closed anyhow."""
        self._muxer.close()
        try:
            if self.frames == 0:
                self._path.unlink()
                return None
            os.fsync(self._fd)
        finally:
            os.close(self._fd)
        return Segment(
            camera=self.camera,
            name=self.name,
            first_ns=self.first_ns,
            last_ns=self.last_ns,
            frames=self.frames,
            bytes=self.bytes,
        )


class _Buffer:
    """Where the muxer writes."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: bytes) -> int:
        self._data += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self._data)
        self._data.clear()
        return data


def _create(folder: Path, camera: int, first_ns: int) -> tuple[Path, int]:
    again = 1
    while True:
        path = folder / segment_name(camera, first_ns, again)
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            again += 1


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
