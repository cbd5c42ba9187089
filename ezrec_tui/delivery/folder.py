"""A local folder as the store: the built-in default. A hard link where the file system allows one, else a copy."""

import contextlib
import errno
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ezrec_tui.delivery.keys import beside
from ezrec_tui.delivery.store import AlreadyThere, Meter, Proof, Refused, Shut, Stopped, Stored, Unreachable, unreadable
from ezrec_tui.files import fsync_folder
from ezrec_tui.model import Progress

CHUNK = 1 << 20
MARK = "user.ezrec.recording"
"""The file's attribute in which the mark of its recording stands."""
NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}
"""What a file system says that cannot link these two."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
GONE = {errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.EHOSTDOWN, errno.ETIMEDOUT, errno.ENOTCONN}
"""What a disk or network share says that went away."""

log = logging.getLogger(__name__)


class FolderStore:
    """Videos below `root`, at `root/key`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        return f"folder {self._root}"

    def put(
        self,
        path: Path,
        key: str,
        *,
        sha256: str | None = None,
        recording: str | None = None,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> Stored:
        """See `Store.put`. A link moves no byte; a copy is read back before it gets its name."""
        target = self._path_of(key)
        size = _size_of(path)
        meter = Meter(size, on_progress)
        try:
            moved = 0
            if target.exists() and not _same(path, target, should_stop):
                if not recording:
                    raise _other_there(target)
                if _mark_of(target) == recording:
                    log.warning("%s: an earlier video of the same recording is replaced", target)
                    target.unlink()
                else:
                    key = beside(key, _sha256_of(path, should_stop))
                    log.warning("another video lies at %s: %s is delivered as %s", target, path.name, key)
                    target = self._path_of(key)
            if not target.exists():
                self._make_folders(target.parent)
                if not _link(path, target):
                    sha256 = self._copy(path, target, size, sha256, meter, should_stop)
                    moved = size
                _mark(target, recording)
            elif not _same(path, target, should_stop):
                raise _other_there(target)
        except OSError as error:
            raise self._explain(error, size) from error
        meter.at(size, moved, last=True)
        return Stored(key, target.resolve().as_uri(), size, sha256, moved)

    def tidy(self) -> int:
        """See `Store.tidy`: a copy that was given up is overwritten by the next one."""
        return 0

    def look(self, key: str) -> None:
        """See `Store.look`: writes nothing, as it is asked again and again."""
        folder = self._path_of(key).parent
        try:
            while not folder.exists() and folder != folder.parent:
                folder = folder.parent
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        except OSError as error:
            raise self._explain(error, 0) from error

    def probe(self, path: Path, key: str) -> None:
        """See `Store.probe`: whether a file can be made there, and how much room there is."""
        target, size = self._path_of(key), _size_of(path)
        try:
            self._make_folders(target.parent)
            with tempfile.TemporaryFile(dir=target.parent):
                free = shutil.disk_usage(target.parent).free
        except OSError as error:
            raise self._explain(error, size) from error
        if free < size and target.parent.stat().st_dev != path.stat().st_dev:
            raise self._full(size, free)

    def verify(self, path: Path, key: str) -> bool:
        """See `Store.verify`."""
        target = self._path_of(key)
        _size_of(path)
        try:
            return target.is_file() and _same(path, target, lambda: False)
        except OSError as error:
            raise self._explain(error, 0) from error

    def prove(self, path: Path, key: str) -> Proof | None:
        """See `Store.prove`. The delivered file is read, also where it is the local one under another name."""
        target = self._path_of(key)
        size = _size_of(path)
        try:
            if not target.is_file() or target.stat().st_size != size:
                return None
            found = _sha256_of(target, lambda: False)
            same = target.samefile(path) or _sha256_of(path, lambda: False) == found
        except OSError as error:
            raise self._explain(error, 0) from error
        return Proof(key, size, found, found) if same else None

    def holds(self, proof: Proof) -> bool:
        """See `Store.holds`. All of the delivered file is read."""
        target = self._path_of(proof.key)
        try:
            return target.stat().st_size == proof.size and _sha256_of(target, lambda: False) == proof.sha256
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._explain(error, proof.size) from error

    def _path_of(self, key: str) -> Path:
        parts = PurePosixPath(key).parts
        if not parts or key.startswith("/") or ".." in parts or "\0" in key:
            raise Refused(f"The key {key!r} leads out of the store folder {self._root}.", "Report this as a defect.")
        return self._root.joinpath(*parts)

    def _make_folders(self, folder: Path) -> None:
        """Make what is missing, each name durable before the next lies below it."""
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        fsync_folder(folder.parent)

    def _copy(
        self, path: Path, target: Path, size: int, sha256: str | None, meter: Meter, should_stop: Callable[[], bool]
    ) -> str:
        """Copy through a hidden partial that is read back from the disk before it is renamed. Gives the SHA-256."""
        free = shutil.disk_usage(target.parent).free
        if free < size:
            raise self._full(size, free)
        partial = target.with_name(f".{target.name}.partial")
        try:
            with path.open("rb") as source, partial.open("wb") as copy:
                digest = hashlib.sha256()
                done = 0
                while chunk := source.read(CHUNK):
                    if should_stop():
                        raise Stopped
                    digest.update(chunk)
                    copy.write(chunk)
                    done += len(chunk)
                    meter.at(done, done)
                copy.flush()
                os.fsync(copy.fileno())
                os.posix_fadvise(copy.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that the disk is read, not memory
            found = digest.hexdigest()
            if sha256 is not None and found != sha256:
                raise Refused(f"{path} is not the file that was rendered: its SHA-256 differs.", "Retry the render.")
            if _sha256_of(partial, should_stop) != found:
                raise Unreachable(f"The copy in {target.parent} is damaged.", "It is tried again; check that disk.")
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        fsync_folder(target.parent)
        return found

    def _full(self, size: int, free: int) -> Shut:
        return Shut(
            f"The disk of the store folder {self._root} is full: {size / 1e6:.0f} MB needed, {free / 1e6:.0f} MB free.",
            "Make room there, or set EZREC_STORE_DIR to a folder on another disk.",
        )

    def _explain(self, error: OSError, size: int) -> Refused | Unreachable:
        where, why = error.filename or self._root, error.strerror or type(error).__name__
        if error.errno in FULL:
            free = 0
            with contextlib.suppress(OSError):
                free = shutil.disk_usage(self._root).free
            return self._full(size, free)
        if error.errno in GONE:
            return Unreachable(f"The store folder {self._root} cannot be reached ({why}).", "It is tried again.")
        return Shut(
            f"The store folder {self._root} cannot be used: {where}: {why}.",
            "Let this user write there, or set EZREC_STORE_DIR to another folder.",
        )


def _size_of(path: Path) -> int:
    """Bytes of the local file. Raises Refused when it is not there."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error


def _mark_of(target: Path) -> str | None:
    """Of which recording a delivered video says that it is, where the file system can keep that."""
    try:
        return os.getxattr(target, MARK).decode("ascii", "replace")
    except OSError:
        return None


def _mark(target: Path, recording: str | None) -> None:
    if recording:
        with contextlib.suppress(OSError):  # without it a new video of the same recording is delivered beside this one
            os.setxattr(target, MARK, recording.encode())


def _link(path: Path, target: Path) -> bool:
    """Give the file a second name, durably. False when the file system cannot."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    try:
        target.hardlink_to(path)
    except OSError as error:
        if error.errno in NO_LINK:
            return False
        raise
    fsync_folder(target.parent)
    return True


def _same(path: Path, target: Path, should_stop: Callable[[], bool]) -> bool:
    """Whether both hold the same bytes; one file under two names is not read. Raises OSError, Stopped."""
    if target.samefile(path):
        return True
    if target.stat().st_size != path.stat().st_size:
        return False
    return _sha256_of(path, should_stop) == _sha256_of(target, should_stop)


def _sha256_of(path: Path, should_stop: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if should_stop():
                raise Stopped
            digest.update(chunk)
    return digest.hexdigest()


def _other_there(target: Path) -> AlreadyThere:
    return AlreadyThere(
        f"Another video lies at {target}, and is not overwritten.", "Look at it, move it away, and retry the job."
    )
