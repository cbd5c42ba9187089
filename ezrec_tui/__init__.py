"""EZREC: two cameras over a court, from a booking to a published video."""

from importlib.metadata import version

__version__: str


def __getattr__(name: str) -> str:
    # When it is asked for: the installer runs from a clone, where nothing is installed that could be asked.
    if name == "__version__":
        return version("ezrec-tui")
    raise AttributeError(name)
