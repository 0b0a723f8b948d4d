"""Why a training failed, in words that say what to do."""

import errno
import os

import pytest
import torch

from cnn_core.checkpoints import CheckpointError
from cnn_core.data.catalog import DatasetMissing
from cnn_core.networks.architecture import ArchitectureError
from cnn_core.runs.errors import explain
from cnn_core.training.settings import SettingsError
from cnn_core.training.trainer import Diverged

SENTENCE = "What is wrong, and what to do."


def disk(number: int) -> OSError:
    """An error that names a file of this machine."""
    return OSError(number, os.strerror(number), "/somewhere/of/the/server")


@pytest.mark.parametrize(
    "kind", [Diverged, DatasetMissing, ArchitectureError, SettingsError, CheckpointError, ValueError]
)
def test_our_own_errors_are_sentences_already(kind: type[Exception]) -> None:
    assert explain(kind(SENTENCE)) == SENTENCE


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 4096 bytes."),
    ],
)
def test_too_little_memory_asks_for_a_smaller_batch_or_network(error: Exception) -> None:
    assert explain(error).startswith("Memory ran out. Make the batch smaller, or the network:")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_asks_for_space(number: int) -> None:
    assert explain(disk(number)) == (
        "The disk is full. What was saved before is still there: free some space and resume it."
    )


def test_another_error_of_the_disk_is_named_without_the_servers_folders() -> None:
    assert explain(disk(errno.EACCES)) == (
        "The run's files could not be read or written (Permission denied). Resume it once that is put right."
    )


def test_whatever_else_comes_is_named_in_short_with_where_to_look() -> None:
    told = explain(RuntimeError("x" * 1000))
    assert told == (
        f"Training ended with an unexpected error (RuntimeError: {'x' * 300}). The log is in the run's folder."
    )
