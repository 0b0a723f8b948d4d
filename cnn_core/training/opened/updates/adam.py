"""Adam and AdamW, which keep two running averages."""

import math

from cnn_core.training.opened.updates.line import Line, Remembered, Settings, decayed, squared


def adam(settings: Settings, weight: float, gradient: float, remembered: Remembered) -> list[Line]:
    """Adam (Kingma and Ba 2014, algorithm 1); weight decay is added to the gradient."""
    lines, gradient = decayed(settings, weight, gradient)
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
            rf"\beta_2 v_{{t-1}} + (1 - \beta_2)\, {squared(g)}",
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
