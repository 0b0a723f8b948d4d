"""How large a batch may be, so that a shared server survives every training that its users can ask for."""

from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import SettingsError

MAX_BATCH_VALUES = 500_000_000  # in a whole batch: 2 GB, as much again for the gradients


class BatchTooLarge(SettingsError):
    """A batch whose training step would take more memory than one network may have."""


def largest_batch(architecture: Architecture) -> int:
    """How many images a batch may have before a training step would take too much memory; 1 or more."""
    return max(1, MAX_BATCH_VALUES // max(1, architecture.activation_values))


def batch_problem(architecture: Architecture, batch_size: int) -> str:
    """Why batches of this size cannot be trained with, as a sentence; empty where they can."""
    most = largest_batch(architecture)
    if batch_size <= most:
        return ""
    return f"A batch of {batch_size:,} would need too much memory for this network; at most {most:,}."


def check_batch(architecture: Architecture, batch_size: int) -> None:
    """Raises `BatchTooLarge`, with the sentence of `batch_problem`, where there is one."""
    problem = batch_problem(architecture, batch_size)
    if problem:
        raise BatchTooLarge(problem)
