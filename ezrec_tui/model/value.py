"""What all values have in common."""

from pydantic import BaseModel, ConfigDict

NS = 1_000_000_000
"""Nanoseconds in a second."""


class Value(BaseModel):
    """Base of all values: frozen, and strangers among the fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
