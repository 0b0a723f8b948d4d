"""The optimizers and schedules, against the update rules worked out by hand."""

import math

import pytest
import torch
from torch import nn

from cnn_core.training import optimizers
from cnn_core.training.settings import TrainSettings

RATE = 0.1


def stepped(settings: TrainSettings, gradients: list[float], start: float = 1.0) -> list[float]:
    """One weight under these gradients, after every step."""
    weight = nn.Parameter(torch.tensor([start]))
    optimizer = optimizers.make(settings, [weight])
    values = []
    for gradient in gradients:
        weight.grad = torch.tensor([gradient])
        optimizer.step()
        values.append(float(weight.detach()))
    return values


def test_sgd_adds_momentum_to_the_gradient() -> None:
    settings = TrainSettings(optimizer="sgd", learning_rate=RATE, momentum=0.5)
    # velocity: 2, then 0.5 · 2 + 1 = 2
    assert stepped(settings, [2.0, 1.0]) == pytest.approx([1 - 0.2, 1 - 0.4])


def test_sgd_takes_weight_decay_into_the_gradient() -> None:
    settings = TrainSettings(optimizer="sgd", learning_rate=RATE, momentum=0.0, weight_decay=0.5)
    assert stepped(settings, [2.0]) == pytest.approx([1 - RATE * (2 + 0.5)])


def test_adam_s_first_step_is_the_learning_rate_whatever_the_gradient() -> None:
    for gradient in (1e-3, 50.0):
        settings = TrainSettings(optimizer="adam", learning_rate=RATE)
        assert stepped(settings, [gradient]) == pytest.approx([1 - RATE], abs=1e-5)


def test_adam_follows_its_two_averages() -> None:
    first, second = 0.1 * 3, 0.001 * 9
    first, second = 0.9 * first + 0.1 * -1, 0.999 * second + 0.001 * 1
    move = RATE * (first / (1 - 0.9**2)) / (math.sqrt(second / (1 - 0.999**2)) + 1e-8)
    settings = TrainSettings(optimizer="adam", learning_rate=RATE)
    assert stepped(settings, [3.0, -1.0])[1] == pytest.approx(1 - RATE - move, abs=1e-5)


def test_adamw_shrinks_the_weight_beside_the_step() -> None:
    settings = TrainSettings(optimizer="adamw", learning_rate=RATE, weight_decay=0.5)
    assert stepped(settings, [3.0]) == pytest.approx([1 * (1 - RATE * 0.5) - RATE], abs=1e-5)


def test_one_cycle_rises_to_the_rate_and_falls_to_almost_nothing() -> None:
    settings = TrainSettings(learning_rate=RATE, schedule="onecycle")
    optimizer = optimizers.make(settings, [nn.Parameter(torch.ones(1))])
    schedule = optimizers.schedule(settings, optimizer, 10)
    assert schedule is not None
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if len(rates) < 10 else None
    peak = rates.index(max(rates))
    assert rates[0] == pytest.approx(RATE / 25)
    assert max(rates) == pytest.approx(RATE)
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] < RATE / 1000


def test_a_constant_rate_has_no_schedule() -> None:
    settings = TrainSettings(schedule="constant")
    assert optimizers.schedule(settings, optimizers.make(settings, [nn.Parameter(torch.ones(1))]), 5) is None


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd"])
def test_an_optimizer_continues_from_its_moments_bit_for_bit(name: str) -> None:
    settings = TrainSettings(optimizer=name, learning_rate=RATE)
    gradients = torch.randn(6, 4, 3, generator=torch.Generator().manual_seed(0))

    def run(weight: nn.Parameter, optimizer: torch.optim.Optimizer, some: torch.Tensor) -> None:
        for gradient in some:
            weight.grad = gradient.clone()
            optimizer.step()

    whole = nn.Parameter(torch.ones(4, 3))
    run(whole, optimizers.make(settings, [whole]), gradients)

    first = nn.Parameter(torch.ones(4, 3))
    saved = optimizers.make(settings, [first])
    run(first, saved, gradients[:3])
    second = nn.Parameter(first.detach().clone())
    continued = optimizers.make(settings, [second])
    groups = saved.state_dict()["param_groups"]
    optimizers.restore(continued, [second], optimizers.moments(saved), groups)
    run(second, continued, gradients[3:])
    assert torch.equal(whole, second)
