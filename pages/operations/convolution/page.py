"""Convolution: a kernel slides over an image."""

from cnn_core.operations import convolution, convolution_view, kernels
from pages.operations.convolution import laboratory
from pages.operations.convolution.keys import Key
from pages.ui.page import header, source
from pages.ui.window.player import HEIGHT

header(
    "Convolution",
    "A kernel slides over the image; at every stop, window × kernel is summed into one cell of the output.",
    reserve={Key.PLAYER: HEIGHT},
)
laboratory.show()
source(convolution.conv2d, convolution_view.Convolution.view, kernels.make)
