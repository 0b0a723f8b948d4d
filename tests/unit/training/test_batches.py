"""Which images, in which order, changed how: all of it from the seed alone."""

import numpy as np
import pytest
import torch

from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.data.augmentation import Augmentation
from cnn_core.training.batches import augmented, scaled, shuffled, split
from cnn_core.training.settings import SETTINGS, TrainSettings

DIGITS = torch.from_numpy(np.array(datasets.load("digits").x_train[:6]))
SHIFTED = TrainSettings(augmentation=Augmentation(shift=4))


def test_split_is_a_partition_chosen_by_the_seed() -> None:
    training, validation = split(1000, 0.1, seed=3)
    assert len(validation) == 100
    assert sorted([*training.tolist(), *validation.tolist()]) == list(range(1000))
    assert torch.equal(split(1000, 0.1, seed=3)[0], training)
    assert not torch.equal(split(1000, 0.1, seed=4)[0], training)
    assert len(split(1000, 0.1, seed=3, limit=50)[0]) == 50


def test_without_labels_the_split_is_the_one_that_runs_of_old_had() -> None:
    order = torch.randperm(1000, generator=torch.Generator().manual_seed(3))
    training, validation = split(1000, 0.1, seed=3)
    assert torch.equal(torch.cat([validation, training]), order)


@pytest.mark.parametrize(("fraction", "limit"), [(0.1, None), (0.25, 60), (0.0, 17), (0.5, 3)])
def test_a_split_by_labels_keeps_each_class_s_share_to_within_an_image(
    fraction: float, limit: int | None
) -> None:
    sizes = [400, 120, 60, 20]
    labels = torch.arange(4).repeat_interleave(torch.tensor(sizes))
    training, validation = split(600, fraction, 5, limit, labels)
    both = torch.cat([validation, training]).tolist()
    assert len(set(both)) == len(both) == round(600 * fraction) + min(limit or 600, 600 - len(validation))
    for label, size in enumerate(sizes):
        share = size / 600
        assert abs(int((labels[validation] == label).sum()) - share * len(validation)) <= 1
        # Two stretches of the order, each to within an image at either end.
        assert abs(int((labels[training] == label).sum()) - share * len(training)) <= 2
    assert not torch.equal(validation, split(600, fraction, 6, limit, labels)[1]) or fraction == 0


def test_every_epoch_has_an_order_of_its_own() -> None:
    training = torch.arange(100, 150)
    first, second = (shuffled(training, 7, epoch) for epoch in (0, 1))
    assert sorted(first.tolist()) == sorted(second.tolist()) == training.tolist()
    assert not torch.equal(first, second)
    assert torch.equal(first, shuffled(training, 7, 0))


def test_scaled_images_are_what_every_page_computes_and_lie_channels_last() -> None:
    images = scaled(DIGITS)
    np.testing.assert_array_equal(images.numpy(), to_float(DIGITS.numpy()))
    colour = scaled(torch.zeros(2, 5, 4, 3, dtype=torch.uint8))
    assert colour.shape == (2, 3, 5, 4)
    assert colour.is_contiguous(memory_format=torch.channels_last)


def test_a_step_draws_the_same_changes_again_and_every_other_step_others() -> None:
    drawn = {place: augmented(DIGITS, SHIFTED, *place) for place in ((0, 0), (0, 1), (1, 0), (1, 1))}
    assert torch.equal(drawn[0, 1], augmented(DIGITS, SHIFTED, 0, 1))
    others = list(drawn.values())
    assert not any(torch.equal(a, b) for i, a in enumerate(others) for b in others[:i])
    assert torch.equal(augmented(DIGITS, TrainSettings(), 0, 0), scaled(DIGITS))


def test_the_largest_seed_of_the_last_step_is_one_that_torch_takes() -> None:
    last = TrainSettings(seed=int(SETTINGS["seed"].high or 0), augmentation=Augmentation(noise=0.1))
    assert augmented(DIGITS, last, int(SETTINGS["epochs"].high or 0), 60_000).shape == (6, 1, 28, 28)
