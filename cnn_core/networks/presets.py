"""Named networks: each works on 28×28 grayscale, on 32×32 colour, and on any number of classes. No torch."""

from dataclasses import dataclass

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Tanh,
)


@dataclass(frozen=True)
class Preset:
    """A network with a name and words on what it shows; `hidden` is all but the last Linear.

    In `words`, {parameters} stands for how many it has and {largest} for the share of the layer with the most, for
    MNIST's images.
    """

    name: str
    title: str
    words: str
    hidden: tuple[Layer, ...]

    @property
    def comment(self) -> str:
        """Its words with the numbers counted."""
        counts = [info.parameters for info in self.architecture().summary()]
        return self.words.format(parameters=f"{sum(counts):,}", largest=f"{max(counts) / sum(counts):.0%}")

    def architecture(
        self, input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10
    ) -> Architecture:
        """The network for images of `input_shape` `(C, H, W)`, ending in `classes` logits."""
        return Architecture(input_shape, (*self.hidden, Linear(classes)), classes)


def _normed(filters: int) -> tuple[Layer, ...]:
    """A 3×3 convolution that keeps the maps' size, batch norm in place of its bias, and ReLU."""
    return (Conv2d(filters, padding="same", bias=False), BatchNorm(), ReLU())


_ALL = (
    Preset(
        "mnist-3conv",
        "32-64-64, three convolutions",
        "The small network of many first lessons: {parameters} parameters on MNIST, 99% after an epoch or two.",
        (
            *(Conv2d(32), ReLU(), MaxPool2d()),
            *(Conv2d(64), ReLU(), MaxPool2d()),
            *(Conv2d(64), ReLU()),
            *(Flatten(), Linear(64), ReLU()),
        ),
    ),
    Preset(
        "mnist-deep",
        "Deep, for digits",
        "Four convolutions with batch norm, and dropout behind each pooling: {parameters} parameters on MNIST that do "
        "not learn it by heart.",
        (
            *(*_normed(32), *_normed(32), MaxPool2d(), Dropout(0.25)),
            *(*_normed(64), *_normed(64), MaxPool2d(), Dropout(0.25)),
            *(Flatten(), Linear(128), ReLU(), Dropout(0.5)),
        ),
    ),
    Preset(
        "fashion-2conv",
        "32-32, two convolutions",
        "{largest} of its parameters are in the first Linear. On Fashion-MNIST it soon overfits.",
        (
            *(Conv2d(32), ReLU(), MaxPool2d()),
            *(Conv2d(32), ReLU(), MaxPool2d()),
            *(Flatten(), Linear(128), ReLU()),
        ),
    ),
    Preset(
        "fashion-deep",
        "Deep, for clothes",
        "Six convolutions with batch norm, more filters after each pooling, and dropout that grows with depth: "
        "{parameters} parameters on Fashion-MNIST.",
        (
            *(*_normed(32), *_normed(32), MaxPool2d(), Dropout(0.2)),
            *(*_normed(64), *_normed(64), MaxPool2d(), Dropout(0.3)),
            *(*_normed(128), *_normed(128), MaxPool2d(), Dropout(0.4)),
            *(Flatten(), Linear(128), ReLU(), Dropout(0.5)),
        ),
    ),
    Preset(
        "lenet5",
        "LeNet-5",
        "LeCun and others, 1998: 5×5 kernels, tanh, average pooling; here without its trainable pooling.",
        (
            *(Conv2d(6, 5, padding=2), Tanh(), AvgPool2d()),
            *(Conv2d(16, 5), Tanh(), AvgPool2d()),
            *(Flatten(), Linear(120), Tanh(), Linear(84), Tanh()),
        ),
    ),
    Preset(
        "tiny-vgg",
        "Tiny VGG",
        "Two blocks of two convolutions, ten filters each, as in CNN Explainer: small enough to see whole.",
        (
            *(Conv2d(10), ReLU(), Conv2d(10), ReLU(), MaxPool2d()),
            *(Conv2d(10), ReLU(), Conv2d(10), ReLU(), MaxPool2d()),
            Flatten(),
        ),
    ),
    Preset(
        "cifar-deep",
        "Deep, for photographs",
        "Filters grow layer by layer, 32, 64 and 128, while the maps shrink; batch norm after every convolution.",
        (
            *(*_normed(32), *_normed(32), MaxPool2d(), Dropout(0.2)),
            *(*_normed(64), *_normed(64), MaxPool2d(), Dropout(0.3)),
            *(*_normed(128), *_normed(128), MaxPool2d(), Dropout(0.4)),
            Flatten(),
        ),
    ),
    Preset(
        "cifar-resnet",
        "Residual blocks, for photographs",
        "Three residual blocks after a first convolution: what a block learns is added to what came in, and the mean "
        "of each map goes to the last layer. {parameters} parameters on MNIST.",
        (
            *_normed(64),
            *(Residual(64), Residual(128, stride=2), Residual(256, stride=2)),
            *(GlobalAvgPool(), Flatten()),
        ),
    ),
)

PRESETS: dict[str, Preset] = {preset.name: preset for preset in _ALL}


def preset_of(architecture: Architecture) -> Preset | None:
    """The preset that makes this very network, if one does."""
    made = (architecture.input_shape, architecture.classes)
    return next((p for p in PRESETS.values() if p.architecture(*made) == architecture), None)
