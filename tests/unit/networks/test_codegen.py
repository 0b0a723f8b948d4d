"""How exported source reads; that it is the same function, tests/contracts/test_layer_sources.py holds."""

import pytest

from cnn_core.networks import codegen, shorthand
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import Conv2d, Linear
from cnn_core.networks.presets import PRESETS

WRITERS = [codegen.pytorch_sequential, codegen.pytorch_module, codegen.keras]


def test_shapes_stand_beside_the_layers():
    source = codegen.pytorch_sequential(PRESETS["mnist-3conv"].architecture())
    assert '("conv2", nn.Conv2d(32, 64, kernel_size=3)),' in source
    assert "# 64×11×11" in source


def test_keras_names_the_shape_of_its_images_channels_last():
    source = codegen.keras(Architecture((3, 17, 13), shorthand.from_text("conv8_k5-flatten-linear4"), 4))
    assert "keras.Input((17, 13, 3))" in source
    assert "layers.Conv2D(8, 5)," in source
    assert "layers.Dense(4)," in source


@pytest.mark.parametrize("write", WRITERS)
def test_a_block_is_defined_once_before_the_network_that_uses_it(write):
    line = "residual8-separable8-residual8_s2-separable4-flatten-linear10"
    source = write(Architecture((1, 28, 28), shorthand.from_text(line), 10))
    if write is not codegen.keras:
        assert source.count("class ResidualBlock(nn.Module):") == 1
        assert source.count("class SeparableConv2d(nn.Sequential):") == 1
        assert "ResidualBlock(8, 8, stride=2)" in source
        assert source.index("class ResidualBlock") < source.index(
            "= ResidualBlock(" if "Network" in source else "model ="
        )
    else:
        assert source.count("def residual_block(") == 1
        assert "residual_block(26, 26, 8, 8, stride=2)" in source
    assert "type: ignore" not in source
    assert "\n\n\n\n" not in source


@pytest.mark.parametrize("write", WRITERS)
def test_no_source_of_a_network_that_cannot_work(write):
    with pytest.raises(ArchitectureError, match="Linear needs a vector"):
        write(Architecture((1, 28, 28), (Conv2d(4), Linear(10)), 10))
