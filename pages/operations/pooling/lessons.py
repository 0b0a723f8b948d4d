"""What is often believed of pooling, met with today's numbers; each with a setting that shows it."""

from functools import partial

import numpy as np

from cnn_core.operations.convolution import unread_pixels
from cnn_core.operations.downsampling import output
from pages.operations.pooling.keys import Key
from pages.operations.pooling.map_shift import effects, move, share
from pages.operations.pooling.situation import SHORT, Situation
from pages.ui.window.lessons import Settings, lesson

BOX = "Box blur"
# A way back from any settings, and what its button says.
WAY_BACK: tuple[str, Settings] = (
    "Back to window 2 without padding",
    {Key.WINDOW: "2", Key.STRIDE: "window", Key.PADDING: "0"},
)


def lessons(situation: Situation) -> None:
    """All of them."""
    window = situation.window
    rows, columns = window.kernel_size
    box = np.full((rows, columns), 1 / (rows * columns), np.float32)
    mean = situation.result("average").output
    strided = output("strided", situation.image, window, box)
    same = mean.shape == strided.shape and window.count_include_pad
    gap = f" The largest difference here: {float(np.abs(mean - strided).max()):.1g}." if same else ""
    lesson(
        "Pooling learns what to keep.",
        f"It has 0 parameters. A strided convolution with the same window has {rows} × {columns} + 1 ="
        f" {rows * columns + 1} and learns them. Average pooling is a strided convolution whose weights are all"
        f" 1/{rows * columns} and stay so.{gap}",
        "Show the strided convolution that is average pooling",
        {Key.SHOWN: SHORT["strided"], Key.KERNEL: BOX, Key.COUNT_PADDING: True, Key.CEIL: False},
    )
    moved = effects(situation.image, window, situation.weight, 0, 1)
    lesson(
        "Pooling makes a network shift invariant.",
        f"Only where a step stays inside its window. One pixel to the right changes the input by"
        f" {share(moved['input'].change)} and max pooling's output still by {share(moved['max'].change)}. Only global"
        " pooling forgets the place: the largest value of the whole map changes by"
        f" {share(moved['global max'].change)}. The shift test measures it, on a trained network too.",
        "Move it by one pixel",
        {Key.PART: "Shift test"},
        then=partial(move, 1, 0),
    )
    height, width = situation.image.shape
    unread = unread_pixels((height, width), window.kernel_size, stride=window.stride, padding=window.padding)
    lesson(
        "A size that does not divide is an error.",
        "It is floored, and the last rows and columns are dropped: 28 pixels and windows of 3 give ⌊(28 − 3) / 3⌋ + 1"
        f" = 9, and pixel 27 is never read. ceil_mode rounds up and lets the last window hang over the edge. Here,"
        f" rounding down leaves {int(unread.sum())} of {unread.size:,} pixels unread.",
        "Show windows of 3",
        {Key.WINDOW: "3", Key.STRIDE: "window", Key.PADDING: "0", Key.CEIL: False, Key.SHOWN: SHORT["max"]},
    )
    result = situation.result("max")
    lesson(
        "Every pixel of the window gets a gradient.",
        f"With max pooling only the winner does: {result.reached:,} of {situation.image.size:,} pixels here. With"
        f" average pooling {situation.result('average').reached:,}.",
        "Show where the gradient goes",
        {Key.PART: "Gradient"},
    )
    lesson(
        "Max pooling pads with zeros.",
        "It pads with minus infinity, which never wins; a zero would beat every negative activation. Average pooling"
        " pads with zeros and, unless told otherwise, counts them: the edge gets darker.",
        "Show padding in the mean",
        {
            Key.WINDOW: "3",
            Key.STRIDE: "2",
            Key.PADDING: "1",
            Key.SHOWN: SHORT["average"],
            Key.COUNT_PADDING: True,
        },
    )
