"""What the pooling laboratory looks at: an image, a window, the weights of the strided convolution."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.operations import pooling_trace
from cnn_core.operations.downsampling import WINDOWED, PoolingWindow, Reduction, downsample

TITLES = {
    "max": "Max pooling",
    "average": "Average pooling",
    "strided": "Strided convolution",
    "global max": "Global max pooling",
    "global average": "Global average pooling",
}
SHORT = {"max": "Max", "average": "Average", "strided": "Strided"}


@st.cache_data(max_entries=256, show_spinner=False)
def reduced(kind: str, image: Floats, window: PoolingWindow, weight: Floats) -> Reduction:
    """One operation on the image; ValueError where the window does not fit it."""
    return downsample(kind, image, window, weight)


@dataclass(frozen=True)
class Situation:
    """Everything on the page follows from these."""

    image: Floats  # (H, W)
    caption: str
    window: PoolingWindow
    weight: Floats  # (kh, kw)
    shown: str  # the operation in the player, one of `WINDOWED`

    def result(self, kind: str) -> Reduction:
        """What operation `kind` makes of the image."""
        return reduced(kind, self.image, self.window, self.weight)

    @property
    def signature(self) -> tuple[object, ...]:
        """What a question is about: with any other, it is asked anew."""
        return self.window, self.shown, self.caption, self.image.shape, self.weight.tobytes()

    @property
    def words(self) -> str:
        """Image and settings, for the line under a figure."""
        window = self.window
        return (
            f"{self.caption} · window {window.kernel_size}, stride {window.stride}, padding {window.padding}"
        )

    def size_text(self) -> tuple[str, str]:
        """The arithmetic of the shown operation's output size, for rows and columns."""
        rows, columns = self.window.axes(self.image.shape, self.shown)
        return rows.formula, columns.formula

    def trace(self, row: int, col: int) -> pooling_trace.PoolTrace:
        """The window behind one cell, with what max and average pooling make of it."""
        window = self.window
        return pooling_trace.trace(
            self.image[None],
            row,
            col,
            0,
            window.kernel_size,
            window.stride,
            window.padding,
            ceil_mode=window.ceil_mode,
            count_include_pad=window.count_include_pad,
        )


def look(situation: Situation) -> Situation:
    """The situation; ValueError of the first operation that its window does not fit."""
    for kind in WINDOWED:
        situation.result(kind)
    return situation
