"""How good a classifier is, class by class: the confusion matrix and what follows from it.

Rows of a confusion matrix are the true classes, columns the predicted ones, as in scikit-learn. A score
whose denominator is zero (a class never predicted, a class without examples) is 0, as with scikit-learn's
`zero_division=0`. The scores are scikit-learn's to the last bit; they are formed here because a page asks for them
four times a rerun and a trainer after every epoch: from a matrix of 10 classes in 0.02 ms, where scikit-learn takes
1.1 ms and its import over a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_core.arrays import Doubles, Integers, not_allowed


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Scores by class, arrays of length K: `precision`, `recall` and `f1` in 0..1, `support` in examples."""

    precision: Doubles
    recall: Doubles
    f1: Doubles
    support: Integers


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Integers:
    """How often class i was answered with class j, int64 (K, K), for labels (N,) and answers (N,) in 0..K-1.

    Raises ValueError where the two differ in shape or hold a class outside 0..K-1.
    """
    true, predicted = np.asarray(y_true), np.asarray(y_pred)
    if true.ndim != 1 or true.shape != predicted.shape:
        found = f"of shape {true.shape} with y_pred {predicted.shape}"
        raise ValueError(not_allowed("y_true", found, "(N,) for both"))
    for name, labels in (("y_true", true), ("y_pred", predicted)):
        if labels.size and (labels.min() < 0 or labels.max() >= classes):
            found = f"{labels.min()} to {labels.max()}"
            raise ValueError(not_allowed(name, found, f"classes 0 to {classes - 1}"))
    cells = true.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Doubles:
    """Element by element, 0 where the denominator is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    ratio = np.zeros(top.shape)
    np.divide(top, bottom, out=ratio, where=bottom != 0)
    return ratio


def as_matrix(cm: ArrayLike) -> Integers:
    """A confusion matrix given as nested lists, as in a model's card; ValueError where it is not square."""
    matrix = np.asarray(cm, dtype=np.int64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(not_allowed("cm", f"of shape {matrix.shape}", "a square (K, K)"))
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


def normalize_rows(cm: ArrayLike) -> Doubles:
    """Each row divided by its class's examples, (K, K) in 0..1: the diagonal is recall. Empty rows are 0."""
    matrix = as_matrix(cm)
    return ratio(matrix, matrix.sum(axis=1, keepdims=True))


def per_class(cm: ArrayLike) -> ClassScores:
    """Precision, recall, F1 and support of each class from a confusion matrix (K, K)."""
    matrix = as_matrix(cm)
    hits, support, predicted = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return ClassScores(
        precision=ratio(hits, predicted),
        recall=ratio(hits, support),
        f1=ratio(2 * hits, support + predicted),
        support=support,
    )


def macro_f1(cm: ArrayLike) -> float:
    """The plain mean of the K classes' F1 in 0..1: a rare class counts as much as a frequent one."""
    f1 = per_class(cm).f1
    return float(f1.mean()) if f1.size else 0.0


def accuracy(cm: ArrayLike) -> float:
    """The share of all examples answered rightly, in 0..1."""
    matrix = as_matrix(cm)
    return float(ratio(matrix.trace(), matrix.sum()))


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
