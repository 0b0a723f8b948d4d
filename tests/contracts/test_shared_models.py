"""Ten threads look into one model at once: each gets the numbers it gets alone, and the model is left as it was."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.ablation import Change, filter_scaled, importance, with_changes
from cnn_core.inside.exciting_images import dead_channels, exciting_images
from cnn_core.inside.maximization import maximize
from cnn_core.inside.receptive_field import effective
from cnn_core.inside.trace import answer
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import PROBABILITIES
from tests.support.shaken import shaken

pytestmark = pytest.mark.usefixtures("one_thread")
NETWORK = Architecture(
    (1, 16, 16),
    shorthand.from_text(
        "conv6-bn-relu-residual8_s2-separable8_p1-tanh-pool-dropout-flatten-linear8-relu-linear4"
    ),
    4,
)
THREADS = 10
IMAGES = np.random.default_rng(0).random((40, 1, 16, 16), dtype=np.float32)
LABELS = np.random.default_rng(1).integers(0, 4, 40)
Work = Callable[[nn.Sequential], list[np.ndarray]]


def tracing(number: int) -> Work:
    def work(model: nn.Sequential) -> list[np.ndarray]:
        found = answer(model, NETWORK, IMAGES[number])
        way = found.way(PROBABILITIES, (number % 4,))
        sees = effective(model, NETWORK, "separable1", (number % 8, 3, 3), IMAGES[:8])
        return [np.array([step.terms.value for step in way]), *(step.terms.terms for step in way), sees]

    return work


def ablating(number: int) -> Work:
    def work(model: nn.Sequential) -> list[np.ndarray]:
        weight = Change("residual1.conv2.weight", (number % 8, 1, 1, 1), 0, number)
        off = with_changes(model, IMAGES, [*filter_scaled(model, "conv1", number % 6), weight])
        needed = importance(model, NETWORK, "residual1.conv1", IMAGES, LABELS)
        return [off, needed.probability_change, needed.accuracy_change]

    return work


def maximizing(number: int) -> Work:
    def work(model: nn.Sequential) -> list[np.ndarray]:
        found = maximize(model, NETWORK, "separable1", number % 8, steps=15, seed=number)
        exciting = exciting_images(model, NETWORK, "residual1", IMAGES, 5)
        dead = dead_channels(model, NETWORK, IMAGES)
        return [found.image, np.array(found.steps), exciting.index, exciting.value, np.array(dead["relu1"])]

    return work


WORKS = [(tracing, ablating, maximizing)[number % 3](number) for number in range(THREADS)]


def state(model: nn.Module) -> dict[str, bytes]:
    """Every parameter and buffer, byte by byte."""
    return {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()}


def things(model: nn.Module) -> dict[str, list[object]]:
    """What else could have been left on it: hooks, gradients, modes, attributes, and which tensors it holds."""
    return {
        name: [
            *(len(getattr(module, hooks)) for hooks in vars(module) if hooks.endswith("_hooks")),
            *((id(p), p.requires_grad, p.grad is None) for p in module.parameters(recurse=False)),
            *(id(buffer) for buffer in module.buffers(recurse=False)),
            module.training,
            sorted(vars(module)),
        ]
        for name, module in model.named_modules()
    }


def test_ten_threads_get_what_each_gets_alone_and_leave_the_model_as_it_was():
    model = shaken(NETWORK, seed=3)
    before, attached = state(model), things(model)
    together = Barrier(THREADS)

    def in_a_thread(work: Work, rounds: int = 1) -> list[list[np.ndarray]]:
        torch.set_num_threads(1)  # torch sets up each thread anew
        if rounds > 1:
            together.wait()
        return [work(model) for _ in range(rounds)]

    alone = []
    for work in WORKS:
        with ThreadPoolExecutor(1) as one:
            alone += one.submit(in_a_thread, work).result()
    with ThreadPoolExecutor(THREADS) as many:
        for expected, rounds in zip(alone, many.map(in_a_thread, WORKS, [3] * THREADS), strict=True):
            for found in rounds:
                for ours, wanted in zip(found, expected, strict=True):
                    np.testing.assert_array_equal(ours, wanted)
    assert state(model) == before
    assert things(model) == attached
