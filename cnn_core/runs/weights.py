"""Where a browser finds the weights of a network: the address of each file, and the file of each address.

An address holds a stamp of the file, so that what is fetched once may be kept for ever. Whoever has a run's id may
look at the run, and so fetch its weights.
"""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from cnn_core import checkpoints, files
from cnn_core.runs import listing, records
from cnn_core.runs.records import RunError

FOLDER = "weights"  # what every address begins with
SHIPPED, RUN, BEST = "shipped", "run", "best"
LAST_EPOCH = 100_000
_EPOCH = re.compile(r"\d{1,6}")


class Weights(NamedTuple):
    """A file of weights, and the stamp of it that stands in its address."""

    path: Path
    stamp: str


def address(folder: Path, epoch: int | None = None) -> str:
    """The address, relative to the app's, of the weights of a model in its folder; a run's after `epoch` (from 0).

    Without `epoch`, of those that its card names. Where there are none the address is one that is not found.
    """
    shipped = folder.parent == checkpoints.MODELS
    which = BEST if epoch is None else str(epoch)
    file = _file(folder, epoch)
    stamp = "" if file is None else file.stamp
    return "/".join(
        (FOLDER, SHIPPED if shipped else RUN, quote(folder.name, safe=""), which, stamp or "none")
    )


def find(place: str) -> Weights | None:
    """The file of an address, by what stands in it between `FOLDER` and the stamp; None where there is none.

    `place` may be anything: it comes from strangers.
    """
    parts = place.split("/")
    if len(parts) != 3:
        return None
    kind, name, which = parts
    if kind == SHIPPED:
        return (
            _file(checkpoints.folder(name), None) if which == BEST and name in checkpoints.names() else None
        )
    if kind != RUN or not (which == BEST or _EPOCH.fullmatch(which)):
        return None
    try:
        path = records.run_path(name)
    except RunError:
        return None
    if listing.head(name) is None:
        return None
    return _file(path, None if which == BEST else int(which))


def _file(folder: Path, epoch: int | None) -> Weights | None:
    """The weights in a model's folder; None where there are none, or where they lie elsewhere."""
    if epoch is None:
        card = listing.model(folder).card
        if card is None:
            return None
        path = folder / card.weights
    else:
        path = records.epoch_weights(folder, epoch)
    try:
        stamp = files.stamp(path)
        inside = path.resolve().is_relative_to(folder.resolve())
    except OSError:
        return None
    if stamp is None or not inside or path.suffix != ".safetensors" or not files.is_file(path):
        return None
    return Weights(path, hashlib.blake2b(repr(tuple(stamp)).encode(), digest_size=8).hexdigest())
