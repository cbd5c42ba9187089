"""How videos are joined: what is asked for, the rig that is there, and what of it can be had with these cameras."""

import logging
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.engine.notices import Notice
from ezrec_tui.engine.store import StateStore
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.fit_file import Fit, read_fit
from ezrec_tui.model import Level, MergeMethod, RigPicture, RigStatus, Setup
from ezrec_tui.video.method import NOT_CALIBRATED, settle
from ezrec_tui.video.rig_file import Rig, RigError, check_rig, load_rig

SETTING = "method"

log = logging.getLogger(__name__)


Stamp = tuple[int, int, int] | None
"""What tells one version of a file from another; None where there is none."""


class Joining:
    """Reads the calibration folder anew whenever its files are others."""

    def __init__(self, settings: Settings, folders: Folders, store: StateStore) -> None:
        self._settings, self._folders, self._store = settings, folders, store
        self._stamps: tuple[Stamp, Stamp] = None, None
        self._rig: Rig | None = None
        self._problem = ""
        """Why the rig file cannot be read."""
        self._fit: Fit | None = None
        """What the newest footage said of this rig."""
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
        """What is known of the rig, and whether it is one of these cameras; None where there is none."""
        self._look()
        if self._rig is None:
            return RigStatus(problem=self._problem) if self._problem else None
        rig, problem = self._rig, ""
        left, right, *_ = [*serials, "", ""]
        try:
            size = self._settings.resolution
            check_rig(rig, self._folders.rig, (size, size), (left, right))
        except RigError as error:
            problem = str(error)
        fit = self._fit
        return RigStatus(
            made=rig.made,
            projection=rig.canvas.method.value,
            width=rig.canvas.width,
            height=rig.canvas.height,
            overlap_px=rig.overlap_px,
            matches=rig.matches,
            inliers=rig.inliers,
            rmse_px=rig.rmse_px,
            shift_px=fit.shift_px if fit else None,
            moved_in=fit.booking_id if fit and fit.moved else None,
            problem=problem,
        )

    def overlap(self, method: MergeMethod) -> float:
        """The share of a picture's width that both cameras see and this method blends."""
        if method is MergeMethod.PANORAMA and self._rig is not None:
            left = self._rig.left
            return min(1.0, self._rig.overlap_px * left.focal_px / self._rig.canvas.scale / left.width)
        return self._settings.overlap / self._settings.resolution[0] if method is MergeMethod.FEATHER else 0.0

    def notices(self) -> list[Notice]:
        """That the cameras have moved, while videos are to be joined by the rig."""
        self._look()
        fit = self._fit
        if fit is None or not fit.moved or self.asked is not MergeMethod.PANORAMA:
            return []
        what = f"a camera has moved: in the footage of {fit.label} the pictures are {fit.shift_px:.1f} px off"
        to_do = "calibrate again from the footage of this booking, or with the cameras when nothing is recorded"
        topic = f"moved:{fit.rig_made.isoformat()}:{fit.booking_id}"
        return [Notice(topic, Level.WARNING, what, to_do, fit.booking_id)]

    @property
    def picture(self) -> RigPicture | None:
        """What the joined picture looked like."""
        self._look()
        return self._rig.picture if self._rig else None

    def _look(self) -> None:
        stamps = _stamp(self._folders.rig), _stamp(self._folders.fit)
        if stamps == self._stamps:
            return
        self._stamps, self._rig, self._problem, self._fit = stamps, None, "", None
        if stamps[0] is None:
            return
        try:
            self._rig = load_rig(self._folders.rig)
            fit = read_fit(self._folders.fit)
        except RigError as error:
            self._problem = str(error)
        except OSError as error:
            log.warning("%s cannot be read: %s", self._folders.fit, error)
        else:
            self._fit = fit if fit and fit.rig_made == self._rig.made else None


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError:  # reading it says what is wrong
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size
