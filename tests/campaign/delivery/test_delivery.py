"""A short campaign of delivery, and a quick week without a line."""

import random
from pathlib import Path

from ezrec_tui.delivery.s3_parts import SMALLEST_PART
from tests.campaign.delivery import campaign, week

FAULTS, BOOKINGS = 10, 3
AT_ONCE = 2
QUICK = 30_000
"""Times the speed: twenty seconds."""
WITHOUT_BLACK_HOLES = 4
"""Ways in which the line is down: who waits for an answer waits by the machine's clock."""


def test_every_kind_of_fault_once_and_each_booking_is_one_object_one_row_and_completed(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    result = campaign.run(FAULTS, BOOKINGS, seed, tmp_path, under_way=AT_ONCE)
    campaign.tell(result)
    assert result.wrong == []
    assert len({fault.kind for fault in result.faults}) == FAULTS
    assert result.again_bytes <= FAULTS * AT_ONCE * SMALLEST_PART, "each fault may hit both uploads"


def test_after_a_week_without_a_line_everything_arrives_in_order(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    lived = week.run(QUICK, 1, seed, tmp_path, ways=WITHOUT_BLACK_HOLES, intro_seconds=0)
    week.tell(lived)
    assert lived.wrong == []
    assert lived.bookings == week.DAYS
    assert lived.kept
