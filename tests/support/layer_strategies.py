"""Layers as hypothesis draws them: ones that mostly fit, and any at all."""

from hypothesis import strategies as st

from cnn_core.networks.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
)

small = st.integers(1, 4)
windows = st.builds(
    Conv2d,
    out_channels=st.sampled_from([1, 2, 4, 6]),
    kernel_size=small,
    stride=st.integers(1, 3),
    padding=st.one_of(st.just("same"), st.integers(0, 3)),
    dilation=st.integers(1, 2),
    groups=st.sampled_from([1, 2]),
    bias=st.booleans(),
) | st.builds(
    lambda kind, kernel, stride, padding: kind(kernel, stride, padding),
    st.sampled_from([MaxPool2d, AvgPool2d]),
    small,
    st.none() | st.integers(1, 3),
    st.integers(0, 1),
)
plain = st.sampled_from([ReLU(), LeakyReLU(0.2), BatchNorm()])
others = st.sampled_from([Flatten(), GlobalAvgPool(), Linear(7, bias=False), Dropout(0.25)])
maps = st.lists(windows | plain, min_size=1, max_size=5)
sizes = st.tuples(st.integers(1, 3), st.integers(4, 20), st.integers(4, 20))


def any_layer():
    """Any layer with any settings, half of them wrong."""
    numbers = st.integers(-2, 40)
    return st.one_of(
        st.builds(
            Conv2d,
            numbers,
            st.integers(0, 12),
            st.integers(0, 4),
            st.just("same") | st.integers(-1, 4),
            *(st.integers(0, 4), st.integers(0, 5), st.booleans()),
        ),
        st.builds(MaxPool2d, st.integers(0, 9), st.none() | st.integers(0, 4), st.integers(0, 5)),
        st.builds(AvgPool2d, st.integers(0, 9)),
        st.builds(Linear, numbers, st.booleans()),
        st.builds(Dropout, st.floats(-1, 2)),
        *(plain, others, st.just(Softmax())),
    )
