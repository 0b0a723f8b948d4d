"""The controls of the pooling page, and what they say as one value."""

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.operations import kernels
from cnn_core.operations.downsampling import PoolingWindow
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import SHORT, Situation
from pages.ui.controls import choose, pair, pairs, segments, side_control
from pages.ui.drawer import Drawer, image_drawer
from pages.ui.image_source import PickedImage, pick_image
from pages.ui.link import in_link
from pages.ui.predict import predict_toggle

AS_WINDOW = "window"  # the stride that PyTorch takes where none is given
KERNELS = {kernel.title: name for name, kernel in kernels.KERNELS.items()}  # by what stands in the link


def image_control() -> PickedImage | None:
    """The gray image that is pooled; None, with a sentence, while there is none."""
    with image_drawer(Key.IMAGE, rows=3):
        return pick_image(Key.IMAGE, size=side_control(Key.IMAGE_SIZE), channels=1)


def window_controls() -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """The window's size, its stride and its padding, each (rows, columns)."""
    size = pair(choose("Window", pairs(1, 7), Key.WINDOW, "2", width=95, help="Rows x columns."))
    stride = choose(
        "Stride",
        [AS_WINDOW, *pairs(1, 4)],
        Key.STRIDE,
        AS_WINDOW,
        width=115,
        help="Rows x columns. The size of the window is the usual one: windows side by side.",
    )
    padding = pair(
        choose("Padding", pairs(0, 3), Key.PADDING, "0", width=95, help="Half of the window at most.")
    )
    return size, size if stride == AS_WINDOW else pair(stride), padding


def rounding_controls() -> tuple[bool, bool]:
    """ceil_mode and count_include_pad."""
    ceil_mode = st.toggle(
        "Round the size up (ceil_mode)",
        **in_link(Key.CEIL),
        help="The last window may then hang over the edge. A convolution has no such setting.",
    )
    count_padding = st.toggle(
        "Count padding in the mean (count_include_pad)",
        True,
        **in_link(Key.COUNT_PADDING),
        help="PyTorch's default: the padding's zeros are averaged too, and darken the edge.",
    )
    return ceil_mode, count_padding


def kernel_control(size: tuple[int, int]) -> Floats:
    """The weights `(kh, kw)` of the strided convolution's kernel, of those that come in this size."""
    titles = [title for title, name in KERNELS.items() if kernels.KERNELS[name].problem(size) is None]
    title = choose(
        "Weights of the strided convolution",
        titles,
        Key.KERNEL,
        "Random",
        help="A network learns them. Box blur makes the strided convolution an average pooling.",
    )
    seed = 0
    if title == "Random":
        seed = st.number_input("Seed", 0, 999, 0, **in_link(Key.SEED))
    return kernels.make(KERNELS[title], size, seed=int(seed))


def shown_control() -> str:
    """The operation in the player."""
    title = segments("Arithmetic of", list(SHORT.values()), Key.SHOWN, SHORT["max"])
    return {label: kind for kind, label in SHORT.items()}[title or SHORT["max"]]


def further_controls(picked: PickedImage | None) -> tuple[Situation | None, bool]:
    """The controls but for the image, and whether predictions are asked for; no situation while there is no image."""
    size, stride, padding = window_controls()
    with Drawer("More", Key.MORE_OPEN, ":material/tune:", size=(360, 260)):
        ceil_mode, count_padding = rounding_controls()
        weight = kernel_control(size)
    shown = shown_control()
    predict = predict_toggle(Key.PREDICT)
    if picked is None:
        return None, predict
    window = PoolingWindow(size, stride, padding, ceil_mode, count_padding)
    return Situation(picked.image[0], picked.caption, window, weight, shown), predict
