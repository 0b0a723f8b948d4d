"""Running statistics and companions, against torch's module and against what must hold."""

import numpy as np
import pytest
import torch

from cnn_core.batch_norm_study import companion_spread, draw_batch, running_history
from cnn_core.regularization import RunningStatistics, batch_norm

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
