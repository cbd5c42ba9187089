"""A venue gets the packages that we tested with, on the day of its installation and a year later."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from ezrec_tui.install.release import constraints
from tests.install.tested import FILE, HOUSE, of_the_lock


def test_an_installation_takes_the_versions_of_the_lock() -> None:
    assert FILE.read_text() == of_the_lock(), "run `make lock`"


@pytest.mark.parametrize(("numpy", "held"), [("2.2.4", True), ("", True), ("1.24.2", False)])
def test_the_systems_numpy_stays_and_on_debian_12_no_opencv_is_asked_for_that_needs_a_newer_one(
    numpy: str, held: bool
) -> None:
    with constraints(numpy) as file:
        lines = file.read_text().splitlines()
    assert any(line.startswith("opencv-python-headless==") for line in lines) is held
    assert [line for line in lines if line.startswith("numpy")] == ([] if held else ["numpy<2"])
    assert any(line.startswith("av==") for line in lines)


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_a_raspberry_pi_finds_each_package_built(python: str) -> None:
    wheels: dict[tuple[str, str], list[str]] = {}
    for package in tomllib.loads((HOUSE / "uv.lock").read_text())["package"]:
        names = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", [])]
        wheels[package["name"], package.get("version", "")] = names
    pi = {"python_full_version": f"{python}.2", "sys_platform": "linux", "platform_machine": "aarch64"}
    fits = re.compile(rf"-none-any|-(cp{python.replace('.', '')}|abi3)-.*manylinux.*_aarch64")
    wanted = [Requirement(line) for line in FILE.read_text().splitlines()]
    missing = [
        str(one)
        for one in wanted
        if (one.marker is None or one.marker.evaluate(pi))
        and not any(map(fits.search, wheels[one.name, str(one.specifier).removeprefix("==")]))
    ]
    assert missing == []
    assert len(wanted) > 50
