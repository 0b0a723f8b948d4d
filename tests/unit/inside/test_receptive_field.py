"""Receptive and projective fields by hand, against `walk`'s sizes, and against gradients and changed pixels."""

import numpy as np
import pytest
import torch

from cnn_core.inside.places import run
from cnn_core.inside.receptive_field import (
    Rectangle,
    bounds,
    effective,
    projective_field,
    receptive_field,
    rectangle,
)
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.presets import PRESETS
from cnn_core.networks.wiring import INPUT, PROBABILITIES, wiring
from tests.support.shaken import monotone, shaken

pytestmark = pytest.mark.usefixtures("one_thread")


def network(text: str, shape=(1, 12, 12)) -> Architecture:
    return Architecture(shape, shorthand.from_text(text), 3)


BLOCKS = network("conv4-residual4-separable6_p1-residual6_s2-gap-flatten-linear3")


def test_rectangles_by_hand():
    plain = network("conv4-pool-conv4-flatten-linear3")
    assert rectangle(plain, "conv1", (0, 0, 0)) == Rectangle(0, 0, 2, 2)
    assert rectangle(plain, "pool1", (3, 4, 1)) == Rectangle(8, 2, 11, 5)
    assert rectangle(plain, "conv2", (0, 1, 0)) == Rectangle(2, 0, 9, 7)
    assert rectangle(plain, "linear1", (0,)) == Rectangle(0, 0, 11, 11)
    assert rectangle(plain, "flatten1", (13,)) == rectangle(plain, "conv2", (1, 1, 1))
    assert rectangle(plain, PROBABILITIES, (2,)) == Rectangle(0, 0, 11, 11)
    assert (Rectangle(2, 0, 9, 6).height, Rectangle(2, 0, 9, 6).width) == (8, 7)
    padded = network("conv4_p2-flatten-linear3")
    assert rectangle(padded, "conv1", (0, 0, 13)) == Rectangle(0, 11, 0, 11)
    nothing = network("conv4_k1_p3-flatten-linear3")
    assert rectangle(nothing, "conv1", (0, 0, 5)) is None
    even = network("conv4_k2_psame-flatten-linear3")
    assert rectangle(even, "conv1", (0, 0, 0)) == Rectangle(0, 0, 1, 1)


def test_dilation_leaves_holes_and_the_edge_does_not_fill_them():
    mask = receptive_field(network("conv4_k3_p1_d2-flatten-linear3"), "conv1", (0, 0, 5))[INPUT][0]
    assert sorted(zip(*np.nonzero(mask))) == [(row, column) for row in (1, 3) for column in (4, 6, 8)]


def test_a_residual_block_sees_with_both_of_its_streams():
    architecture = network("residual4-flatten-linear3")
    assert rectangle(architecture, "residual1", (0, 5, 5)) == Rectangle(3, 3, 7, 7)
    assert rectangle(architecture, "residual1.shortcut.projection", (0, 5, 5)) == Rectangle(5, 5, 5, 5)
    assert rectangle(architecture, "residual1.conv1", (0, 5, 5)) == Rectangle(4, 4, 6, 6)
    masks = receptive_field(architecture, "residual1", (2, 5, 5))
    assert masks["residual1.sum"].sum() == 1
    assert masks["residual1.relu1"].sum() == 4 * 9
    assert "residual1.relu2" not in masks


def test_groups_see_their_own_channels():
    grouped = receptive_field(network("conv4_g2-flatten-linear3", (4, 12, 12)), "conv1", (3, 0, 0))[INPUT]
    assert grouped.any(axis=(1, 2)).tolist() == [False, False, True, True]
    depthwise = receptive_field(
        network("separable6-flatten-linear3", (4, 12, 12)), "separable1.depthwise", (1, 0, 0)
    )[INPUT]
    assert depthwise.any(axis=(1, 2)).tolist() == [False, True, False, False]


