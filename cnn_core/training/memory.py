"""Which batches a network can be trained with: small enough for a shared server, large enough for batch norm."""

import math

from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import SettingsError

MAX_BATCH_VALUES = 500_000_000  # in a whole batch: 2 GB, as much again for the gradients


class BatchError(SettingsError):
    """Batches of a size that the network cannot be trained with; the message says why and what to choose."""


def largest_batch(architecture: Architecture) -> int:
    """How many images a batch may have before a training step would take too much memory; 1 or more."""
    return max(1, MAX_BATCH_VALUES // max(1, architecture.activation_values))


def batch_problem(architecture: Architecture, batch_size: int) -> str:
    """Why batches of this size cannot be trained with, as a sentence; empty where they can."""
    most = largest_batch(architecture)
    if batch_size > most:
        return f"A batch of {batch_size:,} would need too much memory for this network; at most {most:,}."
    alone = _normalizes_one_value(architecture) if batch_size == 1 else None
    if alone is not None:
        return (
            f"A batch of 1 gives {alone} one value per channel, which has no variance to divide by."
            " Choose a batch size of 2 or more."
        )
    return ""


def _normalizes_one_value(architecture: Architecture) -> str | None:
    """The name of the first batch norm that gets one value per channel and image; the others see a whole map."""
    for info in architecture.summary():
        if info.layer.normalizes and math.prod(info.output_shape[1:]) == 1:
            return info.name
    return None


def check_batch(architecture: Architecture, batch_size: int) -> None:
    """Raises `BatchError`, with the sentence of `batch_problem`, where there is one."""
    problem = batch_problem(architecture, batch_size)
    if problem:
        raise BatchError(problem)
