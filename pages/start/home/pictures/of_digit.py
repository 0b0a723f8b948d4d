"""What is done to a digit by convolution, activations, pooling; drawing one."""

import numpy as np

from cnn_core import pictures
from cnn_core.data.strokes import ink_of
from cnn_core.operations import kernels
from cnn_core.operations.activation_effects import sample_curve
from cnn_core.operations.activation_functions import NONLINEARITIES
from cnn_core.operations.convolution import conv2d
from cnn_core.operations.pooling import max_pool2d
from pages.start.home.demonstration import drawings
from pages.start.home.pictures.canvas import HIGH, WIDE, digit, drawing, line, pixels, signed


def convolution() -> str:
    """The digit, a kernel, what they give."""
    image, kernel = digit(), kernels.make("sobel-x")
    edges = conv2d(image[None], kernel[None, None])[0]
    return "".join(
        (
            pixels(image, "A digit,"),
            signed(kernel, "a kernel,"),
            signed(edges, "and the edges that it finds"),
        )
    )


def activations() -> str:
    """Three functions over one another."""
    names = ("relu", "sigmoid", "tanh")
    lines = []
    for name, colour in zip(names, pictures.SERIES):
        curve = sample_curve(NONLINEARITIES[name], 3.0, 61)
        lines.append(line((curve.x + 3) / 6 * WIDE, 74 - curve.y * 24, colour))
    axes = f'<path d="M0 74H{WIDE}M{WIDE / 2} 0V{HIGH}" stroke="{pictures.css(pictures.MUTED)}"/>'
    return drawing(axes + "".join(lines), "ReLU, sigmoid and tanh")


def step() -> str:
    """The first step of a linear layer whose weights are all 0: a class's move by (truth − probability) × image."""
    image, classes = digit(), 10
    return "".join(
        (
            pixels(image, "A digit,"),
            signed(image * (1 - 1 / classes), "what the right class gets from it in one step,"),
            signed(image * (-1 / classes), "and what each other class does"),
        )
    )


def doctor() -> str:
    """A chain of shapes `(C, H, W)` that ends where Flatten gives more values than the next layer takes."""
    maps = conv2d(digit()[None], np.stack([kernels.make("sobel-x"), kernels.make("sobel-y")])[:, None])
    pooled = max_pool2d(maps, 2)
    expected = maps.size  # as if nothing had been pooled
    boxes = []
    for place, values in enumerate((digit().size, maps.size, pooled.size, expected)):
        high = 30 * float(np.log10(values)) - 40
        colour = pictures.NEGATIVE if place == 3 else pictures.POSITIVE
        where = f'x="{8 + 58 * place}" y="{(HIGH - high) / 2:.1f}" width="40" height="{high:.1f}"'
        boxes.append(f'<rect {where} fill="{pictures.css(colour)}" fill-opacity="0.75"/>')
    return drawing(
        "".join(boxes), "Layers by how many values they give, up to one that expects another number"
    )


def draw() -> str:
    """The drawing and what a network reads."""
    ink = ink_of(drawings()[-1])
    return pixels(ink[::2, ::2], "A drawing,") + pixels(digit(), "and in 28×28 pixels")
