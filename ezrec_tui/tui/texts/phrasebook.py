"""The engine's sentences in another language: its English is recognised, and said anew.

The engine speaks plain English, on the wire, in its database and in its log, where a technician looks for it. A screen
in another language has a phrasebook, English to that language, of sentences with gaps:

    "{label} ends at {time}"              a gap takes whatever is there, and it stays as it is: a name
    "no frame for {seconds:number} s"     a number, written as the language does
    "the disk fails: {why:said}"          a sentence in the sentence, which is looked up in turn

What no phrase fits stays English. Where several fit, the one is taken that leaves the fewest letters to names: a path
can hold anything, a sentence of the book is seldom there by chance. A name that begins or ends as another sentence does
can so be taken for a part of it; it cannot do more than that.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from string import Formatter

CACHED = 512
"""Sentences whose translation is remembered; a screen shows some dozens, again and again."""
LOOKS = 100
"""Looks into the book for one sentence and all that is in it: enough for what the engine says, and an end for what
somebody else made up."""
JOINTS = 8
"""Of one text, where two sentences may meet."""
FULL_STOP, SEMICOLON, COLON, COMMA = (re.compile(one) for one in (r"(?<=\.) ", "; ", ": ", ", "))
NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of the book, taken apart so that looking for it in a text takes time in proportion to the text."""

    anchor: str
    """Its longest run of letters of its own: a text without it is another one."""
    own: int
    """How many letters are its own."""
    parts: tuple[tuple[str, re.Pattern[str]], ...]
    """In turn: the gap before ("" for none), and what follows it, numbers included."""
    numbers: frozenset[str]
    said: frozenset[str]
    other: str
    """The sentence in the other language, with the same gaps."""

    @classmethod
    def of(cls, english: str, other: str) -> "Phrase":
        parts, gap, pattern = list[tuple[str, re.Pattern[str]]](), "", ""
        literals, kinds = [""], dict[str, str]()
        for literal, name, kind, _ in Formatter().parse(english):
            pattern += re.escape(literal)
            literals.append(literal)
            if name is None:
                continue
            kinds[name] = kind or ""
            if kind == "number":
                pattern += f"(?P<{name}>{NUMBER})"
            else:
                parts.append((gap, re.compile(pattern)))
                gap, pattern = name, ""
        parts.append((gap, re.compile(rf"{pattern}\Z")))
        return cls(
            anchor=max(literals, key=len),
            own=sum(map(len, literals)),
            parts=tuple(parts),
            numbers=frozenset(name for name, kind in kinds.items() if kind == "number"),
            said=frozenset(name for name, kind in kinds.items() if kind == "said"),
            other=other,
        )

    def gaps(self, text: str) -> dict[str, str] | None:
        """What stands in its gaps when the text is this sentence, the first gaps as short as they can be; else None."""
        if self.anchor not in text:
            return None
        found, at = dict[str, str](), 0
        for gap, pattern in self.parts:
            here = pattern.search(text, at) if gap else pattern.match(text, at)
            if here is None:
                return None
            if gap:
                found[gap] = text[at : here.start()]
            found |= here.groupdict()
            at = here.end()
        return found


class Phrasebook:
    """One language's phrases. They are fetched and taken apart when the first sentence is to be said."""

    def __init__(self, phrases: Callable[[], Mapping[str, str]], decimal: str) -> None:
        self._fetch, self._decimal = phrases, decimal
        self._cached = lru_cache(CACHED)(self._look_up)

    def said(self, text: str) -> str:
        """A sentence of the engine's in this language; as it is when the book does not know it."""
        return self._cached(text)

    @cached_property
    def _phrases(self) -> tuple[Phrase, ...]:
        return tuple(Phrase.of(english, other) for english, other in self._fetch().items())

    def _look_up(self, text: str) -> str:
        reading = _Reader(self._phrases, self._decimal).read(text)
        return reading.text if reading else text


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to understand a text."""

    text: str
    """In the other language."""
    own: int
    """How many letters of it are the book's; the others are names and numbers."""
    complete: bool = True
    """Every sentence in it is known."""


class _Reader:
    """Reads one text."""

    def __init__(self, phrases: tuple[Phrase, ...], decimal: str) -> None:
        self._phrases, self._decimal = phrases, decimal
        self._looks = LOOKS

    def read(self, text: str, *, inside: bool = False) -> Reading | None:
        """The best way to understand a text, or what is `inside` of another one; None when nothing in it is known.

        A whole text is one sentence if it can be, whatever names are in it; a list of errors is found only inside.
        """
        if not text or self._looks == 0:
            return None
        self._looks -= 1
        if text.endswith(".") and (sentences := self._joined(text, FULL_STOP)) is not None:
            return sentences
        whole = self._whole(text)
        if whole is not None and whole.complete and not inside:
            return whole
        ways = [way for way in (whole, self._joined(text, SEMICOLON)) if way is not None]
        return max(ways, key=_fewest_names, default=None) or self._of_something(text)

    def _whole(self, text: str) -> Reading | None:
        """As one phrase, the one that leaves the fewest letters to names."""
        fitting = [(phrase, gaps) for phrase in self._phrases if (gaps := phrase.gaps(text)) is not None]
        readings = [self._filled(phrase, gaps) for phrase, gaps in fitting]
        return max(readings, key=_fewest_names, default=None)

    def _filled(self, phrase: Phrase, gaps: dict[str, str]) -> Reading:
        for gap in phrase.numbers:
            gaps[gap] = gaps[gap].replace(".", self._decimal)
        inner = {gap: self.read(gaps[gap], inside=True) for gap in phrase.said}
        gaps |= {gap: one.text for gap, one in inner.items() if one}
        own = phrase.own + sum(one.own for one in inner.values() if one)
        complete = all(one is not None and one.complete for one in inner.values())
        return Reading(phrase.other.format_map(gaps), own, complete)

    def _joined(self, text: str, joint: re.Pattern[str]) -> Reading | None:
        """As a sentence and what comes after it."""
        ways = list[Reading]()
        for before, between, after in _parted(text, joint):
            if (first := self.read(before)) is not None and (then := self.read(after, inside=True)) is not None:
                complete = first.complete and then.complete
                ways.append(Reading(f"{first.text}{between}{then.text}", first.own + then.own, complete))
        return max(ways, key=_fewest_names, default=None)

    def _of_something(self, text: str) -> Reading | None:
        """As what is said after the name of a thing: `bookings.json, b7: it has no id`."""
        for joint in (COLON, COMMA):
            for before, between, after in _parted(text, joint):
                if " " in after and (said := self.read(after)) is not None:
                    thing = self.read(before) or Reading(before, 0)
                    return Reading(f"{thing.text}{between}{said.text}", thing.own + said.own)
        return None


def _fewest_names(reading: Reading) -> tuple[int, bool]:
    return reading.own, reading.complete


def _parted(text: str, joint: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """What is before a joint, the joint, and what is after it."""
    for here in islice(joint.finditer(text), JOINTS):
        yield text[: here.start()], here[0], text[here.end() :]
