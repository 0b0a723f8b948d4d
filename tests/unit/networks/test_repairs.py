"""Every way a stack can fail: the layer, the sentence, and a repair that removes just this problem."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnn_core.limits import using
from cnn_core.networks import budget, repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.building import build
from cnn_core.networks.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
)
from tests.support.layer_strategies import any_layer, sizes

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")


def one_problem(*layers, shape=(1, 28, 28), classes=10):
    (problem,) = repairs.problems(Architecture(shape, layers, classes))
    return problem


ENDING = (Flatten(), Linear(10))


@pytest.mark.parametrize(
    ("layers", "index", "words", "repaired"),
    [
        ((Conv2d(4), Linear(10)), 1, "maps of shape 4×26×26", (Conv2d(4), *ENDING)),
        ((Flatten(), Conv2d(4), Linear(10)), 1, "vector of 784", (Conv2d(4), *ENDING)),
        ((Flatten(), ReLU(), MaxPool2d(), *ENDING), 2, "vector of 784", (ReLU(), MaxPool2d(), *ENDING)),
        (
            (Flatten(), Linear(9), Conv2d(4), Linear(10)),
            2,
            "vector of 9",
            (Conv2d(4), Flatten(), Linear(9), Linear(10)),
        ),
        (
            (MaxPool2d(7), Conv2d(4, 5), *ENDING),
            1,
            "5×5 window",
            (MaxPool2d(7), Conv2d(4, 5, padding="same"), *ENDING),
        ),
        (
            (MaxPool2d(7), Conv2d(4, 5, 2), *ENDING),
            1,
            "does not fit into the 4×4 map",
            (MaxPool2d(7), Conv2d(4, 4, 2), *ENDING),
        ),
        ((MaxPool2d(14), AvgPool2d(3), *ENDING), 1, "3×3 window", (MaxPool2d(14), AvgPool2d(2), *ENDING)),
        ((MaxPool2d(28), MaxPool2d(), *ENDING), 1, "1×1 map", (MaxPool2d(28), *ENDING)),
        ((MaxPool2d(3, padding=2), *ENDING), 0, "at most half", (MaxPool2d(3, padding=1), *ENDING)),
        ((Conv2d(4, 5, 2, "same"), *ENDING), 0, "only with stride 1", (Conv2d(4, 5, 2, 2), *ENDING)),
        ((Conv2d(4, 4, 2, "same"), *ENDING), 0, "only with stride 1", (Conv2d(4, 4, 2, 1), *ENDING)),
        ((Conv2d(4, groups=2), *ENDING), 0, "1 input channels", (Conv2d(4), *ENDING)),
        (
            (Conv2d(12), Conv2d(8, groups=6), *ENDING),
            1,
            "8 output channels",
            (Conv2d(12), Conv2d(8, groups=4), *ENDING),
        ),
        ((Dropout(1.5), *ENDING), 0, "p is 1.5", (Dropout(0.95), *ENDING)),
        ((Conv2d(0), *ENDING), 0, "out_channels is 0", (Conv2d(1), *ENDING)),
        ((Conv2d(4, stride=0), *ENDING), 0, "stride is 0", (Conv2d(4), *ENDING)),
        ((Flatten(), *ENDING), 1, "already a vector of 784", ENDING),
        ((*ENDING, Softmax()), 2, "Softmax", ENDING),
        ((Flatten(), Softmax(), Linear(10)), 1, "Softmax", ENDING),
        ((*ENDING, ReLU()), 2, "ReLU after the last Linear", ENDING),
        ((Flatten(), Linear(9)), 1, "9 outputs, but there are 10 classes", ENDING),
        ((Flatten(), Linear(9), ReLU()), 3, "does not end", (Flatten(), Linear(9), ReLU(), Linear(10))),
        ((Conv2d(4),), 1, "does not end", (Conv2d(4), *ENDING)),
        ((), 0, "does not end", ENDING),
    ],
)
def test_problem_and_repair(layers, index, words, repaired):
    problem = one_problem(*layers)
    assert problem.layer_index == index
    assert words in problem.message
    assert problem.repair.layers == repaired
    assert repairs.problems(problem.repair) == ()
    assert problem.reason
    assert problem.repair_text


@pytest.mark.parametrize(("kernel", "stride"), [(4, 2), (2, 2), (5, 2), (8, 4)])
def test_same_with_a_stride_is_repaired_to_the_size_that_same_means(kernel, stride):
    """As many outputs as strides begin in the map, as in Keras: an even window gets no row too many."""
    repaired = one_problem(Conv2d(4, kernel, stride, "same"), *ENDING).repair
    assert repaired.summary()[0].output_shape == (4, 28 // stride, 28 // stride)


def test_several_problems_come_in_the_order_of_the_layers():
    problems = repairs.problems(
        Architecture((1, 28, 28), (Dropout(2.0), Conv2d(4), Linear(10), Softmax()), 10)
    )
    assert [problem.layer_index for problem in problems] == [0, 3]
    problems = repairs.problems(problems[0].repair)
    assert [problem.layer_index for problem in problems] == [2, 3]


def test_the_mismatch_of_every_first_lesson_is_named():
    assert "mat1 and mat2 shapes cannot be multiplied" in one_problem(Conv2d(4), Linear(10)).reason


def test_build_refuses_with_the_sentences():
    with pytest.raises(ArchitectureError, match="Linear needs a vector"):
        build(Architecture((1, 28, 28), (Conv2d(4), Linear(10)), 10))


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Conv2d(64), Flatten(), Linear(8192), ReLU(), Linear(10)), "parameters"),
        ((Conv2d(1024, padding="same"), GlobalAvgPool(), *ENDING), "values kept for one image"),
        ((Conv2d(700, 3, 2), Conv2d(700, 7, padding="same"), GlobalAvgPool(), *ENDING), "parameters"),
        ((Conv2d(600, 5, 1), Conv2d(600, 5), GlobalAvgPool(), *ENDING), "multiply-adds"),
    ],
)
def test_networks_too_large_for_a_shared_server(layers, words):
    problem = one_problem(*layers, shape=(3, 32, 32))
    assert words in problem.message
    assert budget.fits(problem.repair)
    assert repairs.problems(problem.repair) == ()


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("parameters", 7000, "7,850 parameters, 7,850 of them at this layer"),
        ("activations", 1000, "1,578 values kept for one image"),
        ("multiply_adds", 7000, "7,840 multiply-adds for one image"),
    ],
)
def test_the_largest_size_can_be_set(limit, value, words):
    layers = (ReLU(), Flatten(), Linear(10))
    assert repairs.problems(Architecture((1, 28, 28), layers, 10)) == ()
    with using(**{limit: value}):
        problem = one_problem(*layers, shape=(1, 28, 28))
    assert words in problem.message
    assert problem.reason.startswith(
        f"The limit is {value:,}: more would take memory and time from everybody"
    )


def test_a_full_stack_offers_no_repair_that_needs_room():
    problem = one_problem(*[ReLU()] * 64)
    assert problem.repair is None
    assert problem.repair_text == ""


@given(sizes, st.lists(any_layer(), max_size=8), st.integers(2, 20))
@settings(max_examples=200, deadline=None)
def test_each_repair_removes_its_problem_and_all_of_them_end_in_a_network(shape, layers, classes):
    architecture = Architecture(shape, tuple(layers), classes)
    for _ in range(60):
        problems = repairs.problems(architecture)
        if not problems:
            break
        for problem in problems:
            if problem.repair is None:
                continue
            left = {(other.layer_index, other.message) for other in repairs.problems(problem.repair)}
            # Of two Softmax side by side, the second takes the place of the first one removed.
            one_of_several = len(problem.repair.layers) < len(architecture.layers)
            assert (problem.layer_index, problem.message) not in left or one_of_several
        offered = [problem.repair for problem in problems if problem.repair is not None]
        if not offered:
            return
        architecture = offered[0]
    assert repairs.problems(architecture) == ()
    model = build(architecture, 0).eval()
    assert model(torch.rand(2, *shape)).shape == (2, classes)


def test_batch_norm_after_flatten_is_the_one_dimensional_one():
    model = build(Architecture((1, 4, 4), (Flatten(), BatchNorm(), Linear(2)), 2))
    assert model.batch_norm1.num_features == 16
    assert model(torch.rand(3, 1, 4, 4)).shape == (3, 2)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("before", [(Conv2d(64), MaxPool2d(8), Flatten()), (Conv2d(64), MaxPool2d(8))])
def test_typed_inputs_that_do_not_fit_are_torchs_own_message_and_are_repaired(before, bias):
    network = nn.Sequential(nn.Conv2d(1, 64, 3), nn.MaxPool2d(8), *[nn.Flatten()] * (len(before) == 3))
    with pytest.raises(RuntimeError) as said:
        nn.Linear(512, 10, bias=bias)(network(torch.rand(1, 1, 28, 28)))
    problem = one_problem(*before, Linear(10, bias, in_features=512))
    assert str(said.value) in f"{problem.message} {problem.reason}"
    if len(before) == 3:  # one press is the whole repair; else Flatten comes first
        assert problem.message == f"PyTorch says “{said.value}”."
        assert "(1x576 and 512x10)" in problem.message
        assert problem.repair_text == "Set in_features to 576"
        assert problem.repair.layers == (*before, Linear(10, bias, in_features=576))
        assert build(problem.repair, 0)(torch.rand(2, 1, 28, 28)).shape == (2, 10)
