"""The venue's PIN, of which nothing but a salted hash is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

COST = 1 << 13
"""Of scrypt: with blocks of 8, 8 MB and some 30 ms on a PC; a Pi takes some three times as long."""
DIGITS = re.compile(r"[0-9]{4,12}")
WRITTEN = re.compile(r"scrypt:([0-9a-f]{32}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class PinHash:
    """A PIN that can be compared with and not be read."""

    salt: bytes = field(repr=False)
    key: bytes = field(repr=False)

    def __str__(self) -> str:
        """As it is written into the settings."""
        return f"scrypt:{self.salt.hex()}:{self.key.hex()}"

    def matches(self, pin: str) -> bool:
        """Whether it is this PIN; takes the same time either way."""
        return hmac.compare_digest(_key(pin, self.salt), self.key)


def hash_pin(pin: str) -> PinHash:
    """Raises ValueError for what is no PIN; its text does not hold it."""
    if not DIGITS.fullmatch(pin):
        raise ValueError("not a PIN: 4 to 12 digits, or a line that `ezrec pin` made")
    salt = secrets.token_bytes(16)
    return PinHash(salt, _key(pin, salt))


def parse_pin(setting: str) -> PinHash:
    """The PIN as it stands in the settings, in digits or hashed already. Raises ValueError, which does not hold it."""
    if hashed := WRITTEN.fullmatch(setting.strip()):
        return PinHash(bytes.fromhex(hashed[1]), bytes.fromhex(hashed[2]))
    return hash_pin(setting.strip())


def _key(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode("utf-8", "surrogatepass"), salt=salt, n=COST, r=8, p=1, dklen=32)