@pytest.mark.parametrize("name", PRESETS)
def test_in_the_middle_its_size_is_that_of_walk(name):
    architecture = PRESETS[name].architecture((1, 160, 160))
    for info in architecture.summary():
        if len(info.output_shape) == 3 and info.layer.window() is not None:
            middle = (0, info.output_shape[1] // 2, info.output_shape[2] // 2)
            found = rectangle(architecture, info.name, middle)
            assert (found.height, found.width) == (info.receptive_field,) * 2, info.name


@pytest.mark.parametrize(
    "architecture",
    [BLOCKS, *(p.architecture((3, 32, 32)) for p in PRESETS.values())],
    ids=lambda a: str(a.layers[0]),
)
def test_random_cells_depend_on_the_pixels_that_a_gradient_reaches(architecture):
    known, random = wiring(architecture), np.random.default_rng(0)
    model = monotone(architecture)
    x = torch.from_numpy(random.random((1, *architecture.input_shape))).requires_grad_()
    values = run(model, known.places, {INPUT: x})
    for place in known.places[:-1:3]:
        cell = tuple(int(random.integers(size)) for size in place.output_shape)
        (gradient,) = torch.autograd.grad(values[place.name][(0, *cell)], x, retain_graph=True)
        mask = receptive_field(architecture, place.name, cell)[INPUT]
        np.testing.assert_array_equal(mask, gradient[0].numpy() != 0)
        assert bounds(mask) == rectangle(architecture, place.name, cell)


@pytest.mark.parametrize(
    "architecture", [BLOCKS, PRESETS["tiny-vgg"].architecture(), PRESETS["lenet5"].architecture()]
)
def test_a_changed_pixel_changes_its_projective_field_and_nothing_else(architecture):
    known, random = wiring(architecture), np.random.default_rng(1)
    model = monotone(architecture)
    before = torch.from_numpy(random.random((1, *architecture.input_shape)))
    for _ in range(3):
        pixel = tuple(int(random.integers(size)) for size in architecture.input_shape)
        after = before.clone()
        after[(0, *pixel)] += 100
        one, other = (run(model, known.places, {INPUT: x}) for x in (before, after))
        found = projective_field(architecture, pixel)
        for place in known.places[:-1]:
            moved = (one[place.name] != other[place.name])[0].numpy()
            np.testing.assert_array_equal(
                found.get(place.name, np.zeros_like(moved)), moved, err_msg=place.name
            )


def test_the_effective_field_is_the_gradient_and_lies_in_the_theoretical_one():
    model = shaken(BLOCKS)
    images = np.random.default_rng(2).random((3, 1, 12, 12), dtype=np.float32)
    x = torch.from_numpy(images).requires_grad_()
    channel = int(model[:2](x)[:, :, 4, 5].detach().sum(0).argmax())  # one that its ReLU lets through
    found = effective(model, BLOCKS, "residual1", (channel, 4, 5), images)
    each = []
    for image in x:
        (gradient,) = torch.autograd.grad(model[:2](image[None])[0, channel, 4, 5], x)
        each.append(gradient.abs().sum(0))
    np.testing.assert_allclose(found, sum(each) / 3, rtol=1e-5, atol=1e-8)
    assert found.shape == (1, 12, 12)
    assert found.any()
    mask = receptive_field(BLOCKS, "residual1", (channel, 4, 5))[INPUT]
    assert not found[~mask].any()


def test_the_gradient_in_float64_is_that_of_small_changes():
    architecture = network("conv4-tanh-separable6_p1-gelu-gap-flatten-linear3")
    model = shaken(architecture).double()
    x = np.random.default_rng(4).random((1, 1, 12, 12))
    found = effective(model.float(), architecture, "linear1", (1,), x.astype(np.float32))
    model = model.double()
    for pixel in [(0, 3, 4), (0, 11, 11), (0, 0, 6)]:
        above, below = torch.from_numpy(x.copy()), torch.from_numpy(x.copy())
        above[(0, *pixel)] += 1e-5
        below[(0, *pixel)] -= 1e-5
        slope = float(model(above)[0, 1] - model(below)[0, 1]) / 2e-5
        assert found[pixel] == pytest.approx(abs(slope), rel=1e-3, abs=1e-7)


def test_wrong_arguments_are_refused():
    with pytest.raises(
        ValueError, match=r"pixel is \(1, 0, 0\); allowed is a cell of the input's 1 × 12 × 12"
    ):
        projective_field(BLOCKS, (1, 0, 0))
    with pytest.raises(ValueError, match=r"cell is \(4, 0, 0\)"):
        receptive_field(BLOCKS, "conv1", (4, 0, 0))
    with pytest.raises(ValueError, match="layer is 'conv5'"):
        rectangle(BLOCKS, "conv5", (0, 0, 0))
    with pytest.raises(ValueError, match="model is in training mode"):
        effective(shaken(BLOCKS).train(), BLOCKS, "conv1", (0, 0, 0), np.zeros((1, 1, 12, 12), np.float32))
