"""The places of a network: names, what each reads, and blocks opened so that they compute what they compute whole."""

import pytest
import torch

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.presets import PRESETS
from cnn_core.networks.wiring import INPUT, PROBABILITIES, wiring

BLOCKS = Architecture(
    (1, 12, 12), shorthand.from_text("conv4-residual4-separable6_p1-residual6_s2-gap-flatten-linear3"), 3
)


def test_blocks_are_opened_and_say_what_they_read():
    places = {place.name: place for place in wiring(BLOCKS).places}
    assert list(places) == [
        "conv1",
        *(f"residual1.{name}" for name in ("conv1", "batch_norm1", "relu1", "conv2", "batch_norm2")),
        *("residual1.sum", "residual1.relu2", "separable1.depthwise", "separable1.pointwise"),
        *(f"residual2.{name}" for name in ("conv1", "batch_norm1", "relu1", "conv2", "batch_norm2")),
        *("residual2.shortcut.projection", "residual2.shortcut.projection_norm"),
        *("residual2.sum", "residual2.relu2", "global_pool1", "flatten1", "linear1", PROBABILITIES),
    ]
    assert places["conv1"].reads == (INPUT,)
    assert places["residual1.conv1"].reads == ("conv1",)
    assert places["residual1.sum"].reads == ("residual1.batch_norm2", "conv1")
    assert places["residual2.sum"].reads == ("residual2.batch_norm2", "residual2.shortcut.projection_norm")
    assert places["separable1.depthwise"].reads == ("residual1.relu2",)
    assert places["residual2.shortcut.projection"].output_shape == (6, 5, 5)
    assert places[PROBABILITIES].reads == ("linear1",)


def test_a_blocks_name_is_that_of_its_last_place():
    known = wiring(BLOCKS)
    assert known.place("residual1").name == "residual1.relu2"
    assert known.place("separable1").name == "separable1.pointwise"
    assert known.place("residual1.conv2").name == "residual1.conv2"
    with pytest.raises(
        ValueError, match=r"layer is 'conv9'; allowed is one of conv1, residual1.conv1, residual1,"
    ):
        known.place("conv9")
    with pytest.raises(ValueError, match=r"layer is ''"):
        known.place("")


@pytest.mark.parametrize("cell", [(6, 0, 0), (0, 10, 0), (0, 0), (0, 0, -1)])
def test_a_cell_that_is_not_there_is_refused(cell):
    with pytest.raises(ValueError, match=r"allowed is 0 to 5 and 0 to 9 and 0 to 9 in separable1.pointwise"):
        wiring(BLOCKS).place("separable1").check(cell)


@pytest.mark.parametrize("architecture", [BLOCKS, *(p.architecture() for p in PRESETS.values())])
def test_every_place_has_its_module_and_torchs_shape(architecture):
    model = build(architecture, 0).eval()
    shapes = {}
    for name, module in model.named_modules():
        module.register_forward_hook(
            lambda _, given, made, name=name: shapes.update({name: (given[0].shape[1:], made.shape[1:])})
        )
    model(torch.zeros(1, *architecture.input_shape))
    for place in wiring(architecture).places[:-1]:
        if place.layer is not None:
            assert (place.input_shape, place.output_shape) == shapes[place.name], place.name
    leaves = {name for name, module in model.named_modules() if name and not list(module.children())}
    leaves -= {name for name in leaves if name.endswith("shortcut")}  # empty where a block keeps the shape
    assert leaves == {place.name for place in wiring(architecture).places[:-1] if place.layer is not None}
