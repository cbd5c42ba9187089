"""What is installed: the clone or the wheel that the installer itself lies in. So each version brings its own."""

import hashlib
import tomllib
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from ezrec_tui.install.machine import Refused

BUILT = ("__pycache__", ".so", ".pyc")
"""Ends of names of what is made from the source, and is none."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder with pyproject.toml, or a wheel."""

    path: Path
    version: str
    digest: str
    """SHA-256 of all that is installed, in hex."""

    @property
    def name(self) -> str:
        """Of this very source: another one has another, were it of the same version."""
        return f"{self.version}-{self.digest[:8]}"

    @contextmanager
    def handed_over(self) -> Generator[Path]:
        """What pip can install, to write into as it likes: building a clone leaves nothing in it."""
        if self.path.is_file():
            yield self.path
            return
        with TemporaryDirectory(prefix="ezrec-source-") as made:
            for file in files_of(self.path):
                copy = Path(made) / file.relative_to(self.path)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copyfile(file, copy)
            yield Path(made)


def own_source(of: str = __file__) -> Source:
    """The source that this file lies in. Raises Refused."""
    path = Path(of).resolve().parents[2]
    if path.is_file() and zipfile.is_zipfile(path):
        _, version, *_ = path.name.split("-")
        return Source(path, version, hashlib.sha256(path.read_bytes()).hexdigest())
    if not (path / "pyproject.toml").is_file():
        raise Refused(f"this is an installed program ({path}): name the wheel or the folder that is to be installed")
    with (path / "pyproject.toml").open("rb") as file:
        version = str(tomllib.load(file)["project"]["version"])
    digest = hashlib.sha256()
    for one in files_of(path):
        content = one.read_bytes()
        digest.update(f"{one.relative_to(path)}\0{len(content)}\0".encode() + content)
    return Source(path, version, digest.hexdigest())


def files_of(folder: Path) -> list[Path]:
    """The files of a clone that the program is built from, in order."""
    top = [folder / name for name in ("pyproject.toml", "README.md", "LICENSE")]
    program = [
        path
        for path in folder.glob("ezrec_tui/**/*")
        if path.is_file() and not any(part.endswith(BUILT) for part in path.parts)
    ]
    return sorted([*top, *folder.glob("*.service"), *program])
