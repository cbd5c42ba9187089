"""A venue gets the packages that we tested with, on the day of its installation and a year later."""

import pytest

from ezrec_tui.install.release import constraints
from tests.install.tested import FILE, of_the_lock


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
