"""Pictures of whole maps: each channel's part, their sum, every filter's output, and the flipped kernel's."""

from dataclasses import replace

import numpy as np
import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture, of_maps
from pages.operations.convolution.keys import Key
from pages.operations.convolution.situation import Situation
from pages.ui.download import beside
from pages.ui.words import minus, plain

SIDE = 200  # px a map takes at most
CELL = "border:1px solid rgba(128,128,128,.5);min-width:42px;height:30px;text-align:center;font-size:14px"


def channels(situation: Situation) -> None:
    """Input channel × its slice of the kernel, one row each; the sum with the bias; then every filter's map."""
    seen = situation.seen
    names = [situation.given.channels[c] for c in seen.channels]
    rows, columns = situation.kernel_size
    st.markdown(
        f"**A filter is {rows} × {columns} × {len(names)}**: one slice for every channel that it reads. Each channel"
        " gives a map of its own; their sum and the bias are the output."
    )
    drawn: list[Picture] = []
    limit = pictures.symmetric_limit(np.concatenate([seen.channel_sums, seen.output[None]]))
    weight_limit = pictures.symmetric_limit(seen.kernel)
    for c, name in enumerate(names):
        cells = st.columns(3, vertical_alignment="center")
        image = situation.given.image[seen.channels[c]]
        with cells[0]:
            drawn.append(pixels(image, situation.given.limits, f"Input, {name}", f"channel-{c}"))
        with cells[1]:
            st.markdown(f"× slice for {name}")
            kernel_table(seen.kernel[c], weight_limit)
        with cells[2]:
            part = seen.channel_sums[c]
            drawn.append(
                signed(part, limit, f"= its part, {range_text(part)}", f"part-{c}", f"Part of {name}")
            )
    with st.columns(3)[2]:
        words = minus(f"Sum + bias {seen.bias:g}, {range_text(seen.output)}")
        drawn.append(signed(seen.output, limit, words, "sum", "Sum of the parts and the bias"))
    st.caption(f"Signed scale of the maps: −{limit:.2f} to {limit:.2f}; of the kernel: ±{weight_limit:.2f}.")
    filters = situation.settings.filters
    st.markdown(
        "**One filter gives one map**" if filters == 1 else f"**{filters} filters give {filters} maps**"
    )
    made = situation.output()
    shared = pictures.symmetric_limit(made)
    for number, (cell, one) in enumerate(zip(st.columns(4), made)):
        with cell:
            name = f"Filter {number}"
            drawn.append(
                signed(one, shared, f"{name}, {range_text(one)}", f"filter-{number}", name, side=160)
            )
    with beside(drawn, situation.words):
        st.caption(f"One scale for all filters: −{shared:.2f} to {shared:.2f}. Add filters under More.")


def flip(situation: Situation) -> None:
    """The same weights as correlation and as convolution, side by side."""
    layer = situation.settings.layer
    made = [
        situation.output(replace(layer, flipped=flipped))[situation.settings.shown]
        for flipped in (False, True)
    ]
    kernel = situation.weights[situation.settings.shown][0]
    limit, weight_limit = pictures.symmetric_limit(np.stack(made)), pictures.symmetric_limit(kernel)
    st.markdown(
        "Frameworks lay the kernel onto the window as it is: that is **correlation**. Mathematics turns it by half"
        " a turn first: that is **convolution**. A network learns its weights, so to it there is no difference."
    )
    drawn: list[Picture] = []
    for title, weights, one in (
        ("Correlation, as PyTorch computes it", kernel, made[0]),
        ("Convolution: the kernel flipped", kernel[::-1, ::-1], made[1]),
    ):
        cells = st.columns([1, 2], vertical_alignment="center")
        with cells[0]:
            st.markdown("Kernel that slides")
            kernel_table(weights, weight_limit)
        with cells[1]:
            drawn.append(signed(one, limit, f"{title}: {range_text(one)}", f"flip-{len(drawn)}", title))
    difference = float(np.abs(made[0] - made[1]).max())
    st.markdown(
        f"The largest difference between the two maps is **{difference:.2f}**."
        + (" This kernel is its own half turn." if difference < 1e-5 else "")
    )
    with beside(drawn, situation.words):
        st.caption(f"Signed scale: −{limit:.2f} to {limit:.2f}.")


def pixels(values: Floats, limits: tuple[float, float] | None, caption: str, name: str) -> Picture:
    """A channel in gray, or signed where it has negative numbers; `name` ends its key."""
    if limits is None:
        return signed(values, pictures.symmetric_limit(values), caption, name, caption)
    height, width = values.shape
    factor = pictures.whole_factor(height, width, SIDE)
    gray = (values - limits[0]) / (limits[1] - limits[0])
    st.image(pictures.gray_png(gray, factor), caption=caption, width=factor * width)
    return of_maps(f"{Key.MAPS}-{name}", caption, values[None], scale="pixels", limits=limits, scope=caption)


def signed(values: Floats, limit: float, caption: str, name: str, title: str, *, side: int = SIDE) -> Picture:
    """A map on the signed scale, enlarged by a whole factor; `name` ends its key, `title` names it in a file."""
    height, width = values.shape
    factor = pictures.whole_factor(height, width, side)
    dark = st.context.theme.type == "dark"
    st.image(pictures.signed_png(values, limit, factor, dark=dark), caption=caption, width=factor * width)
    return of_maps(
        f"{Key.MAPS}-{name}", title, values[None], limits=(-limit, limit), scope="one scale for all"
    )


def kernel_table(values: Floats, limit: float) -> None:
    """A kernel's weights as numbers, each on its colour of the signed scale."""

    def cell(value: float) -> str:
        colour = pictures.POSITIVE if value > 0 else pictures.NEGATIVE
        shade = f"rgba({colour[0]},{colour[1]},{colour[2]},{abs(value) / limit:.3f})"
        ink = "color:#fff;" if abs(value) > 0.6 * limit else ""
        return f'<td style="background:{shade};{ink}{CELL}">{value:.3g}</td>'.replace(">-", ">−")

    rows = "".join(f"<tr>{''.join(cell(float(value)) for value in row)}</tr>" for row in values)
    st.html(f'<table style="border-collapse:collapse">{rows}</table>')


def range_text(values: Floats) -> str:
    """The smallest and the largest value."""
    return f"{plain(values.min())} to {plain(values.max())}"
