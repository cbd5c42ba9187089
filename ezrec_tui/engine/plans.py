"""What is booked: the bookings of all sources, with what the operator added and changed."""

from datetime import datetime, timedelta

from ezrec_tui.engine.store import Override, StateStore
from ezrec_tui.model import Booking, BookingSource, BookingStatus

KEPT = timedelta(days=1)
"""So long are the operator's own bookings and changes kept after they are over."""


class Plans:
    """All bookings, each id once: the operator's go before Supabase's, and those before the file's."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._sources: dict[BookingSource, tuple[Booking, ...]] = {}
        self._operator = {booking.id: booking for booking in store.operator_bookings()}
        self._overrides = store.overrides()
        self._merged: list[Booking] | None = None

    def put(self, source: BookingSource, bookings: tuple[Booking, ...]) -> bool:
        """The bookings of a source as they are now. Returns whether anything changed."""
        if self._sources.get(source) == bookings:
            return False
        self._sources[source] = bookings
        self._merged = None
        return True

    def add(self, booking: Booking) -> None:
        """A booking made here."""
        self._store.put_operator_booking(booking)
        self._operator[booking.id] = booking
        self._merged = None

    def bookings(self) -> list[Booking]:
        """All bookings with what the operator changed, first start first; the same list until something changes."""
        if self._merged is not None:
            return self._merged
        merged: dict[str, Booking] = {}
        for source in (BookingSource.FILE, BookingSource.SUPABASE):
            merged |= {booking.id: booking for booking in self._sources.get(source, ())}
        merged |= self._operator
        self._merged = sorted((self._changed(b) for b in merged.values()), key=lambda b: (b.start, b.id))
        return self._merged

    def get(self, booking_id: str) -> Booking | None:
        return next((b for b in self.bookings() if b.id == booking_id), None)

    def stopped_at(self, booking_id: str) -> datetime | None:
        override = self._overrides.get(booking_id)
        return override.stopped_at if override else None

    def end_was_moved(self, booking_id: str) -> bool:
        """Whether the operator gave this booking another end."""
        override = self._overrides.get(booking_id)
        return override is not None and override.end_at is not None

    def stop(self, booking_id: str, at: datetime) -> None:
        before = self._overrides.get(booking_id, Override())
        self._put(booking_id, Override(before.end_at, at, before.cancelled))

    def undo_stop(self, booking_id: str) -> None:
        before = self._overrides.get(booking_id, Override())
        self._put(booking_id, Override(before.end_at, None, before.cancelled))

    def move_end(self, booking_id: str, end: datetime) -> None:
        before = self._overrides.get(booking_id, Override())
        self._put(booking_id, Override(end, before.stopped_at, before.cancelled))

    def cancel(self, booking_id: str) -> None:
        before = self._overrides.get(booking_id, Override())
        self._put(booking_id, Override(before.end_at, before.stopped_at, cancelled=True))

    def prune(self, now: datetime) -> None:
        """Forget what is long over."""
        known = {booking.id: booking.end for booking in self.bookings()}
        over: list[str] = []
        for booking_id in {*self._operator, *self._overrides}:
            changed = self._overrides.get(booking_id, Override())
            end = known.get(booking_id) or changed.end_at or changed.stopped_at
            if end is not None and end + KEPT < now:
                over.append(booking_id)
        if over:
            self._store.forget_plans(over)
            for booking_id in over:
                self._operator.pop(booking_id, None)
                self._overrides.pop(booking_id, None)
            self._merged = None

    def _put(self, booking_id: str, override: Override) -> None:
        self._store.put_override(booking_id, override)
        self._overrides[booking_id] = override
        self._merged = None

    def _changed(self, booking: Booking) -> Booking:
        override = self._overrides.get(booking.id)
        if override is None:
            return booking
        changes: dict[str, object] = {}
        if override.cancelled:
            changes["status"] = BookingStatus.CANCELLED
        if override.end_at is not None:
            changes["end"] = override.end_at
        return booking.model_copy(update=changes)
