"""The engine's sentences in Spanish, each under its English as the engine says it; `phrasebook` says how gaps are
written. What is to be done is said in the infinitive: "hacer sitio en el disco".
"""

from ezrec_tui.tui.texts.spanish_phrases.bookings import BOOKINGS
from ezrec_tui.tui.texts.spanish_phrases.calibration import CALIBRATION
from ezrec_tui.tui.texts.spanish_phrases.cameras import CAMERAS
from ezrec_tui.tui.texts.spanish_phrases.engine import ENGINE
from ezrec_tui.tui.texts.spanish_phrases.machines import MACHINES
from ezrec_tui.tui.texts.spanish_phrases.systems import SYSTEMS
from ezrec_tui.tui.texts.spanish_phrases.videos import VIDEOS

SHELVES = (ENGINE, CAMERAS, BOOKINGS, VIDEOS, CALIBRATION, SYSTEMS, MACHINES)
PHRASES = {english: spanish for shelf in SHELVES for english, spanish in shelf.items()}
