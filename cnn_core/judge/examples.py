"""Which images of a test set a model answers rightly, wrongly, and how surely."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_core.arrays import Doubles, Integers, Mask, not_allowed
from cnn_core.judge.metrics import ratio


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a test set, arrays of one length, the most confident answer first.

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


def _examples(chosen: Mask, true: Integers, probabilities: Doubles) -> Examples:
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    index = np.flatnonzero(chosen)
    index = index[np.argsort(-confidence[index], kind="stable")]
    return Examples(index, true[index], predicted[index], confidence[index])


def _checked(y_true: ArrayLike, probabilities: ArrayLike) -> tuple[Integers, Doubles]:
    true, rows = np.asarray(y_true, np.int64), np.asarray(probabilities, np.float64)
    if true.ndim != 1 or rows.ndim != 2 or len(true) != len(rows):
        found = f"of shape {true.shape} with probabilities {rows.shape}"
        raise ValueError(not_allowed("y_true", found, "(N,) with (N, K)"))
    return true, rows


def mistakes(
    y_true: ArrayLike, probabilities: ArrayLike, true: int | None = None, predicted: int | None = None
) -> Examples:
    """The wrongly answered examples of labels (N,) and probabilities (N, K), most confident first.

    `true` and `predicted` keep only those of one class and those answered with one class.
    """
    labels, rows = _checked(y_true, probabilities)
    answers = rows.argmax(axis=1)
    chosen = answers != labels
    if true is not None:
        chosen &= labels == true
    if predicted is not None:
        chosen &= answers == predicted
    return _examples(chosen, labels, rows)


def cell_examples(y_true: ArrayLike, probabilities: ArrayLike, true: int, predicted: int) -> Examples:
    """The examples in one cell of the confusion matrix, most confident first; on the diagonal, the right ones."""
    labels, rows = _checked(y_true, probabilities)
    return _examples((labels == true) & (rows.argmax(axis=1) == predicted), labels, rows)


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
