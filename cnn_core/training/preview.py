"""The first images of a training, as they are and as its first step changes them."""

from dataclasses import dataclass

import numpy as np

from cnn_core.arrays import Floats, to_float
from cnn_core.data.datasets import Dataset
from cnn_core.training.settings import TrainSettings


@dataclass(frozen=True)
class FirstImages:
    """Images `(N, C, H, W)` float32 in 0..1, unchanged and changed, and their `labels` `(N,)`."""

    originals: Floats
    changed: Floats
    labels: list[int]


def first_images(dataset: Dataset, settings: TrainSettings, count: int) -> FirstImages:
    """The first `count` images of the first batch that `Trainer` would make of these settings on a CPU."""
    import torch

    from cnn_core.training.batches import augmented, shuffled, split

    labels = torch.from_numpy(np.array(dataset.y_train)).long()
    training, _ = split(
        len(labels),
        settings.validation_fraction,
        settings.seed,
        settings.train_limit,
        labels if settings.stratified else None,
    )
    batch = shuffled(training, settings.seed, 0)[: settings.batch_size]
    pixels = dataset.x_train[batch.numpy()]
    changed = augmented(torch.from_numpy(pixels), settings, 0, 0)[:count]
    return FirstImages(to_float(pixels[:count]), changed.contiguous().numpy(), labels[batch[:count]].tolist())
