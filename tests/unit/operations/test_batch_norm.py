"""Running statistics and companions, against torch's module and against what must hold."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnn_core.operations.batch_norm import (
    RunningStatistics,
    batch_norm,
    companion_spread,
    draw_batch,
    running_history,
)

POOL = np.random.default_rng(0).normal(3, 2, (64, 5, 6)).astype(np.float32)


def test_the_history_is_torchs() -> None:
    module = torch.nn.BatchNorm2d(1)
    history = running_history(POOL, 8, 12)
    for step in range(12):
        batch = POOL[draw_batch(64, 8, step)]
        module(torch.from_numpy(batch)[:, None])
        assert history.batch_mean[step] == pytest.approx(batch.mean(), rel=1e-5)
        assert history.running_mean[step] == pytest.approx(module.running_mean.item(), rel=1e-4)
        assert history.running_var[step] == pytest.approx(module.running_var.item(), rel=1e-4)
    assert history.final.batches == 12
    assert history.final.mean[0] == history.running_mean[-1]


def test_a_batch_holds_different_images() -> None:
    assert sorted(draw_batch(8, 8, 3)) == list(range(8))
    assert draw_batch(100, 5, 1).tolist() == draw_batch(100, 5, 1).tolist() != draw_batch(100, 5, 2).tolist()
    with pytest.raises(ValueError, match="batch_size is 9"):
        draw_batch(8, 9, 0)


def test_companions_matter_less_in_larger_batches_and_not_alone() -> None:
    spread = companion_spread(POOL, (1, 2, 8, 32))
    assert spread[1] == pytest.approx(0, abs=1e-6)  # maps: 30 values of its own are enough
    assert spread[2] > spread[8] > spread[32] > 0
    assert np.isnan(companion_spread(POOL[:, 0, 0], (1,))[1])


def test_companions_do_not_matter_in_evaluation() -> None:
    running = running_history(POOL, 8, 20).final
    moved = companion_spread(POOL, (1, 2, 32), running=running)
    assert list(moved.values()) == pytest.approx([0, 0, 0], abs=1e-6)


def test_two_features_become_plus_and_minus_one() -> None:
    output = batch_norm([[1.0], [5.0]], RunningStatistics.fresh(1)).output
    np.testing.assert_allclose(output, [[-1], [1]], atol=1e-4)


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
        (lambda: batch_norm(np.ones((1, 3)), RunningStatistics.fresh(3)), "1 value per channel"),
        (lambda: batch_norm(np.ones(3), RunningStatistics.fresh(3)), r"x is of shape \(3,\)"),
        (lambda: batch_norm(np.ones((4, 3)), RunningStatistics.fresh(2)), "running is of 2 channels"),
        (lambda: batch_norm(np.ones((4, 3)), RunningStatistics.fresh(3), momentum=2), "momentum is 2"),
    ],
)
def test_a_wrong_argument_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
