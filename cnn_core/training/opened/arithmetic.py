"""An optimizer's arithmetic for one weight, line by line: names, today's numbers in the same places, the value.

The formulas are those of torch's documentation. Each function takes the settings that the optimizer has for its
parameters (`lr`, `momentum`, …), the weight, its gradient and what was remembered of it from the step before.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_core.arrays import Floats, not_allowed
from cnn_core.training.opened.orthogonal import orthogonal
from cnn_core.training.opened.walk import OpenedStep

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


def _decayed(settings: Settings, weight: float, gradient: float) -> tuple[list[Line], float]:
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


def sgd(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """SGD, with momentum and Nesterov's look ahead where they are set.

    torch's form: the velocity is a sum of gradients, not yet times the rate, and begins as the first gradient.
    """
    rate, momentum = float(settings["lr"]), float(settings["momentum"])
    lines, direction = _decayed(settings, weight, gradient)
    name = lines[-1].symbol if lines else "g"
    if momentum:
        before = remembered.get("momentum_buffer", 0.0)
        velocity = momentum * before + direction
        lines.append(
            Line(
                "Momentum keeps a share of the last velocity",
                "v",
                rf"\mu v_{{t-1}} + {name}",
                r"{} \cdot {} + {}",
                (momentum, before, direction),
                velocity,
            )
        )
        if settings.get("nesterov"):
            ahead = direction + momentum * velocity
            lines.append(
                Line(
                    "Nesterov looks ahead along the velocity",
                    "d",
                    rf"{name} + \mu v",
                    r"{} + {} \cdot {}",
                    (direction, momentum, velocity),
                    ahead,
                )
            )
            direction, name = ahead, "d"
        else:
            direction, name = velocity, "v"
    after = weight - rate * direction
    lines.append(
        Line(
            "A step against it",
            r"w_{\text{after}}",
            rf"w - \eta\, {name}",
            r"{} - {} \cdot {}",
            (weight, rate, direction),
            after,
        )
    )
    return lines


def adam(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """Adam (Kingma and Ba 2014, algorithm 1); weight decay is added to the gradient."""
    lines, gradient = _decayed(settings, weight, gradient)
    return lines + _adam(settings, weight, gradient, remembered, "g'" if lines else "g", "w")


def adamw(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """AdamW (Loshchilov and Hutter 2017): the decay shrinks the weight itself, past the two averages."""
    rate, decay = float(settings["lr"]), float(settings["weight_decay"])
    if not decay:
        return _adam(settings, weight, gradient, remembered, "g", "w")
    shrunk = weight * (1 - rate * decay)
    line = Line(
        "Weight decay shrinks the weight itself",
        "w'",
        r"(1 - \eta \lambda)\, w",
        r"(1 - {} \cdot {}) \cdot {}",
        (rate, decay, weight),
        shrunk,
    )
    return [line, *_adam(settings, shrunk, gradient, remembered, "g", "w'")]


def rmsprop(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """RMSprop (Hinton 2012): the gradient by the root of a running average of its squares."""
    rate, eps, share = (float(settings[name]) for name in ("lr", "eps", "alpha"))
    lines, gradient = _decayed(settings, weight, gradient)
    g = "g'" if lines else "g"
    before = remembered.get("square_avg", 0.0)
    square = share * before + (1 - share) * gradient**2
    after = weight - rate * gradient / (math.sqrt(square) + eps)
    return [
        *lines,
        Line(
            "Average of the squared gradients",
            "v",
            rf"\alpha v_{{t-1}} + (1 - \alpha)\, {_squared(g)}",
            r"{} \cdot {} + {} \cdot {}^2",
            (share, before, 1 - share, gradient),
            square,
        ),
        Line(
            "A step by the gradient's size against its usual one",
            r"w_{\text{after}}",
            rf"w - \eta\, {g} / (\sqrt{{v}} + \varepsilon)",
            r"{} - {} \cdot {} / (\sqrt{{{}}} + {})",
            (weight, rate, gradient, square, eps),
            after,
        ),
    ]


def _adam(
    settings: Settings, weight: float, gradient: float, remembered: Remembered, g: str, w: str
) -> list[Line]:
    rate, eps = float(settings["lr"]), float(settings["eps"])
    first, second = (float(beta) for beta in settings["betas"])
    step = int(remembered.get("step", 0)) + 1
    mean, square = remembered.get("exp_avg", 0.0), remembered.get("exp_avg_sq", 0.0)
    new_mean = first * mean + (1 - first) * gradient
    new_square = second * square + (1 - second) * gradient**2
    mean_hat, square_hat = new_mean / (1 - first**step), new_square / (1 - second**step)
    after = weight - rate * mean_hat / (math.sqrt(square_hat) + eps)
    return [
        Line(
            "Average of the gradients",
            "m",
            rf"\beta_1 m_{{t-1}} + (1 - \beta_1)\, {g}",
            r"{} \cdot {} + {} \cdot {}",
            (first, mean, 1 - first, gradient),
            new_mean,
        ),
        Line(
            "Average of their squares",
            "v",
            rf"\beta_2 v_{{t-1}} + (1 - \beta_2)\, {_squared(g)}",
            r"{} \cdot {} + {} \cdot {}^2",
            (second, square, 1 - second, gradient),
            new_square,
        ),
        Line(
            f"Bias correction: both averages began at 0, {step} steps ago" if step > 1 else "Bias correction",
            r"\hat m",
            r"m / (1 - \beta_1^t)",
            r"{} / (1 - {}^{{{}}})",
            (new_mean, first, step),
            mean_hat,
        ),
        Line(
            "The same for the squares",
            r"\hat v",
            r"v / (1 - \beta_2^t)",
            r"{} / (1 - {}^{{{}}})",
            (new_square, second, step),
            square_hat,
        ),
        Line(
            "A step of about the learning rate, whatever the gradient's size",
            r"w_{\text{after}}",
            rf"{w} - \eta\, \hat m / (\sqrt{{\hat v}} + \varepsilon)",
            r"{} - {} \cdot {} / (\sqrt{{{}}} + {})",
            (weight, rate, mean_hat, square_hat, eps),
            after,
        ),
    ]


def _squared(name: str) -> str:
    return f"{{{name}}}^2"


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


def muon(
    settings: Settings, weight: float, gradient: Floats, remembered: Floats | None, index: Sequence[int]
) -> list[Line]:
    """Muon (Jordan 2024) for the weight at `index` of a kernel or matrix, as torch has it: steps of a whole matrix.

    `gradient` and `remembered`, the momentum, have the parameter's shape. Nothing but the matrix as a whole says what
    its orthogonal form has in this place: see `orthogonal`.
    """
    rate, decay, share = (float(settings[name]) for name in ("lr", "weight_decay", "momentum"))
    before = np.zeros_like(gradient) if remembered is None else remembered
    kept, own = float(before[tuple(index)]), float(gradient[tuple(index)])
    velocity = before + np.float32(1 - share) * (gradient - before)
    direction = gradient + np.float32(share) * (velocity - gradient) if settings["nesterov"] else velocity
    turned = orthogonal(direction)
    rows, columns = len(gradient), gradient[0].size
    scaled = 0.2 * math.sqrt(max(rows, columns)) * rate
    at, ahead, moved = (float(one[tuple(index)]) for one in (velocity, direction, turned))
    lines = [
        Line(
            "Momentum: an average of the gradients",
            "m",
            r"\mu m_{t-1} + (1 - \mu)\, g",
            r"{} \cdot {} + {} \cdot {}",
            (share, kept, 1 - share, own),
            at,
        )
    ]
    if settings["nesterov"]:
        lines.append(
            Line(
                "Nesterov looks ahead along it",
                "d",
                r"\mu m + (1 - \mu)\, g",
                r"{} \cdot {} + {} \cdot {}",
                (share, at, 1 - share, own),
                ahead,
            )
        )
    lines += [
        Line(
            f"The whole matrix of {rows} × {columns} is made nearly orthogonal, in five steps of Newton and Schulz: "
            "every direction in it then counts about as much; this is its value in this place",
            "o",
            r"\text{NewtonSchulz}(D)_{ij},\ d_{ij}",
            "{}",
            (ahead,),
            moved,
        ),
        Line(
            "The rate, fit to the matrix's size",
            r"\eta'",
            r"0.2\, \sqrt{\max(\text{rows}, \text{columns})}\; \eta",
            r"0.2 \cdot \sqrt{{{}}} \cdot {}",
            (max(rows, columns), rate),
            scaled,
        ),
        Line(
            "A step against it" + (", and weight decay shrinks the weight itself" if decay else ""),
            r"w_{\text{after}}",
            r"(1 - \eta \lambda)\, w - \eta'\, o" if decay else r"w - \eta'\, o",
            r"(1 - {} \cdot {}) \cdot {} - {} \cdot {}" if decay else r"{} - {} \cdot {}",
            (rate, decay, weight, scaled, moved) if decay else (weight, scaled, moved),
            weight * (1 - rate * decay) - scaled * moved,
        ),
    ]
    return lines


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
