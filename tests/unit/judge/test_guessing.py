"""Scores that show no learning are called so; sound ones are not."""

import math

import numpy as np
import pytest

from cnn_core.checkpoints import Scores
from cnn_core.judge.guessing import no_better_than_guessing


def scores(right: float, loss: float | None, classes: int = 10, each: int = 100) -> Scores:
    """Every class answered rightly with the share `right`, else with the next class."""
    matrix = np.diag([round(right * each)] * classes)
    matrix += np.roll(np.diag([each - round(right * each)] * classes), 1, axis=1)
    return {
        "accuracy": right,
        "macro_f1": right,
        "loss": loss,
        "images": int(matrix.sum()),
        "confusion_matrix": matrix.tolist(),
    }


def test_sound_scores_call_for_no_word() -> None:
    assert no_better_than_guessing(scores(0.98, 0.06), 0.004) is None
    assert no_better_than_guessing(scores(0.3, 2.0), 0.004) is None
    # Sure and sometimes wrong, as a network is that learned its images by heart: 2.9 times ln 10.
    assert no_better_than_guessing(scores(0.8, 2.9 * math.log(10)), 0.004) is None


# One class of ten on 1,000 images: 10 % and two standard errors, 2 √(0.1 · 0.9 / 1000) = 1.9 %.
@pytest.mark.parametrize(("right", "guessed"), [(0.05, True), (0.11, True), (0.13, False)])
def test_guessing_is_the_most_frequent_class_within_two_standard_errors(right: float, guessed: bool) -> None:
    words = no_better_than_guessing(scores(right, math.log(10)), 0.004)
    assert (words is not None) == guessed
    if words is not None:
        assert words.startswith("This is no better than guessing: the most frequent class alone gives 10.0%.")
        assert "more epochs" in words


def test_a_loss_many_times_that_of_guessing_is_named_with_what_to_do() -> None:
    words = no_better_than_guessing(scores(0.5, 134.0), 100)
    assert words == (
        "The loss is 58 times that of guessing (ln 10 = 2.30): the weights grew too large."
        " Lower the learning rate from 100 to 10 and train again."
    )
    assert "no better than guessing" in (no_better_than_guessing(scores(0.0958, 134.0), 100) or "")
    assert "is no number" in (no_better_than_guessing(scores(0.5, None), 100) or "")


def test_no_images_say_nothing() -> None:
    assert no_better_than_guessing(scores(0.0, 0.0, each=0), 0.1) is None
