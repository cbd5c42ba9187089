"""What there is to do on a machine, in order: pure, and the same list for a first installation and for an upgrade."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ezrec_tui.install import release
from ezrec_tui.install.source import Source
from ezrec_tui.install.steps import File, FirstFile, Folder, Gone, Link, Packages, Step, Users

SYSTEMD = Path("/etc/systemd/system")
SETTINGS = Path("/etc/ezrec/ezrec.env")
LOGS = Path("/var/log/ezrec")
COMMAND = Path("/usr/local/bin/ezrec")
SYSUSERS = Path("/etc/sysusers.d/ezrec.conf")

PACKAGES = ("python3-venv", "console-setup-linux", "kbd")
"""What makes a venv; the console's fonts and what loads them."""
PI_PACKAGES = ("python3-picamera2",)

MASKED = {
    SYSTEMD / release.LOGIN: "give tty1 to the screen",
    SYSTEMD / "ctrl-alt-del.target": "let no key restart the machine",
}

THEN: Mapping[Path, Sequence[str]] = {
    Path("/etc/sysctl.d/ezrec.conf"): ("sysctl", "--quiet", "--ignore", "--load=/etc/sysctl.d/ezrec.conf"),
    Path("/etc/systemd/journald.conf.d/ezrec.conf"): ("systemctl", "restart", "systemd-journald"),
    Path("/etc/systemd/logind.conf.d/ezrec.conf"): ("systemctl", "try-restart", "systemd-logind"),
}
"""How a running machine learns of a file. Of the watchdog it does at its next start."""


def install_plan(source: Source, python: str, python_version: str, *, on_a_pi: bool, even_now: bool) -> list[Step]:
    """`python`: the system's own interpreter; of another version of it the release is another one."""
    built = release.RELEASES / f"{source.name}-py{python_version}"
    laid = laid_files()
    return [
        Packages((*PACKAGES, *(PI_PACKAGES if on_a_pi else ()))),
        *(File(path, content, _mode(path), THEN.get(path, ())) for path, content in laid.items()),
        Users(SYSUSERS, (("ezrec", "video"), ("ezrec-kiosk", "ezrec"))),
        Folder(release.DATA, 0o700, "ezrec"),
        Link(LOGS, Path("../lib/ezrec/logs"), "show the engine's log"),
        FirstFile(SETTINGS, _folder("files").joinpath("settings").read_bytes(), 0o640),
        release.Built(source, built, python, even_now),
        *_links(),
        release.Running(built, even_now),
        release.OthersGone(built),
    ]


def uninstall_plan(*, even_now: bool) -> list[Step]:
    """All that was installed goes; footage, videos, settings and users stay."""
    return [
        release.Stopped(even_now),
        *(Gone(link.path) for link in _links()),
        Gone(LOGS),
        *(Gone(path) for path in laid_files()),
        Gone(release.PROGRAM),
        release.Forgotten(),
    ]


def laid_files() -> dict[Path, bytes]:
    """What is laid onto the machine as it lies in `files`: content by path."""
    found = dict[Path, bytes]()

    def look(folder: Traversable, path: Path) -> None:
        for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if one.is_dir():
                look(one, path / one.name)
            else:
                found[path / one.name] = one.read_bytes()

    for top in ("etc", "usr"):
        look(_folder("files").joinpath(top), Path("/") / top)
    return found


def _links() -> list[Link]:
    links = [Link(path, Path("/dev/null"), why) for path, why in MASKED.items()]
    for unit in release.UNITS:
        # A link, so that a unit changes together with the program that it runs.
        ours = release.CURRENT / "share" / "ezrec" / unit
        links.append(Link(SYSTEMD / unit, ours, "link the unit"))
        links.append(
            Link(SYSTEMD / "multi-user.target.wants" / unit, SYSTEMD / unit, "have it started with the machine")
        )
    return links


def _mode(path: Path) -> int:
    return 0o755 if path == COMMAND else 0o644


def _folder(name: str) -> Traversable:
    return files("ezrec_tui.install").joinpath(name)
