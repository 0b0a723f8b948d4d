"""Which images of a test set a model answers rightly, wrongly, and how surely."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cnn_core.arrays import Doubles, Integers, not_allowed
from cnn_core.judge.metrics import ratio

Answered = Literal["all", "right", "wrong"]
Order = Literal["as they come", "most sure", "least sure"]


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a test set, arrays of one length.

    `index` is the position in the test set, `true` and `predicted` are class indices, and `confidence` is the
    probability in 0..1 that the model gave to its answer.
    """

    index: Integers
    true: Integers
    predicted: Integers
    confidence: Doubles

    def __len__(self) -> int:
        return len(self.index)

    def page(self, number: int, size: int) -> "Examples":
        """The `size` examples of page `number`, counted from 1."""
        part = slice((number - 1) * size, number * size)
        return Examples(self.index[part], self.true[part], self.predicted[part], self.confidence[part])


def _checked(y_true: ArrayLike, probabilities: ArrayLike) -> tuple[Integers, Doubles]:
    true, rows = np.asarray(y_true, np.int64), np.asarray(probabilities, np.float64)
    if true.ndim != 1 or rows.ndim != 2 or len(true) != len(rows):
        found = f"of shape {true.shape} with probabilities {rows.shape}"
        raise ValueError(not_allowed("y_true", found, "(N,) with (N, K)"))
    return true, rows


def select(
    y_true: ArrayLike,
    probabilities: ArrayLike,
    true: int | None = None,
    predicted: int | None = None,
    *,
    answered: Answered = "all",
    order: Order = "as they come",
) -> Examples:
    """The examples of labels (N,) and probabilities (N, K) that are of class `true` and answered with `predicted`.

    None stands for any class: with both, a cell of the confusion matrix is meant. `answered` keeps only right or wrong
    answers; `order` is that of the test set, or by the probability given to the answer.
    """
    labels, rows = _checked(y_true, probabilities)
    answers = rows.argmax(axis=1)
    chosen = np.ones(len(labels), bool)
    if answered != "all":
        chosen = (answers == labels) == (answered == "right")
    if true is not None:
        chosen &= labels == true
    if predicted is not None:
        chosen &= answers == predicted
    index = np.flatnonzero(chosen)
    confidence = rows[index, answers[index]]
    if order != "as they come":
        turned = np.argsort(confidence if order == "least sure" else -confidence, kind="stable")
        index, confidence = index[turned], confidence[turned]
    return Examples(index, labels[index], answers[index], confidence)


def without_answer(probabilities: ArrayLike, silenced: int) -> Doubles:
    """Probabilities (N, K) of a model that never answers `silenced`: its column 0, the rest summing to 1 again.

    Rows that gave everything to `silenced` share it among the other classes.
    """
    rows = np.array(probabilities, dtype=np.float64)
    rows[:, silenced] = 0
    totals = rows.sum(axis=1, keepdims=True)
    others = np.full(rows.shape[1], 1 / max(1, rows.shape[1] - 1))
    others[silenced] = 0
    return np.where(totals > 0, ratio(rows, totals), others)
