"""How good a classifier is, class by class: the confusion matrix and what follows from it.

Rows of a confusion matrix are the true classes, columns the predicted ones, as in scikit-learn. A score
whose denominator is zero (a class never predicted, a class without examples) is 0, as with scikit-learn's
`zero_division=0`.
"""

from collections.abc import Sequence
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

    def page(self, number: int, size: int) -> "Examples":
        """The `size` examples of page `number`, counted from 1."""
        part = slice((number - 1) * size, number * size)
        return Examples(self.index[part], self.true[part], self.predicted[part], self.confidence[part])


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


def as_matrix(cm: ArrayLike) -> Integers:
    """A confusion matrix given as nested lists, as in a model's card; ValueError where it is not square."""
    matrix = np.asarray(cm, dtype=np.int64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"cm has shape {matrix.shape}; a square (K, K) is allowed")
    return matrix


def table(cm: ArrayLike, classes: Sequence[str]) -> dict[str, list[object]]:
    """`per_class` as the columns of a table, a row for each of the K classes."""
    scores = per_class(cm)
    return {
        "class": list(classes),
        "precision": scores.precision.tolist(),
        "recall": scores.recall.tolist(),
        "F1": scores.f1.tolist(),
        "support": scores.support.tolist(),
    }


def labelled(cm: ArrayLike, classes: Sequence[str]) -> dict[str, list[object]]:
    """A confusion matrix (K, K) as the columns of a table: the true class, then a column for each answer."""
    columns: dict[str, list[object]] = {"true class": list(classes)}
    for name, answers in zip(classes, as_matrix(cm).T):
        columns[f"read as {name}"] = answers.tolist()
    return columns


def weakest_and_strongest(cm: ArrayLike) -> tuple[int, int]:
    """The classes found least and most often (lowest and highest recall) among those that have examples."""
    scores = per_class(cm)
    recall = np.where(scores.support > 0, scores.recall, np.nan)
    if np.isnan(recall).all():
        return 0, 0
    return int(np.nanargmin(recall)), int(np.nanargmax(recall))


def normalize_rows(cm: ArrayLike) -> Floats:
    """Each row divided by its class's examples, (K, K) in 0..1: the diagonal is recall. Empty rows are 0."""
    matrix = as_matrix(cm)
    return _ratio(matrix, matrix.sum(axis=1, keepdims=True))


def per_class(cm: ArrayLike) -> ClassScores:
    """Precision, recall, F1 and support of each class from a confusion matrix (K, K)."""
    matrix = as_matrix(cm)
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
    matrix = as_matrix(cm)
    return float(_ratio(matrix.trace(), matrix.sum()))


def largest_share_wrong(cm: ArrayLike) -> float:
    """The largest share of a true class that is answered with one wrong class, in 0..1."""
    shares = normalize_rows(cm)
    np.fill_diagonal(shares, 0)
    return float(shares.max()) if shares.size else 0.0


def largest_confusions(cm: ArrayLike, count: int = 5) -> list[tuple[int, int, int]]:
    """The `count` largest cells off the diagonal as (true, predicted, examples), without empty ones."""
    wrong = as_matrix(cm).copy()
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


def without_answer(probabilities: ArrayLike, silenced: int) -> Floats:
    """Probabilities (N, K) of a model that never answers `silenced`: its column 0, the rest summing to 1 again.

    Rows that gave everything to `silenced` share it among the other classes.
    """
    rows = np.array(probabilities, dtype=np.float64)
    rows[:, silenced] = 0
    totals = rows.sum(axis=1, keepdims=True)
    others = np.full(rows.shape[1], 1 / max(1, rows.shape[1] - 1))
    others[silenced] = 0
    return np.where(totals > 0, _ratio(rows, totals), others)
