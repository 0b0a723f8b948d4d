"""What the server's operator sets about the network around it, each by an environment variable."""

import re
from collections.abc import Mapping

FRAME_ANCESTORS = "CONVLENS_FRAME_ANCESTORS"
PROXIES = "CONVLENS_PROXIES"
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?")


class SettingError(ValueError):
    """A variable is set to what it cannot be; the message names it, its value and what is allowed."""


def frame_ancestors(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The other sites that may show the app in a frame, a school's LMS for example; none by default.

    Raises `SettingError` for what is no origin.
    """
    origins = tuple(environment.get(FRAME_ANCESTORS, "").replace(",", " ").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingError(
                f"{FRAME_ANCESTORS} is {origin!r}; allowed are origins, with a space between two, "
                "such as https://lms.school.example."
            )
    return origins


def proxies(environment: Mapping[str, str]) -> int:
    """How many trusted proxies stand in front; 0 by default. Raises `SettingError`."""
    text = environment.get(PROXIES, "").strip() or "0"
    if not re.fullmatch("[0-9]", text):
        raise SettingError(f"{PROXIES} is {text!r}; allowed is a whole number from 0 to 9.")
    return int(text)
