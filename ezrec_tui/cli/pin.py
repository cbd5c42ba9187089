"""`ezrec pin`: makes the line for `.env` that holds the PIN, and not the PIN itself."""

from getpass import getpass

from ezrec_tui.cli.common import Failure, say
from ezrec_tui.pin import hash_pin


def make_pin() -> None:
    """Ask for a PIN twice, and print the line for .env: a hash, from which nobody reads the PIN."""
    first = getpass("PIN, 4 to 12 digits (it is not shown): ")
    try:
        hashed = hash_pin(first)
    except ValueError as error:
        raise Failure("not a PIN: 4 to 12 digits") from error
    if not hashed.matches(getpass("the same again: ")):
        raise Failure("the two are not the same: try again")
    say("put this line into .env, in place of any EZREC_PIN there, and start the engine again:")
    print(f"EZREC_PIN={hashed}")
