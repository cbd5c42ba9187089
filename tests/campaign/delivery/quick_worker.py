"""`python -m tests.campaign.delivery.quick_worker --parent PID`: the worker, by a quick clock."""

from ezrec_tui.jobs.__main__ import main
from tests.campaign.delivery.quick import QuickClock

if __name__ == "__main__":
    main(QuickClock.of_environment())
