"""A run judged again, from its weights and the dataset's own files: what a page says of it has to be that."""

import re

import numpy as np
import torch
from numpy.typing import NDArray

from cnn_core import checkpoints
from cnn_core.runs.history import Run
from tests.conftest import REAL_HOME

Matrix = NDArray[np.int64]
NEARLY = 10  # answers of 10,000 that rounding may turn where two classes are as likely


def held_back(dataset: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The test images of a downloaded dataset as they lie on the disk, uint8 (N, H, W, C), and their classes (N,)."""
    folder = REAL_HOME / "data" / dataset
    return np.load(folder / "x_test.npy"), np.load(folder / "y_test.npy").astype(np.int64)


def tensor(images: NDArray[np.uint8]) -> torch.Tensor:
    """Images (N, H, W, C) as a network gets them: float32 (N, C, H, W) in 0..1."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def answers(run: Run, images: NDArray[np.uint8]) -> Matrix:
    """The class (N,) that the run's best weights give each image."""
    model = checkpoints.load(run.path).model.eval()
    with torch.inference_mode():
        found = [model(tensor(images[at : at + 500])).argmax(1) for at in range(0, len(images), 500)]
    answered: Matrix = torch.cat(found).numpy()
    return answered


def matrix(truth: Matrix, answered: Matrix, classes: int = 10) -> Matrix:
    """How many of each true class (rows) are read as each class (columns)."""
    counts = np.bincount(classes * truth + answered, minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


def scores(counts: Matrix) -> tuple[float, float]:
    """Accuracy and macro F1 of a matrix."""
    right = np.diag(counts)
    return right.sum() / counts.sum(), float((2 * right / (counts.sum(0) + counts.sum(1))).mean())


def said_scores(text: str) -> tuple[float, float]:
    """Accuracy and macro F1 as a page says them."""
    right, f1 = re.search(r"([\d.]+)\s%\sright", text), re.search(r"macro F1 ([\d.]+)", text)
    assert right, text
    assert f1, text
    return float(right[1]) / 100, float(f1[1])


def agree(text: str, counts: Matrix) -> None:
    """Expect the scores that a page says to be those of this matrix, in the digits that it says."""
    (right, f1), (is_right, is_f1) = said_scores(text), scores(counts)
    assert abs(right - is_right) <= 0.00005001 + 1e-9
    assert abs(f1 - is_f1) <= 0.00005001
