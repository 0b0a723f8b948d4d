"""An `if` in `forward` gives two graphs; a block's children in a row are another function."""

import numpy as np
import torch

from cnn_core.inside.branching import by_brightness_source, make_by_brightness, without_addition
from cnn_core.inside.graph import record
from tests.support.exported import run

DARK, BRIGHT = np.full((1, 1, 8, 8), 0.1, np.float32), np.full((1, 1, 8, 8), 0.9, np.float32)


def test_a_dark_and_a_bright_image_leave_two_graphs():
    model = make_by_brightness(1, 10)
    dark, bright = record(model, DARK), record(model, BRIGHT)
    only_dark = [dark.nodes[number] for number in sorted(dark.only_here(bright))]
    only_bright = [bright.nodes[number] for number in sorted(bright.only_here(dark))]
    first, second = ["AccumulateGrad", "AccumulateGrad", "ConvolutionBackward0"], ["ReluBackward0"]
    assert [node.name for node in only_dark] == [*first, *second, *first]
    assert [node.name for node in only_bright] == first
    # after them: relu, mean; the last linear layer's two parameters, its weight turned round, its sum
    assert len(dark.nodes) - 7 == len(bright.nodes) - 3 == 6
    assert dark.only_here(dark) == frozenset()


def test_what_did_not_run_gets_no_gradient():
    for images in (DARK, BRIGHT):
        model = make_by_brightness(1, 10)
        unused = record(model, images).unused
        model(torch.from_numpy(images)).sum().backward()
        assert unused == tuple(name for name, value in model.named_parameters() if value.grad is None)
        assert unused


def test_its_source_is_the_class_at_work():
    source = f"import torch\nfrom torch import nn\n{by_brightness_source()}\n"
    theirs, ours = run(source)["ByBrightness"](1, 10).eval(), make_by_brightness(1, 10, seed=3)
    theirs.load_state_dict(ours.state_dict())
    for images in (DARK, BRIGHT):
        assert torch.equal(theirs(torch.from_numpy(images)), ours(torch.from_numpy(images)))


def test_a_seed_makes_its_weights():
    first, again = (make_by_brightness(3, 4, seed=7).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert first["answer.weight"].shape == (4, 4)


def test_without_the_addition_the_same_parameters_are_another_function():
    found = without_addition(np.random.default_rng(0).random((1, 3, 8, 8), np.float32))
    assert found.parameters == found.in_a_row == 2 * 9 * 3 * 3 + 4 * 3
    assert found.difference > 0.1
