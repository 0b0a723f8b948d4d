"""A small picture for each page of the tour: what the page does, done to a drawn digit or to the shipped network.

Computed once, in NumPy, so that Home needs no torch. A page without a picture here shows its icon.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from html import escape

import numpy as np
import streamlit as st
from safetensors import SafetensorError
from safetensors.numpy import load_file

from cnn_core import pictures
from cnn_core.arrays import Doubles, Floats, Reals
from cnn_core.data.drawing import merely_shrunk
from cnn_core.data.strokes import ink_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.base import Shape
from cnn_core.operations import kernels
from cnn_core.operations.activation_effects import sample_curve
from cnn_core.operations.activation_functions import NONLINEARITIES, relu
from cnn_core.operations.convolution import conv2d
from cnn_core.operations.pooling import max_pool2d
from cnn_core.studies.overfitting import read_study
from pages.start.home.demonstration import drawings
from pages.ui.models import ModelRef

HEIGHT = 104  # px, of every picture
WIDE, HIGH = 240, 104  # px of one that is drawn


@st.cache_data(max_entries=4, show_spinner=False)
def of_tour(_shipped: ModelRef | None, stamp: int) -> dict[str, str]:
    """Pictures as HTML, by their pages' names; `stamp` changes with the shipped network's files.

    Where there is no shipped network, or its files or those of the study are damaged, the pictures of it are missing.
    """
    found = {}
    for name, make in {**DRAWN, **({} if _shipped is None else OF_NETWORK)}.items():
        try:
            found[name] = make(_shipped)  # type: ignore[arg-type]
        except (
            OSError,
            ValueError,
            LookupError,
            SafetensorError,
        ):  # a page says what is damaged, where it is used
            continue
    return found


@cache
def digit() -> Floats:
    """What the pictures are of `(28, 28)`: the last digit that Home draws by itself, shrunk."""
    return merely_shrunk(ink_of(drawings()[-1]))  # centring it, too, would take scipy


def _pixels(image: Floats, alt: str) -> str:
    return _image(pictures.gray_png(image), alt)


def _signed(values: Floats | Doubles, alt: str) -> str:
    return _image(pictures.signed_png(values), alt)


def _image(data: bytes, alt: str, kind: str = "png") -> str:
    return f'<img src="data:image/{kind};base64,{b64encode(data).decode()}" alt="{escape(alt)}">'


def _drawing(content: str, alt: str) -> str:
    size = f'width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="none">{content}</svg>'
    return _image(svg.encode(), alt, "svg+xml")


def _line(x: Sequence[float] | Reals, y: Sequence[float] | Reals, colour: pictures.Colour) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    return f'<polyline points="{points}" stroke="{pictures.css(colour)}" stroke-width="3"/>'


def _convolution(_: ModelRef | None) -> str:
    image, kernel = digit(), kernels.make("sobel-x")
    edges = conv2d(image[None], kernel[None, None])[0]
    return "".join(
        (
            _pixels(image, "A digit,"),
            _signed(kernel, "a kernel,"),
            _signed(edges, "and the edges that it finds"),
        )
    )


def _activations(_: ModelRef | None) -> str:
    names = ("relu", "sigmoid", "tanh")
    lines = []
    for name, colour in zip(names, pictures.SERIES):
        curve = sample_curve(NONLINEARITIES[name], 3.0, 61)
        lines.append(_line((curve.x + 3) / 6 * WIDE, 74 - curve.y * 24, colour))
    axes = f'<path d="M0 74H{WIDE}M{WIDE / 2} 0V{HIGH}" stroke="{pictures.css(pictures.MUTED)}"/>'
    return _drawing(axes + "".join(lines), "ReLU, sigmoid and tanh")


def _regularization(_: ModelRef | None) -> str:
    histories = read_study().runs["baseline"].histories
    history = histories[min(histories)]
    lines = []
    losses = (history.training_loss, history.validation_loss)
    most = max(loss for one in losses for loss in one if loss is not None)
    for one, colour in zip(losses, (pictures.TRAINING, pictures.VALIDATION)):
        known = [(epoch, loss) for epoch, loss in enumerate(one) if loss is not None]
        x = [epoch / (len(one) - 1) * WIDE for epoch, _ in known]
        lines.append(_line(x, [HIGH - 4 - loss / most * (HIGH - 8) for _, loss in known], colour))
    return _drawing("".join(lines), "Training loss falls, validation loss rises")


def _weights(ref: ModelRef) -> tuple[Floats, Floats]:
    """Kernels `(N, C, kh, kw)` and biases `(N,)` of the first convolution."""
    tensors = load_file(ref.path / ref.card.weights)
    first = next(name for name, tensor in tensors.items() if tensor.ndim == 4 and tensor.shape[1] == 1)
    return tensors[first], tensors[first.replace("weight", "bias")]


def _maps(ref: ModelRef) -> Floats:
    """What the first convolution and its ReLU answer to the digit, those first that differ most over it `(N, H, W)`."""
    answers = relu(conv2d(digit()[None], *_weights(ref)))
    return np.asarray(answers[np.argsort(-answers.std((1, 2)))], np.float32)


def _mosaic(maps: Floats, columns: int) -> Floats:
    """Maps `(N, H, W)` in rows of `columns`, a cell apart."""
    apart = np.pad(maps, ((0, 0), (0, 1), (0, 1)))
    count, height, width = apart.shape
    rows = apart.reshape(count // columns, columns, height, width).transpose(0, 2, 1, 3)
    return rows.reshape(-1, columns * width)[:-1, :-1]


def _pooling(ref: ModelRef) -> str:
    strongest = _maps(ref)[:1]
    return "".join(
        (
            _signed(strongest[0], "A map"),
            _signed(max_pool2d(strongest, 2)[0], "and its largest values, two by two"),
        )
    )


def _filters(ref: ModelRef) -> str:
    weight, _ = _weights(ref)
    return _signed(_mosaic(weight[:32, 0], 8), "The kernels of its first layer")


def _feature_maps(ref: ModelRef) -> str:
    return _signed(_mosaic(_maps(ref)[:8], 4), "What eight of them answer")


def _shapes(network: Architecture) -> list[Shape]:
    """Those `(C, H, W)` of its input and of the layers that change it."""
    shapes = [network.input_shape, *(info.output_shape for info in network.summary())]
    return [shape for shape, before in zip(shapes, [(), *shapes]) if len(shape) == 3 and shape != before]


def _builder(ref: ModelRef) -> str:
    """Each layer that has maps as a block: as high as its maps, and the wider the more there are."""
    blocks, left = [], 6.0
    for shape in _shapes(ref.card.architecture):
        high, wide = 3 * shape[1], 4 + 3 * float(np.log2(shape[0]))
        blocks.append(f'<rect x="{left:.1f}" y="{(HIGH - high) / 2}" width="{wide:.1f}" height="{high}"/>')
        left += wide + 6
    colour = pictures.css(pictures.POSITIVE)
    return _drawing(f'<g fill="{colour}" fill-opacity="0.75">{"".join(blocks)}</g>', "Its layers")


def _step(_: ModelRef | None) -> str:
    """The first step of a linear layer whose weights are all 0: a class's move by (truth − probability) × image."""
    image, classes = digit(), 10
    return "".join(
        (
            _pixels(image, "A digit,"),
            _signed(image * (1 - 1 / classes), "what the right class gets from it in one step,"),
            _signed(image * (-1 / classes), "and what each other class does"),
        )
    )


