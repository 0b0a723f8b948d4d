"""All operations on one image, as pictures with a table beneath: what they give, and where the gradient goes."""

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.figures.maps import Scale
from cnn_core.figures.picture import Picture
from cnn_core.operations.downsampling import KINDS, WINDOWED
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import TITLES, Situation
from pages.ui.components.tiles import tiles
from pages.ui.download import downloads

SIDE = 250  # px a map takes at most


def map_tile(values: Floats, name: str, key: str, *, scale: Scale, scope: str) -> Picture:
    """One map under its name, its cells as large as fit a column."""
    return tiles(
        values[None],
        key=f"{Key.TILES}-{key}",
        names=[name],
        scale=scale,
        limit=1.0 if scale == "pixels" else None,
        scope=scope,
        largest_cell=max(1, SIDE // max(values.shape)),
        height=SIDE + 20,
        gap=2,
    )


def outputs(situation: Situation) -> None:
    """Every operation's output beside the others, and the same in numbers."""
    height, width = situation.image.shape
    st.markdown(
        f"One number takes the place of each window. Of {height} × {width} pixels, max pooling keeps the strongest"
        " answer, average pooling the mean; a strided convolution has weights to learn; global pooling leaves one"
        " number of the whole map, wherever on it the digit stands."
    )
    drawn = []
    for column, kind in zip(st.columns(len(WINDOWED)), WINDOWED):
        output = situation.result(kind).output
        signed = bool(output.min() < 0)
        with column:
            st.markdown(f"**{TITLES[kind]}** · {output.shape[0]} × {output.shape[1]}")
            picture = map_tile(
                output,
                TITLES[kind],
                f"output-{kind}",
                scale="signed" if signed else "pixels",
                scope="this map" if signed else "0 black, 1 white",
            )
            drawn.append(picture)
    st.dataframe(
        pd.DataFrame([output_row(situation, kind) for kind in KINDS]),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.4f") for name in ("smallest", "mean", "largest")
        },
    )
    downloads(drawn, situation.words)


def output_row(situation: Situation, kind: str) -> dict[str, object]:
    """One operation in the table of outputs."""
    result = situation.result(kind)
    return {
        "operation": TITLES[kind],
        "output": f"{result.output.shape[0]} × {result.output.shape[1]}",
        "parameters to learn": result.parameters,
        "smallest": float(result.output.min()),
        "mean": float(result.output.mean()),
        "largest": float(result.output.max()),
    }


def gradients(situation: Situation) -> None:
    """How much of the gradient each pixel gets, if every output cell sends back 1."""
    st.markdown(
        "Training sends a gradient back from every output cell: here 1 from each. **Max pooling** hands it to the"
        " winner alone, so the other pixels learn nothing from this image; **average pooling** splits it evenly;"
        " a **strided convolution** weighs it with its kernel."
    )
    drawn = []
    for column, kind in zip(st.columns(len(WINDOWED)), WINDOWED):
        result = situation.result(kind)
        with column:
            st.markdown(f"**{TITLES[kind]}** reaches {result.reached:,} of {situation.image.size:,} pixels")
            picture = map_tile(
                result.gradient, TITLES[kind], f"gradient-{kind}", scale="signed", scope="gradient, this map"
            )
            drawn.append(picture)
    st.dataframe(
        pd.DataFrame([gradient_row(situation, kind) for kind in KINDS]),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.5f")
            for name in ("smallest", "largest", "all together")
        },
    )
    downloads(drawn, f"gradient of the summed output · {situation.words}")


def gradient_row(situation: Situation, kind: str) -> dict[str, object]:
    """One operation in the table of gradients."""
    result = situation.result(kind)
    return {
        "operation": TITLES[kind],
        "gradients sent back": result.output.size,
        "pixels reached": result.reached,
        "pixels not reached": situation.image.size - result.reached,
        "smallest": float(result.gradient.min()),
        "largest": float(result.gradient.max()),
        "all together": float(result.gradient.sum(dtype=np.float64)),
    }
