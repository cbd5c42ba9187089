"""The README and the pages of docs, as their readers use them: commands, links, quoted words, examples."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PAGES = (HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *sorted((HOUSE / "docs").glob("*.md")))

BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PROGRAMS = ("ezrec", "make")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it stands on a page."""

    page: str
    line: int
    words: tuple[str, ...]
    """The program first; `sudo` and `.venv/bin/` are left out."""
    whole: bool
    """It stands in a block, to be typed as it is; else it is named, and what it needs may be missing."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {shlex.join(self.words)}"


def commands() -> list[Command]:
    """All of ours on all pages."""
    return [found for page in PAGES for found in (*_in_blocks(page), *_in_spans(page))]


def shell_blocks() -> Iterator[tuple[str, str]]:
    """Page and text of each block that is for a shell."""
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text()):
            if block[2] == "sh":
                yield f"{page.name}:{_line(page.read_text(), block.start())}", block[3]


def _in_blocks(page: Path) -> Iterator[Command]:
    text = page.read_text()
    for block in BLOCK.finditer(text):
        if block[2] != "sh":
            continue
        first = _line(text, block.start(3))
        for number, line in enumerate(block[3].splitlines()):
            for part in re.split(r"&&|;", line):
                if words := _ours(shlex.split(part.replace("<this repository>", "repository"), comments=True)):
                    yield Command(page.name, first + number, words, whole=True)


def _in_spans(page: Path) -> Iterator[Command]:
    """Those in running text and tables. In a table's first cell `ezrec jobs list`, `show` names `ezrec jobs show` too,
    and `ezrec x`, `--option` names an option of the same command."""
    text = BLOCK.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), page.read_text())
    for number, line in enumerate(text.splitlines(), 1):
        cell = line.split("|")[1] if line.startswith("|") and line.count("|") > 1 else ""
        named: tuple[str, ...] = ()
        for span in SPAN.findall(line):
            plain = span.replace("[", "").replace("]", "")
            words = _ours(_split(plain))
            if not words and named and f"`{span}`" in cell and re.fullmatch(r"[-\w ]+", plain):
                base = named[:2] if span.startswith("-") else named[:-1] if len(named) < 4 else named[:2]
                words = (*base, *plain.split())
            if words:
                named = named or words
                yield Command(page.name, number, words, whole=False)


def _ours(words: list[str]) -> tuple[str, ...]:
    words = words[1:] if words[:1] == ["sudo"] else words
    if not words:
        return ()
    program = words[0].removeprefix(".venv/bin/")
    return (program, *words[1:]) if program in PROGRAMS else ()


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return []


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
