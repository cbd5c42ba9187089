"""Every sentence that the source can say, found in the source itself: the text constants and f-strings of all rooms
whose words reach a screen. What is written for somebody else (a log, a database, a library) is sifted out by name, so
that a new sentence is found wherever it is written, and whatever carries it to the screen.
"""

import ast
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import ezrec_tui

HOUSE = Path(ezrec_tui.__file__).parent

OTHER_ROOMS = {
    "tui",
    "cli",
    "demo",
    "doctor",
    "install",
    "check",
    "console",
    "launch.py",
    "config.py",
    "logs.py",
    "log_lines.py",
    "log_file.py",
    "__main__.py",
}
"""The screen has texts of its own; the others speak English, on a command line and before an engine runs."""

TOLD_TO_PROGRAMS = {f"engine/api/{name}.py" for name in ("app", "door", "forms", "guard", "live", "metrics", "reads")}
"""What the API answers to requests that no screen makes, its description, and figures."""

TOLD_TO_OTHERS = {
    "log",
    "though_disk_is_full",
    "execute",
    "executemany",
    "executescript",
    "compile",
    "fullmatch",
    "search",
    "add_argument",
    "FastAPI",
    "AlreadyRunning",
    "OSError",
    "ProcessLookupError",
    "RuntimeError",
    "ValueError",
}
"""Functions, objects and errors whose texts no screen shows: the log, SQL, patterns, the API's description, errors that
end a process or never leave a function."""

NOT_SHOWN = {
    # a user that the machine does not know, columns of a table, a thread in the log
    "uid {}",
    "id, at, level, what, to_do, booking_id, acknowledged_by, acknowledged_at, over_at",
    "a thread",
    # part of a line of the log
    " with status {}",
    # the names of a setting in the database and of a booking that is none; a test that went well, in the log
    "pin tries",
    "camera test",
    "all is well",
    # words that are looked for in somebody else's text
    "Exception encountered in asynchronous workflow",
    "Exception encountered in background workflow",
    "is no longer owned by this execution",
    "was cancelled during execution",
    " gave no footage ",
    # how a database is reached, and which it is; why a machine begins a new life, in its log
    "-c statement_timeout={}s",
    "{} at {}:{}",
    "the database does not say whose an order is",
    # a step's name in the jobs database, a booking's title, a chapter's in the video
    "give up",
    "found: {}",
    "Footage missing ({} s)",
    # how a calibration explains the pictures, in its report on the command line; what is cut from a note
    "turned, lenses with k1",
    "turned, lenses with k1 and k2",
    "plane, lenses with k1",
    "left out: ",
    # lines of the log that name their booking
    "the video is published without its booking, which the database does not know",
    "too little to hold on to, or no time",
    # what `ezrec check` says
    "{} holds no whole frame and is left out",
    "{} is listed but missing",
    "line {} of {} is torn; its segment is read instead",
    "line {} of {} names no segment: {}",
}

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|BEGIN|WHERE)\b")
GAP = "{}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, with a GAP for each thing put in, and where: `engine/acts.py:53`."""

    shape: str
    place: str


@functools.cache
def texts() -> tuple[Sentence, ...]:
    """All texts of the rooms that speak, single words too."""
    found = list[Sentence]()
    for path in sorted(HOUSE.rglob("*.py")):
        room = path.relative_to(HOUSE)
        if OTHER_ROOMS.isdisjoint((room.parts[0], room.name)) and str(room) not in TOLD_TO_PROGRAMS:
            for expression in _for_people(ast.parse(path.read_text())):
                found += [Sentence(shape, f"{room}:{expression.lineno}") for shape in shapes(expression)]
    return tuple(found)


def sentences() -> list[Sentence]:
    """Those that read like something said to people."""
    return [one for one in texts() if _is_said(one.shape) and one.shape not in NOT_SHOWN]


def shapes(expression: ast.expr) -> list[str]:
    """All that a text expression can read like; a lone GAP where only the running program knows."""
    match expression:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return [_joined(chosen) for chosen in itertools.product(*map(shapes, parts))]
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="plural"), args=[_, one, many])):
            return [*shapes(one), *shapes(many)]
        case ast.FormattedValue(value=ast.IfExp() | ast.BoolOp(op=ast.Or()) as choice, format_spec=None):
            return shapes(choice)
        case ast.IfExp(body=one, orelse=other):
            return [*shapes(one), *shapes(other)]
        case ast.BoolOp(op=ast.Or(), values=choices):
            return list(dict.fromkeys(shape for choice in choices for shape in shapes(choice)))
        case _:
            return [GAP]


def shape_of(template: str) -> str:
    """The shape of a phrase of the book."""
    return _joined(
        part for literal, name, _, _ in Formatter().parse(template) for part in (literal, *([GAP] if name else []))
    )


def _joined(parts: Iterator[str] | tuple[str, ...]) -> str:
    """Things put in side by side are one."""
    return re.sub(r"(\{\})+", GAP, "".join(parts))


def _is_said(shape: str) -> bool:
    """Two words, or a word and what is put in, not all in capitals; no name of a file or column, no SQL."""
    words = re.findall(r"[A-Za-z]+", shape)
    return len(words) + (GAP in shape) > 1 and " " in shape and any(map(str.islower, words)) and not SQL.match(shape)


def _for_people(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The text expressions below a node, but those that are told to others."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Constant(value=str()):
                yield child
            case ast.JoinedStr():
                yield child
                for part in ast.walk(child):  # a text that is chosen inside of another one is in its shapes
                    if isinstance(part, ast.FormattedValue) and shapes(part) == [GAP]:
                        yield from _for_people(part)
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in TOLD_TO_OTHERS:
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in TOLD_TO_OTHERS:
                pass
            case _:
                yield from _for_people(child)
