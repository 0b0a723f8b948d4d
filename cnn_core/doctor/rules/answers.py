"""Rules that read the confusion matrix of the test images."""

import numpy as np

from cnn_core.arrays import Integers
from cnn_core.data import catalog
from cnn_core.doctor.rules.base import Case, Experiment, Finding, rate_times
from cnn_core.judge import metrics

NEARLY_ALL = 0.98  # of all answers
SWAPPED = 0.6  # of each of two classes, answered with the other


def _matrix(case: Case) -> Integers | None:
    return None if case.run.test is None else metrics.as_matrix(case.run.test["confusion_matrix"])


def _name(case: Case, number: int) -> str:
    """What a class is called, where the dataset is one that is known here."""
    try:
        return catalog.info(case.run.settings.dataset).classes[number]
    except (ValueError, IndexError):
        return f"class {number}"


def one_answer(case: Case) -> Finding | None:
    """Everything is answered with one class."""
    matrix = _matrix(case)
    if matrix is None or not matrix.sum():
        return None
    answers = matrix.sum(axis=0)
    most = int(answers.argmax())
    if answers[most] < NEARLY_ALL * matrix.sum():
        return None
    return Finding(
        f"It answers everything with {_name(case, most)}.",
        f"{answers[most]:,} of {matrix.sum():,} test images are read as {_name(case, most)}.",
        "What is behind the last layer no longer depends on the image: dead ReLUs after steps that were too large, or "
        "nothing learned yet.",
        rate_times(case, 0.1),
        "matrix",
    )


def class_never_answered(case: Case) -> Finding | None:
    """A class is never answered."""
    matrix = _matrix(case)
    if matrix is None or one_answer(case):
        return None
    never = np.flatnonzero((matrix.sum(axis=0) == 0) & (matrix.sum(axis=1) > 0))
    if not len(never):
        return None
    first = int(never[0])
    taken = int(matrix[first].argmax())
    names = ", ".join(_name(case, int(one)) for one in never)
    epochs = min(2 * case.run.settings.epochs, 200)
    return Finding(
        f"It never answers {names}.",
        f"Of the {matrix[first].sum():,} test images of {_name(case, first)} none is found; "
        f"{matrix[first, taken]:,} are read as {_name(case, taken)}.",
        "Too few images of the class, or an end before it was learned: the easy classes come first.",
        Experiment(f"The same for {epochs} epochs", {"epochs": epochs}),
        "matrix",
    )


def two_swapped(case: Case) -> Finding | None:
    """Two classes are taken for each other."""
    matrix = _matrix(case)
    if matrix is None:
        return None
    shares = metrics.normalize_rows(matrix)
    both = np.minimum(shares, shares.T)
    np.fill_diagonal(both, 0)
    one, other = (int(n) for n in np.unravel_index(both.argmax(), both.shape))
    if both[one, other] < SWAPPED:
        return None
    return Finding(
        f"{_name(case, one)} and {_name(case, other)} have changed places.",
        f"{shares[one, other]:.0%} of {_name(case, one)} are read as {_name(case, other)}, and "
        f"{shares[other, one]:.0%} of {_name(case, other)} as {_name(case, one)}.",
        "The network tells them apart well, so the names differ: labels sorted otherwise in one of the sets.",
        Experiment("Look at images with their labels", page="confusion"),
        "matrix",
    )
