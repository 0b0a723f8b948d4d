"""The player on the convolution page: one filter at work."""

from cnn_core.arrays import Floats
from cnn_core.operations.convolution_view import Convolution
from pages.operations.convolution.settings import MOST_FILTERS
from pages.operations.convolution.situation import Situation
from pages.ui.components.kernel_player import Filter, Scene


def scene(situation: Situation) -> Scene:
    """The arrays of the filter at work."""
    given, layer, seen = situation.given, situation.settings.layer, situation.seen
    channels = [given.channels[c] for c in seen.channels]
    has_bias = bool(seen.bias) or len(channels) > 1
    kernels = layer.kernels(situation.weights)
    return Scene(
        mode="conv",
        padded=seen.padded,
        image_size=seen.image_size,
        offset=seen.offset,
        output=seen.output,
        kernel_size=seen.kernel.shape[1:],
        stride=seen.stride,
        dilation=layer.dilation,
        weight=seen.kernel,
        bias=seen.bias if has_bias else None,
        unread=seen.unread if seen.unread.any() else None,
        pixel_limits=given.limits,
        channels=channels,
        colour=channels == ["red", "green", "blue"],
        titles={"input": "Input with zeros between" if layer.transposed else "Input"},
        filters=[
            Filter(slides(kernel, layer), float(bias) if has_bias else None, output)
            for kernel, bias, output in zip(kernels, situation.settings.biases, situation.output())
        ],
        filter=situation.settings.shown,
        same_channels=layer.groups == 1,
        most_filters=MOST_FILTERS,
    )


def slides(kernel: Floats, layer: Convolution) -> Floats:
    """A kernel `(C, kh, kw)` as it slides: that of a transposed convolution is turned half round."""
    return kernel[:, ::-1, ::-1].copy() if layer.transposed else kernel
