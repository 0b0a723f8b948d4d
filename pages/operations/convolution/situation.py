"""What the convolution laboratory looks at: an image, the settings of a layer, its weights, one filter at work."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.operations.convolution_trace import ConvTrace
from cnn_core.operations.convolution_view import Convolution, ConvolutionView
from pages.operations.convolution.input_image import Input
from pages.operations.convolution.settings import Settings


@st.cache_data(max_entries=32, show_spinner=False)
def view(layer: Convolution, image: Floats, weights: Floats, biases: Floats, shown: int) -> ConvolutionView:
    """The arrays of one filter at work."""
    return layer.view(image, weights, biases, shown)


@st.cache_data(max_entries=32, show_spinner=False)
def output(layer: Convolution, image: Floats, weights: Floats, biases: Floats) -> Floats:
    """Every filter's output `(F, H_out, W_out)`."""
    return layer.output(image, weights, biases)


@dataclass(frozen=True)
class Situation:
    """Everything on the page follows from these; made by `look`."""

    given: Input
    settings: Settings
    weights: Floats  # (F, C / groups, kh, kw)
    seen: ConvolutionView  # the filter in the player

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Rows and columns of the kernel."""
        return self.weights.shape[2], self.weights.shape[3]

    @property
    def signature(self) -> tuple[object, ...]:
        """What a question is about: with any other, it is asked anew."""
        return self.settings, self.given.caption, self.given.image.shape, self.weights.tobytes()

    @property
    def words(self) -> str:
        """Image and settings, for the line under a figure."""
        rows, columns = self.kernel_size
        layer = self.settings.layer
        steps = ", pixels in steps of 0.1" if self.given.steps else ""
        return f"{self.given.caption}{steps} · kernel {rows}×{columns}, stride {layer.stride}, padding {layer.padding}"

    @property
    def parameters(self) -> int:
        """Weights and biases of all filters."""
        return self.settings.layer.parameters(*self._counts)

    @property
    def parameters_text(self) -> str:
        """The arithmetic of `parameters`."""
        return self.settings.layer.parameters_text(*self._counts)

    @property
    def _counts(self) -> tuple[int, int, tuple[int, int]]:
        return len(self.given.channels), self.settings.filters, self.kernel_size

    def size_text(self) -> tuple[str, str]:
        """The arithmetic of the output's size, for rows and columns."""
        return self.settings.layer.size_text(self.given.image.shape[1:], self.kernel_size)

    def output(self, layer: Convolution | None = None) -> Floats:
        """Every filter's output `(F, H_out, W_out)`, or what another layer makes of the same image and weights.

        Raises ValueError where that layer does not fit them.
        """
        return output(layer or self.settings.layer, self.given.image, self.weights, self.settings.biases)

    def trace(self, row: int, col: int) -> ConvTrace:
        """The terms of one cell of the filter in the player."""
        return self.settings.layer.trace(
            self.given.image, self.weights, self.settings.biases, row, col, self.settings.shown
        )


def look(given: Input, settings: Settings, weights: Floats) -> Situation:
    """The situation with its filter at work; ValueError where settings, image and weights do not fit."""
    seen = view(settings.layer, given.image, weights, settings.biases, settings.shown)
    return Situation(given, settings, weights, seen)
