"""The parameters that a link to a page may have, found by enumeration."""

import importlib
from collections.abc import Iterator
from enum import StrEnum

from pages.ui.keys import ImagePart, Shared
from pages.ui.network.keys import NetworkKey, TrainingKey
from pages.ui.site import PageInfo


def keys_of(page: PageInfo) -> type[StrEnum]:
    """The page's own keys."""
    keys: type[StrEnum] = importlib.import_module(f"pages.{page.folder.replace('/', '.')}.keys").Key
    return keys


def link_keys(page: PageInfo) -> Iterator[str]:
    """Every key that may stand in a link to the page: its own, those of its image picker, the shared ones."""
    for key in keys_of(page):
        yield key
        if key.name in ("IMAGE", "SAMPLE"):
            yield from (f"{key}-{part}" for part in ImagePart)
        if key.name == "TARGET":
            yield from (f"{key}-0", f"{key}-1")
        if key.name == "LOGIT":
            yield from (f"{key}-{name}" for name in ("cat", "dog", "ship", "truck"))
    yield from Shared
    yield from NetworkKey
    yield from TrainingKey
    yield from (f"{Shared.MAPS_IMAGE}-{part}" for part in ImagePart)
