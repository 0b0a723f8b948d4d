"""Batches that cannot be trained with: too large for memory, or too small for batch norm."""

import pytest
import torch

from cnn_core import train
from cnn_core.networks import presets
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual
from cnn_core.networks.layers.base import Layer
from cnn_core.networks.presets import Preset
from cnn_core.training import memory

NORMED = (Flatten(), Linear(4), BatchNorm(), ReLU())
ONE_CELL = (Conv2d(4), MaxPool2d(26), BatchNorm(), Flatten())
ON_MAPS = (Conv2d(4), BatchNorm(), MaxPool2d(26), Flatten())
BLOCK = (Conv2d(4), MaxPool2d(26), Residual(8), Flatten())


def network(layers: tuple[Layer, ...]) -> Architecture:
    return Architecture((1, 28, 28), (*layers, Linear(10)), 10)


@pytest.mark.parametrize(
    "layers", [NORMED, ONE_CELL, ON_MAPS, BLOCK, (Residual(4), *ONE_CELL[1:]), (Flatten(),)]
)
@pytest.mark.parametrize("batch_size", [1, 2])
def test_a_batch_is_refused_where_torch_refuses_it(layers: tuple[Layer, ...], batch_size: int) -> None:
    architecture = network(layers)
    model = build(architecture, 0).train()
    try:
        model(torch.zeros(batch_size, 1, 28, 28))
        refused = False
    except ValueError:
        refused = True
    assert bool(memory.batch_problem(architecture, batch_size)) == refused


def test_the_sentence_names_the_layer_and_says_what_to_do() -> None:
    sentence = (
        "A batch of 1 gives batch_norm1 one value per channel, which has no variance to divide by."
        " Choose a batch size of 2 or more."
    )
    assert memory.batch_problem(network(NORMED), 1) == sentence
    with pytest.raises(memory.BatchError) as refused:
        memory.check_batch(network(NORMED), 1)
    assert str(refused.value) == sentence


def test_the_command_line_says_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(presets.PRESETS, "lenet5", Preset("lenet5", "", "", NORMED))
    assert train.main(["--dataset", "digits", "--preset", "lenet5", "--batch-size", "1"]) == 2
    assert capsys.readouterr().err == f"error: {memory.batch_problem(network(NORMED), 1)}\n"


def test_the_largest_batch_keeps_to_the_limit() -> None:
    architecture = network(ON_MAPS)
    most = memory.largest_batch(architecture)
    assert most * architecture.activation_values <= memory.MAX_BATCH_VALUES
    assert memory.batch_problem(architecture, most) == ""
    assert f"at most {most:,}" in memory.batch_problem(architecture, most + 1)
