"""What is often believed of convolution, met with today's numbers; each with a setting that shows it."""

from dataclasses import replace

import numpy as np

from cnn_core.operations.windows import PADDING_MODES
from pages.operations.convolution.keys import Key
from pages.operations.convolution.situation import Situation
from pages.ui.window.lessons import Settings, lesson
from pages.ui.words import plain

LUMINANCE = "0.299 | 0.587 | 0.114"
# A way back from any settings, and what its button says.
WAY_BACK: tuple[str, Settings] = (
    "Back to size 3, stride 1, padding 1",
    {Key.KERNEL_SIZE: "3", Key.STRIDE: "1", Key.PADDING: "1", Key.DILATION: "1", Key.WEIGHTS: ""},
)


def lessons(situation: Situation) -> None:
    """All of them."""
    layer, size = situation.settings.layer, situation.kernel_size
    channels, height, width = situation.given.image.shape
    read = situation.weights.shape[1]
    weights = read * size[0] * size[1]
    cells = situation.seen.output.size
    lesson(
        f"A filter is {size[0]}×{size[1]}.",
        f"It is {size[0]} × {size[1]} × the channels it reads: here {size[0]} × {size[1]} × {read} = {weights} weights"
        " and one bias. 32 filters of 3×3 on 32 channels have 32 × (32 × 3 × 3 + 1) = 9,248 parameters, not 288.",
        "Show a filter on three channels",
        {Key.SOURCE: "picture", Key.CHANNELS: "RGB", Key.WEIGHTS: ""},
    )
    lesson(
        "Every pixel has its own weight.",
        f"The same {weights} weights serve all {cells:,} windows. A dense layer from this input to this output would"
        f" need {channels * height * width:,} × {cells:,} = {channels * height * width * cells:,} weights. Point at a"
        " weight in the player: the pixels that it meets are shaded.",
    )
    lesson(
        "A 1×1 convolution does nothing.",
        "It mixes the channels of each pixel: 0.299 red + 0.587 green + 0.114 blue is a picture's brightness. Depth"
        " here means channels; the depth of a network means its layers.",
        "Show brightness as a 1×1 convolution",
        {
            Key.SOURCE: "picture",
            Key.CHANNELS: "RGB",
            Key.KERNEL_SIZE: "1",
            Key.KERNEL: "Identity",
            Key.PADDING: "0",
            Key.FILTERS: "1",
            Key.SHOWN: "1",
            Key.GROUPS: "1",
            Key.KIND: "convolution",
            Key.WEIGHTS: LUMINANCE,
        },
    )
    lesson(
        "Frameworks convolve.",
        "They correlate: the kernel is not flipped. The part Flip has both, side by side.",
        "Show them side by side",
        {Key.PART: "Flip"},
    )
    unread = int(situation.seen.unread.sum())
    lesson(
        "A size that does not divide is an error.",
        f"It is floored, and the last pixels are dropped. 28 pixels, kernel 3, stride 3, no padding:"
        f" ⌊(28 − 3) / 3⌋ + 1 = 9, and pixel 27 is never read. Here {unread:,} of {height * width:,} pixels"
        " are not read.",
        "Show stride 3 without padding",
        {Key.STRIDE: "3", Key.PADDING: "0", Key.DILATION: "1", Key.KIND: "convolution"},
    )
    padding = layer.padding if isinstance(layer.padding, tuple) and any(layer.padding) else "same"
    made = {}
    if not layer.transposed and not (padding == "same" and layer.stride != (1, 1)):
        for mode in PADDING_MODES:
            other = replace(layer, padding=padding, padding_mode=mode)
            try:
                made[mode] = situation.output(other)[situation.settings.shown]
            except ValueError:  # this mode has no padding of this size
                continue
    lesson(
        "Padding only keeps the size.",
        "It decides what the edge sees: zeros make an edge where there is none."
        + _where_modes_differ(made, padding if padding == "same" else " × ".join(map(str, padding))),
        "Show reflect padding",
        {Key.PADDING: "2", Key.MODE: "reflect", Key.KIND: "convolution"},
    )


def _where_modes_differ(made: dict[str, np.ndarray], padding: str) -> str:
    """The output cell `(H_out, W_out)` that the padding modes agree on least, in each of them."""
    if len(made) < 2:
        return ""
    outputs = np.stack(list(made.values()))
    spread = outputs.max(axis=0) - outputs.min(axis=0)
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    if spread[row, column] < 0.005:  # no difference in the two places shown
        return (
            f" With padding {padding} the modes agree here, for all pixels along this picture's edge are alike:"
            " choose a photograph."
        )
    values = "; ".join(f"{mode} {plain(output[row, column])}" for mode, output in made.items())
    return f" With padding {padding} they differ most in row {row}, column {column} of the output: {values}."
