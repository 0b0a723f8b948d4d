"""The player on the convolution page: one filter at work."""

from pages.operations.convolution.situation import Situation
from pages.ui.components.kernel_player import Scene


def scene(situation: Situation) -> Scene:
    """The arrays of the filter at work."""
    given, layer, seen = situation.given, situation.settings.layer, situation.seen
    channels = [given.channels[c] for c in seen.channels]
    many = len(channels) > 1
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
        channel_sums=seen.channel_sums if many else None,
        bias=seen.bias if seen.bias or many else None,
        unread=seen.unread if seen.unread.any() else None,
        pixel_limits=given.limits,
        channels=channels,
        colour=channels == ["red", "green", "blue"],
        titles={"input": "Input with zeros between" if layer.transposed else "Input"},
    )
