"""The session-state keys of the home page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The home page."""

    DOWNLOAD = "home-download"  # begins the key of each dataset's button
