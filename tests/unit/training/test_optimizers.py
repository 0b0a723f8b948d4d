"""The optimizers, against torch's own and the update rules worked out by hand."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from cnn_core.training import optimizers
from cnn_core.training.settings import SETTINGS, TrainSettings

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


OWN: dict[str, tuple[dict[str, Any], Callable[[list[nn.Parameter]], torch.optim.Optimizer]]] = {
    "sgd": ({"momentum": 0.8}, lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.8)),
    "sgd, nesterov": (
        {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
        lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.8, nesterov=True, weight_decay=0.01),
    ),
    "sgd, nesterov without momentum": (
        {"momentum": 0.0, "nesterov": True},
        lambda p: torch.optim.SGD(p, lr=RATE),
    ),
    "adam": (
        {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4, "weight_decay": 0.01},
        lambda p: torch.optim.Adam(p, lr=RATE, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.01),
    ),
    "adamw": (
        {"beta1": 0.7, "beta2": 0.9, "eps": 1e-6, "weight_decay": 0.02},
        lambda p: torch.optim.AdamW(p, lr=RATE, betas=(0.7, 0.9), eps=1e-6, weight_decay=0.02),
    ),
    "rmsprop": (
        {"alpha": 0.9, "eps": 1e-3, "weight_decay": 0.01},
        lambda p: torch.optim.RMSprop(p, lr=RATE, alpha=0.9, eps=1e-3, weight_decay=0.01),
    ),
}
SHAPES = ((4, 1, 3, 3), (4,), (6, 4, 3, 3), (6,), (5, 6, 1, 1), (10, 24), (10,))


def network(seed: int = 0) -> list[nn.Parameter]:
    """Kernels, biases and matrices as a network has them, channels last as a training holds them."""
    draw = torch.Generator().manual_seed(seed)
    made = [torch.randn(shape, generator=draw) for shape in SHAPES]
    return [nn.Parameter(p.contiguous(memory_format=torch.channels_last) if p.ndim == 4 else p) for p in made]


def run(parameters: list[nn.Parameter], optimizer: torch.optim.Optimizer, seeds: range) -> None:
    """A step along the gradients of each seed."""
    for seed in seeds:
        for parameter, gradient in zip(parameters, network(seed + 100)):
            parameter.grad = gradient.detach().clone()
        optimizer.step()


@pytest.mark.parametrize("name", OWN)
def test_each_optimizer_with_its_own_settings_is_torch_s(name: str) -> None:
    own, theirs = OWN[name]
    settings = TrainSettings(optimizer=name.split(",")[0], learning_rate=RATE, **own)
    ours, expected = network(), network()
    run(ours, optimizers.make(settings, ours), range(6))
    run(expected, theirs(expected), range(6))
    for one, other in zip(ours, expected):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_muon_moves_hidden_matrices_as_torch_s_muon_and_all_else_as_adamw() -> None:
    settings = TrainSettings(
        optimizer="muon", learning_rate=RATE, momentum=0.9, weight_decay=0.05, beta1=0.8, beta2=0.99
    )
    ours, expected = network(), network()
    run(ours, optimizers.make(settings, ours), range(4))
    hidden = [2, 4]  # the kernels between the first layer's and the last layer's weights
    matrices = [nn.Parameter(expected[index].detach().flatten(1).clone()) for index in hidden]
    rest = [p for index, p in enumerate(expected) if index not in hidden]
    muon = torch.optim.Muon(
        matrices, lr=RATE, momentum=0.9, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"
    )
    adamw = torch.optim.AdamW(rest, lr=RATE, betas=(0.8, 0.99), weight_decay=0.05)
    for seed in range(4):
        gradients = network(seed + 100)
        for index, matrix in zip(hidden, matrices):
            matrix.grad = gradients[index].detach().flatten(1)
        for index, parameter in enumerate(expected):
            parameter.grad = gradients[index].detach()
        muon.step()
        adamw.step()
    for index, matrix in zip(hidden, matrices):
        # Newton and Schulz run in bfloat16, where the order of a sum shows.
        difference = (ours[index].detach().flatten(1) - matrix.detach()).norm()
        assert difference < 0.02 * (matrix.detach() - network()[index].detach().flatten(1)).norm()
    for index, parameter in enumerate(expected):
        if index not in hidden:
            torch.testing.assert_close(ours[index], parameter, rtol=1e-5, atol=1e-6)


def test_muon_works_where_no_matrix_is_hidden() -> None:
    settings = TrainSettings(optimizer="muon", learning_rate=RATE)
    ours, expected = network()[:2], network()[:2]
    run(ours, optimizers.make(settings, ours), range(2))
    run(expected, torch.optim.AdamW(expected, lr=RATE, weight_decay=0.0), range(2))
    torch.testing.assert_close(ours[0], expected[0])


@pytest.mark.parametrize("name", SETTINGS["optimizer"].choices)
def test_an_optimizer_continues_from_its_moments_bit_for_bit(name: str) -> None:
    settings = TrainSettings(optimizer=name, learning_rate=RATE)
    whole = network()
    run(whole, optimizers.make(settings, whole), range(6))

    first = network()
    saved = optimizers.make(settings, first)
    run(first, saved, range(3))
    second = [nn.Parameter(parameter.detach().clone()) for parameter in first]
    continued = optimizers.make(settings, second)
    written = json.loads(json.dumps(saved.state_dict()["param_groups"]))
    optimizers.restore(continued, optimizers.moments(saved), written)
    run(second, continued, range(3, 6))
    for one, other in zip(whole, second):
        assert torch.equal(one, other)


def test_the_learning_rate_reaches_both_parts_of_muon_after_a_resume_too() -> None:
    settings = TrainSettings(optimizer="muon", learning_rate=RATE)
    parameters = network()
    optimizer = optimizers.make(settings, parameters)
    run(parameters, optimizer, range(1))
    optimizers.restore(optimizer, optimizers.moments(optimizer), optimizer.state_dict()["param_groups"])
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    before = [parameter.detach().clone() for parameter in parameters]
    run(parameters, optimizer, range(1))
    assert all(torch.equal(one, other) for one, other in zip(before, parameters))
