"""A network with an `if` in its `forward`, and a block with its addition taken out: what only a class can say."""

import functools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.networks.building import drawing_from
from cnn_core.networks.layers import Residual
from cnn_core.networks.layers.source import class_source

if TYPE_CHECKING:
    from torch import nn

# The class is shown as it would stand in a notebook, without annotations.
# ruff: noqa: ANN001, ANN202, ANN204, SIM108


@functools.cache
def by_brightness() -> "type[nn.Module]":
    """The class `ByBrightness`: its `forward` asks the image itself which way to take."""
    from torch import nn

    class ByBrightness(nn.Module):
        """One convolution for a bright batch, two for a dark one."""

        def __init__(self, channels, classes):  # type: ignore[no-untyped-def]
            super().__init__()
            self.bright = nn.Conv2d(channels, 4, 5, padding=2)
            self.dark1 = nn.Conv2d(channels, 4, 3, padding=1)
            self.dark2 = nn.Conv2d(4, 4, 3, padding=1)
            self.answer = nn.Linear(4, classes)

        def forward(self, x):  # type: ignore[no-untyped-def, explicit-override]
            if x.mean() > 0.5:
                x = self.bright(x)
            else:
                x = self.dark2(self.dark1(x).relu())
            return self.answer(x.relu().mean((2, 3)))

    return ByBrightness


def by_brightness_source() -> str:
    """The class's own source."""
    return class_source(by_brightness)


def make_by_brightness(channels: int, classes: int, seed: int = 0) -> "nn.Module":
    """One such network for images of so many channels, in eval mode, its weights drawn from `seed`."""
    with drawing_from(seed):
        model: nn.Module = by_brightness()(channels, classes)
    return model.eval()


class WithoutAddition(NamedTuple):
    """A residual block's parts in a row against the block: parameters of both, and their largest difference."""

    parameters: int
    in_a_row: int
    difference: float


def without_addition(images: Floats, seed: int = 0) -> WithoutAddition:
    """A residual block on `images` `(N, C, H, W)`, and its own children, with the same weights, as `nn.Sequential`."""
    import torch
    from torch import nn

    channels = images.shape[1]
    with drawing_from(seed):
        block = Residual(channels).module(images.shape[1:]).eval()
    row = nn.Sequential(*block.children())
    with torch.inference_mode():
        x = torch.from_numpy(np.array(images, np.float32, order="C"))
        difference = float((block(x) - row(x)).abs().max())
    one, other = (sum(parameter.numel() for parameter in part.parameters()) for part in (block, row))
    return WithoutAddition(one, other, difference)
