"""`make docs`: writes docs/settings.md from Settings: every name, its values, its default, and what it means."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from ezrec_tui import config
from ezrec_tui.config import Address, Settings
from ezrec_tui.hours import Hours
from ezrec_tui.pin import PinHash

HOUSE = Path(__file__).parents[2]
PAGE = HOUSE / "docs" / "settings.md"
HEAD = """# Settings

Made from [`ezrec_tui/config.py`](../ezrec_tui/config.py) by `make docs`; a test holds the two together.

Settings come from the environment, or from a file of lines `NAME=value`: `/etc/ezrec/ezrec.env` on an installed
machine (then `sudo systemctl restart ezrec-engine`), `.env` in the folder where `ezrec` starts elsewhere. What is
empty, or still says `your_..._here`, counts as not set. With none set everything runs. What is wrong is named at the
start, all of it at once; `sudo ezrec doctor` looks at what they lead to.

`<data>` stands for the data folder, `EZREC_DATA_DIR`.
"""
KINDS: dict[Any, str] = {
    str: "text",
    bool: "`true`, `false`",
    int: "whole number",
    float: "number",
    Path: "path",
    SecretStr: "text, kept secret",
    Hours: "hours, like `22:00-06:00`",
    Address: "host and port, like `127.0.0.1:8800`",
    PinHash: "4 to 12 digits, or the line of `ezrec pin`",
}
OWN_WORDS = {"ezrec_socket_mode": ("octal number", f"`{Settings.model_fields['ezrec_socket_mode'].default:o}`")}
"""Values and default of settings whose types do not tell them."""


@dataclass(frozen=True, slots=True)
class Described:
    group: str
    name: str
    meaning: str


def described() -> Iterator[Described]:
    """Every setting in the order of the file, with its docstring and the comment above its group."""
    source = inspect.getsource(config)
    lines = source.splitlines()
    body = next(
        node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    group = ""
    for node, after in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if comment := re.fullmatch(r" {4}# (.+)", lines[node.lineno - 2]):
            group = comment[1]
        meaning = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            meaning = " ".join(str(after.value.value).split())
        yield Described(group, node.target.id, meaning)


def page() -> str:
    parts = [HEAD]
    group = ""
    for one in described():
        if one.group != group:
            group = one.group
            parts.append(f"\n## {group}\n\n| Setting | Meaning | Values | Default |\n|---|---|---|---|\n")
        field = Settings.model_fields[one.name]
        values, default = OWN_WORDS.get(one.name) or (_values(field), _default(field))
        cells = (f"`{one.name.upper()}`", one.meaning, values, default)
        assert not any("|" in cell for cell in cells), f"{one.name}: a bar would end its cell of the table"
        parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def _values(field: FieldInfo) -> str:
    limits = {type(limit): limit for limit in _limits(field)}
    kind = _kind(field.annotation)
    if isinstance(low := limits.get(Ge), Ge) and isinstance(high := limits.get(Le), Le):
        return f"{kind}, {low.ge} to {high.le}"
    if isinstance(low := limits.get(Gt), Gt) and isinstance(high := limits.get(Le), Le):
        return f"{kind}, above {low.gt}, {high.le} at most"
    if isinstance(low := limits.get(Ge), Ge):
        return f"{kind}, {low.ge} at least"
    return kind


def _limits(field: FieldInfo) -> list[Any]:
    """Those of the field, and those that stand inside of `... | None`."""
    found = list(field.metadata)
    for part in get_args(field.annotation):
        for note in getattr(part, "__metadata__", ()):
            found += note.metadata if isinstance(note, FieldInfo) else [note]
    return found


def _kind(annotation: Any) -> str:
    if annotation in KINDS:
        return KINDS[annotation]
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    if get_origin(annotation) is tuple:
        return "like `1920x1080`"
    inner = [one for one in get_args(annotation) if one is not type(None)]
    assert inner, f"say in KINDS what people write for {annotation}"
    return _kind(inner[0])


def _default(field: FieldInfo) -> str:
    value = field.default
    match value:
        case None | "":
            return "none"
        case SecretStr():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case Enum():
            return f"`{value.value}`"
        case (width, height):
            return f"`{width}x{height}`"
        case _:
            return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page())
