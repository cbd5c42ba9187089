"""`python -m ezrec_tui`."""

from ezrec_tui.cli import main

main()
