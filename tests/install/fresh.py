"""Fresh Debian trees, and wheels of this very program in them, as it is and with faults put in."""

import re
import shutil
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.install.box import Box, overlaid
from tests.install.wheels import HOUSE, UNITS

WHEELS = "/srv/made"

Change = tuple[str, str]
"""A file of the program, and what is added to its end."""


@contextmanager
def fresh_debian(suite: str, folder: Path) -> Generator[Path]:
    """The files of a Debian that nothing was installed on, for a `with`; changes are kept in `folder`. Its pip takes
    everything from what was fetched when the tree was built."""
    build = [HOUSE / "tests/install/build-tree", suite]
    tree = subprocess.run(build, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    with overlaid(Path(tree), folder) as root:
        (root / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /srv/wheels\n")
        yield root


def make_wheels(machine: Box, root: Path, releases: Mapping[str, Sequence[Change]]) -> None:
    """A wheel for each version, made from what git has of the program."""
    sources = root / "srv/sources"
    for version, changes in releases.items():
        lay_source(sources / version, version, changes)
    machine.run("python3 -m venv /srv/v && /srv/v/bin/pip -q install 'setuptools>=80'")
    build = "/srv/v/bin/pip -q wheel --no-deps --no-build-isolation -w"
    machine.run(f"set -e; for source in /srv/sources/*; do {build} {WHEELS} $source; done; rm -rf /srv/v /srv/sources")


def lay_source(folder: Path, version: str, changes: Sequence[Change]) -> None:
    files = subprocess.run(["git", "ls-files"], cwd=HOUSE, check=True, stdout=subprocess.PIPE, text=True).stdout
    for name in files.splitlines():
        if name.startswith("ezrec_tui/") or name in ("pyproject.toml", "README.md", "LICENSE", *UNITS):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(HOUSE / name, folder / name)
    project = folder / "pyproject.toml"
    project.write_text(re.sub(r'^version = ".*"$', f'version = "{version}"', project.read_text(), flags=re.M))
    for name, added in changes:
        (folder / name).write_text((folder / name).read_text() + added)


def wheel_of(machine: Box, version: str) -> str:
    return machine.run(f"ls {WHEELS}/ezrec_tui-{version}-*.whl").strip()
