"""The NumPy pooling against PyTorch's over every setting a page can reach, and against windows done by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core.operations import pooling, pooling_trace

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}
many = settings(max_examples=200)


def one_or_two(low, high):
    """An integer for rows and columns, or one for each."""
    number = st.integers(low, high)
    return number | st.tuples(number, number)


@st.composite
def cases(draw):
    """An image and a window; half of the images have few different values, so that there are ties."""
    shape = tuple(draw(st.integers(1, most)) for most in (3, 11, 11))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=shape) if draw(st.booleans()) else rng.integers(-1, 2, shape)
    chosen = {
        "kernel_size": draw(one_or_two(1, 4)),
        "stride": draw(st.one_of(st.none(), one_or_two(1, 4))),
        "padding": draw(one_or_two(0, 2)),
        "ceil_mode": draw(st.booleans()),
    }
    return x.astype(np.float32), chosen


def by_torch(function, x, **chosen):
    """PyTorch's answers for one image without the batch axis, and the image; None where it refuses."""
    image = torch.tensor(x)[None].requires_grad_()
    try:
        return function(image, **chosen), image
    except RuntimeError:
        return None, image


@many
@given(cases(), one_or_two(1, 3))
def test_max_pool2d_its_winners_and_its_gradient_are_torchs(case, dilation):
    x, chosen = case
    chosen |= {"dilation": dilation}
    expected, image = by_torch(lambda t, **more: F.max_pool2d(t, **more, return_indices=True), x, **chosen)
    if expected is None:
        with pytest.raises(ValueError, match=r"^(padding|kernel_size)"):
            pooling.max_pool2d(x, **chosen)
        return
    values, indices = expected[0][0].detach().numpy(), expected[1][0].numpy()
    output = pooling.max_pool2d(x, **chosen)
    assert output.dtype == np.float32
    np.testing.assert_array_equal(output, values)
    winners = pooling.max_pool2d_winners(x, **chosen)
    empty = np.isneginf(values)  # dilation can leave a window without a pixel
    assert (winners[empty] == -1).all()
    np.testing.assert_array_equal((winners[..., 0] * x.shape[2] + winners[..., 1])[~empty], indices[~empty])
    if not empty.any():
        grads = np.random.default_rng(0).normal(size=values.shape).astype(np.float32)
        back = torch.autograd.grad(expected[0], image, torch.tensor(grads)[None])[0][0].numpy()
        np.testing.assert_allclose(
            pooling.max_pool2d_gradient(x, **chosen, grad_output=grads), back, **TOLERANCE
        )


@many
@given(cases(), st.booleans())
def test_avg_pool2d_and_its_gradient_are_torchs(case, count_include_pad):
    x, chosen = case
    chosen |= {"count_include_pad": count_include_pad}
    expected, image = by_torch(F.avg_pool2d, x, **chosen)
    if expected is None:
        with pytest.raises(ValueError, match=r"^(padding|kernel_size)"):
            pooling.avg_pool2d(x, **chosen)
        return
    output = pooling.avg_pool2d(x, **chosen)
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, expected[0].detach().numpy(), **TOLERANCE)
    grads = np.random.default_rng(0).normal(size=output.shape).astype(np.float32)
    back = torch.autograd.grad(expected, image, torch.tensor(grads)[None])[0][0].numpy()
    np.testing.assert_allclose(pooling.avg_pool2d_gradient(x, **chosen, grad_output=grads), back, **TOLERANCE)


@many
@given(cases(), st.booleans(), st.data())
def test_a_trace_is_its_cell(case, count_include_pad, data):
    x, chosen = case
    try:
        largest = pooling.max_pool2d(x, **chosen)
    except ValueError:
        return
    means = pooling.avg_pool2d(x, **chosen, count_include_pad=count_include_pad)
    winners = pooling.max_pool2d_winners(x, **chosen)
    channel, row, col = (data.draw(st.integers(0, n - 1)) for n in largest.shape)
    traced = pooling_trace.trace(x, row, col, channel, **chosen, count_include_pad=count_include_pad)
    assert traced.maximum == largest[channel, row, col]
    assert traced.winner == tuple(winners[channel, row, col])
    assert x[channel][traced.winner] == traced.maximum
    assert np.float32(traced.mean) == means[channel, row, col]
    assert traced.total == np.cumsum(traced.window.ravel().tolist())[-1]
    assert traced.mean == traced.total / traced.count
    if not count_include_pad:
        assert traced.count == traced.inside.sum()
    seen = x[channel][traced.rows[:, None], traced.columns[None, :]]
    np.testing.assert_array_equal(traced.window, np.where(traced.inside, seen, 0))


