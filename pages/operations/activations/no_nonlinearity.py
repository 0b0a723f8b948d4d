"""A network without a nonlinearity: two convolutions are one, number by number."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import pictures
from cnn_core.checkpoints import Checkpoint
from cnn_core.figures.maps import Scale
from cnn_core.figures.picture import Picture
from cnn_core.operations.collapse import Collapse, collapse, composition_terms
from cnn_core.operations.kernels import KERNELS, make
from pages.operations.activations.keys import Key
from pages.ui.components.tiles import tiles
from pages.ui.layer_answers import pick_for
from pages.ui.link import in_link
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.words import minus, tiny

EXAMPLE = ((1.0, 2.0, 1.0), (1.0, 0.0, -1.0))
OPTIONS = ("two 3×3", "one 3×3", "one 5×5", "one 6×6")


def show(checkpoint: Checkpoint) -> None:
    """Two kernels in a row, their one equal, and what ReLU between them changes."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = pick_for(checkpoint, Key.IMAGE)
        names = [
            st.selectbox(
                label,
                list(KERNELS),
                list(KERNELS).index(default),
                format_func=lambda name: KERNELS[name].title,
                **in_link(key),
                width=190,
            )
            for label, default, key in (
                ("First kernel", "sobel-x", Key.FIRST),
                ("Second kernel", "gaussian-blur", Key.SECOND),
            )
        ]
        relu = st.toggle("ReLU between them", **in_link(Key.RELU))
        predict = predict_toggle(Key.PREDICT)
    image = picked.image[:1]
    first, second = (make(name)[None, None] for name in names)
    result = collapse(image, first, second)
    question = Question(
        f"{Key.GUESS}-collapse",
        "Two 3×3 convolutions in a row, nothing between them. Which single convolution gives the same?",
        Choice(OPTIONS, OPTIONS[2]),
        "A cell of the second reads 3×3 cells of the first, which together read 5×5 pixels.",
    )
    if not predict_first(predict, question):
        return
    drawn = _pictures(image, result, (first, second), relu)
    _worked_example()
    twin(
        "The pictures as tables",
        {
            "First kernel": first[0, 0],
            "Second kernel": second[0, 0],
            "The one kernel": result.weight[0, 0],
            "Two steps": (result.with_relu if relu else result.two_steps)[0],
            "One step": result.one_step[0],
        },
        drawn,
        f"{picked.caption} · {', then '.join(KERNELS[name].title for name in names)}",
    )


def _pictures(
    image: np.ndarray, result: Collapse, kernels: tuple[np.ndarray, np.ndarray], relu: bool
) -> list[Picture]:
    """Upper row: step by step. Lower row: at once, under the result that it equals, on the same scale."""
    between = np.maximum(result.between, 0) if relu else result.between
    end = result.with_relu if relu else result.two_steps
    limit = max(pictures.symmetric_limit(end), pictures.symmetric_limit(result.one_step))
    upper = st.columns(5, gap="small")
    words, kernel_at, result_at = st.columns([3, 1, 1], gap="small")
    drawn = [
        _picture(upper[0], "Image", image, scale="pixels", limit=1.0),
        _picture(upper[1], "First kernel", kernels[0][0]),
        _picture(
            upper[2], "After it" + (", ReLU" if relu else ""), between, scale="positive" if relu else "signed"
        ),
        _picture(upper[3], "Second kernel", kernels[1][0]),
        _picture(upper[4], "Two steps", end, limit=limit),
        _picture(kernel_at, "The one kernel", result.weight[0].astype(np.float32)),
        _picture(result_at, "One step", result.one_step, limit=limit),
    ]
    with words:
        if relu:
            st.metric("Largest difference, two steps with ReLU to one", f"{result.relu_difference:.4g}")
            if result.relu_difference == 0:
                st.markdown(
                    "After the first kernel nothing is negative here, so ReLU changes nothing. **Choose a first"
                    " kernel with negative weights.**"
                )
                return drawn
            st.markdown(
                "The second convolution no longer sees the negative values, and **no single kernel gives this"
                " picture**. That is what the nonlinearity buys: depth that cannot be folded away."
            )
        else:
            st.metric("Largest difference, two steps to one", tiny(result.difference))
            st.markdown(
                f"Values reach {float(np.abs(end).max()):.3g}, so the difference is only rounding: numbers here are"
                " kept to about seven digits (float32). Without a nonlinearity a hundred layers are one. **Switch on"
                " ReLU** and see the two results part."
            )
    return drawn


def _picture(
    place: DeltaGenerator, title: str, values: np.ndarray, scale: Scale = "signed", limit: float | None = None
) -> Picture:
    with place:
        st.markdown(f"**{title}**")
        key = f"{Key.STEPS}-{title.replace(' ', '-').replace(',', '').lower()}"
        return tiles(
            values, key=key, names=[title], scale=scale, limit=limit, largest_cell=36, height=116, gap=2
        )


def _worked_example() -> None:
    """One row of integers: which products make each weight of the one kernel."""
    first, second = EXAMPLE
    terms = composition_terms(first, second)
    st.markdown("**By hand, in one row:** (1, 2, 1) and then (1, 0, −1) are one kernel of five weights.")
    sums = [sum(a * b for a, b in pairs) for pairs in terms]
    st.dataframe(
        pd.DataFrame(
            {
                "weight": range(len(terms)),
                "second × first": [" + ".join(minus(f"({a:g})({b:g})") for a, b in pairs) for pairs in terms],
                "sum": [minus(f"{total:g}") for total in sums],
            }
        ),
        hide_index=True,
    )
