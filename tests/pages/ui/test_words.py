"""Numbers and names as pages spell them."""

import numpy as np
import pytest

from pages.ui import words


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        (0.9924, 2, "99.24 %"),
        (0.98312, 1, "98.3 %"),
        (0.0, 1, "0.0 %"),
        (1.0, 1, "100.0 %"),
        (0.99951, 1, ">99.9 %"),  # not the 100 % that it is not
        (0.99949, 1, "99.9 %"),
        (0.996, 0, ">99 %"),
        (0.99996, 2, ">99.99 %"),
        (1.414, 0, "141 %"),
        (-0.25, 0, "−25 %"),
        (np.float32(0.5), 1, "50.0 %"),
    ],
)
def test_a_percentage_never_claims_more_than_the_number(share: float, places: int, text: str) -> None:
    assert words.percent(share, places) == text.replace(" ", "\u00a0")


def test_numbers_have_a_minus_sign_and_no_exponent() -> None:
    assert words.plain(-0.5) == "−0.50"
    assert words.plain(np.float32(2), 1) == "2.0"
    assert words.minus("-1 to -2") == "−1 to −2"
    assert words.tiny(2.4e-7) == "0.00000024"
    assert words.tiny(0.0) == "0"


def test_counts_and_shapes() -> None:
    assert words.count(1, "filter") == "1 filter"
    assert words.count(9248, "parameter") == "9,248 parameters"
    assert words.count(0, "image") == "0 images"
    assert words.shape((3, 32, 32)) == "3×32×32"
    assert words.shape((1024,)) == "1,024"


def test_what_comes_from_outside_is_shown_letter_by_letter() -> None:
    assert words.as_text("[Sign in](https://a.b)") == r"\[Sign in\]\(https\://a\.b\)"
    assert words.as_text("plain") == "plain"


def test_a_sentence_begins_with_a_capital_and_keeps_its_names() -> None:
    assert words.sentence("mnist-3Conv is not in /Data") == "Mnist-3Conv is not in /Data"
    assert words.sentence("") == ""
