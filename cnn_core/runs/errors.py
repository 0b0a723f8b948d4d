"""Why a training failed, in a sentence that says what to do."""

import errno
import math

import torch
from torch import Tensor

from cnn_core.checkpoints import CheckpointError, all_finite
from cnn_core.data.catalog import DatasetError
from cnn_core.networks.architecture import ArchitectureError
from cnn_core.training.settings import SettingsError
from cnn_core.training.trainer import Diverged


def explain(error: Exception) -> str:
    """A sentence on why training failed and what to do."""
    text = str(error)
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "not enough memory" in text:
        return (
            "Memory ran out. Make the batch smaller, or the network: fewer filters, one more pooling layer."
        )
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "The disk is full. What was saved before is still there: free some space and resume it."
        what = error.strerror or type(error).__name__
        return f"The run's files could not be read or written ({what}). Resume it once that is put right."
    if isinstance(
        error, (Diverged, DatasetError, ArchitectureError, SettingsError, CheckpointError, ValueError)
    ):
        return text
    what = f"{type(error).__name__}: {text[:300]}"
    return f"Training ended with an unexpected error ({what}). The log is in the run's folder."


def check_numbers(
    what: str, learning_rate: float, loss: float, weights: dict[str, Tensor] | None = None
) -> None:
    """Raise `Diverged`, which begins with `what`, where a loss or a weight is no number."""
    if math.isfinite(loss) and (weights is None or all_finite(weights)):
        return
    raise Diverged(
        f"{what}: the weights grew until they overflowed."
        f" Lower the learning rate from {learning_rate:g} to {learning_rate / 10:g} and try again."
    )
