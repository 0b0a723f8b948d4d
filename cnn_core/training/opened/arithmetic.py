"""An optimizer's arithmetic for one weight, line by line: names, today's numbers in the same places, the value.

The formulas are those of torch's documentation. Each function takes the settings that the optimizer has for its
parameters (`lr`, `momentum`, …), the weight, its gradient and what was remembered of it from the step before.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cnn_core.arrays import not_allowed
from cnn_core.training.opened.updates.adam import adam, adamw
from cnn_core.training.opened.updates.line import Line, Remembered, Settings
from cnn_core.training.opened.updates.muon import muon
from cnn_core.training.opened.updates.rmsprop import rmsprop
from cnn_core.training.opened.updates.sgd import sgd
from cnn_core.training.opened.walk import OpenedStep

Arithmetic = Callable[[Settings, float, float, Remembered], list[Line]]
OPTIMIZERS: dict[str, Arithmetic] = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "rmsprop": rmsprop,
    "muon": adamw,
}
"""By the names that the settings have for them; Muon hands what is no hidden matrix to AdamW."""


def arithmetic(optimizer: str, opened: OpenedStep, parameter: str, index: Sequence[int]) -> list[Line]:
    """The lines that lead from a weight and its gradient to the weight after, the value of the last one.

    Raises `ValueError` for an optimizer that is not written out here.
    """
    if optimizer not in OPTIMIZERS:
        raise ValueError(not_allowed("optimizer", repr(optimizer), f"one of {', '.join(OPTIMIZERS)}"))
    settings, place = opened.settings[parameter], tuple(index)
    gradients, known = opened.gradients[parameter], opened.remembered[parameter]
    weight = float(opened.before[parameter][place])
    clipped = clipping(opened, float(gradients[place]))
    gradient = clipped[-1].value if clipped else float(gradients[place])
    if parameter in opened.whole_matrices:
        momentum = known.get("momentum_buffer")
        shaped = None if momentum is None else momentum.reshape(gradients.shape)
        lines = muon(settings, weight, gradients * np.float32(opened.clipped), shaped, place)
    else:
        remembered = {
            slot: float(value[place] if value.shape == gradients.shape else value)
            for slot, value in known.items()
        }
        lines = OPTIMIZERS[optimizer](settings, weight, gradient, remembered)
    return [*clipped, *lines]


def clipping(opened: OpenedStep, gradient: float) -> list[Line]:
    """What clipping makes of a gradient: one line where it is set, none else."""
    most = opened.clip_norm
    if not most:
        return []
    return [
        Line(
            "All gradients together are too long, and shortened"
            if opened.clipped < 1
            else "Clipping: they are short enough",
            r"g_c",
            r"g \cdot \min(1,\ c / \lVert \text{all gradients} \rVert)",
            r"{} \cdot \min(1,\ {} / {})",
            (gradient, most, opened.gradient_norm),
            gradient * opened.clipped,
        )
    ]
