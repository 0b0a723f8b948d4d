"""The previewed images are the ones that a training's first step is given."""

import pytest
import torch

from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.data.augmentation import Augmentation
from cnn_core.networks.presets import PRESETS
from cnn_core.training.batches import shuffled
from cnn_core.training.preview import first_images
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer


@pytest.mark.parametrize("stratified", [False, True])
def test_the_first_images_are_the_trainer_s(stratified: bool) -> None:
    digits = datasets.load("digits")
    asked = TrainSettings(
        dataset="digits",
        device="cpu",
        batch_size=16,
        train_limit=40,
        seed=3,
        stratified=stratified,
        augmentation=Augmentation(shift=2, cutout=4, flip=True),
    )
    found = first_images(digits, asked, 5)
    trainer = Trainer(PRESETS["lenet5"].architecture(), asked, digits)
    batch = shuffled(trainer.training, asked.seed, 0)[: asked.batch_size]
    expected = trainer._changed(batch)[:5].float()
    torch.testing.assert_close(torch.from_numpy(found.changed), expected, atol=5e-3, rtol=0)  # bfloat16
    assert (found.originals == to_float(digits.x_train[batch[:5].numpy()])).all()
    assert found.labels == digits.y_train[batch[:5].numpy()].tolist()
