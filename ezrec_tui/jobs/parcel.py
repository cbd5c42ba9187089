"""A render packed for another machine: what to make, in one file, and the files it is made of, under plain names.

It imports the video room: 60 MB, so import it late.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ezrec_tui.files import safe_name
from ezrec_tui.video.render import RenderJob

jobs: TypeAdapter[RenderJob] = TypeAdapter(RenderJob)


class Unfit(Exception):
    """What was staged cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A render whose files have plain names; those that are missing keep their path, so that the video says so."""

    job: RenderJob
    files: dict[str, Path]
    """Where the file of each name lies here."""

    def text(self) -> bytes:
        """What `read_job` reads."""
        return jobs.dump_json(self.job)


def pack(job: RenderJob) -> Parcel:
    files: dict[str, Path] = {}

    def named(path: Path, prefix: str = "") -> Path:
        if not path.is_file():
            return path.absolute()
        name = prefix + safe_name(path.name)
        files[name] = path
        return Path(name)

    return Parcel(
        replace(
            job,
            left=tuple(named(path) for path in job.left),
            right=tuple(named(path) for path in job.right),
            rig=named(job.rig) if job.rig else None,
            logos=tuple(
                replace(logo, path=named(logo.path, f"logo-{number}-")) for number, logo in enumerate(job.logos, 1)
            ),
            intro=named(job.intro, "intro-") if job.intro else None,
            output=Path(job.output.name),
            cache=Path(),
        ),
        files,
    )


def read_job(text: bytes) -> RenderJob:
    """Raises Unfit: another version may have staged it."""
    try:
        return jobs.validate_json(text)
    except ValidationError as error:
        raise Unfit(f"what was staged is of another version of EZREC ({error.error_count()} differences)") from error


def names(job: RenderJob) -> list[str]:
    """Of the files that it is made of. Raises Unfit for one that leads out of its folder."""
    found = [*job.left, *job.right, *(logo.path for logo in job.logos)]
    found += [path for path in (job.rig, job.intro) if path is not None]
    staged = [str(path) for path in found if not path.is_absolute()]
    if any(name != Path(name).name or name.startswith(".") for name in staged):
        raise Unfit("what was staged names files in other folders")
    return staged


def unpack(job: RenderJob, folder: Path, cache: Path) -> RenderJob:
    """The render, with its files in a folder of this machine."""

    def at(path: Path) -> Path:
        return folder / path  # an absolute one stays as it is

    return replace(
        job,
        left=tuple(map(at, job.left)),
        right=tuple(map(at, job.right)),
        rig=at(job.rig) if job.rig else None,
        logos=tuple(replace(logo, path=at(logo.path)) for logo in job.logos),
        intro=at(job.intro) if job.intro else None,
        output=folder / "made" / job.output.name,
        cache=cache,
    )
