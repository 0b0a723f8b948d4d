"""The NumPy convolution against PyTorch's over every setting a page can reach, and against sums done by hand."""

import functools
from decimal import Decimal

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core.operations import convolution, convolution_trace
from cnn_core.operations.windows import PADDING_MODES, axes

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}
many = settings(max_examples=150)

small = st.integers(1, 3)
pairs = st.tuples(small, small)
amounts = st.tuples(st.integers(0, 3), st.integers(0, 3))


@st.composite
def cases(draw, transposed: bool = False):
    """An image, filters, a bias and settings."""
    groups = draw(small)
    c_in, c_out = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    height, width = draw(st.integers(1, 10)), draw(st.integers(1, 10))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    shape = (c_in, c_out // groups, *kernel) if transposed else (c_out, c_in // groups, *kernel)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=(c_in, height, width)).astype(np.float32)
    weight = rng.normal(size=shape).astype(np.float32)
    bias = rng.normal(size=c_out).astype(np.float32) if draw(st.booleans()) else None
    chosen = {"stride": draw(pairs), "padding": draw(amounts), "dilation": draw(pairs), "groups": groups}
    if transposed:
        chosen["output_padding"] = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    else:
        chosen["padding_mode"] = draw(st.sampled_from(PADDING_MODES))
        if draw(st.booleans()):
            chosen |= {"padding": draw(st.sampled_from(["same", "valid"])), "stride": 1}
    return x, weight, bias, chosen


def torch_conv2d(x, weight, bias, stride, padding, dilation, groups, padding_mode, grad=False):
    """PyTorch's answer, or None where it refuses; with `grad` the gradient of the sum of the outputs too."""
    image = torch.tensor(x)[None].requires_grad_(grad)
    biases = None if bias is None else torch.tensor(bias)
    field = image
    if padding_mode != "zeros" and padding != "valid":
        if padding == "same":
            steps = dilation if isinstance(dilation, tuple) else (dilation, dilation)
            totals = [d * (k - 1) for d, k in zip(steps, weight.shape[2:])]
            sides = [(total // 2, total - total // 2) for total in totals]
        else:
            sides = [(p, p) for p in padding]
        try:
            field = F.pad(image, (*sides[1], *sides[0]), mode=padding_mode)
        except RuntimeError:
            return None
        padding = 0
    try:
        output = F.conv2d(field, torch.tensor(weight), biases, stride, padding, dilation, groups)
    except RuntimeError:
        return None
    if grad:
        return torch.autograd.grad(output.sum(), image)[0][0].numpy()
    return output[0].numpy()


@many
@given(cases())
def test_conv2d_is_torchs(case):
    x, weight, bias, chosen = case
    expected = torch_conv2d(x, weight, bias, **chosen)
    if expected is None:
        with pytest.raises(ValueError, match=r"padding|kernel_size"):
            convolution.conv2d(x, weight, bias, **chosen)
        return
    output = convolution.conv2d(x, weight, bias, **chosen)
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, expected, **TOLERANCE)
    gradient = convolution.conv2d_gradient(x, weight, **chosen)
    np.testing.assert_allclose(gradient, torch_conv2d(x, weight, bias, **chosen, grad=True), **TOLERANCE)


@many
@given(cases(), st.data())
def test_a_trace_adds_up_to_its_cell(case, data):
    x, weight, bias, chosen = case
    try:
        output = convolution.conv2d(x, weight, bias, **chosen)
    except ValueError:
        return
    channel, row, col = (data.draw(st.integers(0, n - 1)) for n in output.shape)
    traced = convolution_trace.trace(x, weight, bias, row, col, channel, **chosen)
    assert np.float32(traced.value) == output[channel, row, col]
    assert_adds_up(traced, x)
    unread = convolution.unread_pixels(
        x.shape[1:],
        weight.shape[2:],
        **{name: chosen[name] for name in ("stride", "padding", "padding_mode", "dilation")},
    )
    rows, columns = traced.rows[traced.rows >= 0], traced.columns[traced.columns >= 0]
    assert not unread[np.ix_(rows, columns)].any()


def assert_adds_up(traced, x):
    """The terms, added from left to right, are the sums; as printed they add up to the last digit."""
    for products, total in zip(traced.products, traced.channel_sums):
        assert functools.reduce(float.__add__, products.ravel().tolist()) == total
    total = functools.reduce(float.__add__, traced.channel_sums.tolist())
    assert total + traced.bias == traced.value
    inside = (traced.rows >= 0)[:, None] & (traced.columns >= 0)[None, :]
    for plane, channel in zip(traced.window, traced.channels):
        seen = x[channel][traced.rows[:, None], traced.columns[None, :]]
        np.testing.assert_array_equal(plane, np.where(inside, seen, 0))
    for digits in (0, 2, 4):
        printed = traced.printed(digits)
        assert sum(printed.products) + printed.bias + printed.rounding == printed.value
        assert abs(printed.value - Decimal(traced.value)) <= Decimal("0.5").scaleb(-digits)


@many
@given(cases(transposed=True), st.data())
def test_conv_transpose2d_is_torchs(case, data):
    x, weight, bias, chosen = case
    biases = None if bias is None else torch.tensor(bias)
    try:
        expected = F.conv_transpose2d(torch.tensor(x), torch.tensor(weight), biases, **chosen).numpy()
    except RuntimeError:
        expected = np.empty(0)
    if not expected.size:  # torch returns an empty output where we say that nothing is left
        with pytest.raises(ValueError, match=r"padding"):
            convolution.conv_transpose2d(x, weight, bias, **chosen)
        return
    output = convolution.conv_transpose2d(x, weight, bias, **chosen)
    np.testing.assert_allclose(output, expected, **TOLERANCE)
    channel, row, col = (data.draw(st.integers(0, n - 1)) for n in output.shape)
    traced = convolution_trace.trace_transpose(x, weight, bias, row, col, channel, **chosen)
    assert np.float32(traced.value) == output[channel, row, col]
    assert_adds_up(traced, x)


@given(cases())
def test_unread_pixels_are_those_without_a_gradient(case):
    x, weight, _, chosen = case
    try:
        gradient = convolution.conv2d_gradient(x, np.ones_like(weight), **chosen)
    except ValueError:
        return
    where = {name: chosen[name] for name in ("stride", "padding", "padding_mode", "dilation")}
    unread = convolution.unread_pixels(x.shape[1:], weight.shape[2:], **where)
    np.testing.assert_array_equal(unread, (gradient == 0).all(axis=0))


def test_a_window_by_hand():
    x = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    weight = np.array([[[[1, 2], [3, 4]]]], np.float32)
    # Not flipped: 0·1 + 1·2 + 3·3 + 4·4 = 27, and so on; the bias of 1 is added to each.
    np.testing.assert_array_equal(convolution.conv2d(x, weight, [1.0]), [[[28, 38], [58, 68]]])
    traced = convolution_trace.trace(x, weight, [1.0], 0, 1)
    assert traced.products.tolist() == [[[1, 4], [12, 20]]]
    assert (traced.channel_sums.tolist(), traced.bias, traced.value) == ([37], 1, 38)
    assert (traced.rows.tolist(), traced.columns.tolist(), traced.channels) == ([0, 1], [1, 2], range(1))


def test_padding_modes_by_hand():
    row = np.array([[[1, 2, 3]]], np.float32)
    sees_left = np.array([[[[1, 0, 0]]]], np.float32)
    seen = {
        mode: convolution.conv2d(row, sees_left, padding=(0, 1), padding_mode=mode)[0, 0].tolist()
        for mode in PADDING_MODES
    }
    assert seen == {"zeros": [0, 1, 2], "reflect": [2, 1, 2], "replicate": [1, 1, 2], "circular": [3, 1, 2]}


def test_a_transposed_convolution_stamps_the_kernel():
    x = np.array([[[1, 2]]], np.float32)
    stamp = np.array([[[[1, 10, 100]]]], np.float32)
    assert convolution.conv_transpose2d(x, stamp, stride=(1, 2)).tolist() == [[[1, 10, 102, 20, 200]]]
    middle = convolution_trace.trace_transpose(x, stamp, None, 0, 2, stride=(1, 2))
    assert middle.columns.tolist() == [1, -1, 0]
    assert middle.products.tolist() == [[[2, 0, 100]]]


def test_the_size_is_floored_and_the_last_pixels_are_not_read():
    rows, columns = axes(28, (3, 5), stride=2)
    assert (rows.outputs, columns.outputs) == (13, 12)
    assert rows.formula == "⌊(28 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = ⌊25 / 2⌋ + 1 = 13"
    assert columns.formula == "⌊(28 + 2·0 − 1·(5 − 1) − 1) / 2⌋ + 1 = ⌊23 / 2⌋ + 1 = 12"
    unread = convolution.unread_pixels(28, 3, stride=2)
    assert unread[27].all()
    assert unread[:, 27].all()
    assert unread.sum() == 55
    assert convolution.unread_pixels(4, 1, stride=2).sum() == 12
    # Circular padding reads the last column as the first one's neighbour.
    assert not convolution.unread_pixels(4, 3, stride=2, padding=1, padding_mode="circular").any()


def test_an_even_kernel_padded_to_the_same_size_has_its_odd_cell_behind():
    rows, columns = axes((5, 7), (2, 4), padding="same")
    assert (rows.outputs, columns.outputs) == (5, 7)
    assert rows.formula.startswith("⌊(5 + 0 + 1 − 1·(2 − 1)")


X, W = np.zeros((2, 5, 5)), np.zeros((4, 2, 3, 3))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"x": np.zeros((5, 5))}, "x"),
        ({"x": [[[1, 2], [3]]]}, "x"),
        ({"x": np.zeros((2, 5, 0))}, "x"),
        ({"x": "a picture"}, "x"),
        ({"weight": np.zeros((4, 3, 3))}, "weight"),
        ({"weight": np.zeros((4, 3, 3, 3))}, "weight"),
        ({"weight": np.zeros((4, 2, 3, 3), complex)}, "weight"),
        ({"bias": [1.0]}, "bias"),
        ({"bias": 1.0}, "bias"),
        ({"stride": 0}, "stride"),
        ({"stride": 1.5}, "stride"),
        ({"stride": (1, 2, 3)}, "stride"),
        ({"stride": True}, "stride"),
        ({"stride": "2"}, "stride"),
        ({"stride": None}, "stride"),
        ({"padding": -1}, "padding"),
        ({"padding": (1, None)}, "padding"),
        ({"padding": "full"}, "padding"),
        ({"padding": "same", "stride": 2}, "padding"),
        ({"padding": 5, "padding_mode": "reflect"}, "padding"),
        ({"padding": 6, "padding_mode": "circular"}, "padding"),
        ({"padding_mode": "constant"}, "padding_mode"),
        ({"dilation": 0}, "dilation"),
        ({"dilation": 3}, "kernel_size"),
        ({"weight": np.zeros((4, 2, 6, 3))}, "kernel_size"),
        ({"groups": 0}, "groups"),
        ({"groups": 3}, "groups"),
        ({"groups": 2.0}, "groups"),
        ({"groups": 2}, "weight"),
    ],
)
def test_a_wrong_argument_is_named(arguments, name):
    given_ = {"x": X, "weight": W} | arguments
    image, weight, rest = given_.pop("x"), given_.pop("weight"), given_
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        convolution.conv2d(image, weight, **rest)
    rest.pop("bias", None)
    if "bias" not in arguments:
        with pytest.raises(ValueError, match=rf"^{name}\b"):
            convolution.conv2d_gradient(image, weight, **rest)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"weight": np.zeros((3, 4, 3, 3))}, "weight"),
        ({"bias": [0, 0]}, "bias"),
        ({"stride": 0}, "stride"),
        ({"padding": "same"}, "padding"),
        ({"padding": 4}, "padding"),
        ({"output_padding": -1}, "output_padding"),
        ({"output_padding": 2, "stride": 2}, "output_padding"),
        ({"dilation": (0, 1)}, "dilation"),
        ({"groups": 3}, "groups"),
    ],
)
def test_a_wrong_argument_of_the_transposed_one_is_named(arguments, name):
    weight = arguments.pop("weight", np.zeros((2, 4, 3, 3)))
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        convolution.conv_transpose2d(X, weight, **arguments)


@pytest.mark.parametrize(
    ("cell", "name"), [((3, 0, 0), "row"), ((0, -1, 0), "col"), ((0, 0, 4), "out_channel")]
)
def test_a_cell_that_is_not_there_is_named(cell, name):
    with pytest.raises(ValueError, match=rf"^{name} is .*; allowed is an integer from 0 to [23]"):
        convolution_trace.trace(X, W, None, *cell)


def test_a_gradient_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"^grad_output"):
        convolution.conv2d_gradient(X, W, np.zeros((4, 2, 3)))
    one = np.zeros((4, 3, 3))
    one[0, 1, 2] = 2
    only = convolution.conv2d_gradient(X, np.ones_like(W), one)
    assert only[0].tolist()[1] == [0, 0, 2, 2, 2]
    assert only.sum() == 2 * 2 * 9
