"""`python -m tests.machines.short_lease worker`: `ezrec worker`, that counts as dead after few seconds of silence."""

from ezrec_tui.cli import main
from ezrec_tui.jobs import machine

if __name__ == "__main__":
    machine.LEASE_SECONDS = 5.0
    main()
