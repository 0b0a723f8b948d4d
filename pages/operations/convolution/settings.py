"""The controls of the convolution page, and what they say as one value."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats, Pair
from cnn_core.operations.convolution_view import Convolution, possible_groups
from cnn_core.operations.windows import PADDING_MODES
from pages.operations.convolution.keys import Key
from pages.ui.controls import choose, pair, pairs
from pages.ui.link import in_link

MODES_HELP = (
    "Reflect mirrors the image at its edge, replicate repeats the edge, circular takes the other side."
)


MOST_FILTERS = 4


@dataclass(frozen=True)
class Settings:
    """What the controls say, but for image and weights."""

    kernel_size: Pair
    layer: Convolution
    filters: int
    shown: int  # the filter in the player
    bias: float  # of every filter

    @property
    def biases(self) -> Floats:
        """The bias of each filter, `(F,)`."""
        return np.full(self.filters, self.bias, np.float32)


def size_control() -> Pair:
    """Rows x columns of the kernel."""
    return pair(choose("Size", pairs(1, 7), Key.KERNEL_SIZE, "3", width=80))


def sliding_controls() -> tuple[Pair, Pair | str]:
    """Stride and padding (rows x columns), the two that a teacher turns first."""
    stride = choose("Stride", pairs(1, 4), Key.STRIDE, "1", width=80)
    options = ["same", "valid", *pairs(0, 6)]
    padding = choose("Padding", options, Key.PADDING, "1", width=95)
    return pair(stride), padding if padding in ("same", "valid") else pair(padding)


def more_controls(channels: int, kernel_size: Pair, stride: Pair, padding: Pair | str) -> Settings:
    """Everything that is folded away: what the padding holds, gaps, filters, groups, bias, direction."""
    left, right = st.columns(2)
    with left:
        mode = choose("Padding holds", list(PADDING_MODES), Key.MODE, "zeros", help=MODES_HELP)
        dilation = choose("Dilation", pairs(1, 4), Key.DILATION, "1", help="Steps between the pixels read.")
        bias = st.number_input("Bias", -10.0, 10.0, 0.0, 0.1, **in_link(Key.BIAS))
        kind = choose(
            "Operation",
            ["convolution", "transposed"],
            Key.KIND,
            "convolution",
            help="Transposed: every input cell stamps the kernel onto the output, stride apart.",
        )
        extra = output_padding_control(stride, pair(dilation)) if kind == "transposed" else (0, 0)
    with right:
        filters = int(choose("Filters", [str(n + 1) for n in range(MOST_FILTERS)], Key.FILTERS, "1"))
        options = [str(n) for n in possible_groups(channels, filters)]
        groups = choose(
            "Groups",
            options,
            Key.GROUPS,
            "1",
            help="Each filter reads only its group's channels; as many groups as channels: depthwise.",
        )
        numbers = [str(n) for n in range(filters)]
        help_shown = "Numbered from 0, as in PyTorch: filter 0 is the first."
        shown = choose("Filter in the player", numbers, Key.SHOWN, "0", help=help_shown)
        flipped = st.toggle(
            "Flip the kernel",
            **in_link(Key.FLIP),
            help="Frameworks do not: what they call convolution is correlation.",
        )
    layer = Convolution(
        stride, padding, mode, pair(dilation), int(groups), flipped, kind == "transposed", extra
    )
    return Settings(kernel_size, layer, filters, int(shown), float(bias))


def output_padding_control(stride: Pair, dilation: Pair) -> Pair:
    """Rows x columns more at the far edges of a transposed convolution: fewer than its stride or its dilation."""
    most = [max(step, gap) - 1 for step, gap in zip(stride, dilation)]
    options = [text for text in pairs(0, max(most)) if all(n <= m for n, m in zip(pair(text), most))]
    return pair(
        choose(
            "Output padding",
            options,
            Key.OUTPUT_PADDING,
            "0",
            help="Of the sizes that a convolution with this stride makes equally small, which one comes back.",
        )
    )
