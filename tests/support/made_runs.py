"""Runs as they would have gone: histories made of numbers, and real ones trained on the built-in digits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cnn_core.checkpoints import Scores
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import records
from cnn_core.runs.events import Batch, Epoch, Started
from cnn_core.runs.execution import execute
from cnn_core.runs.history import Run
from cnn_core.training.settings import TrainSettings

LINE = "conv8-relu-pool-conv16-relu-pool-flatten-linear32-relu-linear10"
STEPS = 10


def scores(matrix: np.ndarray[Any, Any]) -> Scores:
    """Test scores with this confusion matrix (K, K)."""
    images = int(matrix.sum())
    return {
        "accuracy": float(matrix.trace() / images),
        "macro_f1": 0.9,
        "loss": 0.1,
        "images": images,
        "confusion_matrix": matrix.tolist(),
    }


def good_matrix() -> np.ndarray[Any, Any]:
    """Ten classes of 100 images, 97 of each found."""
    matrix = np.eye(10, dtype=int) * 97
    matrix[np.arange(10), (np.arange(10) + 1) % 10] = 3
    return matrix


def made(
    losses: Sequence[float] = (0.9, 0.3, 0.15, 0.1),
    accuracies: Sequence[float] = (0.75, 0.92, 0.96, 0.975),
    validation: Sequence[tuple[float, float]] = ((0.4, 0.9), (0.2, 0.95), (0.12, 0.968), (0.11, 0.97)),
    *,
    first: float = 2.31,
    line: str = LINE,
    matrix: np.ndarray[Any, Any] | None = None,
    status: str = "finished",
    reason: str = "",
    images: int = 9000,
    held_out: int = 1000,
    spike: float | None = None,
    **settings: Any,  # noqa: ANN401 (as TrainSettings)
) -> Run:
    """A run of so many epochs as it has losses, sound where nothing else is said; `first` is its first batch's loss."""
    started: Started = {
        "type": "started",
        "epoch": 0,
        "step": 0,
        "steps_per_epoch": STEPS,
        "images": images,
        "validation_images": held_out,
    }
    told = [(0, 1, first), *((epoch, STEPS, loss) for epoch, loss in enumerate(losses))]
    if spike is not None:
        told.insert(2, (1, 1, spike))
    batches: list[Batch] = [
        {
            "type": "batch",
            "epoch": epoch,
            "step": step,
            "loss": loss,
            "accuracy": 0.5,
            "images_per_second": 1000.0,
            "learning_rate": 0.004,
        }
        for epoch, step, loss in told
    ]
    epochs: list[Epoch] = [
        {
            "type": "epoch",
            "epoch": number,
            "loss": loss,
            "accuracy": accuracy,
            "validation_loss": validation[number][0] if held_out else None,
            "validation_accuracy": validation[number][1] if held_out else None,
            "seconds": 1.0,
            "best": True,
        }
        for number, (loss, accuracy) in enumerate(zip(losses, accuracies))
    ]
    return Run(
        id="made",
        path=Path("made"),
        title="made",
        architecture=Architecture((1, 28, 28), shorthand.from_text(line), 10),
        settings=TrainSettings(dataset="digits", epochs=max(1, len(losses)), **settings),
        created=0.0,
        status=status,
        reason=reason,
        started=started,
        batches=tuple(batches),
        epochs=tuple(epochs),
        test=scores(good_matrix() if matrix is None else matrix) if status == "finished" else None,
    )


def trained(line: str = LINE, owner: str | None = None, **settings: Any) -> Run:  # noqa: ANN401
    """A run that was trained on the built-in digits, in the home of the test."""
    architecture = Architecture((1, 28, 28), shorthand.from_text(line), 10)
    path = records.create(architecture, TrainSettings(dataset="digits", **settings), "trained", owner=owner)
    return execute(path)
