"""Takes secrets out of text: those that can be told by their form, and those whose value is known.

What is taken out may be more than the secret, never less: of an address with a password or a signature, all that could
be part of it.
"""

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "***"
SHORTEST_VALUE = 4
"""Characters of a known secret; less would be found in every text."""
SHORTEST_IN_BASE64 = 8

_WORDS = (
    "passw(?:or)?d", "passwd", "pwd", "secret", "token", "signature", "credential", "authorization",
    "(?:api|access|role|anon|private)[_-]?key",
)  # fmt: skip
_NAMES = rf"(?:[\w.-]*(?:{'|'.join(_WORDS)})s?|(?:[\w-]*[_-])?pin)"

_FORMS = (
    # user:password@ of an address; a password may hold anything but a space
    (re.compile(r"(?<=://)[^\s\"'<>@]*:[^\s\"'<>]*@"), f"{HIDDEN}@"),
    (re.compile(r"(?i)(?<=%3A%2F%2F)[^\s\"'<>]*?%40"), f"{HIDDEN}%40"),
    # what follows the ? of an address: signatures, tokens, keys
    (re.compile(r"(\w+://[^\s\"'<>?]+)\?[^\s\"'<>]+"), rf"\1?{HIDDEN}"),
    (re.compile(r"(?i)(X-Amz-[\w-]+(?:=|%3D|%253D))[^\s\"'<>&]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(Bearer|Basic)\s+[\w+/=.~-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),  # a JSON Web Token
    (re.compile(r"\bsb_(?:secret|publishable)_[\w-]+"), HIDDEN),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"), HIDDEN),
    (re.compile(r"\bscrypt:[0-9a-f]+:[0-9a-f]+"), HIDDEN),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), HIDDEN),
    # name=value, "name": "value", name: value
    (re.compile(rf"(?i)({_NAMES}\\?[\"']?\s*(?:=|:|%3D)\s*\\?[\"']?)(?!\*\*\*)[^\s\"',;&}}\\]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(pin\s+)\d{4,12}\b"), rf"\1{HIDDEN}"),
)


def redact(text: str) -> str:
    """The text without what has the form of a secret."""
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return text


class Redactor:
    """Takes known secrets out of text as well, as they are, percent-encoded, and within base64."""

    def __init__(self, secrets: Iterable[str]) -> None:
        values = {secret for secret in secrets if len(secret) >= SHORTEST_VALUE}
        forms = {form for value in values for form in _forms(value)}
        patterns = [_pattern(form) for form in sorted(forms, key=len, reverse=True)]
        self._known = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return redact(text)


def _forms(value: str) -> Iterable[str]:
    yield value
    yield quote(value, safe="")
    yield quote(value)
    yield quote_plus(value)
    yield quote(quote(value, safe=""), safe="")
    yield value.replace("\\", "\\\\").replace('"', '\\"')  # within JSON
    if len(value) >= SHORTEST_IN_BASE64:
        yield from _within_base64(value.encode())


def _within_base64(value: bytes) -> Iterable[str]:
    """What all base64 texts have in common that hold these bytes, at each of the three places they can begin at."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + value)
        first, last = (before * 8 + 5) // 6, (before + len(value)) * 8 // 6
        inner = whole[first:last].decode()
        yield inner
        yield inner.replace("+", "-").replace("/", "_")
        yield quote(inner, safe="")


def _pattern(form: str) -> str:
    """Digits are only found where they stand alone: a PIN is no part of a time or a size."""
    return rf"(?<![\d.:-]){re.escape(form)}(?![\d:-])" if form.isdigit() else re.escape(form)
