"""Whose a run is: the browser's that started it, known by the hash of a secret that only this browser keeps.

The whole hash stands in the run's `spec.json`, and decides. The first digits of it stand in the run's id too, so that a
visitor's runs are found among many by their names alone; an id proves nothing, since it is in every link to the run.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass

from cnn_core.arrays import not_allowed

TAG_DIGITS = 8
_OWNER = re.compile(r"[0-9a-f]{64}")
_TAGGED = re.compile(rf"-([0-9a-f]{{{TAG_DIGITS}}})[0-9a-f]{{8}}")
NOT_YOURS = "Another browser started this run. You can look at it; only that browser can change it."
OF_THE_SERVER = (
    "This run is the server's own. You can look at it; changing it takes the server's admin token."
)


class NotYours(RuntimeError):
    """A run was to be changed that is not the visitor's but `owner`'s; the message says who may."""

    def __init__(self, owner: str | None) -> None:
        super().__init__(OF_THE_SERVER if owner is None else NOT_YOURS)


@dataclass(frozen=True)
class Visitor:
    """Who asks: `owner` is `owner_of` the browser's secret, `address` where it asks from, as far as that is known.

    `admin` holds the server's admin token and may change every run. Raises `ValueError` where `owner` is no such hash.
    """

    owner: str
    address: str | None = None
    admin: bool = False

    def __post_init__(self) -> None:
        if not _OWNER.fullmatch(self.owner):
            raise ValueError(not_allowed("owner", self.owner, "a SHA-256 in 64 hexadecimal digits"))

    def may_change(self, owner: str | None) -> bool:
        """Whether this visitor may change a run of `owner`; one of None is the server's own."""
        return self.admin or owner == self.owner


def owner_of(secret: str) -> str:
    """What is kept of a browser's secret: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tag(owner: str) -> str:
    """The digits of an owner's hash that stand in the ids of its runs."""
    return owner[:TAG_DIGITS]


def id_end(owner: str | None) -> str:
    """How a new run's id ends: the owner's tag, if it has one, and eight random hexadecimal digits."""
    return ("" if owner is None else tag(owner)) + secrets.token_hex(4)


def tag_in(run_id: str) -> str | None:
    """The owner's tag in a run's id; None where it has none: a run of the server's own, or one of old."""
    found = _TAGGED.search(run_id[-(TAG_DIGITS + 9) :])
    return found[1] if found is not None and found.end() == TAG_DIGITS + 9 else None
