"""The tour's small pictures: one for each page, computed by NumPy as torch computes it."""

import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from cnn_core import checkpoints
from cnn_core.inside import forward
from cnn_core.pictures import signed_png
from pages.start.home import live
from pages.start.home.pictures import canvas, listed, of_network
from pages.ui.models import ModelRef
from pages.ui.site import PAGES


def shipped() -> ModelRef:
    path = checkpoints.folder("mnist-3conv")
    return ModelRef("mnist-3conv", "mnist-3conv", path, 1, checkpoints.read_card(path))


def images(html: str) -> list[Image.Image]:
    return [Image.open(BytesIO(b64decode(data))) for data in re.findall(r"image/png;base64,([^\"]+)", html)]


def test_every_page_of_the_tour_has_one_and_says_what_it_is() -> None:
    made = listed.of_tour(shipped(), 1)
    assert set(made) == {page.name for page in PAGES[1:]}
    assert all(alt for html in made.values() for alt in re.findall(r'alt="([^"]*)"', html))


def test_maps_are_what_torch_computes() -> None:
    model = checkpoints.load("mnist-3conv").model
    image = canvas.digit()
    layers = {layer.name: layer.output[0] for layer in forward.forward_all(model, image[None, None])}
    expected = layers["relu1"]
    expected = expected[np.argsort(-expected.std((1, 2)))]
    np.testing.assert_allclose(of_network._maps(shipped()), expected, atol=1e-5)


def test_confusion_shows_right_and_wrong_apart() -> None:
    (picture,) = images(listed.of_tour(shipped(), 1)["confusion"])
    pixels = np.asarray(picture)
    matrix = np.array(shipped().card.test["confusion_matrix"])
    assert pixels.shape == (10, 10, 4)
    np.testing.assert_array_equal(pixels[..., 3] > 0, matrix > 0)
    assert len({tuple(pixel[:3]) for pixel in pixels[np.eye(10, dtype=bool)]}) == 1


def test_without_a_network_the_pages_that_need_none_keep_theirs(tmp_path: Path) -> None:
    broken = replace(shipped(), path=tmp_path, stamp=2)
    made = listed.of_tour(broken, 2)
    assert {"convolution", "activations", "draw"} <= set(made)
    assert "filters" not in made
    assert set(listed.of_tour(None, 0)) == set(listed.DRAWN)


def test_home_reads_with_the_shipped_network() -> None:
    assert live.shipped().key == "mnist-3conv"


def test_the_first_step_of_a_linear_layer_is_what_torch_computes() -> None:
    import torch

    image = torch.from_numpy(canvas.digit().ravel())
    weight = torch.zeros(10, 784, requires_grad=True)
    torch.nn.functional.cross_entropy((weight @ image)[None], torch.tensor([8])).backward()
    moved = [-weight.grad[row].reshape(28, 28).numpy() for row in (8, 3)]
    for shown, expected in zip(images(listed.of_tour(shipped(), 1)["step"])[1:], moved, strict=True):
        png = Image.open(BytesIO(signed_png(expected)))
        assert np.abs(np.asarray(shown).astype(int) - np.asarray(png)).max() <= 1
