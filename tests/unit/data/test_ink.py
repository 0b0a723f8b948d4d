"""Ink found on paper: what a network reads in a photograph of a digit is what it reads in the digit."""

import numpy as np
import pytest
from PIL import Image

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.data import datasets, images
from cnn_core.data.drawing import prepare_ink
from cnn_core.data.ink import ink_on_paper
from cnn_core.inside.forward import probabilities

HEIGHT, WIDTH = 300, 400


def on_paper(
    digit: np.ndarray,
    chance: np.random.Generator,
    *,
    uneven: float = 0.0,
    grain: float = 0.0,
    light_ink: bool = False,
) -> np.ndarray:
    """A digit `(28, 28)` uint8 written somewhere on a sheet, in some size: uint8 `(H, W, 3)`.

    `uneven` is how much darker the sheet's dark corner is, of 255, and `grain` the deviation of its pixels.
    """
    side = int(chance.integers(60, 240))
    top, left = int(chance.integers(0, HEIGHT - side + 1)), int(chance.integers(0, WIDTH - side + 1))
    ink = np.zeros((HEIGHT, WIDTH))
    ink[top : top + side, left : left + side] = (
        np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)) / 255
    )
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] / np.array([HEIGHT, WIDTH])[:, None, None] - 0.5
    angle = chance.uniform(0, 2 * np.pi)
    light = 235 - uneven * (0.5 + 0.7 * (columns * np.cos(angle) + rows * np.sin(angle)))
    sheet = np.clip(light * (1 - 0.8 * ink) + chance.normal(0, grain, ink.shape), 0, 255).astype(np.uint8)
    return np.repeat((255 - sheet if light_ink else sheet)[..., None], 3, -1)


SHEETS = {
    "even": {},
    "uneven and grainy": {"uneven": 60.0, "grain": 6.0},
    "light ink": {"light_ink": True, "uneven": 60.0, "grain": 6.0},
}


def read(pictures: list[np.ndarray]) -> np.ndarray:
    prepared = np.stack([prepare_ink(ink_on_paper(picture)).network_input for picture in pictures])
    return probabilities(checkpoints.load("mnist-3conv").model, prepared[:, None]).argmax(1)


@pytest.mark.datasets
@pytest.mark.parametrize("sheet", ["uneven and grainy", "light ink"])
def test_200_digits_of_mnist_on_paper_are_read_as_mnist_is(sheet, mnist_home, one_thread):
    data = datasets.load("mnist")
    chance = np.random.default_rng(1)
    which = chance.choice(len(data.y_test), 200, replace=False)
    pictures = [on_paper(data.x_test[at, ..., 0], chance, **SHEETS[sheet]) for at in which]
    assert (read(pictures) == data.y_test[which]).mean() >= 0.98
    fitted = np.stack([images.fit(picture, 28, 1) for picture in pictures])
    as_photographs = probabilities(checkpoints.load("mnist-3conv").model, fitted).argmax(1)
    assert (as_photographs == data.y_test[which]).mean() < 0.3  # what the preparation is for


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_the_built_in_digits_on_paper_are_read_as_they_are(sheet, one_thread):
    data = datasets.load("digits")
    chance = np.random.default_rng(2)
    model = checkpoints.load("mnist-3conv").model
    known = np.flatnonzero(probabilities(model, to_float(data.x_test)).argmax(1) == data.y_test)
    which = chance.choice(known, 60, replace=False)
    pictures = [on_paper(data.x_test[at, ..., 0], chance, **SHEETS[sheet]) for at in which]
    assert (read(pictures) == data.y_test[which]).mean() >= 0.95


def test_ink_is_1_and_paper_is_0():
    picture = np.full((60, 80, 3), 230, np.uint8)
    picture[20:40, 30:36] = 40
    expected = np.zeros((60, 80), np.float32)
    expected[20:40, 30:36] = 1
    np.testing.assert_allclose(ink_on_paper(picture), expected, atol=1e-5)
    np.testing.assert_allclose(ink_on_paper(255 - picture), expected, atol=1e-5)


def test_uneven_light_is_no_ink():
    rows, columns = np.mgrid[:60, :80]
    sheet = (240 - columns - rows // 2).astype(
        np.uint8
    )  # its dark corner is as dark as ink is in the light one
    picture = np.repeat(sheet[..., None], 3, -1)
    assert ink_on_paper(picture).max() == 0
    picture[20:40, 30:36] = 20
    found = ink_on_paper(picture) > 0.5
    assert found[20:40, 30:36].all()
    assert found.sum() == 20 * 6


def test_dust_is_no_ink():
    picture = np.full((60, 80, 3), 230, np.uint8)
    picture[20:40, 30:36] = 40
    picture[5:7, 5:6] = 40
    assert ink_on_paper(picture)[:10].max() == 0


@pytest.mark.parametrize("grain", [0, 8])
def test_an_empty_sheet_has_no_ink(grain):
    sheet = np.random.default_rng(0).normal(210, grain, (100, 120, 1)).clip(0, 255).astype(np.uint8)
    ink = ink_on_paper(np.repeat(sheet, 3, -1))
    assert ink.max() == 0
    assert prepare_ink(ink).is_empty


def test_what_is_light_on_nothing_is_ink():
    picture = np.full((30, 40, 3), 255, np.uint8)  # white on transparent, as it lies on white
    alpha = np.zeros((30, 40), np.uint8)
    alpha[10:20, 15:18] = 255
    np.testing.assert_allclose(ink_on_paper(picture, alpha), alpha / 255, atol=1e-5)
    assert ink_on_paper(picture).max() == 0


@pytest.mark.parametrize(
    ("picture", "alpha", "message"),
    [
        (np.zeros((4, 4), np.uint8), None, r"picture is uint8 \(4, 4\); allowed is uint8 \(H, W, 3\)"),
        (np.zeros((4, 4, 3), np.float32), None, "picture is float32"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8), r"alpha is uint8 \(4, 5\)"),
    ],
)
def test_a_wrong_argument_is_named(picture, alpha, message):
    with pytest.raises(ValueError, match=message):
        ink_on_paper(picture, alpha)
