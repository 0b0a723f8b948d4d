"""Dropout on a small network with fixed weights."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.forward import last_layer, layer_channel, layer_names
from cnn_core.operations.dropout import (
    as_grid,
    dropout,
    dropout_mask,
    one_mask,
    prediction_spread,
    predictions_under_masks,
)


@pytest.fixture
def model() -> nn.Sequential:
    torch.manual_seed(0)
    layers = [
        nn.Conv2d(1, 2, 3),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(32, 8),
        nn.ReLU(),
        nn.Linear(8, 3),
    ]
    return nn.Sequential(*layers).eval().requires_grad_(False)


IMAGES = np.random.default_rng(0).random((5, 1, 6, 6), np.float32)


def test_the_head_gives_the_networks_own_answer(model) -> None:
    head = last_layer(model, IMAGES[0])
    assert head.features.shape == (8,)
    expected = model(torch.from_numpy(IMAGES[:1])).softmax(1)[0]
    result = one_mask(head, 0.5, seed=3, training=False)
    np.testing.assert_allclose(result.probabilities, expected, rtol=1e-5)
    np.testing.assert_array_equal(result.scaled, head.features)
    assert result.kept == 8


def test_a_mask_drops_and_scales(model) -> None:
    head = last_layer(model, IMAGES[0])
    result = one_mask(head, 0.5, seed=3)
    assert 0 < result.kept < 8
    np.testing.assert_allclose(result.scaled, np.where(result.mask, head.features * 2, 0))
    expected = torch.softmax(model[5](torch.from_numpy(result.scaled)), 0)
    np.testing.assert_allclose(result.probabilities, expected, rtol=1e-5)


def test_without_dropout_there_is_no_spread(model) -> None:
    head = last_layer(model, IMAGES[0])
    none, some = prediction_spread(head, 0.0, 20, 0), prediction_spread(head, 0.6, 200, 0)
    np.testing.assert_allclose(none.low, none.high)
    assert none.other_answer == 0
    assert (some.high - some.low).max() > 0.01
    assert some.other_answer == np.mean(some.draws.argmax(1) != none.draws[0].argmax())


def test_a_network_without_a_last_linear_layer_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="ends in Conv2d"):
        last_layer(nn.Sequential(nn.Conv2d(1, 2, 3)).eval(), IMAGES[0])


def test_grids_are_as_square_as_they_can_be() -> None:
    assert [as_grid(np.arange(n)).shape for n in (64, 128, 10, 7, 1)] == [
        (8, 8),
        (8, 16),
        (2, 5),
        (1, 7),
        (1, 1),
    ]


def test_one_channel_of_a_layer(model) -> None:
    assert layer_names(model) == ["0", "3"]
    x = torch.from_numpy(IMAGES)
    np.testing.assert_allclose(layer_channel(model, "0", 1, IMAGES), model[0](x)[:, 1], rtol=1e-5)
    np.testing.assert_allclose(layer_channel(model, "3", 7, IMAGES), model[:4](x)[:, 7], rtol=1e-4, atol=1e-6)
    assert (layer_channel(model, "0", 1, IMAGES) < 0).any()  # the ReLU behind works in place, but doesn't run
    with pytest.raises(ValueError, match="layer is 'conv9'"):
        layer_channel(model, "conv9", 0, IMAGES)
    with pytest.raises(ValueError, match="channel is 2"):
        layer_channel(model, "0", 2, IMAGES)


def test_dropout_scales_what_it_keeps_and_is_off_in_evaluation() -> None:
    x = np.array([1, 2, 3, 4], np.float32)
    mask = np.array([True, False, True, False])
    assert dropout(x, mask, 0.5).tolist() == [2, 0, 6, 0]
    assert dropout(x, None, 0.5).tolist() == [1, 2, 3, 4]


def test_dropout_keeps_the_expected_value() -> None:
    x = np.linspace(0.5, 2, 16)
    rng = np.random.default_rng(0)
    draws = [dropout(x, dropout_mask(x.shape, 0.3, rng), 0.3) for _ in range(20_000)]
    np.testing.assert_allclose(np.mean(draws, axis=0), x, rtol=0.03)


def test_dropout_with_torchs_own_mask_gives_torchs_result() -> None:
    x = torch.linspace(1, 2, 100)
    torch.manual_seed(0)
    expected = nn.functional.dropout(x, 0.4, training=True).numpy()
    np.testing.assert_allclose(dropout(x.numpy(), expected != 0, 0.4), expected, rtol=1e-6)


def test_predictions_under_masks() -> None:
    rng = np.random.default_rng(1)
    features, weight, bias = rng.random(6), rng.normal(size=(3, 6)), rng.normal(size=3)
    without = predictions_under_masks(features, weight, bias, 0.0, 4, seed=0)
    expected = torch.softmax(torch.from_numpy(weight @ features + bias), 0)
    np.testing.assert_allclose(without, np.tile(expected, (4, 1)))
    masked = predictions_under_masks(features, weight, bias, 0.5, 200, seed=0)
    assert masked.shape == (200, 3)
    assert masked.std(axis=0).min() > 0.01
    np.testing.assert_allclose(masked.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dropout_mask((2,), 1.0, np.random.default_rng(0)), "p is 1.0"),
        (lambda: dropout(np.ones(2), np.ones(3, bool), 0.5), r"mask is of shape \(3,\)"),
        (lambda: predictions_under_masks([1], [[1], [2]], [0, 0], 0.5, 0, 0), "draws is 0"),
    ],
)
def test_a_wrong_argument_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
