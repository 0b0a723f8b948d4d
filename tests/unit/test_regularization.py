"""Dropout and batch norm against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnn_core.regularization import (
    RunningStatistics,
    batch_norm,
    dropout,
    dropout_mask,
    predictions_under_masks,
)


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


SHAPES = st.sampled_from([(2, 3), (8, 3), (1, 3, 4, 5), (2, 3, 4, 5), (16, 3, 2, 2)])


@given(SHAPES, st.integers(0, 2**32 - 1), st.floats(0.01, 1), st.integers(1, 4))
def test_batch_norm_equals_torch_in_training_and_evaluation(shape, seed, momentum, batches) -> None:
    rng = np.random.default_rng(seed)
    module = (nn.BatchNorm1d if len(shape) == 2 else nn.BatchNorm2d)(3, momentum=momentum)
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    module.weight.data, module.bias.data = torch.tensor(gamma).float(), torch.tensor(beta).float()
    running = RunningStatistics.fresh(3)
    for _ in range(batches):
        x = rng.normal(2, 3, shape).astype(np.float32)
        result = batch_norm(x, running, gamma=gamma, beta=beta, momentum=momentum)
        running = result.running
        np.testing.assert_allclose(result.output, module(torch.from_numpy(x)).detach(), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(running.mean, module.running_mean, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(running.var, module.running_var, rtol=1e-4, atol=1e-5)
    assert running.batches == batches
    module.eval()
    evaluated = batch_norm(x, running, gamma=gamma, beta=beta, training=False)
    np.testing.assert_allclose(evaluated.output, module(torch.from_numpy(x)).detach(), rtol=1e-3, atol=1e-4)
    assert evaluated.running is running


def test_batch_norm_gives_mean_beta_and_deviation_gamma() -> None:
    x = np.random.default_rng(0).normal(5, 3, (128, 4)).astype(np.float32)
    output = batch_norm(x, RunningStatistics.fresh(4), gamma=2.0, beta=-1.0).output
    np.testing.assert_allclose(output.mean(axis=0), -1, atol=1e-5)
    np.testing.assert_allclose(output.std(axis=0), 2, rtol=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dropout_mask((2,), 1.0, np.random.default_rng(0)), "p is 1.0"),
        (lambda: dropout(np.ones(2), np.ones(3, bool), 0.5), r"mask has shape \(3,\)"),
        (lambda: predictions_under_masks([1], [[1], [2]], [0, 0], 0.5, 0, 0), "draws is 0"),
        (lambda: batch_norm(np.ones((1, 3)), RunningStatistics.fresh(3)), "x has 1 value per channel"),
        (lambda: batch_norm(np.ones(3), RunningStatistics.fresh(3)), r"x has shape \(3,\)"),
        (lambda: batch_norm(np.ones((4, 3)), RunningStatistics.fresh(2)), "running has 2 channels"),
        (lambda: batch_norm(np.ones((4, 3)), RunningStatistics.fresh(3), momentum=2), "momentum is 2"),
    ],
)
def test_a_wrong_argument_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
