"""Muon, whose step is one of a whole matrix."""

import math
from collections.abc import Sequence

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.training.opened.orthogonal import orthogonal
from cnn_core.training.opened.updates.line import Line, Settings


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
