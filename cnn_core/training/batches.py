"""Which images a step learns from, and what the network is given of them: uint8 from the disk to a batch in 0..1."""

import torch
from torch import Tensor

from cnn_core.data.augmentation import augment
from cnn_core.training.settings import TrainSettings

# More than a run has epochs, and than an epoch has steps: each step's random numbers have a seed of their own.
MOST_EPOCHS, MOST_STEPS = 10_007, 100_003


def split(
    count: int, fraction: float, seed: int, limit: int | None = None, labels: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Indices of `count` images shuffled by `seed`: those to train on, `limit` at most, and those to validate on.

    With their `labels` (N,) every class has its share in both, to within an image.
    """
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    if labels is not None:
        order = order[_spread(labels.cpu()[order])]
    held_out = round(count * fraction)
    training = order[held_out:]
    return training[:limit].contiguous(), order[:held_out].contiguous()


def _spread(labels: Tensor) -> Tensor:
    """An order of these labels in which every stretch has each class's share: each class evenly from 0 to 1."""
    place = torch.empty(len(labels), dtype=torch.float64)
    for label in torch.unique(labels).tolist():
        own = labels == label
        images = int(own.sum())
        place[own] = (torch.arange(images, dtype=torch.float64) + 0.5) / images
    return place.argsort(stable=True)


def shuffled(training: Tensor, seed: int, epoch: int) -> Tensor:
    """The indices of the images to train on, in this epoch's order."""
    generator = torch.Generator().manual_seed(seed * MOST_EPOCHS + epoch)
    return training[torch.randperm(len(training), generator=generator)]


def scaled(images: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Images (N, H, W, C) uint8 in 0..255 as a network takes them: (N, C, H, W) in 0..1, channels last."""
    return images.permute(0, 3, 1, 2).to(dtype).div_(255)


def augmented(images: Tensor, settings: TrainSettings, epoch: int, step: int) -> Tensor:
    """Whole images (N, H, W, C) uint8, `scaled` and changed as the settings ask; the same again for the same step.

    What is drawn depends on the seed, the epoch and the step alone, so that a resumed run needs no saved state for it,
    and on the whole batch, so that the number of cores decides nothing.
    """
    seed = (settings.seed * MOST_EPOCHS + epoch) * MOST_STEPS + step + 1
    generator = torch.Generator(images.device).manual_seed(seed)
    return augment(scaled(images), settings.augmentation, generator)
