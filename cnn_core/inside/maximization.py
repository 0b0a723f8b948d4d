"""An image that excites one channel or unit as much as possible: gradient ascent on the pixels of a gray start.

Erhan, Bengio, Courville, Vincent, Visualizing higher-layer features of a deep network (2009), section 3, climb the
gradient of one unit within a bound on the image; Olah, Mordvintsev, Schubert, Feature visualization (Distill 2017) say
why that alone gives noise, and what helps: a shift of the image at every step, and a penalty on differences between
neighbours. No such image is a picture of what the channel "is": other seeds give others.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Floats, Pair, is_whole, not_allowed
from cnn_core.inside.places import run, tensor_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import INPUT, Place, Wiring, wiring

if TYPE_CHECKING:
    import torch
    from torch import nn

GRAY = 0.5
NOISE = 0.02  # its standard deviation around gray, to begin with
MOST_STEPS = 2000


@dataclass(frozen=True, eq=False)
class Maximized:
    """The `image` float32 `(C, H, W)` in 0..1, its excitation and that of the `start`, and those at each step.

    The excitation is the mean of the channel's map, or the one value that was chosen; `steps` are of shifted images.
    """

    image: Floats
    start: Floats
    before: float
    after: float
    steps: tuple[float, ...]


def maximize(
    model: "nn.Sequential",
    architecture: Architecture,
    layer: str,
    channel: int,
    at: Pair | None = None,
    *,
    steps: int = 200,
    rate: float = 0.05,
    jitter: int = 2,
    smoothness: float = 0.5,
    decay: float = 0.1,
    seed: int = 0,
) -> Maximized:
    """The image that `steps` of gradient ascent find for a channel or unit of `layer`; `at` (row, column) for one cell.

    Each step moves the pixels by `rate` times the gradient of the excitation, which is first scaled to a mean square of
    1, so that the penalties mean the same for every layer: `smoothness` times the squared differences of neighbours,
    `decay` times the squared distance from gray. `rate` falls to 0 by equal amounts; pixels stay in 0..1. At every step
    the image is shifted by up to `jitter` pixels, around the edge. The same `seed` gives the same image. Where nothing
    has a gradient, as behind a ReLU that is off, the step draws new noise instead: layers before an activation are
    easier to excite. The model has to be in eval mode and is left as it was; `layer` is a name of the network, of a
    part of a block, or PROBABILITIES. Raises `ValueError` naming the argument that is wrong.
    """
    import torch

    known = wiring(architecture)
    place = known.place(layer)
    cell = (channel, *(at or (0, 0)[: len(place.output_shape) - 1]))
    place.check(cell)
    _check(steps=steps, jitter=jitter, rate=rate, smoothness=smoothness, decay=decay)
    random = np.random.default_rng(seed)
    start = _noise(random, known)
    x = tensor_of(start[None], known, model)
    before = _excitation(model, known, place, x, channel, at).item()
    measured = []
    for step in range(steps):
        shift = tuple(random.integers(-jitter, jitter + 1, 2).tolist())
        with torch.enable_grad():
            x.requires_grad_()
            excitation = _excitation(model, known, place, x.roll(shift, (2, 3)), channel, at)
            (upwards,) = torch.autograd.grad(excitation, x, allow_unused=True)
            (penalty,) = torch.autograd.grad(_penalty(x, smoothness, decay), x)
        measured.append(excitation.item())
        x = x.detach()
        if upwards is None or not bool(upwards.any()):
            x = tensor_of(_noise(random, known)[None], known, model)
            continue
        direction = upwards / upwards.square().mean().sqrt() - penalty
        x = (x + rate * (1 - step / steps) * direction).clamp(0, 1)
    with torch.inference_mode():
        after = _excitation(model, known, place, x, channel, at).item()
    return Maximized(x[0].float().cpu().numpy(), start, before, after, tuple(measured))


def _check(*, steps: int, jitter: int, **rates: float) -> None:
    if not is_whole(steps) or not 1 <= steps <= MOST_STEPS:
        raise ValueError(not_allowed("steps", repr(steps), f"an integer from 1 to {MOST_STEPS:,}"))
    if not is_whole(jitter) or jitter < 0:
        raise ValueError(not_allowed("jitter", repr(jitter), "an integer of 0 or more"))
    for name, value in rates.items():
        if not 0 <= value < float("inf"):
            raise ValueError(not_allowed(name, value, "0 or more"))


def _noise(random: np.random.Generator, known: Wiring) -> Floats:
    return (GRAY + NOISE * random.standard_normal(known.input_shape)).clip(0, 1).astype(np.float32)


def _excitation(
    model: "nn.Sequential", known: Wiring, place: Place, x: "torch.Tensor", channel: int, at: Pair | None
) -> "torch.Tensor":
    """A number: the mean of the channel's map, or its value at one place."""
    values = run(model, known.until(place), {INPUT: x}, keep=[place.name])[place.name][0, channel]
    return values.mean() if at is None else values[at]


def _penalty(x: "torch.Tensor", smoothness: float, decay: float) -> "torch.Tensor":
    down, across = x.diff(dim=2).square().sum(), x.diff(dim=3).square().sum()
    return smoothness * (down + across) + decay * (x - GRAY).square().sum()