@given(cases())
def test_max_pooling_never_invents_a_value_and_average_pooling_stays_between(case):
    x, chosen = case
    try:
        largest = pooling.max_pool2d(x, **chosen)
    except ValueError:
        return
    assert np.isin(largest, x).all()
    means = pooling.avg_pool2d(x, **chosen, count_include_pad=False)
    assert (means <= largest + 1e-6).all()
    assert (means >= x.min() - 1e-6).all()


def test_windows_by_hand():
    x = np.array([[[1, 3, 2, 0], [4, 2, 1, 1], [0, 0, 5, 6], [0, 0, 7, 2]]], np.float32)
    assert pooling.max_pool2d(x, 2).tolist() == [[[4, 2], [0, 7]]]
    assert pooling.avg_pool2d(x, 2).tolist() == [[[2.5, 1], [0, 5]]]
    # Of four equal zeros the first in reading order wins.
    assert pooling.max_pool2d_winners(x, 2)[0].tolist() == [[[1, 0], [0, 2]], [[2, 0], [3, 2]]]
    assert pooling.max_pool2d_gradient(x, 2)[0].tolist() == [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 1, 0],
    ]
    assert (pooling.avg_pool2d_gradient(x, 2) == 0.25).all()
    assert pooling.global_max_pool2d(x).tolist() == [[[7]]]
    assert pooling.global_avg_pool2d(x).tolist() == [[[34 / 16]]]
    traced = pooling_trace.trace(x, 1, 1, 0, 2)
    assert (traced.winner, traced.maximum, traced.total, traced.count, traced.mean) == ((3, 2), 7, 20, 4, 5)


def test_a_pixel_that_wins_two_windows_gets_both_gradients():
    x = np.array([[[0, 9, 0]]], np.float32)
    assert pooling.max_pool2d_gradient(x, (1, 2), 1).tolist() == [[[0, 2, 0]]]


def test_padding_never_wins_but_counts_in_the_mean():
    x = np.full((1, 2, 2), -4, np.float32)
    assert (pooling.max_pool2d(x, 2, padding=1) == -4).all()
    assert (pooling.avg_pool2d(x, 2, padding=1) == -1).all()
    assert (pooling.avg_pool2d(x, 2, padding=1, count_include_pad=False) == -4).all()


def test_ceil_mode_keeps_what_floor_drops():
    x = np.arange(5, dtype=np.float32).reshape(1, 1, 5)
    assert pooling.max_pool2d(x, (1, 2)).tolist() == [[[1, 3]]]
    assert pooling.max_pool2d(x, (1, 2), ceil_mode=True).tolist() == [[[1, 3, 4]]]
    assert pooling.avg_pool2d(x, (1, 2), ceil_mode=True).tolist() == [[[0.5, 2.5, 4]]]


def test_nan_wins_as_in_torch():
    x = np.array([[[0, np.nan, 9]]], np.float32)
    assert np.isnan(pooling.max_pool2d(x, (1, 3))).all()
    assert pooling.max_pool2d_winners(x, (1, 3)).tolist() == [[[[0, 1]]]]


X = np.zeros((1, 5, 5))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": np.zeros((5, 5))}, "x"),
        ({"x": None}, "x"),
        ({"kernel_size": 0}, "kernel_size"),
        ({"kernel_size": 2.0}, "kernel_size"),
        ({"kernel_size": (2, 2, 2)}, "kernel_size"),
        ({"kernel_size": 6}, "kernel_size"),
        ({"stride": 0}, "stride"),
        ({"stride": (1, "2")}, "stride"),
        ({"padding": -1}, "padding"),
        ({"padding": 2}, "padding"),
        ({"padding": "same"}, "padding"),
        ({"grad_output": np.zeros((1, 3, 3))}, "grad_output"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    given_ = {"x": X, "kernel_size": 2} | arguments
    for function in (
        pooling.max_pool2d,
        pooling.max_pool2d_winners,
        pooling.max_pool2d_gradient,
        pooling.avg_pool2d,
        pooling.avg_pool2d_gradient,
    ):
        if name == "grad_output" and not function.__name__.endswith("gradient"):
            continue
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            function(**given_)
    if name != "grad_output":
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            pooling_trace.trace(row=0, col=0, channel=0, **given_)


def test_a_wrong_dilation_or_cell_is_named():
    with pytest.raises(ValueError, match=r"^dilation"):
        pooling.max_pool2d(X, 2, dilation=0)
    for cell, name in (((2, 0, 0), "row"), ((0, 2, 0), "col")):
        with pytest.raises(ValueError, match=rf"^{name} is 2; allowed is an integer from 0 to 1"):
            pooling_trace.trace(X, *cell, 2)
    for function in (pooling.global_max_pool2d, pooling.global_avg_pool2d):
        with pytest.raises(ValueError, match=r"^x"):
            function(np.zeros((2, 2)))
