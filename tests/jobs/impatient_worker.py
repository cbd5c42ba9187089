"""`python -m tests.jobs.impatient_worker --parent PID`: the worker; a step that does not move for two seconds hangs."""

from ezrec_tui.jobs import pulse
from ezrec_tui.jobs.__main__ import main

if __name__ == "__main__":
    pulse.LOOK_SECONDS, pulse.LOOKS = 0.2, 10
    main()
