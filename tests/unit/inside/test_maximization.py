"""Activation maximization: against the image that is known to be best, and against many random ones."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core import checkpoints
from cnn_core.inside.maximization import maximize
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import PROBABILITIES
from tests.support.shaken import shaken

pytestmark = pytest.mark.usefixtures("one_thread")
BLOCKS = Architecture(
    (2, 12, 12), shorthand.from_text("conv4-residual4-separable6_p1-residual6_s2-gap-flatten-linear3"), 3
)


def test_of_one_linear_value_the_best_image_is_known():
    """Without penalties: white under positive weights, black under negative ones, elsewhere as it was."""
    architecture = Architecture((1, 5, 5), shorthand.from_text("conv2-flatten-linear2"), 2)
    model = shaken(architecture)
    free = {"jitter": 0, "smoothness": 0.0, "decay": 0.0}
    found = maximize(model, architecture, "conv1", 1, (1, 2), steps=400, **free)
    weight = model.conv1.weight[1, 0].numpy()
    np.testing.assert_array_equal(found.image[0, 1:4, 2:5], (weight > 0).astype(np.float32))
    outside = np.ones((5, 5), bool)
    outside[1:4, 2:5] = False
    np.testing.assert_array_equal(found.image[0][outside], found.start[0][outside])
    best = weight[weight > 0].sum() + float(model.conv1.bias[1])
    assert found.after == pytest.approx(best, rel=1e-5)
    assert found.before < found.after


@pytest.mark.parametrize(
    ("layer", "channel"),
    [
        ("conv1", 2),
        ("residual1.conv2", 1),
        ("separable1", 5),
        ("residual2", 0),
        ("linear1", 1),
        (PROBABILITIES, 2),
    ],
)
def test_it_excites_more_than_any_of_many_random_images(layer, channel):
    model = shaken(BLOCKS, seed=2)
    found = maximize(model, BLOCKS, layer, channel, steps=80)
    assert found.after > found.before
    assert found.image.shape == (2, 12, 12)
    assert found.image.dtype == np.float32
    assert 0 <= found.image.min() <= found.image.max() <= 1
    assert len(found.steps) == 80
    others = [
        maximize(model, BLOCKS, layer, channel, steps=1, rate=0.0, seed=seed).after for seed in range(20)
    ]
    assert found.after > max(others)


def test_before_and_after_are_what_the_network_answers():
    model = shaken(BLOCKS, seed=2)
    found = maximize(model, BLOCKS, "linear1", 1, steps=20)
    with torch.inference_mode():
        logits = model(torch.from_numpy(np.stack([found.start, found.image])))[:, 1].tolist()
    assert [found.before, found.after] == pytest.approx(logits, rel=1e-6)
    of_map = maximize(model, BLOCKS, "conv1", 3, steps=5)
    assert of_map.after == pytest.approx(
        float(model.conv1(torch.from_numpy(of_map.image)[None])[0, 3].mean()), rel=1e-6
    )


def test_a_seed_makes_the_image_and_another_makes_another():
    model = shaken(BLOCKS)
    first, again, other = (maximize(model, BLOCKS, "linear1", 0, steps=10, seed=seed) for seed in (1, 1, 2))
    assert first.image.tobytes() == again.image.tobytes()
    assert first.steps == again.steps
    assert not np.allclose(first.image, other.image)


def test_the_penalties_do_what_they_say():
    model = shaken(BLOCKS)
    plain = maximize(model, BLOCKS, "linear1", 0, steps=60, smoothness=0.0, decay=0.0, jitter=0)
    smooth = maximize(model, BLOCKS, "linear1", 0, steps=60, smoothness=2.0, decay=0.0, jitter=0)
    gray = maximize(model, BLOCKS, "linear1", 0, steps=60, smoothness=0.0, decay=3.0, jitter=0)

    def roughness(image):
        return np.square(np.diff(image, axis=1)).sum() + np.square(np.diff(image, axis=2)).sum()

    assert roughness(smooth.image) < roughness(plain.image) / 2
    assert np.square(gray.image - 0.5).sum() < np.square(plain.image - 0.5).sum() / 2
    assert plain.after > max(smooth.after, gray.after)


def test_without_a_gradient_new_noise_is_drawn():
    architecture = Architecture((1, 6, 6), shorthand.from_text("conv1-relu-flatten-linear2"), 2)
    model = shaken(architecture)
    model.conv1.bias.fill_(-100.0)
    found = maximize(model, architecture, "relu1", 0, steps=3)
    assert found.steps == (0.0, 0.0, 0.0)
    assert found.after == 0
    assert not np.array_equal(found.image, found.start)


def test_of_a_shipped_digit_reader_each_class_is_reached():
    model, card = checkpoints.load("mnist-3conv")
    for digit in (0, 7):
        found = maximize(model, card.architecture, PROBABILITIES, digit, steps=60)
        logit = maximize(model, card.architecture, "linear2", digit, steps=60)
        with torch.inference_mode():
            answers = model(torch.from_numpy(logit.image)[None])[0].softmax(0)
        assert int(answers.argmax()) == digit
        assert float(answers[digit]) > 0.9
        assert found.after > found.before


def test_the_model_keeps_nothing():
    model = shaken(BLOCKS).requires_grad_(True)
    before = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    maximize(model, BLOCKS, "linear1", 0, steps=5)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(isinstance(module, nn.Module) and module._forward_hooks for module in model.modules())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "steps is 0; allowed is an integer from 1 to 2,000"),
        ({"jitter": -1}, "jitter is -1"),
        ({"rate": float("nan")}, "rate is nan; allowed is 0 or more"),
        ({"smoothness": -0.1}, "smoothness is -0.1"),
        ({"decay": float("inf")}, "decay is inf"),
        ({"channel": 4}, r"cell is \(4, 0, 0\)"),
        ({"at": (10, 0)}, r"cell is \(0, 10, 0\)"),
        ({"layer": "conv2"}, "layer is 'conv2'"),
    ],
)
def test_wrong_arguments_are_refused(settings, message):
    given = {"layer": "conv1", "channel": 0, **settings}
    with pytest.raises(ValueError, match=message):
        maximize(shaken(BLOCKS), BLOCKS, **given)
