"""Which screen stands at which place; home lies under all of them."""

from collections.abc import Callable
from typing import Any

from ezrec_tui.clock import Clock
from ezrec_tui.tui.listing import Listing
from ezrec_tui.tui.listings.acts import ActListing
from ezrec_tui.tui.listings.alerts import AlertListing
from ezrec_tui.tui.listings.bookings import BookingListing
from ezrec_tui.tui.listings.help import HelpListing
from ezrec_tui.tui.listings.jobs import JobListing
from ezrec_tui.tui.listings.log import LogListing
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.screens.identify import IdentifyScreen
from ezrec_tui.tui.screens.listed import ListScreen
from ezrec_tui.tui.screens.preview import PreviewScreen
from ezrec_tui.tui.screens.setup import SetupScreen

LISTINGS: dict[Place, Callable[[], Listing[Any]]] = {
    one.place: one for one in (JobListing, BookingListing, AlertListing, ActListing, LogListing, HelpListing)
}
"""What the screens list."""


def screen_at(
    place: Place, came_from: Place, clock: Clock, viewer: str, *, kiosk: bool, read_only: bool
) -> PlaceScreen:
    """A new screen for any place but home."""
    match place:
        case Place.CAMERAS:
            return PreviewScreen(kiosk=kiosk, read_only=read_only)
        case Place.IDENTIFY:
            return IdentifyScreen(came_from, clock, kiosk=kiosk, read_only=read_only)
        case Place.SETUP:
            return SetupScreen(viewer, kiosk=kiosk, read_only=read_only)
        case _:
            return ListScreen(LISTINGS[place](), kiosk=kiosk, read_only=read_only)
