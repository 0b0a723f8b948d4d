"""Every layer type in training: what makes it fast (fusion, shared batches, cropping) changes no gradient."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from cnn_core import machine
from cnn_core.data import datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import LAYER_TYPES, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer
from tests.support.layer_strategies import variants

IMAGES = 32
TRAINABLE = {name: kind for name, kind in LAYER_TYPES.items() if not kind.refused}


def without_chance(layer: Layer) -> Layer:
    """The layer with no random numbers in it: of dropout, the one that drops nothing."""
    if not layer.drop_rate:
        return layer
    (rate,) = (name for name, known in layer.settings().items() if known.kind is float)
    return replace(layer, **{rate: 0.0})


def network(layer: Layer) -> Architecture:
    """The layer among the ones that are fused with their neighbours."""
    ending: tuple[Layer, ...] = (Flatten(), Linear(10))
    if layer.flattens:
        ending = (layer, Linear(10))
    elif layer.needs_vector:
        ending = (Flatten(), layer, ReLU(), Linear(10))
    else:
        ending = (layer, ReLU(), Conv2d(4, 1), ReLU(), layer, ReLU(), Flatten(), Linear(10))
    return Architecture((1, 28, 28), (Conv2d(4), ReLU(), MaxPool2d(), *ending), 10)


@pytest.mark.parametrize("kind", TRAINABLE.values(), ids=TRAINABLE)
def test_the_gradients_of_a_step_are_the_plain_networks(kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    architecture = network(without_chance(next(variants(kind))))
    digits = datasets.load("digits")
    settings = TrainSettings(dataset="digits", batch_size=IMAGES, train_limit=IMAGES, epochs=1, device="cpu")
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for cores in (1, 2):
            monkeypatch.setattr(machine, "cores", lambda cores=cores: cores)
            trainer = Trainer(architecture, settings, digits)
            weights = trainer.weights()
            step = next(trainer.steps())
            plain = nn.Sequential(*trainer.model.children()).train()
            found = {name: p.grad.clone() for name, p in trainer.model.named_parameters()}
            trainer.load_weights(weights)
            trainer.model.zero_grad()
            x = torch.from_numpy(digits.x_train[trainer.training.numpy()]).permute(0, 3, 1, 2) / 255
            y = torch.from_numpy(digits.y_train[trainer.training.numpy()]).long()
            loss = nn.functional.cross_entropy(plain(x), y)
            loss.backward()
            torch.testing.assert_close(step.loss / IMAGES, loss.detach(), rtol=1e-4, atol=1e-5)
            for name, parameter in trainer.model.named_parameters():
                torch.testing.assert_close(found[name], parameter.grad, rtol=1e-3, atol=1e-5)
    finally:
        torch.set_num_threads(threads)
