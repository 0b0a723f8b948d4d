"""What a run is called without being asked: its network in short and its data; a title that was given stays."""

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import (
    BatchNorm,
    Conv2d,
    Flatten,
    GlobalAvgPool,
    Layer,
    Linear,
    MaxPool2d,
    Residual,
)
from cnn_core.networks.layers import SeparableConv2d as Separable
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import about, history, records
from cnn_core.runs.naming import network
from cnn_core.training.settings import TrainSettings


def stack(*layers: Layer) -> Architecture:
    return Architecture((1, 28, 28), layers, 10)


@pytest.mark.parametrize(
    ("architecture", "said"),
    [
        (PRESETS["mnist-3conv"].architecture(), "32-64-64"),
        (PRESETS["tiny-vgg"].architecture(), "10×4"),
        (stack(Flatten(), Linear(128), Linear(10)), "linear 128-10"),
        (stack(Flatten()), "no weights"),
        (stack(Conv2d(16), BatchNorm(), Residual(16), Residual(32), GlobalAvgPool(), Linear(10)), "16-16-32"),
        (stack(Separable(8), MaxPool2d(), Conv2d(12), Flatten(), Linear(10)), "8-12"),
        (stack(*(Conv2d(4 + n) for n in range(8)), Flatten(), Linear(10)), "4-5-6-…-11"),
        (stack(Conv2d(4), *[MaxPool2d()] * 5, Conv2d(9)), "4"),  # what stands after a layer that cannot work
    ],
)
def test_a_network_is_told_by_its_filters_or_else_by_its_units(architecture: Architecture, said: str) -> None:
    assert network(architecture) == said


@pytest.mark.parametrize("title", ["", "mnist-3conv", "3 convolutions, 93,322 parameters"])
def test_what_a_page_wrote_by_itself_is_no_title_and_what_an_owner_wrote_is(title: str) -> None:
    path = records.create(PRESETS["mnist-3conv"].architecture(), TrainSettings(dataset="mnist"), title)
    run = history.read(path)
    assert (run.title, run.named) == ("32-64-64 · MNIST", False)
    about.change(path, title="Before the holidays")
    run = history.read(path)
    assert (run.title, run.named) == ("Before the holidays", True)


def test_a_title_that_it_began_with_stays() -> None:
    run = history.read(records.create(stack(Flatten(), Linear(10)), TrainSettings(dataset="digits"), "Ann's"))
    assert (run.title, run.named) == ("Ann's", True)
