"""Visitors by name: each has a browser of its own."""

from cnn_core.runs.ownership import Visitor, owner_of


def visitor(name: str, address: str | None = None, admin: bool = False) -> Visitor:
    """The visitor whose browser keeps `name` as its secret."""
    return Visitor(owner_of(name), address, admin)


ONE, TWO, THREE = visitor("one"), visitor("two"), visitor("three")
ADMIN = visitor("somebody with the token", admin=True)
