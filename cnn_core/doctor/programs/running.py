"""Running a broken program for what it is: its output, the very error, and the shapes up to where it breaks."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.doctor.programs.base import Program
from cnn_core.training.one_core import TURN, one_core

if TYPE_CHECKING:
    import torch
    from torch import nn

FILE = "program.py"  # what it is called in its traceback


@dataclass(frozen=True)
class Stop:
    """One layer as the program's last input went through: its code, the shape that came, and the one that left.

    `after` is None where it broke.
    """

    code: str
    before: tuple[int, ...]
    after: tuple[int, ...] | None


@dataclass(frozen=True, eq=False)
class Ran:
    """What became of a program.

    `output` are the lines that it printed; `error` is the error's class and words, as Python writes them, "" where
    there is none, and `line` the number of the program's line in which it was raised. `stops` are the layers of its
    network up to the one that broke; where none of them did, the line that failed stands behind them. `accuracy` in
    0..1 and `seen`, the first image that the network got (C, H, W), where the program has them.
    """

    output: tuple[str, ...]
    error: str
    line: int | None
    stops: tuple[Stop, ...]
    accuracy: float | None
    seen: Floats | None

    @property
    def broken_at(self) -> Stop | None:
        """The layer that broke, or the line."""
        return self.stops[-1] if self.stops and self.stops[-1].after is None else None


def run(program: Program, filling: str) -> Ran:
    """Run `program` with `filling` in its blank. Raises `ValueError` for a filling that is not among its own.

    Whatever the program raises is told, not raised. Torch's random numbers are afterwards as they were.
    """
    import torch

    source = program.filled(filling)
    printed: list[str] = []
    names: dict[str, Any] = {"__name__": FILE, "print": _printing(printed)}
    error, line = "", None
    with TURN, one_core(), torch.random.fork_rng(devices=[]), torch.enable_grad():
        try:
            exec(compile(source, FILE, "exec"), names)
        except Exception as raised:
            error = "".join(traceback.format_exception_only(raised)).strip()
            frames = traceback.extract_tb(raised.__traceback__)
            line = next((frame.lineno for frame in reversed(frames) if frame.filename == FILE), None)
        model, images = names.get("model"), names.get("images")
        stops: tuple[Stop, ...] = ()
        if isinstance(model, torch.nn.Module) and isinstance(images, torch.Tensor):
            stops = _walk(model, images)
    if line is not None and not (stops and stops[-1].after is None):
        before = stops[-1].after if stops and stops[-1].after is not None else ()
        stops = (*stops, Stop(source.splitlines()[line - 1].strip(), before, None))
    accuracy = names.get("accuracy")
    return Ran(
        tuple(printed),
        error,
        line,
        stops,
        accuracy if isinstance(accuracy, float) else None,
        _first(images) if program.shows else None,
    )


def _printing(printed: list[str]) -> Callable[..., None]:
    """A `print` that keeps what it is told: the process's own output is everybody's."""

    def tell(*values: object) -> None:
        printed.append(" ".join(str(value) for value in values))

    return tell


def _walk(model: "nn.Module", images: "torch.Tensor") -> tuple[Stop, ...]:
    """The shapes of `images` through the children of `model`, up to the first that does not take them."""
    import torch

    stops: list[Stop] = []
    value = images
    with torch.no_grad():
        for layer in model.children():
            before = tuple(value.shape)
            try:
                value = layer(value)
            except Exception:  # whatever it is, the program has met and told it
                return (*stops, Stop(_code(layer), before, None))
            stops.append(Stop(_code(layer), before, tuple(value.shape)))
    return tuple(stops)


def _code(layer: "nn.Module") -> str:
    """The layer in short: "Conv2d(1, 8, 3)"."""
    text = str(layer)
    for default in (
        *(", stride=(1, 1)", ", padding=0, dilation=1, ceil_mode=False", "start_dim=1, end_dim=-1"),
        *(
            ", bias=True",
            ", inplace=False",
            ", eps=1e-05, momentum=0.1, affine=True, track_running_stats=True",
        ),
    ):
        text = text.replace(default, "")
    return text.replace("in_features=", "").replace("out_features=", "").replace("kernel_size=", "")


def _first(images: object) -> Floats | None:
    """The first image of a batch (N, C, H, W) as the network got it."""
    import torch

    if not isinstance(images, torch.Tensor) or images.ndim != 4:
        return None
    return np.asarray(images[0].detach().float().numpy(), np.float32)
