import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core.operations.convolution_view import ConvolutionLayer, possible_groups
from cnn_core.operations.torch_source import run_source, torch_source


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
    most = [min(2, d * (k - 1)) if transposed else 3 for d, k in zip(dilation, size)]
    layer = ConvolutionLayer(
        stride=draw(pair(1, 3)),
        padding=(draw(st.integers(0, most[0])), draw(st.integers(0, most[1]))),
        padding_mode=mode,
        dilation=dilation,
        groups=groups,
        flipped=draw(st.booleans()),
        transposed=transposed,
    )
    rng = np.random.default_rng(draw(st.integers(0, 100)))
    x = rng.normal(size=(channels, 9, 8)).astype(np.float32)
    weight = rng.normal(size=(filters, channels // groups, *size)).astype(np.float32)
    return layer, x, weight, rng.normal(size=filters).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(layers())
def test_the_view_of_a_filter_is_its_output_by_torch(case):
    layer, x, weight, bias = case
    expected = run_source(torch_source(layer, weight, bias, x.shape[1:]), x)
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
    top, left = view.offset
    height, width = view.image_size
    inside = view.padded[:, top : top + height, left : left + width]
    step = layer.stride if layer.transposed else (1, 1)
    np.testing.assert_array_equal(
        inside[:, :: step[0], :: step[1]], x[view.channels.start : view.channels.stop]
    )


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_same_padding_of_an_even_kernel_is_torchs():
    x = np.random.default_rng(0).normal(size=(1, 6, 6)).astype(np.float32)
    weight = np.random.default_rng(1).normal(size=(1, 1, 4, 2)).astype(np.float32)
    for mode in ("zeros", "circular"):
        layer = ConvolutionLayer(padding="same", padding_mode=mode)
        expected = run_source(torch_source(layer, weight, [0.5], (6, 6)), x)
        np.testing.assert_allclose(layer.output(x, weight, [0.5]), expected, atol=1e-5)


def test_parameters_of_32_filters_on_32_channels():
    layer = ConvolutionLayer()
    assert layer.parameters_text(32, 32, (3, 3)) == "32 × (32 × 3 × 3 + 1) = 9,248"
    conv = torch.nn.Conv2d(4, 8, (3, 5), groups=4)
    grouped = ConvolutionLayer(groups=4)
    assert grouped.parameters(4, 8, (3, 5)) == sum(p.numel() for p in conv.parameters())
    assert grouped.parameters_text(4, 8, (3, 5)) == "8 × (4 / 4 × 3 × 5 + 1) = 128"


def test_flipping_makes_it_scipys_convolution():
    signal = pytest.importorskip("scipy.signal")
    x = np.random.default_rng(2).normal(size=(1, 7, 9)).astype(np.float32)
    weight = np.random.default_rng(3).normal(size=(1, 1, 3, 4)).astype(np.float32)
    result = ConvolutionLayer(flipped=True).output(x, weight)[0]
    np.testing.assert_allclose(result, signal.convolve2d(x[0], weight[0, 0], mode="valid"), atol=1e-5)


def test_groups_divide_channels_and_filters():
    assert possible_groups(4, 4) == [1, 2, 4]
    assert possible_groups(3, 2) == [1]


def test_transposed_padding_is_a_pair():
    with pytest.raises(
        ValueError,
        match="padding is 'same'; allowed is a pair of integers where the convolution is transposed",
    ):
        ConvolutionLayer(padding="same", transposed=True).size_text((4, 4), (3, 3))
