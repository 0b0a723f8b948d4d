"""A line of an optimizer's arithmetic, and what several optimizers have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Settings = Mapping[str, Any]
Remembered = Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """One line: `symbol` = `names` = `numbers` = `value`, in LaTeX; `numbers` has a {} for each of `given`."""

    what: str
    symbol: str
    names: str
    numbers: str
    given: tuple[float, ...]
    value: float


def decayed(settings: Settings, weight: float, gradient: float) -> tuple[list[Line], float]:
    """The gradient with the pull of weight decay in it, as SGD, Adam and RMSprop have it."""
    decay = float(settings["weight_decay"])
    if not decay:
        return [], gradient
    value = gradient + decay * weight
    line = Line(
        "Weight decay pulls towards 0",
        "g'",
        r"g + \lambda w",
        r"{} + {} \cdot {}",
        (gradient, decay, weight),
        value,
    )
    return [line], value


def squared(name: str) -> str:
    """The square of what has this name, in LaTeX."""
    return f"{{{name}}}^2"
