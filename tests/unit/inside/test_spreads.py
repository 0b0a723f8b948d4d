"""How numbers are spread: counted by NumPy, and the same of a network's weights and answers."""

import numpy as np
import pytest

from cnn_core import checkpoints
from cnn_core.inside import spreads
from cnn_core.inside.forward import forward_all


def test_zeros_are_counted_and_left_out_of_the_bins():
    found = spreads.spread(np.array([0.0, 0.0, -1.0, 2.0]))
    assert (found.count, found.zeros, found.broken, found.limit) == (4, 0.5, 0, 2.0)
    assert (found.mean, found.std) == (0.25, pytest.approx(np.std([0, 0, -1, 2])))
    assert found.bins.share.sum() == pytest.approx(0.5)
    assert (found.bins.left[0], found.bins.right[-1]) == (-2.0, 2.0)
    assert found.bins.share[-1] == 0.25


def test_nothing_but_zeros_and_nothing_finite_have_no_bins():
    assert spreads.spread(np.zeros(3)).bins is None
    broken = spreads.spread(np.array([np.nan, np.inf]))
    assert (broken.bins, broken.broken, broken.count) == (None, 2, 2)
    part = spreads.spread(np.array([np.nan, 1.0]))
    assert (part.mean, part.broken, part.bins.share.sum()) == (1.0, 1, 1.0)


def test_a_network_s_own_numbers():
    model = checkpoints.load("mnist-3conv").model
    images = np.random.default_rng(0).random((3, 1, 28, 28), np.float32)
    weight = spreads.parameters(model, "conv2")["weight"]
    own = model.conv2.weight.detach().numpy()
    assert (weight.count, weight.limit) == (own.size, np.abs(own).max())
    assert weight.mean == pytest.approx(own.mean(), abs=1e-6)
    assert list(spreads.parameters(model, "conv2")) == ["weight", "bias"]
    assert spreads.parameters(model, "relu1") == {}
    relu = spreads.activations(model, images)["relu1"]
    values = next(answer.output for answer in forward_all(model, images) if answer.name == "relu1")
    assert relu.count == values.size
    assert relu.zeros == pytest.approx((values == 0).mean())
    assert relu.zeros > 0.3


def test_images_at_once_stay_within_memory():
    assert spreads.images_at_once(100, 64) == 64
    assert spreads.images_at_once(1_000_000, 64) == 16
    assert spreads.images_at_once(10**9, 64) == 1
