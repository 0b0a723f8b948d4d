"""Trainings of the shipped study: their losses and scores."""

import numpy as np

from cnn_core import pictures
from cnn_core.studies.overfitting import read_study
from pages.start.home.pictures.canvas import HIGH, WIDE, drawing, line


def regularization() -> str:
    """Training and validation loss of an overfitting run."""
    histories = read_study().runs["baseline"].histories
    history = histories[min(histories)]
    lines = []
    losses = (history.training_loss, history.validation_loss)
    most = max(loss for one in losses for loss in one if loss is not None)
    for one, colour in zip(losses, (pictures.TRAINING, pictures.VALIDATION)):
        known = [(epoch, loss) for epoch, loss in enumerate(one) if loss is not None]
        x = [epoch / (len(one) - 1) * WIDE for epoch, _ in known]
        lines.append(line(x, [HIGH - 4 - loss / most * (HIGH - 8) for _, loss in known], colour))
    return drawing("".join(lines), "Training loss falls, validation loss rises")


def runs() -> str:
    """Several trainings' validation losses over one another, each as high as the highest of them lets it be."""
    losses = [
        [loss for loss in run.histories[min(run.histories)].validation_loss if loss is not None]
        for run in list(read_study().runs.values())[: len(pictures.SERIES)]
    ]
    most = max(max(loss) for loss in losses)
    lines = [
        line(np.linspace(0, WIDE, len(loss)), HIGH - 4 - np.array(loss) / most * (HIGH - 8), colour)
        for loss, colour in zip(losses, pictures.SERIES)
    ]
    return drawing("".join(lines), "The validation losses of several trainings")


def series() -> str:
    """The last validation accuracy of each shipped study's runs: a dot for each seed, a tick at their mean."""
    runs = [run for run in read_study().runs.values() if len(run.histories) > 1]
    scores = [[history.validation_accuracy[-1] for history in run.histories.values()] for run in runs]
    low, high = min(map(min, scores)), max(map(max, scores))
    marks = []
    for place, own in enumerate(scores):
        left, colour = (place + 0.5) / len(scores) * WIDE, pictures.css(pictures.SERIES[place % 4])
        places = [HIGH - 10 - (one - low) / max(high - low, 1e-9) * (HIGH - 20) for one in own]
        middle = sum(places) / len(places)
        marks.append(f'<path d="M{left - 9:.1f} {middle:.1f}h18" stroke="{colour}" stroke-width="3"/>')
        marks += [
            f'<circle cx="{left:.1f}" cy="{y:.1f}" r="4" fill="{colour}" fill-opacity="0.6"/>' for y in places
        ]
    return drawing("".join(marks), "Scores of several settings, each seed a dot")


def travel() -> str:
    """The loss of a training epoch by epoch, and one of its moments marked."""
    history = next(iter(read_study().runs["baseline"].histories.values()))
    losses = [loss for loss in history.training_loss if loss is not None][:13]
    x = np.linspace(12, WIDE - 12, len(losses))
    y = HIGH - 16 - np.array(losses) / max(losses) * (HIGH - 32)
    here = len(losses) // 4
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{9 if k == here else 4}" '
        f'fill="{pictures.css(pictures.ACCENT if k == here else pictures.TRAINING)}"/>'
        for k, (a, b) in enumerate(zip(x, y))
    )
    moment = f'<path d="M{x[here]:.1f} 0V{HIGH}" stroke="{pictures.css(pictures.ACCENT)}" stroke-width="2"/>'
    return drawing(moment + line(x, y, pictures.TRAINING) + dots, "A training, and a moment of it")
