"""The shift test on one map: move the input pixel by pixel, and see what changes behind each operation."""

from math import isfinite

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture
from cnn_core.operations.downsampling import KINDS, WINDOWED, PoolingWindow, output
from cnn_core.operations.shifts import ShiftEffect, relative_change, shift_effect, shifted
from pages.operations.pooling.keys import Key
from pages.operations.pooling.shift_charts import FARTHEST, SHIFT, lines
from pages.operations.pooling.situation import SHORT, TITLES, Situation
from pages.ui.components.slider import put, slider, steps
from pages.ui.components.tiles import tiles
from pages.ui.twin import twin
from pages.ui.words import minus, percent

SHIFTS = steps(-FARTHEST, FARTHEST, 1)


def shift_controls() -> tuple[int, int]:
    """How far the input is moved, (rows down, columns right)."""
    with st.container(horizontal=True, gap="large"):
        right = slider("Move right, pixels", SHIFTS, 1, key=Key.RIGHT)
        down = slider("Move down, pixels", SHIFTS, 0, key=Key.DOWN)
    return down, right


def move(right: int, down: int) -> None:
    """Set the controls, before they are shown."""
    put(Key.RIGHT, right, 1)
    put(Key.DOWN, down, 0)


@st.cache_data(max_entries=256, show_spinner=False)
def effects(
    image: Floats, window: PoolingWindow, weight: Floats, down: int, right: int
) -> dict[str, ShiftEffect]:
    """What the shift does to the output of each operation, and to the input itself."""
    moved = shifted(image, down, right)
    found = {"input": shift_effect(image, moved, (down, right), (1, 1))}
    for kind in KINDS:
        before, after = (output(kind, x, window, weight) for x in (image, moved))
        found[kind] = shift_effect(before, after, (down, right), window.stride)
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def curves(image: Floats, window: PoolingWindow, weight: Floats, down: int) -> pd.DataFrame:
    """The relative change of each operation's output for every shift to the right."""
    names = {"input": "Input, no pooling", **TITLES}
    before = {kind: output(kind, image, window, weight) for kind in KINDS}
    rows = []
    for right in range(-FARTHEST, FARTHEST + 1):
        moved = shifted(image, down, right)
        rows.append((right, known(relative_change(image, moved)), names["input"]))
        for kind in KINDS:
            after = output(kind, moved, window, weight)
            rows.append((right, known(relative_change(before[kind], after)), names[kind]))
    return pd.DataFrame(rows, columns=[SHIFT, "change", "output of"])


def shift_pictures(situation: Situation, down: int, right: int) -> list[Picture]:
    """Each windowed operation before and after the shift, and the difference, with the numbers beneath."""
    drawn = []
    moved = shifted(situation.image, down, right)
    shown = {"input": ("Input", situation.image, moved)}
    for kind in WINDOWED:
        after = output(kind, moved, situation.window, situation.weight)
        shown[kind] = (SHORT[kind], situation.result(kind).output, after)
    found = effects(situation.image, situation.window, situation.weight, down, right)
    for column, (kind, (title, before, after)) in zip(st.columns(len(shown)), shown.items()):
        with column:
            effect = found[kind]
            st.markdown(f"**{title}**  \n{effect.changed:,} of {effect.cells:,} change")
            picture = tiles(
                np.stack([before, after, after - before]),
                key=f"{Key.TILES}-shift-{kind}",
                names=["before", "after", "after − before"],
                column_names=["map"],
                scale="signed",
                scope="this column",
                largest_cell=max(1, 150 // max(before.shape)),
                height=520,
                gap=4,
                title=f"{title} before and after the shift",
            )
            drawn.append(picture)
    return drawn


def shift_table(situation: Situation, down: int, right: int) -> None:
    """The text twin of the pictures."""
    found = effects(situation.image, situation.window, situation.weight, down, right)
    names = {"input": "Input, no pooling", **TITLES}
    st.table(
        pd.DataFrame(
            [
                {
                    "output of": names[kind],
                    "cells changed": f"{effect.changed:,}",
                    "of": f"{effect.cells:,}",
                    "relative change": written(effect.change),
                    "moved along, whole cells": "–"
                    if effect.moved is None
                    else minus(f"{effect.moved[0]} down, {effect.moved[1]} right"),
                    "change beyond that": written(effect.beyond),
                }
                for kind, effect in found.items()
            ]
        ).set_index("output of")
    )


def shift_test(situation: Situation, down: int, right: int) -> None:
    """Pictures, what they say, and the curve over all shifts."""
    found = effects(situation.image, situation.window, situation.weight, down, right)
    st.caption("From top to bottom: before, after, and after − before.")
    drawn = shift_pictures(situation, down, right)
    largest, mean = found["max"], found["average"]
    st.markdown(
        f"Moved {far(down, right)}, the input changes by {share(found['input'].change)} of its length (the root of"
        f" its summed squares); after max pooling it is {share(largest.change)}, after average pooling"
        f" {share(mean.change)}, after global average pooling {share(found['global average'].change)}."
        f" Pooling softens a step, it does not undo it: the output moves along."
        f" A shift by a whole number of strides ({' × '.join(map(str, situation.window.stride))} here) only moves the"
        f" output. Moved back by whole cells, max pooling's output still differs by {share(largest.beyond)} now."
    )
    shift_table(situation, down, right)
    frame = curves(situation.image, situation.window, situation.weight, down)
    curve = lines(
        frame,
        y="change",
        by="output of",
        today=right,
        key=Key.CHANGES,
        title="Relative change of the output by the shift",
        share="relative change",
        order=("Input, no pooling", *TITLES.values()),
    )
    table = frame.pivot(index=SHIFT, columns="output of", values="change").reset_index()
    source = f"{situation.words} · moved {far(down, right)}"
    twin("These curves as a table", {"Relative change": table}, [*drawn, curve], source)


def known(change: float) -> float | None:
    """A relative change for a curve; None where nothing was there before to measure it by."""
    return change if isfinite(change) else None


def written(change: float) -> str:
    """A relative change in a table, to 0.01 %."""
    return percent(change, 2) if isfinite(change) else "–"


def share(change: float) -> str:
    """A relative change in a sentence: "62 %", or why it has no percentage."""
    if isfinite(change):
        return percent(change, 0)
    return "an amount that has no percentage (the map was 0 everywhere before)"


def far(down: int, right: int) -> str:
    """A shift in words."""
    if not (down or right):
        return "nowhere"
    parts = []
    if right:
        parts.append(f"{abs(right)} px to the {'right' if right > 0 else 'left'}")
    if down:
        parts.append(f"{abs(down)} px {'down' if down > 0 else 'up'}")
    return " and ".join(parts)
