"""How videos are joined: what is asked for, the rig that is there, and what of it can be had with these cameras."""

from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.engine.store import StateStore
from ezrec_tui.model import MergeMethod, RigPicture, RigStatus, Setup
from ezrec_tui.video.method import NOT_CALIBRATED, settle
from ezrec_tui.video.rig_file import AGAIN, Rig, RigError, check_rig, load_rig

SETTING = "method"


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read; `stamp` tells whether it is another one now."""

    stamp: tuple[int, int, int] | None
    rig: Rig | None = None
    problem: str = ""


class Joining:
    """`rig`: where the rig file is, or will be."""

    def __init__(self, settings: Settings, rig: Path, store: StateStore) -> None:
        self._settings, self._path, self._store = settings, rig, store
        self._read = _Read(None)
        asked = store.setting(SETTING)
        self.asked = MergeMethod(asked) if asked in list(MergeMethod) else settings.merge_method
        """The method of videos to come."""

    def ask(self, method: MergeMethod) -> None:
        """From now on, and after a restart."""
        self._store.put_setting(SETTING, method.value)
        self.asked = method

    def setup(self, serials: tuple[str, ...]) -> Setup:
        """How videos are made, and what of it cannot be had; `serials` from left to right, empty where not known."""
        width, height = self._settings.resolution
        status = self.status(serials)
        no_rig = NOT_CALIBRATED if status is None else status.problem or None
        cameras = 2 if self._settings.dual_camera_mode else 1
        method, reasons = settle(self.asked, width, self._settings.overlap, cameras, no_rig)
        return Setup(
            width=width,
            height=height,
            fps=self._settings.recording_fps,
            bitrate=self._settings.recording_bitrate,
            method=method,
            asked=self.asked,
            fallbacks=reasons,
            rig=status,
        )

    def status(self, serials: tuple[str, ...]) -> RigStatus | None:
        """What is known of the rig, and whether it is one of these cameras."""
        read = self._look()
        if read.rig is None:
            return RigStatus(problem=read.problem) if read.problem else None
        rig, problem = read.rig, ""
        left, right, *_ = [*serials, "", ""]
        try:
            size = self._settings.resolution
            check_rig(rig, self._path, (size, size), (left, right))
        except RigError as error:
            problem = str(error)
        return RigStatus(
            made=rig.made,
            projection=rig.canvas.method.value,
            width=rig.canvas.width,
            height=rig.canvas.height,
            overlap_px=rig.overlap_px,
            matches=rig.matches,
            inliers=rig.inliers,
            rmse_px=rig.rmse_px,
            problem=problem,
        )

    @property
    def picture(self) -> RigPicture | None:
        """What the joined picture looked like."""
        rig = self._look().rig
        return rig.picture if rig else None

    def _look(self) -> _Read:
        """The rig file, read when it is another one than the last time."""
        try:
            found = self._path.stat()
            stamp = found.st_ino, found.st_mtime_ns, found.st_size
        except FileNotFoundError:
            stamp = None
        except OSError as error:
            return _Read(None, problem=f"{self._path}: the rig file cannot be read ({error.strerror}); {AGAIN}")
        if stamp != self._read.stamp:
            self._read = self._read_anew(stamp)
        return self._read

    def _read_anew(self, stamp: tuple[int, int, int] | None) -> _Read:
        if stamp is None:
            return _Read(None)
        try:
            return _Read(stamp, load_rig(self._path))
        except RigError as error:
            return _Read(stamp, problem=str(error))
