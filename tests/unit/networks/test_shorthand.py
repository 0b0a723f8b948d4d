"""The line that stands in links: there and back, and a sentence for what it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import ArchitectureError
from cnn_core.networks.layers import AvgPool2d, Conv2d, Dropout, LeakyReLU, MaxPool2d, ReLU
from cnn_core.networks.presets import PRESETS
from tests.support.layer_strategies import others, plain, windows


@given(st.lists(windows | plain | others).map(tuple))
def test_there_and_back(layers):
    assert shorthand.from_text(shorthand.to_text(layers)) == layers


def test_the_keras_network_in_one_line():
    text = shorthand.to_text(PRESETS["mnist-3conv"].architecture().layers)
    assert text == "conv32-relu-pool2-conv64-relu-pool2-conv64-relu-flatten-linear64-relu-linear10"


@pytest.mark.parametrize("layer", [Dropout(0.00001), Conv2d(1_000_000), LeakyReLU(0.1)])
def test_no_number_is_written_with_an_exponent(layer):
    assert shorthand.from_text(shorthand.to_text((layer,))) == (layer,)


def test_settings_by_letter():
    assert shorthand.from_text("conv32_k5_s2_p1_d2_g4_nobias - POOL3_s1 - avgpool - conv8_psame - relu") == (
        Conv2d(32, 5, 2, 1, 2, 4, bias=False),
        MaxPool2d(3, 1),
        AvgPool2d(),
        Conv2d(8, padding="same"),
        ReLU(),
    )
    assert shorthand.from_text("  ") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conv32-relo", "“relo” is no layer"),
        ("conv", "lacks its number"),
        ("conv3.5", "whole number"),
        ("conv9999999999", "at most 9 digits"),
        ("dropout0.1234567890123456789012", "at most 20 digits"),
        ("conv３２", "is no layer"),  # digits, but no ASCII
        ("conv8_k٣", "is no setting of conv"),
        pytest.param("9" * 1_000_000, "1,000,000 characters long; allowed is 2,000 at most", id="digits"),
        pytest.param(" " * 1_000_000, "1,000,000 characters long; allowed is 2,000 at most", id="blanks"),
        ("conv8_" * 300, "is no setting of conv"),
        ("residual8_k3", "“k3” is no setting of residual"),
        ("relu3", "takes no number"),
        ("conv8_q3", "“q3” is no setting of conv"),
        ("pool2_psame", "“psame” is no setting of pool"),
        ("linear8_k3", "is no setting of linear"),
        ("conv8--relu", "“” is no layer"),
        ("-".join(["relu"] * 65), "65 layers"),
        ("x" * 5000, "5,000 characters"),
        ("<script>", "“<script>” is no layer"),
    ],
)
def test_a_sentence_for_what_is_not_understood(text, words):
    with pytest.raises(ArchitectureError) as error:
        shorthand.from_text(text)
    assert words in str(error.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        layers = shorthand.from_text(text)
    except ArchitectureError:
        return
    assert shorthand.from_text(shorthand.to_text(layers)) == layers
