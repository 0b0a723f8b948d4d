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
from pages.ui.words import count, minus

HEIGHT = 205  # px of a map as at 1280×720


def backward(opened: OpenedStep, weight: Weight, image: int) -> tuple[WeightGradient, list[Picture]]:
    """The sum, the three maps of one image, and for a kernel its whole gradient; returns what they are made of."""
    made_of = weight_gradient(opened.layers[weight.layer], weight.own, weight.index)
    _sums(made_of, weight, float(opened.gradients[weight.parameter][weight.index]))
    factors, gradients = made_of.factors[image], made_of.output_gradients[image]
    maps = [
        ("What the weight met", Key.READS, factors),
        ("× what came back, ∂L/∂output", Key.CAME_BACK, gradients),
        (f"= terms: sum {minus(f'{made_of.of_images[image]:.4g}')}", Key.TERMS, made_of.terms[image]),
    ]
    with st.container(horizontal=True, gap="small"):
        shown = [_map(title, key, values[None].astype(np.float32)) for title, key, values in maps]
        if len(weight.index) == 4:
            shown.append(_kernel(opened, weight))
    return made_of, shown


def _map(title: str, key: str, values: np.ndarray) -> Picture:
    with st.container(width=HEIGHT + 19):
        st.caption(title)
        return tiles(values, key=key, names=[title], scope="this image", height=HEIGHT)


def _kernel(opened: OpenedStep, weight: Weight) -> Picture:
    """The gradient of the weight's whole kernel; a click follows another weight of it."""
    made_of = kernel_gradient(opened.layers[weight.layer], *weight.index[:2])
    rows, columns = made_of.total.shape
    title = "Kernel: input ⋆ what came back"
    shape = opened.gradients[weight.parameter].shape
    with st.container(width=HEIGHT + 19):
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
            click="follow that weight",
        )


def _picked(shape: tuple[int, ...], index: tuple[int, ...], columns: int, place: int) -> None:
    choose(shape, (*index[:2], *divmod(place, columns)))


def _sums(made_of: WeightGradient, weight: Weight, autograd: float) -> None:
    """The gradient as the sum of the images' shares, beside autograd's own."""
    of_images = made_of.of_images.tolist()
    inner = " + ".join(factor(value, 4) for value in of_images)
    places, terms = made_of.terms[0].size, made_of.terms.size
    st.markdown(
        rf"$\frac{{\partial L}}{{\partial w}} = {inner} = {number(made_of.total, 7)}$: a share for each image, "
        f"{count(terms, 'term')} in all, for `{weight.text}` was used {count(places, 'time')} in each image. "
        f"PyTorch's autograd says **{minus(f'{autograd:.7g}')}**."
    )
