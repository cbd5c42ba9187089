"""EZREC: two cameras over a court, from a booking to a published video."""

from importlib.metadata import version

__version__ = version("ezrec-tui")
