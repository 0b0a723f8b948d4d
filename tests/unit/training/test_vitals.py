"""What one step shows: norms against torch's own, worked out after the step; dead ReLUs of weights made by hand."""

import pytest
import torch
from torch import nn

from cnn_core.data import datasets
from cnn_core.networks.presets import PRESETS
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer
from cnn_core.training.vitals import dead_relus


@pytest.mark.parametrize("clip", [0.0, 0.01])
def test_norms_and_ratios_are_those_of_the_step_that_was_taken(clip: float) -> None:
    asked = TrainSettings(
        dataset="digits", device="cpu", train_limit=64, batch_size=64, optimizer="sgd", clip_norm=clip
    )
    trainer = Trainer(PRESETS["mnist-3conv"].architecture(), asked, datasets.load("digits"))
    before = trainer.weights()
    next(trainer.steps())
    vitals = trainer.vitals
    assert vitals is not None
    after, layers = trainer.weights(), list(vitals["gradient_norms"])
    assert layers == ["conv1", "conv2", "conv3", "linear1", "linear2"]
    whole = []
    for layer in layers:
        names = [name for name in before if name.startswith(f"{layer}.")]
        moved = torch.cat([(after[name] - before[name]).flatten() for name in names]).norm()
        held = torch.cat([before[name].flatten() for name in names]).norm()
        assert vitals["update_ratios"][layer] == pytest.approx(float(moved / held), rel=1e-4)
        parameters = trainer.model.get_submodule(layer).parameters()
        whole.append(torch.cat([p.grad.flatten() for p in parameters if p.grad is not None]).norm())
    length = float(torch.stack(whole).norm())
    if clip:
        assert length == pytest.approx(clip, rel=1e-3)
        assert vitals["gradient_norm"] > clip  # as it was before
    else:
        assert vitals["gradient_norm"] == pytest.approx(length, rel=1e-4)
        assert list(vitals["gradient_norms"].values()) == pytest.approx([float(n) for n in whole], rel=1e-4)


def test_it_looks_when_asked_and_at_the_last_step_of_an_epoch() -> None:
    asked = TrainSettings(dataset="digits", device="cpu", train_limit=96, batch_size=32)
    trainer = Trainer(PRESETS["lenet5"].architecture(), asked, datasets.load("digits"))
    seen = []
    for _step in trainer.steps():
        seen.append(trainer.vitals)
    first, second, last = seen
    assert first is second
    assert last is not first


def test_a_relu_is_dead_where_no_image_brings_it_above_zero() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 1), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2), nn.ReLU())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model[0].bias[:] = torch.tensor([1.0, -1.0, 0.0, -2.0])
        model[3].bias[:] = torch.tensor([1.0, -1.0])
    model.train()
    assert dead_relus(model, torch.rand(3, 1, 2, 2)) == {"1": 0.75, "4": 0.5}
    assert model.training
    assert not any(layer._forward_hooks for layer in model.modules())


def test_a_trainer_tells_the_dead_relus_of_its_network() -> None:
    asked = TrainSettings(dataset="digits", device="cpu", train_limit=64, initialization="zeros")
    trainer = Trainer(PRESETS["mnist-3conv"].architecture(), asked, datasets.load("digits"))
    assert set(trainer.dead_relus().values()) == {1.0}
