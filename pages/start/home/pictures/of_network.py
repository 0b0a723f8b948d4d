"""The shipped network: its layers, its kernels, what they answer to the digit, its mistakes."""

import numpy as np
from safetensors.numpy import load_file

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.base import Shape
from cnn_core.operations.activation_functions import relu
from cnn_core.operations.convolution import conv2d
from cnn_core.operations.pooling import max_pool2d
from pages.start.home.pictures.canvas import HIGH, WIDE, digit, drawing, image, signed
from pages.ui.models import ModelRef


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


def _shapes(network: Architecture) -> list[Shape]:
    """Those `(C, H, W)` of its input and of the layers that change it."""
    shapes = [network.input_shape, *(info.output_shape for info in network.summary())]
    return [shape for shape, before in zip(shapes, [(), *shapes]) if len(shape) == 3 and shape != before]


def pooling(ref: ModelRef) -> str:
    """A map of the network, and the same pooled."""
    strongest = _maps(ref)[:1]
    return "".join(
        (
            signed(strongest[0], "A map"),
            signed(max_pool2d(strongest, 2)[0], "and its largest values, two by two"),
        )
    )


def filters(ref: ModelRef) -> str:
    """Kernels of the first layer."""
    weight, _ = _weights(ref)
    return signed(_mosaic(weight[:32, 0], 8), "The kernels of its first layer")


def network(ref: ModelRef) -> str:
    """Columns of maps, layer by layer: convolution, ReLU, pooling."""
    maps = conv2d(digit()[None], *_weights(ref))
    maps = maps[np.argsort(-relu(maps).std((1, 2)))][:4]
    pooled = max_pool2d(relu(maps), 2).repeat(2, axis=1).repeat(2, axis=2)
    columns = [
        np.pad(_mosaic(np.asarray(one, np.float32), 1), ((0, 0), (0, 14)))
        for one in (maps, relu(maps), pooled)
    ]
    return signed(np.hstack(columns)[:, :-14], "Its first layers, map by map")


def feature_maps(ref: ModelRef) -> str:
    """Maps of the first layer."""
    return signed(_mosaic(_maps(ref)[:8], 4), "What eight of them answer")


def builder(ref: ModelRef) -> str:
    """Each layer that has maps as a block: as high as its maps, and the wider the more there are."""
    blocks, left = [], 6.0
    for shape in _shapes(ref.card.architecture):
        high, wide = 3 * shape[1], 4 + 3 * float(np.log2(shape[0]))
        blocks.append(f'<rect x="{left:.1f}" y="{(HIGH - high) / 2}" width="{wide:.1f}" height="{high}"/>')
        left += wide + 6
    colour = pictures.css(pictures.POSITIVE)
    return drawing(f'<g fill="{colour}" fill-opacity="0.75">{"".join(blocks)}</g>', "Its layers")


def inspect(ref: ModelRef) -> str:
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
    return drawing("".join(bars), "Parameters and work of its layers")


def confusion(ref: ModelRef) -> str:
    """The matrix of its test: right answers by their share, wrong ones against the most frequent."""
    if ref.card.test is None:
        raise LookupError("not tested")
    matrix = np.array(ref.card.test["confusion_matrix"], np.float64)
    shares = np.sqrt(matrix / matrix.sum(1, keepdims=True).clip(1))
    wrong = shares / max(shares[~np.eye(len(shares), dtype=bool)].max(), 1e-9)
    picture = np.zeros((*matrix.shape, 4), np.uint8)
    right = np.eye(len(matrix), dtype=bool)
    picture[..., :3] = np.where(right[..., None], pictures.RIGHT, pictures.WRONG)
    picture[..., 3] = np.rint(255 * np.where(right, shares, wrong * 0.8))
    return image(pictures.png(picture), "Its confusion matrix")
