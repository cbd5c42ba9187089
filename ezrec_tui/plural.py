"""The word that goes with a number, in what the house says in English. Other languages have a phrase for each form."""


def plural(count: float, one: str, many: str) -> str:
    """`one` for 1, `many` for all other numbers: f"{n} {plural(n, 'recording has', 'recordings have')} to stay"."""
    return one if count == 1 else many
