"""Decodes a file wholly, and counts what cannot be.

`python -m ezrec_tui.check.decode --parent PID FILE...` does so for a parent that must not: a line of JSON for each.
"""

import argparse
import signal
from collections.abc import Callable
from pathlib import Path

import av
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from ezrec_tui.check.findings import Decoded
from ezrec_tui.child import end_with_parent
from ezrec_tui.niceness import GENTLEST, be_gentle


def decode(path: Path, on_bytes: Callable[[int], None]) -> Decoded:
    """Decode every frame. `on_bytes` is told how much was read, a packet at a time. Raises OSError."""
    frames = errors = 0
    times: list[float] = []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            stream.codec_context.options = {"err_detect": "explode"}
            for packet in container.demux(stream):
                on_bytes(packet.size)
                whole, damaged = _pictures(stream, packet, times)
                frames, errors = frames + whole, errors + damaged + packet.is_corrupt
            rate = float(stream.average_rate or stream.guessed_rate or 0)
    except (FFmpegError, IndexError):
        return Decoded(frames=frames, errors=errors + 1, seconds=0.0)
    seconds = max(times) - min(times) + (1 / rate if rate else 0) if times else 0.0
    return Decoded(frames=frames, errors=errors, seconds=seconds)


def _pictures(stream: VideoStream, packet: "Packet[VideoStream]", times: list[float]) -> tuple[int, int]:
    """Whole pictures and failures of one packet."""
    try:
        pictures = stream.decode(packet)
    except FFmpegError:
        return 0, 1
    damaged = sum(picture.is_corrupt for picture in pictures)
    times += [picture.time for picture in pictures]
    return len(pictures) - damaged, damaged


def main() -> None:
    parser = argparse.ArgumentParser(prog="ezrec-decode", description="Decode files, and tell what came of each.")
    parser.add_argument("--parent", type=int, required=True, help="process id of whom it ends with")
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args()
    end_with_parent(given.parent, signal.SIGKILL)  # one that is held hears nothing else
    be_gentle(GENTLEST)
    for file in given.files:
        print(decode(file, lambda _bytes: None).model_dump_json(), flush=True)


if __name__ == "__main__":
    main()
