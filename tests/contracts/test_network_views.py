"""How the network map takes a layer apart: of every layer type, random cells add up to what torch computed."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser

from cnn_core.networks.layers import LAYER_TYPES
from tests.browser.test_javascript import Modules, sent
from tests.support.component_stage import ROOT
from tests.support.engine_side import random_image, shaken
from tests.support.layer_strategies import working

MAP = ROOT / "pages" / "inside" / "network" / "network_map"
CELLS = 6  # of each layer, at random
MAPS, VECTOR = (4, 11, 12), (12,)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
# Of each case its layer, input, output and places: the traces, and what the sources and parts of the units are.
TAKE_APART = """async (cases) => {
  const { viewOf } = await import("/inside/network/network_map/views.js");
  const { sidesOf } = await import("/inside/network/network_map/shapes.js");
  const floats = ({ floats }) => Float32Array.from(floats, Number);
  return cases.map(({ layer, input, output, places }) => {
    layer.tensors = Object.fromEntries(Object.entries(layer.tensors).map(([name, one]) => [name, floats(one)]));
    const view = viewOf(layer);
    const [given, made] = [floats(input), floats(output)];
    const cells = sidesOf(layer.outputShape)[1] * sidesOf(layer.outputShape)[2];
    return places.map((place) => ({
      trace: view.trace(layer, place, given, made),
      sources: view.sources(layer, place.unit),
      parts: view.parts?.(layer, place.unit, given).map(({ values }) => Array.from(values())) ?? null,
      bias: view.bias?.(layer, place.unit) ?? 0,
      map: Array.from(made.slice(place.unit * cells, (place.unit + 1) * cells)),
    }));
  });
}"""


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Modules]:
    page = browser.new_page()
    yield Modules(page)
    page.close()


def test_the_list_names_every_layer_type() -> None:
    listed = (MAP / "views.js").read_text(encoding="utf-8").split("export const VIEWS")[1].split("};")[0]
    assert set(re.findall(r"\w+", listed)) == set(LAYER_TYPES), (
        "a view a layer type, and its name in views.js"
    )


def case(layer, shape, module, image, rng: np.random.Generator) -> dict[str, Any]:
    """A layer with an image, as `TAKE_APART` takes it, and random cells of its output."""
    output = layer.output_shape(shape)
    sides = output if len(output) == 3 else (*output, 1, 1)
    places = [dict(zip(("unit", "row", "column"), map(int, rng.integers(0, sides)))) for _ in range(CELLS)]
    described = {
        "type": type(layer).__name__,
        "name": "only",
        "settings": asdict(layer),
        "inputShape": list(shape),
        "outputShape": list(output),
        "tensors": {
            name: value.numpy() for name, value in module.state_dict().items() if value.is_floating_point()
        },
    }
    return {
        "layer": described,
        "input": image.numpy(),
        "output": module(image).numpy().ravel(),
        "places": places,
    }


@pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
def test_the_terms_of_a_cell_add_up_to_what_torch_computed(kind, js: Modules) -> None:
    generator, rng = torch.Generator().manual_seed(4), np.random.default_rng(4)
    cases = []
    shapes = [VECTOR] if kind.needs_vector else [MAPS] if kind.needs_maps else [MAPS, VECTOR]
    for fitted, shape in working(kind, shapes):
        module = shaken(fitted.module(shape), generator)
        cases.append(case(fitted, shape, module, random_image(shape, generator), rng))
    assert cases
    for given, found in zip(cases, js.page.evaluate(TAKE_APART, sent(cases)), strict=True):
        check(given, found, kind.__name__)


def check(given: dict[str, Any], found: list[dict[str, Any]], words: str) -> None:
    shape, inputs = given["layer"]["outputShape"], given["layer"]["inputShape"]
    output = given["output"].reshape(shape if len(shape) == 3 else (*shape, 1, 1))
    values = given["input"].reshape(inputs if len(inputs) == 3 else (*inputs, 1, 1))
    largest = float(np.abs(output).max())
    for place, one in zip(given["places"], found, strict=True):
        trace = one["trace"]
        expected = output[place["unit"], place["row"], place["column"]]
        close = {"rtol": 1e-4, "atol": 2e-6 * largest + 1e-7, "err_msg": f"{words} {given['layer']} {place}"}
        np.testing.assert_allclose(trace["value"], expected, **close)
        for group in trace["groups"]:
            for factor in group["factors"]:  # each number is the one that lies there
                if factor["inside"]:
                    assert factor["value"] == values[factor["unit"], factor["row"], factor["column"]]
                else:
                    assert factor["value"] == 0
        if trace["how"] == "sum":
            sums = [
                sum(f["value"] * f["weight"] for f in group["factors"]) * (group["scale"] or 1)
                for group in trace["groups"]
            ]
            np.testing.assert_allclose([group["sum"] for group in trace["groups"]], sums, rtol=1e-9)
            np.testing.assert_allclose(sum(sums) + (trace["bias"] or 0), expected, **close)
            read = {group["unit"] for group in trace["groups"]}
            assert {source["unit"] for source in one["sources"]} == read
        if one["parts"] is not None:  # the maps of the middle view add up to the map
            whole = np.sum(one["parts"], axis=0) + one["bias"]
            np.testing.assert_allclose(whole, one["map"], rtol=1e-3, atol=1e-5 * largest + 1e-6)
        assert all(0 <= source["unit"] < len(values) for source in one["sources"])


def test_a_layer_type_without_a_view_shows_what_goes_in_and_comes_out(js: Modules) -> None:
    layer = {"type": "New", "inputShape": [2, 3, 3], "outputShape": [2, 3, 3], "tensors": {}, "settings": {}}
    image = np.arange(prod((2, 3, 3)), dtype=np.float32)
    places = [{"unit": 1, "row": 2, "column": 0}]
    one = {"layer": layer, "input": image, "output": -image, "places": places}
    ((found,),) = js.page.evaluate(TAKE_APART, sent([one]))
    assert found["trace"]["value"] == -15
    assert [factor["value"] for factor in found["trace"]["groups"][0]["factors"]] == [15]
    layer["outputShape"] = [18]
    ((other,),) = js.page.evaluate(TAKE_APART, sent([one | {"places": [{"unit": 4, "row": 0, "column": 0}]}]))
    assert (other["trace"]["value"], other["trace"]["groups"]) == (-4, [])