def _runs(_: ModelRef | None) -> str:
    """Several trainings' validation losses over one another, each as high as the highest of them lets it be."""
    losses = [
        [loss for loss in run.histories[min(run.histories)].validation_loss if loss is not None]
        for run in list(read_study().runs.values())[: len(pictures.SERIES)]
    ]
    most = max(max(loss) for loss in losses)
    lines = [
        _line(np.linspace(0, WIDE, len(loss)), HIGH - 4 - np.array(loss) / most * (HIGH - 8), colour)
        for loss, colour in zip(losses, pictures.SERIES)
    ]
    return _drawing("".join(lines), "The validation losses of several trainings")


def _series(_: ModelRef | None) -> str:
    """The last validation accuracy of each shipped study's runs: a dot for each seed, a tick at their mean."""
    runs = [run for run in read_study().runs.values() if len(run.histories) > 1]
    scores = [[history.validation_accuracy[-1] for history in run.histories.values()] for run in runs]
    low, high = min(map(min, scores)), max(map(max, scores))
    marks = []
    for place, own in enumerate(scores):
        left, colour = (place + 0.5) / len(scores) * WIDE, pictures.css(pictures.SERIES[place % 4])
        places = [HIGH - 10 - (one - low) / max(high - low, 1e-9) * (HIGH - 20) for one in own]
        middle = sum(places) / len(places)
        marks.append(f'<path d="M{left - 9:.1f} {middle:.1f}h18" stroke="{colour}" stroke-width="3"/>')
        marks += [
            f'<circle cx="{left:.1f}" cy="{y:.1f}" r="4" fill="{colour}" fill-opacity="0.6"/>' for y in places
        ]
    return _drawing("".join(marks), "Scores of several settings, each seed a dot")


