"""Four ways to make a map smaller: against PyTorch, forwards and backwards, and what is said of them."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnn_core.operations.downsampling import KINDS, PoolingWindow, divisors, downsample
from cnn_core.operations.torch_source import downsampling_source

RNG = np.random.default_rng(0)
IMAGE = RNG.random((9, 11), dtype=np.float32)
WINDOWS = [
    PoolingWindow(),
    PoolingWindow((3, 2), (2, 1), (1, 0)),
    PoolingWindow((2, 3), (3, 2), (1, 1), ceil_mode=True, count_include_pad=False),
    PoolingWindow((4, 4), (4, 4), ceil_mode=True),
]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_the_written_pytorch_gives_this_output_and_this_gradient(kind, window):
    weight = RNG.normal(size=window.kernel_size).astype(np.float32)
    x = torch.tensor(IMAGE)[None, None].requires_grad_()
    expected = eval(downsampling_source(kind, window, weight), {"F": F, "torch": torch, "x": x})
    ours = downsample(kind, IMAGE, window, weight)
    np.testing.assert_allclose(ours.output, expected[0, 0].detach().numpy(), atol=1e-5)
    gradient = torch.autograd.grad(expected.sum(), x)[0][0, 0].numpy()
    np.testing.assert_allclose(ours.gradient, gradient, atol=1e-5)


def test_only_the_strided_convolution_has_something_to_learn():
    parameters = {
        kind: downsample(kind, IMAGE, PoolingWindow(), np.ones((2, 2))).parameters for kind in KINDS
    }
    assert parameters == {"max": 0, "average": 0, "strided": 5, "global max": 0, "global average": 0}


def test_average_pooling_is_a_strided_convolution_with_fixed_weights():
    window = PoolingWindow((3, 3), (2, 2), (1, 1))
    mean = downsample("average", IMAGE, window).output
    strided = downsample("strided", IMAGE, window, np.full((3, 3), 1 / 9)).output
    np.testing.assert_allclose(mean, strided, atol=1e-6)


def test_max_pooling_finds_a_gradient_for_one_pixel_a_window():
    ours = downsample("max", IMAGE, PoolingWindow())
    assert ours.reached == ours.output.size == 20
    assert ours.gradient.sum() == 20
    assert downsample("global max", IMAGE, PoolingWindow()).reached == 1


def test_a_gradient_that_cancels_out_has_still_reached_its_pixels():
    ours = downsample("strided", IMAGE, PoolingWindow((1, 2), (1, 1)), [[-1, 1]])
    assert (ours.gradient[:, 1:-1] == 0).all()
    assert ours.reached == IMAGE.size


def test_the_padding_is_what_the_windows_find():
    window = PoolingWindow((2, 2), (2, 2), (1, 1), ceil_mode=True)
    padded = window.padded(IMAGE, "max")
    assert padded.shape == (11, 13)
    assert np.isneginf(padded[0]).all()
    np.testing.assert_array_equal(padded[1:10, 1:12], IMAGE)
    assert (window.padded(IMAGE, "average")[0] == 0).all()
    assert divisors(IMAGE.shape, PoolingWindow((2, 2), (2, 2), ceil_mode=True)).tolist()[4] == [
        2,
        2,
        2,
        2,
        2,
        1,
    ]


@pytest.mark.parametrize(
    ("window", "name"),
    [(PoolingWindow((2, 2), padding=(2, 0)), "padding"), (PoolingWindow((12, 2)), "kernel_size")],
)
@pytest.mark.parametrize("kind", ["max", "average", "strided"])
def test_what_does_not_fit_is_named(kind, window, name):
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        downsample(kind, IMAGE, window, np.ones(window.kernel_size))


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match=r"^kind is .*; allowed is one of max, average"):
        downsample("median", IMAGE, PoolingWindow())
