"""The images that excite a channel most and least, against all answers sorted; dead channels by construction."""

import numpy as np
import pytest
import torch

from cnn_core.inside.exciting_images import dead_channels, exciting_images
from cnn_core.inside.receptive_field import rectangle
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import PROBABILITIES
from tests.support.shaken import shaken

pytestmark = pytest.mark.usefixtures("one_thread")
BLOCKS = Architecture(
    (1, 12, 12), shorthand.from_text("conv4-relu-residual4-separable6_p1-gap-flatten-linear5-relu-linear3"), 3
)
IMAGES = np.random.default_rng(0).integers(0, 256, (300, 12, 12, 1), dtype=np.uint8)
FLOATS = IMAGES.transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)


@pytest.mark.parametrize(
    "layer", ["conv1", "relu1", "residual1", "separable1.depthwise", "linear1", PROBABILITIES]
)
def test_they_are_the_extremes_of_all_answers(layer):
    model = shaken(BLOCKS)
    shares: list[float] = []
    found = exciting_images(model, BLOCKS, layer, IMAGES, 9, progress=shares.append)
    assert shares == [128 / 300, 256 / 300, 1.0]
    with torch.inference_mode():
        x = torch.from_numpy(FLOATS)
        if layer == PROBABILITIES:
            answers = model(x).softmax(1)
        elif "." in layer:
            answers = model.separable1.depthwise(model[:3](x))
        else:
            names = [name for name, _ in model.named_children()]
            answers = model[: names.index(layer) + 1](x)
        maps = answers.numpy().reshape(300, answers.shape[1], -1)
    for channel in range(maps.shape[1]):
        largest = maps[:, channel].max(axis=1)
        for spots, order in (
            (found.most(channel), np.argsort(-largest, kind="stable")),
            (found.least(channel), np.argsort(largest, kind="stable")),
        ):
            assert len(spots) == 9
            np.testing.assert_allclose([spot.value for spot in spots], largest[order[:9]], atol=1e-6)
            for spot in spots:
                np.testing.assert_allclose(spot.value, largest[spot.index], atol=1e-6)
                assert spot.cell[0] == channel
                flat = 0 if answers.ndim == 2 else np.ravel_multi_index(spot.cell[1:], answers.shape[2:])
                np.testing.assert_allclose(maps[spot.index, channel, flat], spot.value, atol=1e-6)
                assert spot.sees == rectangle(BLOCKS, layer, spot.cell)


def test_a_bright_spot_is_found_where_it_is():
    architecture = Architecture((1, 12, 12), shorthand.from_text("conv1-flatten-linear2"), 2)
    model = shaken(architecture)
    model.conv1.weight.fill_(1)
    images = np.zeros((6, 1, 12, 12), np.float32)
    for index in range(6):
        images[index, 0, 2 + index, 4] = index / 10
    first, second = exciting_images(model, architecture, "conv1", images, 2).most(0)
    assert (first.index, second.index) == (5, 4)
    assert first.sees.top <= 7 <= first.sees.bottom
    assert first.sees.left <= 4 <= first.sees.right
    assert (first.sees.height, first.sees.width) == (3, 3)


def test_of_equal_ones_the_first_stand_and_few_images_give_few():
    model = shaken(BLOCKS)
    same = np.repeat(IMAGES[:1], 200, axis=0)
    found = exciting_images(model, BLOCKS, "conv1", same, 3)
    assert [spot.index for spot in found.most(0)] == [0, 1, 2]
    assert [spot.index for spot in found.least(0)] == [0, 1, 2]
    assert len(exciting_images(model, BLOCKS, "conv1", IMAGES[:2], 9).most(3)) == 2


def test_floats_and_bytes_are_the_same_images():
    model = shaken(BLOCKS)
    one, other = (exciting_images(model, BLOCKS, "separable1", images, 4) for images in (IMAGES, FLOATS))
    np.testing.assert_array_equal(one.index, other.index)
    np.testing.assert_array_equal(one.value, other.value)


def test_dead_channels_are_found_where_they_were_made():
    model = shaken(BLOCKS)
    model.conv1.bias[[1, 3]] = -100.0
    model.residual1.batch_norm1.bias[2] = -100.0
    model.linear1.weight[4] = 0.0
    model.linear1.bias[4] = -0.5
    found = dead_channels(model, BLOCKS, IMAGES)
    assert list(found) == ["relu1", "residual1.relu1", "residual1.relu2", "relu2"]
    with torch.inference_mode():
        x = model[:2](torch.from_numpy(FLOATS))
        assert found["relu1"] == [int(i) for i in np.flatnonzero(~(x != 0).numpy().any(axis=(0, 2, 3)))]
    assert {1, 3} <= set(found["relu1"])
    assert 2 in found["residual1.relu1"]
    assert 4 in found["relu2"]


def test_a_network_without_relus_has_none_that_die():
    architecture = Architecture((1, 12, 12), shorthand.from_text("conv4-tanh-flatten-linear3"), 3)
    assert dead_channels(shaken(architecture), architecture, IMAGES) == {}


def test_wrong_arguments_are_refused():
    model = shaken(BLOCKS)
    with pytest.raises(ValueError, match="images is empty; allowed is one image or more"):
        exciting_images(model, BLOCKS, "conv1", IMAGES[:0])
    with pytest.raises(ValueError, match="count is 0; allowed is an integer of 1 or more"):
        exciting_images(model, BLOCKS, "conv1", IMAGES, 0)
    with pytest.raises(ValueError, match="channel is 4; allowed is 0 to 3 in conv1"):
        exciting_images(model, BLOCKS, "conv1", IMAGES[:5]).most(4)
    with pytest.raises(ValueError, match=r"images is of shape \(5, 1, 10, 12\)"):
        exciting_images(model, BLOCKS, "conv1", IMAGES[:5, 2:])
