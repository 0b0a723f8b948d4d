"""Two convolutions without a nonlinearity are one: by hand, and against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from cnn_core.operations.collapse import collapse, compose_kernels, composition_terms


def test_a_row_worked_out_by_hand() -> None:
    # a b c then d e f: the product of the polynomials 1 + 2x + x² and 1 - x²
    weight, bias = compose_kernels([[[[1, 2, 1]]]], [[[[1, 0, -1]]]])
    assert weight.tolist() == [[[[1, 2, 0, -2, -1]]]]
    assert bias.tolist() == [0]


def test_the_terms_of_a_row_add_up_to_its_weights() -> None:
    terms = composition_terms([1, 2, 1], [1, 0, -1])
    assert terms[2] == [(1, 1), (0, 2), (-1, 1)]
    assert [sum(a * b for a, b in pairs) for pairs in terms] == [1, 2, 0, -2, -1]


@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(1, 3)] * 7))
def test_one_convolution_equals_two(seed: int, sizes: tuple[int, ...]) -> None:
    channels, middle, out, h1, w1, h2, w2 = sizes
    rng = np.random.default_rng(seed)
    x = torch.from_numpy(rng.normal(size=(1, channels, 8, 9)))
    first, second = rng.normal(size=(middle, channels, h1, w1)), rng.normal(size=(out, middle, h2, w2))
    b1, b2 = rng.normal(size=middle), rng.normal(size=out)
    weight, bias = compose_kernels(first, second, b1, b2)
    between = functional.conv2d(x, torch.from_numpy(first), torch.from_numpy(b1))
    expected = functional.conv2d(between, torch.from_numpy(second), torch.from_numpy(b2))
    result = functional.conv2d(x, torch.from_numpy(weight), torch.from_numpy(bias))
    torch.testing.assert_close(result, expected)


def test_relu_in_between_is_what_makes_the_difference() -> None:
    sobel = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]], np.float32)
    image = np.random.default_rng(0).random((1, 12, 12), np.float32)
    result = collapse(image, sobel, sobel)
    assert result.weight.shape == (1, 1, 5, 5)
    assert result.two_steps.shape == result.one_step.shape == (1, 8, 8)
    assert result.difference < 1e-5
    assert result.relu_difference > 1


def test_wrong_kernels_are_named() -> None:
    with pytest.raises(ValueError, match=r"first is of shape \(3, 3\)"):
        compose_kernels(np.ones((3, 3)), np.ones((1, 1, 3, 3)))
    with pytest.raises(
        ValueError, match="second is a kernel that reads 2 channels; allowed is the 1 that first gives"
    ):
        compose_kernels(np.ones((1, 1, 3, 3)), np.ones((1, 2, 3, 3)))
