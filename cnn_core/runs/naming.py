"""What a run is called: the title that somebody gave it, else what its network is made of and what it learns.

A title that pages of old wrote down by themselves is none that somebody gave.
"""

import re
from itertools import groupby
from typing import NamedTuple

from cnn_core.data import catalog
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.presets import PRESETS
from cnn_core.runs.about import About
from cnn_core.runs.records import Spec

MOST_TITLE = 200  # letters
MOST_PARTS = 5  # of a network that are named
MANY = 3  # neighbours of one width that are counted rather than repeated
SEPARATOR = " · "
_AUTOMATIC = re.compile(r"(?:no convolution|[\d,]+ convolutions?), [\d,]+ parameters?")


class Name(NamedTuple):
    """A run's name, and whether somebody gave it; one that nobody gave says nothing of how the run ended."""

    text: str
    given: bool


def name(run_id: str, spec: Spec, said: About, architecture: Architecture, dataset: str) -> Name:
    """What the run is called: "32-64-64 · MNIST" where nobody gave it a title."""
    title = said.get("title") or spec["title"]
    if "title" in said or not _is_automatic(title, run_id):
        return Name(title[:MOST_TITLE], True)
    return Name(f"{network(architecture)}{SEPARATOR}{catalog.title(dataset)}"[:MOST_TITLE], False)


def _is_automatic(title: str, run_id: str) -> bool:
    return not title or title == run_id or title in PRESETS or _AUTOMATIC.fullmatch(title) is not None


def network(architecture: Architecture) -> str:
    """A network in short, by its convolutions' filters: "32-64-64", "16-32×4-64"; without any, by its Linear layers:
    "linear 128-10"."""
    filters = [info.output_shape[0] for info in architecture.summary() if info.layer.convolutions]
    if filters:
        return _joined(filters)
    units = [layer.units for layer in architecture.layers if layer.units is not None]
    return f"linear {_joined(units)}" if units else "no weights"


def _joined(widths: list[int]) -> str:
    parts: list[str] = []
    for width, same in groupby(widths):
        times = len(list(same))
        parts += [f"{width}×{times}"] if times >= MANY else [str(width)] * times
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 2], "…", parts[-1]]
    return "-".join(parts)