def _inspect(ref: ModelRef) -> str:
    """Of each layer with weights a bar to the left for its parameters and one to the right for its work."""
    infos = [info for info in ref.card.architecture.summary() if info.parameters]
    high, half = HIGH / len(infos), WIDE / 2
    columns = (
        ([info.parameters for info in infos], pictures.SERIES[0], -1),
        ([info.macs for info in infos], pictures.SERIES[1], 1),
    )
    bars = []
    for amounts, colour, side in columns:
        for row, amount in enumerate(amounts):
            long = amount / max(amounts) * (half - 6)
            left = half + 3 if side > 0 else half - 3 - long
            place = f'x="{left:.1f}" y="{row * high + 2:.1f}" width="{long:.1f}" height="{high - 4:.1f}"'
            bars.append(f'<rect {place} fill="{pictures.css(colour)}"/>')
    return _drawing("".join(bars), "Parameters and work of its layers")


def _doctor(_: ModelRef | None) -> str:
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
    return _drawing(
        "".join(boxes), "Layers by how many values they give, up to one that expects another number"
    )


def _confusion(ref: ModelRef) -> str:
    if ref.card.test is None:
        raise LookupError("not tested")
    matrix = np.array(ref.card.test["confusion_matrix"], np.float64)
    shares = np.sqrt(matrix / matrix.sum(1, keepdims=True).clip(1))
    wrong = shares / max(shares[~np.eye(len(shares), dtype=bool)].max(), 1e-9)
    picture = np.zeros((*matrix.shape, 4), np.uint8)
    right = np.eye(len(matrix), dtype=bool)
    picture[..., :3] = np.where(right[..., None], pictures.RIGHT, pictures.WRONG)
    picture[..., 3] = np.rint(255 * np.where(right, shares, wrong * 0.8))
    return _image(pictures.png(picture), "Its confusion matrix")


def _draw(_: ModelRef | None) -> str:
    ink = ink_of(drawings()[-1])
    return _pixels(ink[::2, ::2], "A drawing,") + _pixels(digit(), "and in 28×28 pixels")


def _travel(_: ModelRef | None) -> str:
    """The loss of a training epoch by epoch, and one of its moments marked."""
    history = next(iter(read_study().runs["baseline"].histories.values()))
    losses = [loss for loss in history.training_loss if loss is not None][:13]
    x = np.linspace(12, WIDE - 12, len(losses))
    y = HIGH - 16 - np.array(losses) / max(losses) * (HIGH - 32)
    here = len(losses) // 4
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{9 if k == here else 4}" '
        f'fill="{pictures.css(pictures.ACCENT if k == here else pictures.TRAINING)}"/>'
        for k, (a, b) in enumerate(zip(x, y))
    )
    line = f'<path d="M{x[here]:.1f} 0V{HIGH}" stroke="{pictures.css(pictures.ACCENT)}" stroke-width="2"/>'
    return _drawing(line + _line(x, y, pictures.TRAINING) + dots, "A training, and a moment of it")


Make = Callable[[ModelRef], str]
DRAWN: dict[str, Callable[[ModelRef | None], str]] = {
    "convolution": _convolution,
    "activations": _activations,
    "regularization": _regularization,
    "step": _step,
    "runs": _runs,
    "series": _series,
    "travel": _travel,
    "doctor": _doctor,
    "draw": _draw,
}
OF_NETWORK: dict[str, Make] = {
    "pooling": _pooling,
    "builder": _builder,
    "inspect": _inspect,
    "filters": _filters,
    "feature_maps": _feature_maps,
    "confusion": _confusion,
}
