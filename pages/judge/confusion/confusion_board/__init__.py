"""The confusion matrix and the test images of one of its cells side by side, drawn in the browser.

May import `pages.ui` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_core.arrays import Bytes, Floats, Integers
from cnn_core.judge.examples import Examples
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)
Cell = tuple[int | None, int | None]  # (true, predicted); None stands for any class
NOWHERE: Cell = (None, None)


@dataclass(frozen=True, eq=False)
class Samples:
    """Some test images for the board: pixels uint8 (M, H, W, C), what they are and are read as, the answers (M, K).

    `title` stands above them; they are page `page` of `pages`, of up to `most` images each. `selected` is the number
    in the test set of the one that is looked at. Where the answers are still computed, `done` says how far, 0..1.
    """

    title: str
    examples: Examples
    pixels: Bytes
    probabilities: Floats
    page: int = 1
    pages: int = 1
    most: int = 1
    selected: int | None = None
    done: float | None = None


def nothing(title: str, classes: int, done: float | None = None) -> Samples:
    """No images, for the reason that `title` says."""
    none = np.zeros(0, np.int64)
    examples = Examples(none, none, none, none.astype(np.float64))
    return Samples(
        title, examples, np.zeros((0, 1, 1, 1), np.uint8), np.zeros((0, classes), np.float32), done=done
    )


@dataclass(frozen=True)
class Told:
    """What is called before the rerun that a click or a key starts; with an image goes its number in the test set."""

    cell: Callable[[Cell], None]
    page: Callable[[int], None]
    image: Callable[[int], None]
    most_images: int = field(default=10**9)


def confusion_board(
    cm: Integers,
    classes: Sequence[str],
    samples: Samples,
    *,
    key: str,
    score: str,
    shares: bool,
    chosen: Cell,
    told: Told,
) -> None:
    """Show the matrix (K, K) as counts or as shares of its rows, the cell `chosen` framed, and `samples` beside it,
    below the words of its `score`."""
    found, count = samples.examples, len(classes)
    at = np.flatnonzero(found.index == samples.selected)
    header: dict[str, object] = {
        "classes": list(classes),
        "score": score,
        "shares": shares,
        "chosen": [-1 if one is None else one for one in chosen],
        "title": samples.title,
        "page": samples.page,
        "pages": samples.pages,
        "most": samples.most,
        "selected": int(at[0]) if len(at) else 0,
        "waiting": samples.done is not None,
        "done": samples.done or 0.0,
        "imageShape": list(samples.pixels.shape[1:]),
        "named": "Test image",
    }
    arrays: dict[str, NDArray[Any]] = {
        "counts": cm.ravel(),
        "index": found.index,
        "truth": found.true,
        "answer": found.predicted,
        "probabilities": samples.probabilities,
        "pixels": samples.pixels,
    }

    def cell() -> None:
        sent = places(st.session_state[key].get("cell"), [count + 1, count + 1])
        if sent is not None:
            true, predicted = (None if one == 0 else one - 1 for one in sent)
            told.cell((true, predicted))

    def number(name: str, most: int, tell: Callable[[int], None]) -> Callable[[], None]:
        def call() -> None:
            sent = places([st.session_state[key].get(name)], [most])
            if sent is not None:
                tell(sent[0])

        return call

    _mount(
        key=key,
        data=pack(header, arrays),
        on_cell_change=cell,
        on_page_change=number("page", samples.pages + 1, told.page),
        on_image_change=number("image", told.most_images, told.image),
    )
