"""The filters of one convolution as pictures: all of them in a grid, one of them large with its kernels."""

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture, of_images, of_maps
from cnn_core.inside.filters import FilterBank, largest_weight
from cnn_core.pictures import weights_rgb
from pages.inside.filters.keys import Key
from pages.ui.components.mosaic import Units, mosaic
from pages.ui.link import went_back
from pages.ui.words import plain

MOST_KERNELS = 16_384
SCALES = THIS_LAYER, THIS_FILTER, WHOLE_NETWORK = ("this layer", "this filter", "the whole network")
COLOURS = ("red", "green", "blue")


def pick_kernel(order: list[int], at: int, kernel: int) -> None:
    """A click on a tile moves both pickers."""
    st.session_state[Key.FILTER], st.session_state[Key.CHANNEL] = order[at], kernel


def start_at_strongest(bank: FilterBank, shown: str) -> int:
    """The bank's strongest filter; the picker goes to it where the layer `shown` is another one than before.

    Not on Back and Forward: then the link says which one it was.
    """
    strongest = bank.order("norm")[0]
    if st.session_state.get(Key.SHOWN, shown) != shown and not went_back():
        st.session_state[Key.FILTER] = strongest
        st.session_state[Key.CHANNEL] = 0
    st.session_state[Key.SHOWN] = shown
    return strongest


def scale_limits(bank: FilterBank, banks: list[FilterBank], order: list[int], scale: str) -> Floats:
    """The magnitude in the full colour for each filter in `order`: of its own weights, its layer's or all layers'."""
    if scale == THIS_FILTER:
        return bank.largest_of_filters()[order]
    limit = largest_weight([bank] if scale == THIS_LAYER else banks)
    return np.full(len(order), limit, np.float32)


def reads_colour(bank: FilterBank, banks: list[FilterBank]) -> bool:
    """Whether its filters read red, green and blue: those of the first layer of a network for colour images."""
    return bank is banks[0] and bank.channels == len(COLOURS)


def show_filters(
    bank: FilterBank, banks: list[FilterBank], by: str, scale: str, chosen: tuple[int, int]
) -> list[Picture]:
    """Show the bank's filters in the order of `by`, `chosen` (filter, kernel) large; returns the pictures for files."""
    order = bank.order(by)
    shown = order[: max(1, MOST_KERNELS // bank.channels)]
    if chosen[0] not in shown:
        shown[-1] = chosen[0]
    limits = scale_limits(bank, banks, shown, scale)
    colour = reads_colour(bank, banks)
    at = shown.index(chosen[0])
    units = Units(
        identity=f"{bank.name} by {by}",
        title=_title(bank, shown, by),
        label=f"All filters of {bank.name}: arrow keys choose one",
        values=bank.kernels(shown),
        names=[f"{bank.name} · filter {index} · norm {bank.norms[index]:.3f}" for index in shown],
        limits=limits,
        scope=scale,
        kind="colour" if colour else "plain",
        group=bank.channels,
        slice_names=COLOURS if colour else [f"channel {channel}" for channel in range(bank.channels)],
        hint="Point at a cell to read it.",
    )
    mosaic(
        units,
        key=Key.MOSAIC,
        chosen=(at, chosen[1]),
        on_pick=lambda tile, kernel: pick_kernel(shown, tile, kernel),
    )
    return [_kernel(bank, chosen, float(limits[at]), scale), *_pictures(bank, units, shown, colour)]


def kernel_words(bank: FilterBank, chosen: tuple[int, int], *, colour: bool) -> str:
    """What the chosen kernel reads, and how strong its whole filter is."""
    index, kernel = chosen
    bias = "" if bank.bias is None else f", its bias {plain(bank.bias[index], 4)}"
    words = (
        f"`{bank.name}.weight[{index}, {kernel}]` is what filter {index} looks for in channel "
        f"{bank.input_channel(index, kernel)} of its input. The whole filter's norm is {bank.norms[index]:.3f}{bias}."
    )
    if colour:
        words += (
            " In colour, middle gray is 0: a filter is red where it adds red and takes green and blue away."
        )
    return f"{words} Numbers start at 0, as in PyTorch."


def _title(bank: FilterBank, shown: list[int], by: str) -> str:
    """What the grid holds, and its order."""
    order = "strongest first" if by == "norm" else "by index"
    many = f"{bank.filters} filters"
    if len(shown) < bank.filters:
        many = f"{len(shown)} of {many}"
    height, width = bank.weight.shape[2:]
    return f"{many} of {height} × {width} × {bank.channels}, {order}"


def _pictures(bank: FilterBank, units: Units, shown: list[int], colour: bool) -> list[Picture]:
    """All filters for a file, by their index as in the network's own array; in colour too where they read colours."""
    limit = float(units.limits.max())
    by_index = np.argsort(shown)
    ordered = [shown[place] for place in by_index]
    names = [f"Filter {index}" for index in ordered]
    many = bank.channels > 1
    found = [
        of_maps(
            Key.MOSAIC,
            f"Filters of {bank.name}",
            bank.kernels(ordered),
            names=[f"{name}, {part}" for name in names for part in units.slice_names] if many else names,
            group=bank.channels,
            limits=(-limit, limit),
            scope=units.scope,
        )
    ]
    if colour:
        pixels = weights_rgb(bank.weight[ordered], units.limits[by_index])
        found.append(of_images(f"{Key.MOSAIC}-colour", f"Filters of {bank.name} in colour", pixels, names))
    return found


def _kernel(bank: FilterBank, chosen: tuple[int, int], limit: float, scope: str) -> Picture:
    name = "{}.weight[{}, {}]".format(bank.name, *chosen)
    values = bank.weight[chosen][None]
    return of_maps(f"{Key.MOSAIC}-kernel", name, values, limits=(-limit, limit), scope=scope)
