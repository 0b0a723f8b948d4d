"""The browser engine against torch: every layer type and every shipped model, in Node and in Chromium, every preset."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
import pytest
import torch
from playwright.sync_api import Page
from torch import nn

from benchmarks import serving
from cnn_core import checkpoints
from cnn_core.networks.building import build
from cnn_core.networks.layers import LAYER_TYPES, MaxPool2d
from cnn_core.networks.presets import PRESETS
from pages.ui.components.engine import describe
from pages.ui.models import ModelRef
from tests.support.engine_side import (
    ENGINE,
    NODE,
    Case,
    case_of,
    in_chromium,
    in_node,
    random_image,
    shaken,
    weights_of,
)
from tests.support.layer_strategies import working

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel"),
    pytest.mark.usefixtures("one_thread"),
]
MAPS, VECTOR = (4, 11, 12), (12,)
IMAGES = [(1, 28, 28), (3, 32, 32)]
Run = Callable[[Sequence[Case]], list[list[np.ndarray]]]


@pytest.fixture(params=["node", "chromium"], scope="module")
def run(request, tmp_path_factory) -> Iterator[Run]:
    if request.param == "node":
        if NODE is None:
            pytest.skip("needs Node; what is to be shown is shown in Chromium too")
        folder = tmp_path_factory.mktemp("node")
        yield lambda cases: in_node(folder, cases)
        return
    if serving.CHROMIUM is None:
        pytest.skip("needs Chromium; install it, on Debian `apt install chromium`")
    page: Page = request.getfixturevalue("browser").new_page()
    page.goto("about:blank")
    yield lambda cases: in_chromium(page, cases)
    page.close()


def close(found: np.ndarray, expected: torch.Tensor, words: object) -> None:
    """Equal to 1e-4 of each value, or of a hundredth of the layer's largest where it is small beside that."""
    wanted = expected.detach().numpy().ravel()
    largest = float(np.abs(wanted).max(initial=0))
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6 * largest, err_msg=str(words))


def test_the_list_names_every_layer_type_and_has_a_module_for_each():
    listed = (ENGINE / "layers.js").read_text(encoding="utf-8").split("export const LAYERS")[1]
    named = set(re.findall(r"\w+", listed)) - {""}
    assert named == set(LAYER_TYPES), "a layer type is one module in layers/ and its name in layers.js"


@pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
def test_a_layer_answers_as_torch(kind, run: Run):
    generator = torch.Generator().manual_seed(1)
    cases, expected = [], []
    shapes = [VECTOR] if kind.needs_vector else [MAPS, (1, 9, 7)] if kind.needs_maps else [MAPS, VECTOR]
    for fitted, shape in working(kind, shapes):
        module = shaken(fitted.module(shape), generator)
        image = random_image(shape, generator)
        cases.append(case_of(fitted, shape, module, image.numpy()))
        expected.append((fitted, shape, module(image)))
    assert len(cases) > 0
    for (values, _), (layer, shape, wanted) in zip(run(cases), expected, strict=True):
        close(values, wanted, (layer, shape))


def test_what_is_no_number_is_none_after_pooling_too(run: Run):
    layer, shape = MaxPool2d(), (1, 4, 4)
    image = torch.arange(16.0).reshape(1, *shape)
    image[0, 0, 0, 0] = image[0, 0, 3, 3] = torch.nan
    ((values, _),) = run([case_of(layer, shape, layer.module(shape), image.numpy())])
    np.testing.assert_array_equal(values, layer.module(shape)(image).numpy().ravel())


def layer_by_layer(model: nn.Sequential, image: torch.Tensor) -> list[torch.Tensor]:
    answers = []
    for layer in model:
        image = layer(image)
        answers.append(image)
    return [*answers, image.softmax(1)]


def described(architecture) -> dict:
    """What `describe` says of a network that lies nowhere."""
    card = checkpoints.Card("", "", "digits", tuple("0123456789"), architecture, {}, None, "", "", {}, "")
    return describe(ModelRef("", "", checkpoints.MODELS / "nowhere", 0, card))


# All their layers were compared in both by now.
@pytest.mark.parametrize("run", ["chromium" if NODE is None else "node"], indirect=True)
def test_presets_answer_as_torch_layer_by_layer(run: Run):
    generator = torch.Generator().manual_seed(2)
    cases, expected = [], []
    for (name, preset), shape in product(PRESETS.items(), IMAGES):
        architecture = preset.architecture(shape)
        model = build(architecture, seed=0).eval().requires_grad_(False)
        image = torch.rand(1, *shape, generator=generator)
        cases.append(Case(described(architecture), weights_of(model), image.numpy()))
        expected.append((name, layer_by_layer(model, image)))
    check(run(cases), expected)


def test_shipped_models_answer_as_torch_layer_by_layer(run: Run):
    cases, expected = [], []
    for name in checkpoints.names():
        model, card = checkpoints.load(name)
        folder = checkpoints.folder(name)
        image = torch.rand(1, *card.architecture.input_shape, generator=torch.Generator().manual_seed(3))
        weights = (folder / card.weights).read_bytes()
        cases.append(Case(describe(ModelRef(name, name, folder, 0, card)), weights, image.numpy()))
        expected.append((name, layer_by_layer(model, image)))
    check(run(cases), expected)


def check(found, expected) -> None:
    for answers, (name, wanted) in zip(found, expected, strict=True):
        for values, tensor in zip(answers, wanted, strict=True):
            close(values, tensor, name)
