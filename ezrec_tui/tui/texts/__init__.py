"""Every text of the screen, in every language it speaks. A language is whole or the type checker says so."""

from ezrec_tui.tui.texts.english import ENGLISH
from ezrec_tui.tui.texts.spanish import SPANISH
from ezrec_tui.tui.texts.words import Texts

LANGUAGES = {"en": ENGLISH, "es": SPANISH}
"""The next one is what the screen offers to switch to."""

__all__ = ["ENGLISH", "LANGUAGES", "SPANISH", "Texts"]
