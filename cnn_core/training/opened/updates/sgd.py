"""SGD, with momentum and Nesterov's look ahead."""

from cnn_core.training.opened.updates.line import Line, Remembered, Settings, decayed


def sgd(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """SGD, with momentum and Nesterov's look ahead where they are set.

    torch's form: the velocity is a sum of gradients, not yet times the rate, and begins as the first gradient.
    """
    rate, momentum = float(settings["lr"]), float(settings["momentum"])
    lines, direction = decayed(settings, weight, gradient)
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
