"""Backward: the gradient of one weight as a sum over images and places, and its kernel's as a convolution."""

from functools import partial

import numpy as np
import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.training.opened.filter_gradient import kernel_gradient
from cnn_core.training.opened.walk import OpenedStep
from cnn_core.training.opened.weight_gradient import WeightGradient, weight_gradient
from pages.train.step.formulas import factor, number
from pages.train.step.keys import Key
from pages.train.step.weight import Weight, choose
from pages.ui.components.tiles import tiles
from pages.ui.link import in_link
from pages.ui.words import count

HEIGHT = 230  # px of the three maps


def backward(opened: OpenedStep, weight: Weight) -> tuple[WeightGradient, list[Picture]]:
    """The three maps of one image, the sums of all, and for a kernel its whole gradient; also what they are made of."""
    made_of = weight_gradient(opened.layers[weight.layer], weight.own, weight.index)
    images = len(made_of.terms)
    with st.container(horizontal=True, gap="small"):
        image = st.selectbox(
            "Image", range(1, images + 1), **in_link(Key.IMAGE), width=90, disabled=images == 1
        )
        at = min(int(image or 1), images) - 1
        parts = [
            ("What the weight met", Key.READS, made_of.factors[at]),
            ("× what came back: ∂L / ∂output", Key.CAME_BACK, made_of.output_gradients[at]),
            (f"= terms, sum {made_of.of_images[at]:.6f}", Key.TERMS, made_of.terms[at].astype(np.float32)),
        ]
        shown = [_map(title, key, values[None]) for title, key, values in parts]
        if len(weight.index) == 4:
            shown.append(_kernel(opened, weight))
    _sums(made_of, weight, float(opened.gradients[weight.parameter][weight.index]))
    return made_of, shown


def _map(title: str, key: str, values: np.ndarray) -> Picture:
    with st.container(width=HEIGHT + 20):
        st.caption(title)
        return tiles(values, key=key, names=[title], scope="this image", height=HEIGHT)


def _kernel(opened: OpenedStep, weight: Weight) -> Picture:
    """The gradient of the weight's whole kernel; a click follows another weight of it."""
    made_of = kernel_gradient(opened.layers[weight.layer], *weight.index[:2])
    rows, columns = made_of.total.shape
    title = "The kernel: input ⋆ what came back"
    shape = opened.gradients[weight.parameter].shape
    with st.container(width=HEIGHT + 20):
        st.caption(
            title,
            help="The gradient of the output slides over the input as a kernel does; summed over images.",
        )
        return tiles(
            made_of.total.astype(np.float32).reshape(-1, 1, 1),
            key=Key.KERNEL,
            names=[f"row {row}" for row in range(rows)],
            column_names=[f"column {column}" for column in range(columns)],
            selected=weight.index[2] * columns + weight.index[3],
            on_pick=partial(_picked, shape, weight.index, columns),
            largest_cell=64,
            height=HEIGHT,
            scope="this kernel",
            title=title,
        )


def _picked(shape: tuple[int, ...], index: tuple[int, ...], columns: int, place: int) -> None:
    choose(shape, (*index[:2], *divmod(place, columns)))


def _sums(made_of: WeightGradient, weight: Weight, autograd: float) -> None:
    """The gradient as the sum of the images' shares, beside autograd's own."""
    terms = made_of.of_images.tolist()
    inner = " + ".join(factor(value) for value in terms)
    st.latex(rf"\frac{{\partial L}}{{\partial w}} = {inner} = {number(made_of.total)}")
    places = made_of.terms[0].size
    st.markdown(
        f"`{weight.text}` was used {count(places, 'time')} for each of {count(len(terms), 'image')}: "
        f"{count(made_of.terms.size, 'term')}, one sum. PyTorch's autograd says **{autograd:.8g}**, "
        f"the terms add up to **{made_of.total:.8g}**."
    )
