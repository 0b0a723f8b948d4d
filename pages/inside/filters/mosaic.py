"""The filters of one convolution as pictures: all kernels in one mosaic, one kernel with its numbers."""

from collections.abc import Callable

import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.inside.filters import FilterBank
from pages.inside.filters.keys import Key
from pages.ui.components.tiles import tiles
from pages.ui.words import plain

MOST_TILES = 16_384
MOST_SIDE_BY_SIDE = 4  # input channels; with more, the mosaic is a table of channels × filters


def pick_kernel(index: int, kernel: int) -> None:
    """A click on a tile moves both pickers."""
    st.session_state[Key.FILTER], st.session_state[Key.CHANNEL] = index, kernel


def kernel_mosaic(
    bank: FilterBank,
    order: list[int],
    *,
    key: str,
    limit: float,
    scope: str,
    chosen: tuple[int, int],
    on_pick: Callable[[int, int], None],
) -> Picture:
    """Every kernel of the bank, its filters in `order`; `chosen` and what is picked are (filter, kernel)."""
    shown = order[: max(1, MOST_TILES // bank.channels)]
    at = shown.index(chosen[0]) if chosen[0] in shown else None
    channels = [f"channel {channel}" for channel in range(bank.channels)]
    title = f"Filters of {bank.name}"
    if bank.channels > MOST_SIDE_BY_SIDE:
        picture = tiles(
            bank.kernels(shown, by_channel=True),
            key=key,
            names=[name.capitalize() for name in channels],
            column_names=[f"filter {index}" for index in shown],
            limit=limit,
            scope=scope,
            selected=None if at is None else chosen[1] * len(shown) + at,
            on_pick=lambda tile: on_pick(shown[tile % len(shown)], tile // len(shown)),
            largest_cell=16,
            gap=2 if len(shown) > 32 else 5,
            title=title,
        )
        words = "A column is a filter, a row one of its input channels. "
    else:
        suffixes = [f", {name}" for name in channels] if bank.channels > 1 else [""]
        picture = tiles(
            bank.kernels(shown),
            key=key,
            names=[f"Filter {index}{suffix}" for index in shown for suffix in suffixes],
            group=bank.channels,
            limit=limit,
            scope=scope,
            selected=None if at is None else at * bank.channels + chosen[1],
            on_pick=lambda tile: on_pick(shown[tile // bank.channels], tile % bank.channels),
            largest_cell=24,
            title=title,
        )
        words = "A tile is a filter. " if bank.channels == 1 else f"{bank.channels} tiles are a filter. "
    if len(shown) < bank.filters:
        words += f"These are the first {len(shown)} of {bank.filters} filters in this order. "
    st.caption(words + "Numbers start at 0, as in PyTorch.")
    return picture


def one_filter(
    bank: FilterBank,
    chosen: tuple[int, int],
    *,
    key: str,
    limit: float,
    scope: str,
    on_pick: Callable[[int, int], None],
) -> list[Picture]:
    """All kernels of the chosen filter, large enough to be told apart; nothing where the mosaic does that."""
    index, kernel = chosen
    if bank.channels <= MOST_SIDE_BY_SIDE:
        return []
    st.markdown(f"Filter {index} alone: its {bank.channels} kernels, one for each channel that it reads")
    picture = tiles(
        bank.weight[index],
        key=key,
        names=[f"Filter {index}, channel {channel}" for channel in range(bank.channels)],
        limit=limit,
        scope=scope,
        selected=kernel,
        on_pick=lambda tile: on_pick(index, tile),
        height=100,
        title=f"Filter {index} of {bank.name}",
    )
    return [picture]


def one_kernel(bank: FilterBank, chosen: tuple[int, int], *, key: str, limit: float, scope: str) -> Picture:
    """The kernel (filter, kernel) with its numbers, and what it reads."""
    index, kernel = chosen
    name = f"{bank.name}.weight[{index}, {kernel}]"
    values = bank.weight[index, kernel]
    picture = tiles(
        values[None], key=key, names=[name], limit=limit, scope=scope, largest_cell=80, height=250
    )
    bias = "" if bank.bias is None else f", its bias {plain(bank.bias[index], 4)}"
    st.caption(
        f"`{name}`: what filter {index} looks for in channel {bank.input_channel(index, kernel)} of its input. "
        f"The whole filter's norm is {bank.norms[index]:.3f}{bias}."
    )
    return picture
