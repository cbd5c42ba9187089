"""How a file is cut into parts, and what a store that has them must say of it. Pure but for reading the file."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ezrec_tui.delivery.store import unreadable

MIB = 1 << 20
SMALLEST_PART = 8 * MIB
MOST_PARTS = 10_000
READ = MIB


def part_size(size: int) -> int:
    """Bytes of every part but the last, in whole MiB: 8, or as many as it takes to stay within 10,000 parts."""
    needed = -(-size // MOST_PARTS)
    return max(SMALLEST_PART, -(-needed // MIB) * MIB)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the file, and its digests."""

    number: int
    """From 1."""
    offset: int
    size: int
    md5: bytes
    sha256: bytes

    @property
    def content_md5(self) -> str:
        return base64.b64encode(self.md5).decode()

    @property
    def checksum_sha256(self) -> str:
        return base64.b64encode(self.sha256).decode()

    def is_what(self, size: int, etag: str, sha256: str | None) -> bool:
        """Whether a store that says this of a part holds these bytes.

        SHA-256 decides where the store names it: with encryption by a managed key an ETag is no MD5.
        """
        if size != self.size:
            return False
        return sha256 == self.checksum_sha256 if sha256 else etag.strip('"') == self.md5.hex()


@dataclass(frozen=True, slots=True)
class Remote:
    """What a store says of an object."""

    size: int
    etag: str
    sha256: str | None
    """Base64; with `-N` behind it when it is that of the parts' digests."""
    mark: str | None = None
    """Of which recording it says that it is."""

    def is_whole(self, size: int, parts: Sequence[Part], multipart: bool) -> bool:
        """Whether the object holds the bytes of these parts, put together in one way or the other."""
        if self.size != size:
            return False
        if self.sha256:
            return self.sha256 == (composite_sha256(parts) if multipart else parts[0].checksum_sha256)
        return self.etag.strip('"') == (composite_etag(parts) if multipart else parts[0].md5.hex())


def composite_etag(parts: Sequence[Part]) -> str:
    """ETag of an object put together from parts: MD5 of their MD5s, and how many."""
    whole = hashlib.md5(b"".join(part.md5 for part in parts), usedforsecurity=False)
    return f"{whole.hexdigest()}-{len(parts)}"


def composite_sha256(parts: Sequence[Part]) -> str:
    """Checksum of an object put together from parts: SHA-256 of their SHA-256s in base64, and how many."""
    whole = hashlib.sha256(b"".join(part.sha256 for part in parts))
    return f"{base64.b64encode(whole.digest()).decode()}-{len(parts)}"


class PartReader:
    """Reads a file once, from the front, and gives its parts with their digests and the SHA-256 of the whole."""

    def __init__(self, path: Path, file: BinaryIO, size: int, part_size: int, check: Callable[[], None]) -> None:
        """`file` is `path`, open at its front; `check` is called for every MiB, and may raise."""
        self._path = path
        self._file = file
        self._part_size = part_size
        self._check = check
        self._whole = hashlib.sha256()
        self._left = size
        self.parts: list[Part] = []
        self.count = max(1, -(-size // part_size))
        """How many there will be; an empty file has one."""

    def read_to(self, number: int) -> Part:
        """The part of this number; what lies before it is read too. Raises Refused when the file cannot be read."""
        while len(self.parts) < number:
            self._read_next()
        return self.parts[number - 1]

    def read_all(self) -> list[Part]:
        self.read_to(self.count)
        return self.parts

    @property
    def sha256(self) -> str:
        """Of all that was read, in hex."""
        return self._whole.hexdigest()

    def _read_next(self) -> None:
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        offset = len(self.parts) * self._part_size
        left = size = min(self._part_size, self._left)
        while left:
            self._check()
            chunk = self._read(min(READ, left))
            left -= len(chunk)
            md5.update(chunk)
            sha256.update(chunk)
            self._whole.update(chunk)
        self._left -= size
        self.parts.append(Part(len(self.parts) + 1, offset, size, md5.digest(), sha256.digest()))

    def _read(self, size: int) -> bytes:
        try:
            if chunk := self._file.read(size):
                return chunk
            raise EOFError
        except (OSError, EOFError) as error:
            raise unreadable(self._path, error) from error
