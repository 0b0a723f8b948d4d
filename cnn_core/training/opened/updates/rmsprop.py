"""RMSprop."""

import math

from cnn_core.training.opened.updates.line import Line, Remembered, Settings, decayed, squared


def rmsprop(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """RMSprop (Hinton 2012): the gradient by the root of a running average of its squares."""
    rate, eps, share = (float(settings[name]) for name in ("lr", "eps", "alpha"))
    lines, gradient = decayed(settings, weight, gradient)
    g = "g'" if lines else "g"
    before = remembered.get("square_avg", 0.0)
    square = share * before + (1 - share) * gradient**2
    after = weight - rate * gradient / (math.sqrt(square) + eps)
    return [
        *lines,
        Line(
            "Average of the squared gradients",
            "v",
            rf"\alpha v_{{t-1}} + (1 - \alpha)\, {squared(g)}",
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
