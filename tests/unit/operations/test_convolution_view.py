import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core.operations.convolution_view import Convolution, possible_groups
from cnn_core.operations.torch_source import convolution_source, run_source


@st.composite
def layers(draw):
    pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731
    transposed = draw(st.booleans())
    dilation = draw(pair(1, 2))
    size = draw(pair(1, 4))
    channels = draw(st.sampled_from([1, 3, 4]))
    filters = draw(st.integers(1, 4))
    groups = draw(st.sampled_from(possible_groups(channels, filters)))
    mode = "zeros" if transposed else draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    stride = draw(pair(1, 3))
    extra = [draw(st.integers(0, max(s, d) - 1)) if transposed else 0 for s, d in zip(stride, dilation)]
    layer = Convolution(
        stride=stride,
        padding=draw(pair(0, 4 if transposed else 3)),
        padding_mode=mode,
        dilation=dilation,
        groups=groups,
        flipped=draw(st.booleans()),
        transposed=transposed,
        output_padding=tuple(extra),
    )
    rng = np.random.default_rng(draw(st.integers(0, 100)))
    x = rng.normal(size=(channels, 10, 9)).astype(np.float32)
    weight = rng.normal(size=(filters, channels // groups, *size)).astype(np.float32)
    return layer, x, weight, rng.normal(size=filters).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(layers())
def test_the_view_of_a_filter_is_its_output_by_torch(case):
    layer, x, weight, bias = case
    expected = run_source(convolution_source(layer, weight, bias, x.shape[1:]), x)
    np.testing.assert_allclose(layer.output(x, weight, bias), expected, rtol=1e-5, atol=1e-5)
    texts = layer.size_text(x.shape[1:], weight.shape[2:])
    assert tuple(int(text.rsplit("= ", 1)[1]) for text in texts) == expected.shape[1:]
    filter_ = len(weight) - 1
    view = layer.view(x, weight, bias, filter_)
    np.testing.assert_array_equal(view.output, layer.output(x, weight, bias)[filter_])
    np.testing.assert_allclose(view.channel_sums.sum(0) + view.bias, view.output, rtol=1e-4, atol=1e-4)
    slid = F.conv2d(
        torch.from_numpy(view.padded)[None],
        torch.from_numpy(view.kernel)[None],
        torch.tensor([view.bias]),
        stride=view.stride,
        dilation=layer.dilation,
    )[0, 0].numpy()
    np.testing.assert_allclose(slid[: view.output.shape[0], : view.output.shape[1]], view.output, atol=1e-4)
    row, col = (length // 2 for length in expected.shape[1:])
    terms = layer.trace(x, weight, bias, row, col, filter_)
    assert np.float32(terms.value) == view.output[row, col]
    np.testing.assert_allclose(terms.channel_sums, view.channel_sums[:, row, col], rtol=1e-4, atol=1e-5)
    printed = terms.printed(2)
    assert sum(printed.products, printed.bias) + printed.rounding == printed.value
    # Every pixel that the windows read lies where offset and image size say, with zeros between them if transposed.
    step = layer.stride if layer.transposed else (1, 1)
    assert view.image_size == tuple((n - 1) * s + 1 for n, s in zip(x.shape[1:], step))
    (top, left), (height, width) = view.offset, view.padded.shape[1:]
    for r, c in np.ndindex(x.shape[1:]):
        at = top + r * step[0], left + c * step[1]
        if 0 <= at[0] < height and 0 <= at[1] < width:
            pixels = x[view.channels.start : view.channels.stop, r, c]
            np.testing.assert_array_equal(view.padded[:, at[0], at[1]], pixels)
        else:
            assert layer.transposed, "only a transposed convolution's padding cuts pixels off"


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_same_padding_of_an_even_kernel_is_torchs():
    x = np.random.default_rng(0).normal(size=(1, 6, 6)).astype(np.float32)
    weight = np.random.default_rng(1).normal(size=(1, 1, 4, 2)).astype(np.float32)
    for mode in ("zeros", "circular"):
        layer = Convolution(padding="same", padding_mode=mode)
        expected = run_source(convolution_source(layer, weight, [0.5], (6, 6)), x)
        np.testing.assert_allclose(layer.output(x, weight, [0.5]), expected, atol=1e-5)


def test_parameters_of_32_filters_on_32_channels():
    layer = Convolution()
    assert layer.parameters_text(32, 32, (3, 3)) == "32 × (32 × 3 × 3 + 1) = 9,248"
    conv = torch.nn.Conv2d(4, 8, (3, 5), groups=4)
    grouped = Convolution(groups=4)
    assert grouped.parameters(4, 8, (3, 5)) == sum(p.numel() for p in conv.parameters())
    assert grouped.parameters_text(4, 8, (3, 5)) == "8 × (4 / 4 × 3 × 5 + 1) = 128"


def test_flipping_makes_it_scipys_convolution():
    signal = pytest.importorskip("scipy.signal")
    x = np.random.default_rng(2).normal(size=(1, 7, 9)).astype(np.float32)
    weight = np.random.default_rng(3).normal(size=(1, 1, 3, 4)).astype(np.float32)
    result = Convolution(flipped=True).output(x, weight)[0]
    np.testing.assert_allclose(result, signal.convolve2d(x[0], weight[0, 0], mode="valid"), atol=1e-5)


def test_groups_divide_channels_and_filters():
    assert possible_groups(4, 4) == [1, 2, 4]
    assert possible_groups(3, 2) == [1]


def test_a_stride_of_2_is_undone_to_the_pixel_by_output_padding():
    size = (28, 28)
    down = Convolution(stride=(2, 2), padding=(1, 1))
    assert down.size_text(size, (3, 3))[0].endswith("= 14")
    up = Convolution(stride=(2, 2), padding=(1, 1), transposed=True, output_padding=(1, 1))
    assert up.size_text((14, 14), (3, 3))[0] == "(14 − 1)·2 − 2·1 + 1·(3 − 1) + 1 + 1 = 28"
    x = np.random.default_rng(4).normal(size=(1, *size)).astype(np.float32)
    weight = np.random.default_rng(5).normal(size=(1, 1, 3, 3)).astype(np.float32)
    half = down.output(x, weight)
    assert half.shape == (1, 14, 14)
    back = up.output(half, weight)
    assert back.shape == x.shape
    expected = F.conv_transpose2d(
        torch.from_numpy(half), torch.from_numpy(weight), stride=2, padding=1, output_padding=1
    )
    np.testing.assert_allclose(back, expected.numpy(), atol=1e-5)


def test_padding_above_the_border_cuts_pixels_off_as_in_torch():
    layer = Convolution(padding=(2, 3), transposed=True)  # dilation·(kernel − 1) is 1 and 0
    x = np.arange(1, 49, dtype=np.float32).reshape(1, 6, 8)
    weight = np.array([[[[1.0], [10.0]]]], np.float32)
    view = layer.view(x, weight, [0.0], 0)
    assert (view.offset, view.padded.shape[1:], view.output.shape) == ((-1, -3), (4, 2), (3, 2))
    np.testing.assert_array_equal(view.padded[0], x[0, 1:5, 3:5])
    # Row 1, column 3 of the image is 12, the row below 20: 20 · 1 + 12 · 10.
    assert view.output[0, 0] == 140
    assert layer.trace(x, weight, [0.0], 0, 0, 0).rows.tolist() == [2, 1]


def test_transposed_padding_is_a_pair():
    with pytest.raises(
        ValueError,
        match="padding is 'same'; allowed is a pair of integers where the convolution is transposed",
    ):
        Convolution(padding="same", transposed=True).size_text((4, 4), (3, 3))
