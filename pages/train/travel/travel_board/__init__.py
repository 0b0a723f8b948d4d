"""One slider over a run's moments: curves, filters, maps and the confusion matrix, drawn in the browser at each step.

Everything that the slider moves is sent once; no step asks the server.
May import `pages.ui` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_core.arrays import Bytes, Doubles, Floats, Integers
from cnn_core.pictures import symmetric_limit
from pages.ui.charts import TRAINING, VALIDATION
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)
LEVELS = 127  # of a sign: a value is sent as a byte, 128 is zero
MOST = 10**6  # epochs, and batches of one


@dataclass(frozen=True, eq=False)
class Tiles:
    """Maps at each moment (M, T, h, w): `title` says what they are, every `group` of a moment's tiles stay together."""

    title: str
    values: Floats
    group: int = 1


@dataclass(frozen=True, eq=False)
class Curves:
    """Points of the curves: `at` in batches done, `accuracy` in 0..1, `loss` in nats, each (P,)."""

    at: Doubles
    accuracy: Doubles
    loss: Doubles


@dataclass(frozen=True, eq=False)
class Trip:
    """All moments of a run: `places` are (epoch, batch), `at` the batches done then, the `first` ones in epoch 1.

    `words` name each, `readouts` say its scores, `answers` what the `image` (h, w, C) uint8 is read as; `matrices`
    (M, K, K) are of the test images, whose scores are `tested`. `identity` differs from run to run.
    """

    identity: str
    places: Sequence[tuple[int, int]]
    at: Sequence[int]
    first: int
    words: Sequence[str]
    readouts: Sequence[str]
    answers: Sequence[str]
    classes: Sequence[str]
    image: Bytes
    matrices: Integers
    kernels: Tiles
    maps: Tiles
    training: Curves
    validation: Curves
    tested: Curves
    tested_words: str


def quantized(values: Floats) -> tuple[Bytes, Floats]:
    """Values (M, ...) as bytes 1 to 255, 128 for zero, and the magnitude (M,) that 255 stands for at each moment."""
    limits = np.array([symmetric_limit(one) for one in values], np.float32)
    shares = values / limits.reshape(-1, *[1] * (values.ndim - 1))
    return (np.rint(LEVELS * shares) + LEVELS + 1).astype(np.uint8), limits


def travel_board(
    trip: Trip,
    *,
    key: str,
    at: int,
    opened: int,
    together: bool,
    on_moment: Callable[[int, int], None],
) -> None:
    """Show the run with the slider at moment `at`, where `opened` is new or the run is; else it stays where it is.

    `together`: one colour scale for all moments, else each its own. `on_moment` is called with epoch and batch before
    the rerun that follows when the slider has come to rest.
    """
    header: dict[str, object] = {
        "run": trip.identity,
        "opened": opened,
        "start": at,
        "places": [list(place) for place in trip.places],
        "first": trip.first,
        "words": list(trip.words),
        "readouts": list(trip.readouts),
        "answers": list(trip.answers),
        "classes": list(trip.classes),
        "together": together,
        "imageShape": list(trip.image.shape),
        "testedWords": trip.tested_words,
        "trainingColour": TRAINING,
        "validationColour": VALIDATION,
    }
    arrays: dict[str, NDArray[Any]] = {
        "at": np.asarray(trip.at, np.int64),
        "image": trip.image,
        "counts": trip.matrices,
    }
    for name, tiles in (("kernels", trip.kernels), ("maps", trip.maps)):
        header[name] = {"title": tiles.title, "shape": list(tiles.values.shape[1:]), "group": tiles.group}
        arrays[f"{name}Bytes"], arrays[f"{name}Limits"] = quantized(tiles.values)
    for name, curves in (
        ("training", trip.training),
        ("validation", trip.validation),
        ("tested", trip.tested),
    ):
        arrays[f"{name}At"], arrays[f"{name}Accuracy"] = curves.at, curves.accuracy
        arrays[f"{name}Loss"] = curves.loss

    def told() -> None:
        sent = places(st.session_state[key].get("moment"), [MOST, MOST])
        if sent is not None:
            on_moment(*sent)

    _mount(key=key, data=pack(header, arrays), on_moment_change=told)
