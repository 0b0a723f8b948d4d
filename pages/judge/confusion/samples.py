"""The test images of what is chosen, in words and for the board."""

from collections.abc import Sequence
from math import ceil
from typing import cast

import numpy as np

from cnn_core.arrays import Doubles, Floats
from cnn_core.data.datasets import Dataset
from cnn_core.judge import examples
from cnn_core.judge.examples import Answered, Order
from pages.judge.confusion import choice
from pages.judge.confusion.confusion_board import Cell, Samples, nothing
from pages.judge.confusion.keys import Key
from pages.ui.words import count

A_PAGE = 24
ANSWERED = {"all": "all", "right": "right", "wrong": "wrong"}
ORDERS = {
    "as they come": "the test set's order",
    "most sure": "most sure first",
    "least sure": "least sure first",
}


def samples(data: Dataset, given: Floats | Doubles, chosen: Cell, answered: str, order: str) -> Samples:
    """A page of the images of the cell `chosen`, or of all classes, with the answers `given` (N, K)."""
    whole_cell = None not in chosen
    kept = cast(Answered, "all" if whole_cell else answered)
    found = examples.select(data.y_test, given, *chosen, answered=kept, order=cast(Order, order))
    title = words(len(found), data.classes, chosen, kept)
    if not len(found):
        return nothing(title, len(data.classes))
    pages = ceil(len(found) / A_PAGE)
    page = min(max(choice.number(Key.PAGE) or 1, 1), pages)
    shown = found.page(page, A_PAGE)
    inside = choice.number(Key.INSIDE)
    return Samples(
        title=title,
        examples=shown,
        pixels=data.x_test[shown.index],
        probabilities=np.asarray(given[shown.index], np.float32),
        page=page,
        pages=pages,
        most=min(len(found), A_PAGE),
        selected=inside if inside in shown.index else int(shown.index[0]),
    )


def words(number: int, classes: Sequence[str], chosen: Cell, answered: Answered) -> str:
    """So many images of what is chosen: "8 images of 4 read as 9"."""
    true, predicted = (None if one is None else classes[one] for one in chosen)
    if not number:
        return "None: the network reads no test image so."
    said = count(number, "test image" if chosen == (None, None) else "image")
    if true is not None:
        said += f" of {true}"
    if predicted is not None:
        return (
            f"{said} read as {predicted}" + {"all": "", "right": ", rightly", "wrong": ", wrongly"}[answered]
        )
    return said + {"all": "", "right": " read rightly", "wrong": " read as something else"}[answered]
