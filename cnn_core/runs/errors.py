"""Why a training failed, in a sentence that says what to do."""

import errno

import torch

from cnn_core.checkpoints import CheckpointError
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
