"""Whether a network learned anything at all: its scores against those of somebody who only guesses."""

from math import log, sqrt

import numpy as np

from cnn_core.checkpoints import Scores

TOO_LOUD = 3.0  # times the loss of guessing: only wrong answers given with great confidence cost as much


def no_better_than_guessing(scores: Scores, learning_rate: float) -> str | None:
    """A sentence on scores that show no learning, and what to try; None where they are sound.

    Guessing is to give the most frequent class always: accuracy p on N images, within two standard errors
    √(p(1 − p)/N). The loss of giving all K classes the same probability is ln K nats; more than `TOO_LOUD` times that
    comes from weights that grew too large.
    """
    matrix = np.asarray(scores["confusion_matrix"])
    images = int(matrix.sum())
    if not images:
        return None
    share = float(matrix.sum(axis=1).max() / images)
    guessing = share + 2 * sqrt(share * (1 - share) / images)
    parts = []
    if scores["accuracy"] <= guessing:
        parts.append(f"This is no better than guessing: the most frequent class alone gives {share:.1%}.")
    even = log(len(matrix))
    loss = scores["loss"]
    if loss is None or loss > TOO_LOUD * even:
        many = "is no number" if loss is None else f"is {loss / even:,.0f} times that of guessing"
        parts.append(
            f"The loss {many} (ln {len(matrix)} = {even:.2f}): the weights grew too large."
            f" Lower the learning rate from {learning_rate:g} to {learning_rate / 10:g} and train again."
        )
    elif parts:
        parts.append("Train for more epochs, or with another learning rate or seed.")
    return " ".join(parts) or None
