"""A short campaign of delivery, and a quick week without a line."""

import random
from pathlib import Path

import pytest

from tests.campaign.delivery import campaign, week

FAULTS, BOOKINGS = 10, 3
QUICK = 30_000
"""Times the speed: twenty seconds."""
WITHOUT_BLACK_HOLES = 4
"""Ways in which the line is down: who waits for an answer waits by the machine's clock."""


@pytest.mark.alone
def test_every_kind_of_fault_once_and_each_booking_is_one_object_one_row_and_completed(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    result = campaign.run(FAULTS, BOOKINGS, seed, tmp_path)
    campaign.tell(result)
    assert result.wrong == []
    assert len({fault.kind for fault in result.faults}) == FAULTS
    assert result.kept


def test_after_a_week_without_a_line_everything_arrives_in_order(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    lived = week.run(QUICK, 1, seed, tmp_path, ways=WITHOUT_BLACK_HOLES, intro_seconds=0)
    week.tell(lived)
    assert lived.wrong == []
    assert lived.bookings == week.DAYS
    assert lived.kept
