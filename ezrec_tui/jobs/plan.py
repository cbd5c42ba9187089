"""From a recording and the settings to what is rendered. It imports the video room: 60 MB, so import it late."""

from pathlib import Path

from ezrec_tui.config import LogoPosition, Settings
from ezrec_tui.delivery.player_media import PlayerMedia, Slot
from ezrec_tui.folders import Folders
from ezrec_tui.model import CameraCount, Manifest, MergeMethod
from ezrec_tui.video.brand import Logo
from ezrec_tui.video.render import RenderJob

MAIN_LOGO = 400, 400
OTHER_LOGO = 120, 120
"""Width and height of the box that a logo is fitted into, in pixels, unless the settings say otherwise."""


def plan_render(
    folder: Path,
    manifest: Manifest,
    settings: Settings,
    folders: Folders,
    media: PlayerMedia,
    method: MergeMethod | None = None,
) -> RenderJob:
    """What to render of a finalised recording; a player's own media go before the venue's. Without a method as the
    settings say."""
    left, right = footage(folder, manifest)
    return RenderJob(
        left=left,
        right=right,
        start_ns=manifest.start_ns,
        end_ns=manifest.end_ns,
        common_clock=True,
        fps=manifest.fps,
        method=method or settings.merge_method,
        overlap=settings.overlap,
        rig=folders.rig,
        serials=serials(manifest),
        output_width=settings.output_width,
        logos=logos(settings, media),
        intro=media.files.get(Slot.INTRO, settings.intro_video_path),
        highlights=manifest.highlights,
        bitrate=settings.video_bitrate,
        preset=settings.video_preset,
        cache=folders.intro_cache,
        output=folders.video(manifest.booking),
    )


def footage(folder: Path, manifest: Manifest) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Segments of the left and of the right side, in order; none of a side that has no camera."""
    cameras = [count.camera for count in in_their_places(manifest)]
    sides = [
        tuple(
            folder / segment.name
            for segment in sorted(manifest.segments, key=lambda segment: segment.first_ns)
            if segment.camera == camera
        )
        for camera in cameras
    ]
    left, right, *_ = [*sides, (), ()]
    return left, right


def serials(manifest: Manifest) -> tuple[str, str]:
    """The left and the right camera's, empty where there is none."""
    left, right, *_ = [*(count.serial for count in in_their_places(manifest)), "", ""]
    return left, right


def in_their_places(manifest: Manifest) -> tuple[CameraCount, ...]:
    """The left camera, the right one."""
    return manifest.cameras[::-1] if manifest.swapped else manifest.cameras


def logos(settings: Settings, media: PlayerMedia) -> tuple[Logo, ...]:
    """The player's logos, and where he has none those that the settings name, whether their files are there or not."""
    own = media.files.get
    every = settings.logo_width, settings.logo_height
    sponsor = settings.sponsor_logo_width, settings.sponsor_logo_height
    asked: list[tuple[Path | None, LogoPosition, tuple[int | None, int | None], tuple[int, int]]] = [
        (
            settings.main_logo_path,
            settings.main_logo_position,
            (settings.main_logo_width, settings.main_logo_height),
            MAIN_LOGO,
        ),
        (
            own(Slot.LOGO, settings.user_logo_path),
            settings.user_logo_position,
            (settings.user_logo_width, settings.user_logo_height),
            OTHER_LOGO,
        ),
        (own(Slot.SPONSOR_1, settings.sponsor_logo_1_path), settings.sponsor_1_position, sponsor, OTHER_LOGO),
        (own(Slot.SPONSOR_2, settings.sponsor_logo_2_path), settings.sponsor_2_position, sponsor, OTHER_LOGO),
        (own(Slot.SPONSOR_3, settings.sponsor_logo_3_path), settings.sponsor_3_position, sponsor, OTHER_LOGO),
    ]
    return tuple(
        Logo(path, position, size[0] or every[0] or box[0], size[1] or every[1] or box[1])
        for path, position, size, box in asked
        if path is not None
    )
