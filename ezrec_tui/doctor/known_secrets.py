"""Which secrets this machine has been told: what must be in no text that leaves it, wherever it got in."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from dotenv import dotenv_values
from pydantic import SecretStr

from ezrec_tui.config import Settings

SECRET_NAME = re.compile(r"key|secret|token|passw|pwd|credential|auth|(^|_)pin($|_)", re.IGNORECASE)
WITH_USER = re.compile(r"\w+://([^\s:/@]*):([^\s]*)@")


def is_secret(name: str) -> bool:
    """Whether what a setting or variable of this name says is nobody's business."""
    return SECRET_NAME.search(name) is not None


def known_secrets(settings: Settings | None, environment: Mapping[str, str], dotenv: Path) -> frozenset[str]:
    """From the settings (None: they do not hold), the environment and the file of settings. Raises OSError."""
    found = set(_of_variables(environment))
    if dotenv.is_file():
        found |= set(_of_variables({name: value or "" for name, value in dotenv_values(dotenv).items()}))
    for name in Settings.model_fields if settings else ():
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            found.add(value.get_secret_value())
            value = value.get_secret_value()
        found |= set(_of_variables({name: str(value or "")}))
    return frozenset(found - {""})


def _of_variables(variables: Mapping[str, str]) -> Iterator[str]:
    for name, value in variables.items():
        if is_secret(name) and not value.startswith(os.path.sep):  # a path is where one lies
            yield value
        for user, password in WITH_USER.findall(value):
            yield from (password, unquote(password), f"{user}:{password}")
