"""What a finished run's best weights answer to the test images: written down with its scores, so that nobody waits."""

import logging
from pathlib import Path

import numpy as np

from cnn_core import files
from cnn_core.arrays import Floats
from cnn_core.limits import MEGABYTE
from cnn_core.runs.records import BEST, PREDICTIONS

MOST_BYTES = (
    4 * MEGABYTE
)  # 10,000 images of 100 classes; what takes more is computed again where it is asked for
_NAME = "probabilities"
_LOG = logging.getLogger(__name__)


def write(path: Path, probabilities: Floats) -> None:
    """Put probabilities float32 (N, K) beside the scores of the run in `path`; none that take too much of the disk.

    Raises `OSError` on a full disk.
    """
    import torch

    if probabilities.nbytes <= MOST_BYTES:
        files.write_tensors(path / PREDICTIONS, {_NAME: torch.from_numpy(probabilities)})


def read(path: Path, images: int, classes: int) -> Floats | None:
    """Probabilities (N, K) in the order of the test images; None where the run in `path` has none that are sound.

    Sound are those of so many images and classes, in a run written after the weights that they are of. The folder may
    be a shipped model's, which was such a run, and whose files all came at once.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        stamp, weights = files.stamp(path / PREDICTIONS), files.stamp(path / BEST)
        if stamp is None or (weights is not None and stamp.changed < weights.changed):
            return None
        found = load(files.read_whole(path / PREDICTIONS, 2 * MOST_BYTES)).get(_NAME)
    except (OSError, SafetensorError, ValueError) as error:
        _LOG.warning("the predictions of run %s cannot be read: %s", path.name, error)
        return None
    if found is None or found.dtype != np.float32 or found.shape != (images, classes):
        return None
    return (
        found
        if np.isfinite(found).all() and found.min(initial=0) >= 0 and found.max(initial=0) <= 1.001
        else None
    )
