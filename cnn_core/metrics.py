"""How good a classifier is, class by class: the confusion matrix and what follows from it.

Rows of a confusion matrix are the true classes, columns the predicted ones, as in scikit-learn. A score
whose denominator is zero (a class never predicted, a class without examples) is 0, as with scikit-learn's
`zero_division=0`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Scores by class, arrays of length K: `precision`, `recall` and `f1` in 0..1, `support` in examples."""

    precision: Floats
    recall: Floats
    f1: Floats
    support: Integers


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples of a test set, arrays of one length, the most confident answer first.

    `index` is the position in the test set, `true` and `predicted` are class indices, and `confidence` is the
    probability in 0..1 that the model gave to its answer.
    """

    index: Integers
    true: Integers
    predicted: Integers
    confidence: Floats

    def __len__(self) -> int:
        return len(self.index)


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Integers:
    """How often class i was answered with class j, int64 (K, K), for labels (N,) and answers (N,) in 0..K-1.

    Raises ValueError where the two differ in shape or hold a class outside 0..K-1.
    """
    true, predicted = np.asarray(y_true), np.asarray(y_pred)
    if true.ndim != 1 or true.shape != predicted.shape:
        raise ValueError(f"y_true has shape {true.shape} and y_pred {predicted.shape}; two (N,) are allowed")
    for name, labels in (("y_true", true), ("y_pred", predicted)):
        if labels.size and (labels.min() < 0 or labels.max() >= classes):
            found = f"{labels.min()}..{labels.max()}"
            raise ValueError(f"{name} holds {found}; classes 0..{classes - 1} are allowed")
    cells = true.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def _ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Element by element, 0 where the denominator is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    ratio = np.zeros(top.shape)
    np.divide(top, bottom, out=ratio, where=bottom != 0)
    return ratio


def _square(cm: ArrayLike) -> Integers:
    matrix = np.asarray(cm, dtype=np.int64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"cm has shape {matrix.shape}; a square (K, K) is allowed")
    return matrix


def normalize_rows(cm: ArrayLike) -> Floats:
    """Each row divided by its class's examples, (K, K) in 0..1: the diagonal is recall. Empty rows are 0."""
    matrix = _square(cm)
    return _ratio(matrix, matrix.sum(axis=1, keepdims=True))


def per_class(cm: ArrayLike) -> ClassScores:
    """Precision, recall, F1 and support of each class from a confusion matrix (K, K)."""
    matrix = _square(cm)
    hits, support, predicted = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return ClassScores(
        precision=_ratio(hits, predicted),
        recall=_ratio(hits, support),
        f1=_ratio(2 * hits, support + predicted),
        support=support,
    )


def macro_f1(cm: ArrayLike) -> float:
    """The plain mean of the K classes' F1 in 0..1: a rare class counts as much as a frequent one."""
    f1 = per_class(cm).f1
    return float(f1.mean()) if f1.size else 0.0


def accuracy(cm: ArrayLike) -> float:
    """The share of all examples answered rightly, in 0..1."""
    matrix = _square(cm)
    return float(_ratio(matrix.trace(), matrix.sum()))


def largest_confusions(cm: ArrayLike, count: int = 5) -> list[tuple[int, int, int]]:
    """The `count` largest cells off the diagonal as (true, predicted, examples), without empty ones."""
    wrong = _square(cm).copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:count]
    cells = [divmod(int(cell), len(wrong)) for cell in order if wrong.flat[cell]]
    return [(true, predicted, int(wrong[true, predicted])) for true, predicted in cells]


def _examples(chosen: NDArray[np.bool_], true: Integers, probabilities: Floats) -> Examples:
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    index = np.flatnonzero(chosen)
    index = index[np.argsort(-confidence[index], kind="stable")]
    return Examples(index, true[index], predicted[index], confidence[index])


def _checked(y_true: ArrayLike, probabilities: ArrayLike) -> tuple[Integers, Floats]:
    true, rows = np.asarray(y_true, np.int64), np.asarray(probabilities, np.float64)
    if true.ndim != 1 or rows.ndim != 2 or len(true) != len(rows):
        shapes = f"{true.shape} and probabilities {rows.shape}"
        raise ValueError(f"y_true has shape {shapes}; (N,) and (N, K) are allowed")
    return true, rows


def mistakes(y_true: ArrayLike, probabilities: ArrayLike) -> Examples:
    """The wrongly answered examples of labels (N,) and probabilities (N, K), most confident first."""
    true, rows = _checked(y_true, probabilities)
    return _examples(rows.argmax(axis=1) != true, true, rows)


def cell_examples(y_true: ArrayLike, probabilities: ArrayLike, true: int, predicted: int) -> Examples:
    """The examples in one cell of the confusion matrix, of class `true` and answered `predicted`."""
    labels, rows = _checked(y_true, probabilities)
    return _examples((labels == true) & (rows.argmax(axis=1) == predicted), labels, rows)
