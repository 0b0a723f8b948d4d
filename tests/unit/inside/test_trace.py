"""Traces against torch: every preset, random cells, and the way from a probability to the pixels."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from cnn_core.inside import trace
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.presets import PRESETS
from cnn_core.networks.wiring import INPUT, PROBABILITIES
from tests.support.shaken import shaken

pytestmark = pytest.mark.usefixtures("one_thread")
BLOCKS = Architecture(
    (2, 12, 12), shorthand.from_text("conv4-residual4-separable6_p1-residual6_s2-gap-flatten-linear3"), 3
)


def adds_up(step: trace.Step, answer: trace.Answer) -> None:
    """The terms make the value, from what stands at the cells they name; it is torch's to 1e-4 of the largest."""
    found = step.terms
    largest = float(np.abs(answer.values[step.place.name]).max())
    assert abs(step.remainder) <= 1e-4 * max(abs(step.computed), 1e-2 * largest), step.place.name
    assert found.value + step.remainder == pytest.approx(step.computed, rel=1e-15, abs=1e-15)
    if found.weights is not None:
        np.testing.assert_array_equal(found.terms, found.weights * found.inputs)
        assert found.value == pytest.approx(found.terms.sum() + found.bias, rel=1e-9, abs=1e-9)
    for term in range(min(len(found), 60)):
        read = step.reads(term)
        assert found.inputs[term] == (0 if read is None else answer.value(*read))


def walk(answer: trace.Answer, layer: str, cell, random) -> int:
    """From a value to the pixels along random terms, each step checked; how many."""
    steps = 0
    while layer != INPUT:
        step = answer.step(layer, cell)
        adds_up(step, answer)
        steps += 1
        inside = np.flatnonzero(step.terms.inside)
        if not len(inside):
            break
        layer, cell = step.reads(int(random.choice(inside)))
    return steps


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)])
@pytest.mark.parametrize("name", PRESETS)
def test_random_cells_of_every_preset_add_up_back_to_the_pixels(name, shape):
    architecture = PRESETS[name].architecture(shape)
    random = np.random.default_rng(len(name))
    model = shaken(architecture, seed=1)
    image = random.random(shape, dtype=np.float32)
    answer = trace.answer(model, architecture, image)
    with torch.inference_mode():
        logits = model(torch.from_numpy(image)[None])
    np.testing.assert_array_equal(answer.values[answer.wiring.places[-2].name], logits[0])
    for place in answer.wiring.places:
        cell = tuple(int(random.integers(size)) for size in place.output_shape)
        assert walk(answer, place.name, cell, random) >= 1


def test_every_seventh_cell_of_every_place_of_a_network_of_blocks_adds_up():
    image = np.random.default_rng(0).random((2, 12, 12), dtype=np.float32)
    answer = trace.answer(shaken(BLOCKS), BLOCKS, image)
    for place in answer.wiring.places:
        for cell in list(np.ndindex(place.output_shape))[::7]:
            adds_up(answer.step(place.name, cell), answer)


def test_the_way_follows_the_largest_terms_to_a_pixel():
    image = np.random.default_rng(3).random((2, 12, 12), dtype=np.float32)
    answer = trace.answer(shaken(BLOCKS), BLOCKS, image)
    way = answer.way(PROBABILITIES, (1,))
    names = [step.place.name for step in way]
    assert names[:4] == [PROBABILITIES, "linear1", "flatten1", "global_pool1"]
    assert way[1].cell == (1,)
    assert names[-1] == "conv1"
    for step, following in pairwise(way):
        term = int(step.terms.largest()[0])
        assert step.reads(term) == (following.place.name, following.cell)
        assert step.terms.inputs[term] == following.computed
    pixel, cell = way[-1].reads(int(way[-1].terms.largest()[0]))
    assert pixel == INPUT
    assert answer.value(pixel, cell) == image[cell]
    chosen = answer.way("residual1", (0, 4, 4), choose=lambda terms: len(terms) - 1)
    assert [step.place.name for step in chosen] == ["residual1.relu2", "residual1.sum", "conv1"]


def test_a_block_read_as_a_whole_is_what_torch_makes_of_it():
    image = np.random.default_rng(0).random((2, 12, 12), dtype=np.float32)
    model = shaken(BLOCKS)
    answer = trace.answer(model, BLOCKS, image)
    with torch.inference_mode():
        by_torch = model[:2](torch.from_numpy(image)[None])[0].numpy()
    np.testing.assert_array_equal(answer.values["residual1.relu2"], by_torch)
    assert answer.value("residual1", (3, 1, 2)) == by_torch[3, 1, 2]
    assert answer.step("residual1", (3, 1, 2)).computed == by_torch[3, 1, 2]


def test_a_steps_table_has_a_row_for_each_term():
    answer = trace.answer(
        shaken(BLOCKS), BLOCKS, np.random.default_rng(0).random((2, 12, 12), dtype=np.float32)
    )
    step = answer.step("residual1.conv1", (2, 0, 9))
    table = step.table()
    assert list(table) == ["reads", "input", "weight", "term"]
    assert len(table["reads"]) == 4 * 9
    assert table["reads"][:5] == [*["padding"] * 3, "conv1 (0, 0, 8)", "conv1 (0, 0, 9)"]
    assert sum(table["term"]) == pytest.approx(step.computed, abs=1e-6)
    assert answer.step("residual1.sum", (1, 2, 3)).table()["reads"] == [
        "residual1.batch_norm2 (1, 2, 3)",
        "conv1 (1, 2, 3)",
    ]
    assert list(answer.step("residual1", (0, 0, 0)).table()) == ["reads", "input", "term"]


def test_a_value_of_nothing_but_padding_ends_its_way():
    architecture = Architecture((1, 4, 4), shorthand.from_text("conv2_k1_p3-relu-flatten-linear2"), 2)
    answer = trace.answer(shaken(architecture), architecture, np.ones((1, 4, 4), np.float32))
    way = answer.way("conv1", (0, 0, 0))
    assert len(way) == 1
    assert way[0].reads(0) is None
    assert way[0].computed == way[0].terms.bias


def test_wrong_arguments_are_refused():
    model = shaken(BLOCKS)
    image = np.zeros((2, 12, 12), np.float32)
    answer = trace.answer(model, BLOCKS, image)
    with pytest.raises(ValueError, match=r"cell is \(9, 0, 0\); allowed is 0 to 3"):
        answer.step("conv1", (9, 0, 0))
    with pytest.raises(ValueError, match=r"layer is 'conv7'"):
        answer.step("conv7", (0, 0, 0))
    with pytest.raises(ValueError, match=r"image is of shape \(1, 2, 12, 12\); allowed is \(C, H, W\)"):
        trace.answer(model, BLOCKS, image[None])
    with pytest.raises(ValueError, match=r"images is of shape \(1, 1, 12, 12\); allowed is \(N, 2, 12, 12\)"):
        trace.answer(model, BLOCKS, image[:1])
    with pytest.raises(
        ValueError, match="model is without conv1; allowed is the network of this architecture"
    ):
        trace.answer(model[1:].eval(), BLOCKS, image)
    with pytest.raises(ValueError, match="model is in training mode"):
        trace.answer(model.train(), BLOCKS, image)
