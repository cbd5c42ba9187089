"""The installer below a folder: users, files and releases are really made there, nothing is started."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.install.machine import Machine
from ezrec_tui.install.release import BEFORE, DATA, bring_back_databases, keep_databases
from ezrec_tui.install.source import files_of, own_source
from ezrec_tui.install.steps import installed_packages
from tests.install.wheels import HOUSE, UNITS, make_wheel

PYTHON = str(Path(getattr(sys, "_base_executable", sys.executable)))
"""Without any package but its own, as a system's is."""
HAS = ("python3-venv", "console-setup-linux", "kbd", "python3-picamera2")
ENVIRONMENT = {"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
NOT_CHANGED = "nothing was changed"
SETTINGS = "etc/ezrec/ezrec.env"


def installer(source: Path, root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "-P", "-m", "ezrec_tui.install", "--root", str(root), *options],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(source),
            "PIP_NO_INDEX": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        cwd=root,
        capture_output=True,
        text=True,
    )


def install(source: Path, root: Path, *options: str) -> str:
    done = installer(source, root, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bare_machine(root: Path) -> Path:
    """A folder with what the installer looks at on a Debian."""
    status = root / "var" / "lib" / "dpkg" / "status"
    status.parent.mkdir(parents=True)
    status.write_text("\n".join(f"Package: {name}\nStatus: install ok installed\n" for name in HAS))
    (root / "etc").mkdir()
    return root


def lies_in(root: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a folder, by path: what kind, since when, what is in it; releases as a whole."""
    found = dict[str, tuple[object, ...]]()
    for path in root.rglob("*"):
        where = str(path.relative_to(root))
        if "/releases/" in where and where.count("/") > 3:
            continue
        state = path.lstat()
        found[where] = (state.st_mode, state.st_mtime_ns, state.st_ino, path.is_symlink() and path.readlink())
    return found


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after an installation of 1.0, its wheel beside it; once for all processes that run these tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installed"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            folder.mkdir()
            install(make_wheel(folder / "wheels", "1.0"), bare_machine(folder / "root"))
    return folder


@pytest.fixture
def machine(installed_once: Path, tmp_path: Path) -> Path:
    """One of its own for each test."""
    shutil.copytree(installed_once / "root", tmp_path / "root", symlinks=True)
    return tmp_path / "root"


def running(root: Path) -> str:
    return (root / "opt/ezrec/venv").readlink().name


def test_a_dry_run_says_each_thing_and_changes_nothing(tmp_path: Path) -> None:
    root = bare_machine(tmp_path / "root")
    before = lies_in(root)
    # From the clone, with a Python that has no package at all.
    said = subprocess.run(
        [PYTHON, "-P", "-S", "-m", "ezrec_tui.install", "--root", str(root), "--dry-run"],
        env=ENVIRONMENT | {"PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert lies_in(root) == before
    assert NOT_CHANGED in said
    for thing in ("ezrec-kiosk (in the group ezrec)", SETTINGS, "/opt/ezrec/releases/", "tty1", "journald", *UNITS):
        assert thing in said


def test_what_is_missing_of_debian_is_named_before_anything_is_done(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    done = installer(make_wheel(tmp_path / "wheels", "1.0"), root)
    assert done.returncode == 1
    assert "console-setup-linux kbd" in done.stderr
    assert not (root / "opt").exists()


def test_the_machine_starts_engine_and_screen_and_tty1_is_the_screens(machine: Path) -> None:
    units = machine / "etc/systemd/system"
    for unit in UNITS:
        wanted = units / "multi-user.target.wants" / unit
        assert wanted.readlink() == Path("/etc/systemd/system") / unit
        program = machine / (units / unit).readlink().relative_to("/opt/ezrec/venv")
        release = machine / (machine / "opt/ezrec/venv").readlink().relative_to("/")
        assert (release / program.relative_to(machine)).read_text() == (HOUSE / unit).read_text()
    assert [(units / name).readlink() for name in ("getty@tty1.service", "ctrl-alt-del.target")] == [
        Path("/dev/null"),
        Path("/dev/null"),
    ]


def test_the_engine_has_the_cameras_and_the_screen_has_the_socket_alone(machine: Path) -> None:
    rows = [line.split(":") for line in (machine / "etc/group").read_text().splitlines()]
    groups = {user: {row[0] for row in rows if user in row[3].split(",")} for user in ("ezrec", "ezrec-kiosk")}
    assert groups == {"ezrec": {"video"}, "ezrec-kiosk": {"ezrec"}}
    shells = [line.rsplit(":", 1)[1] for line in (machine / "etc/passwd").read_text().splitlines() if "ezrec" in line]
    assert shells == ["/usr/sbin/nologin"] * 2


def test_secrets_and_footage_are_for_nobody_else(installed_once: Path) -> None:
    machine = installed_once / "root"
    settings, data = machine / SETTINGS, machine / "var/lib/ezrec"
    assert (settings.stat().st_mode & 0o777, data.stat().st_mode & 0o777) == (0o640, 0o700)
    if os.geteuid() == 0:
        owner = next(
            line.split(":")[2] for line in (machine / "etc/passwd").read_text().splitlines() if line[:6] == "ezrec:"
        )
        assert (settings.stat().st_uid, settings.stat().st_gid, data.stat().st_uid) == (0, 0, int(owner))


def test_a_second_run_changes_nothing_and_says_so(installed_once: Path) -> None:
    root = installed_once / "root"
    before = lies_in(root)
    said = install(installed_once / "wheels/ezrec_tui-1.0-py3-none-any.whl", root)
    assert NOT_CHANGED in said
    assert lies_in(root) == before


def test_what_was_changed_by_hand_is_mended_and_settings_are_left_alone(installed_once: Path, machine: Path) -> None:
    sysctl, settings = machine / "etc/sysctl.d/ezrec.conf", machine / SETTINGS
    sysctl.write_text("kernel.sysrq = 1\n")
    settings.write_text("EZREC_PIN=1234\n")
    said = install(installed_once / "wheels/ezrec_tui-1.0-py3-none-any.whl", machine)
    assert "/etc/sysctl.d/ezrec.conf" in said
    assert "sysrq = 0" in sysctl.read_text()
    assert settings.read_text() == "EZREC_PIN=1234\n"


def test_an_upgrade_that_fails_its_smoke_test_is_not_put_in_place(machine: Path, tmp_path: Path) -> None:
    before = running(machine)
    done = installer(make_wheel(tmp_path / "wheels", "2.0", smoke_test_status=1), machine)
    assert done.returncode == 1
    assert "SMOKE TEST SAYS NO" in done.stderr
    assert running(machine) == before
    assert [one.name for one in (machine / "opt/ezrec/releases").iterdir()] == [before]


def test_an_upgrade_runs_the_new_release_and_keeps_the_one_before(machine: Path, tmp_path: Path) -> None:
    first = running(machine)
    (machine / "opt/ezrec/releases/0.9-torn-py3.11").mkdir()
    install(make_wheel(tmp_path / "wheels", "2.0"), machine)
    assert running(machine).startswith("2.0-")
    assert {one.name for one in (machine / "opt/ezrec/releases").iterdir()} == {first, running(machine)}


def test_uninstalling_leaves_footage_and_settings_and_says_where(machine: Path, tmp_path: Path) -> None:
    footage = machine / "var/lib/ezrec/recordings/2026-11-23/b1/left-0000.ts"
    footage.parent.mkdir(parents=True)
    footage.write_bytes(b"footage")
    said = install(HOUSE, machine, "--uninstall")
    assert "/var/lib/ezrec" in said
    assert f"/{SETTINGS}" in said
    files = {str(path.relative_to(machine)) for path in machine.rglob("*") if path.is_symlink() or path.is_file()}
    users = {f"etc/{name}" for name in ("passwd", "group", "shadow", "gshadow", ".pwd.lock") if f"etc/{name}" in files}
    assert files - users == {str(footage.relative_to(machine)), SETTINGS, "var/lib/dpkg/status"}
    assert NOT_CHANGED in install(HOUSE, machine, "--uninstall")


def test_ezrec_install_runs_the_installer_of_what_it_is_given(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "3.0")
    root = bare_machine(tmp_path / "root")
    done = subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "install", str(wheel), "--dry-run", "--root", str(root)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "EZREC 3.0" in done.stdout


def test_another_source_is_another_release_and_what_was_built_in_it_is_not(tmp_path: Path) -> None:
    for file in files_of(HOUSE):
        copy = tmp_path / file.relative_to(HOUSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    of = str(tmp_path / "ezrec_tui/install/source.py")
    first = own_source(of)
    (tmp_path / "ezrec_tui/__pycache__").mkdir()
    (tmp_path / "ezrec_tui/__pycache__/x.pyc").write_bytes(b"built")
    (tmp_path / "ezrec_tui/video/_warp.so").write_bytes(b"built")
    assert own_source(of) == first
    (tmp_path / UNITS[0]).write_text("changed")
    assert own_source(of).name != first.name


def test_the_databases_of_an_upgrade_that_fails_come_back_as_they_were(tmp_path: Path) -> None:
    data = tmp_path / DATA.relative_to("/")
    data.mkdir(parents=True)
    (data / "engine.db").write_bytes(b"old")
    (data / "engine.db-wal").write_bytes(b"old too")
    machine = Machine(tmp_path)
    keep_databases(machine)
    (data / "engine.db").write_bytes(b"new")
    (data / "engine.db-wal").unlink()
    (data / "jobs.db").write_bytes(b"new")
    bring_back_databases(machine)
    assert {one.name: one.read_bytes() for one in data.iterdir()} == {"engine.db": b"old", "engine.db-wal": b"old too"}
    assert not machine.exists(BEFORE)


def test_what_dpkg_has_removed_is_not_installed() -> None:
    status = "Package: kbd\nStatus: deinstall ok config-files\n\nPackage: a\nStatus: install ok installed\nTag: x: y\n"
    assert installed_packages(status) == {"a"}


def test_the_command_on_the_path_is_a_shell_script() -> None:
    subprocess.run(["sh", "-n", HOUSE / "ezrec_tui/install/files/usr/local/bin/ezrec"], check=True)
