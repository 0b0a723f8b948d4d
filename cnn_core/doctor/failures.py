"""Networks and settings that fail on purpose: what is wrong with each, what to look for, which rules name it. No torch.

A new one is one entry in `_ALL`. Each works on 28×28 grayscale and on 32×32 colour.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import (
    BatchNorm,
    Conv2d,
    Flatten,
    GlobalAvgPool,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnn_core.networks.presets import PRESETS
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings


@dataclass(frozen=True)
class Failure:
    """A training that fails as its words say; `hidden` is all of the network but the last Linear.

    `settings` are those that are not the usual ones. `words` say what is wrong and `look` what to look for; in both a
    setting's name stands for its value, {classes} for the number of classes, {guessing} for the loss of guessing,
    {floor} for the lowest loss of probabilities taken for logits, {times} for the learning rate over Adam's usual one.
    `rules` are the titles of the Doctor's rules that find it.
    """

    name: str
    title: str
    words: str
    look: str
    hidden: tuple[Layer, ...]
    rules: tuple[str, ...]
    settings: Mapping[str, object] = field(default_factory=dict)

    def architecture(
        self, input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10
    ) -> Architecture:
        """Its network for images of `input_shape` `(C, H, W)` and `classes`."""
        return Architecture(input_shape, (*self.hidden, Linear(classes)), classes)

    def about(self, classes: int) -> tuple[str, str]:
        """Its words, and what to look for, with the numbers of a dataset of so many classes."""
        usual = {name: one.default for name, one in SETTINGS.items()}
        values = usual | dict(self.settings)
        numbers = {
            "classes": classes,
            "guessing": f"{math.log(classes):.2f}",
            "floor": f"{math.log(math.e + classes - 1) - 1:.2f}",
            "times": f"{float(str(values['learning_rate'])) / USUAL_LEARNING_RATE['adam']:g}",
        }
        return self.words.format(**values, **numbers), self.look.format(**values, **numbers)


_SMALL: tuple[Layer, ...] = (
    *(Conv2d(8), ReLU(), MaxPool2d()),
    *(Conv2d(16), ReLU(), MaxPool2d()),
    Flatten(),
)

_ALL = (
    Failure(
        "rate-too-high",
        "Learning rate too high",
        "A sound small network, and a learning rate of {learning_rate:g}: {times} times the usual one.",
        "In the first batches the loss jumps far above ln {classes} = {guessing}, where guessing is. Then it lies flat "
        "near there: the ReLUs are dead, and nothing can be learned any more.",
        _SMALL,
        ("Does the loss never jump up?",),
        {"learning_rate": 1.0, "schedule": "constant"},
    ),
    Failure(
        "no-nonlinearity",
        "No nonlinearity",
        "Four layers of weights and nothing that bends between them: together they are one linear map.",
        "The curves look sound. But depth buys nothing: put a ReLU behind each of the first three layers, train again "
        "and compare the accuracy.",
        (Conv2d(16, stride=2), Conv2d(32, stride=2), Flatten(), Linear(64)),
        ("Does something bend between layers of weights?",),
        {"epochs": 5},
    ),
    Failure(
        "few-images",
        "500 images, no regularization",
        "A large network and {train_limit} images, shown {epochs} times: nothing keeps it from learning them by heart.",
        "Training accuracy goes to 100 %, and validation stays behind: no further epoch closes the gap.",
        (
            *(Conv2d(32), ReLU(), MaxPool2d()),
            *(Conv2d(32), ReLU(), MaxPool2d()),
            *(Flatten(), Linear(128), ReLU()),
        ),
        ("Is training no better than validation?",),
        {"train_limit": 500, "batch_size": 32, "epochs": 15, "schedule": "constant"},
    ),
    Failure(
        "softmax-before-loss",
        "Softmax before the loss",
        "The loss is given probabilities, and applies softmax to them once more.",
        "The training loss cannot fall below {floor}, that of a perfect answer; accuracy rises slowly. The validation "
        "loss is that of the logits.",
        (Conv2d(16), ReLU(), MaxPool2d(), Flatten()),
        ("Is the loss given logits, no probabilities?",),
        {"softmax_before_loss": True, "epochs": 5},
    ),
    Failure(
        "zero-weights",
        "All weights zero",
        "Every weight and bias begins at 0: all filters get the same gradient, which is none.",
        "The loss stays at ln {classes} = {guessing} and every image gets the same answer.",
        _SMALL,
        ("Does the training loss fall below that of guessing?", "Do filters differ?"),
        {"initialization": "zeros"},
    ),
    Failure(
        "batch-of-one",
        "Batch norm, batch of one",
        "Batch norm subtracts each map's mean over the batch. In a batch of one that is the image's own: nothing of it "
        "is left for the global average behind.",
        "In training every image looks the same to the last layer: the loss stays near ln {classes} = {guessing}. With "
        "batches of 64 the same network learns.",
        (*_SMALL[:-1], BatchNorm(), GlobalAvgPool(), Flatten()),
        ("Are batches large enough for batch norm?", "Does the training loss fall below that of guessing?"),
        {"batch_size": 1, "train_limit": 500, "schedule": "constant", "epochs": 2},
    ),
    Failure(
        "too-much-pooling",
        "Far too much pooling",
        "Four poolings: of each map a single cell is left, and with it no place.",
        "Accuracy stays low, in training too: remove the last two poolings, train again and compare.",
        (
            *(Conv2d(16, padding=1), ReLU(), MaxPool2d()),
            *(Conv2d(16, padding=1), ReLU(), MaxPool2d(), MaxPool2d(), MaxPool2d()),
            Flatten(),
        ),
        ("Is enough of the map left behind the poolings?",),
        {"epochs": 5},
    ),
    Failure(
        "unscaled-test",
        "Test images from 0 to 255",
        "LeNet-5 learns from images in 0 to 1; the test images come in 0 to 255, as files have them.",
        "Both curves look sound. The test score at the end does not: every tanh is at its end, and the answers are "
        "sure where they are wrong.",
        PRESETS["lenet5"].hidden,
        ("Are test images scaled as those it learned from?",),
        {"test_inputs": "bytes", "epochs": 5},
    ),
)

FAILURES: dict[str, Failure] = {failure.name: failure for failure in _ALL}


def failure_of(architecture: Architecture, settings: TrainSettings) -> Failure | None:
    """The failure that this network with these settings is, if it is one; dataset, seed and what it leaves usual are
    free."""
    made, values = (architecture.input_shape, architecture.classes), settings.to_dict()
    return next(
        (
            one
            for one in FAILURES.values()
            if one.architecture(*made) == architecture
            and all(values[name] == value for name, value in one.settings.items())
        ),
        None,
    )
